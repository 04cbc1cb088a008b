"""Every capture of a WARC, in the order of the file, past whatever is damaged."""

from __future__ import annotations

import contextlib
import io
import os
import re
import zlib
from collections.abc import Generator, Iterator
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from archiver.archive.warc.places import WarcPlace
from archiver.archive.warc.reader import DAMAGE, check, iterate, kind_of, payload_digest, report, to_index_entry
from archiver.archive.warc.warcio_internals import count_members, has_wrong_length, member_goes_on
from archiver.models import CdxEntry

PACKED_TOGETHER = "several records are packed as one; `archive import` packs each alone"
"""Why a record in a gzip member that holds more of them cannot be read in place."""

_START = re.compile(rb"\x1f\x8b\x08|WARC/\d\.\d+\r\n")
"""A gzip member or the first line of a plain record."""
_MATCH_BYTES = 1 << 10
"""Bytes that are searched twice, for a match that lies across two parts; with fewer one with a long address is missed,
with more nothing changes."""
_SEARCH_BYTES = 1 << 16
"""Bytes that are searched at once; fewer cost more calls, more cost memory. Nothing but speed depends on it. No
measurement is on record."""


def scan(place: WarcPlace, name: str) -> Iterator[CdxEntry]:
    """Every answer and rendered document of a file, in the order of the file, which the captures call `name`.

    Damaged records are reported by file and offset, and passed over.
    """
    start: int | None = 0
    try:
        with place.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            while start is not None:
                start = yield from _run(place, name, stream, start, end)
    except OSError as error:
        report(place, 0, error)


def _run(place: WarcPlace, name: str, stream: BinaryIO, start: int, end: int) -> Generator[CdxEntry, None, int | None]:
    """The answers from one offset to the next damage; returns where a record may start behind it."""
    stream.seek(start)
    records = iterate(stream)
    count, expected = count_members(records), 0
    while True:
        offset = records.offset
        try:
            # warcio prints what it cannot read, and goes on with what it has.
            with contextlib.redirect_stderr(io.StringIO()):
                record = next(records, None)
                if record is None and offset < end:
                    raise ArchiveLoadFailed("it breaks off")
                if record is None:
                    return None
                for _ in range(count() - expected):
                    offset = _behind_torn_head(place, offset, is_certain=offset == 0 or offset != start)
                expected = count() + 1
                kind = kind_of(record)
                digest = payload_digest(record) if kind is not None else ""
                records.read_to_end()
            if has_wrong_length(records):
                raise ArchiveLoadFailed("it is not as long as it says")
            if member_goes_on(records):
                raise ArchiveLoadFailed(PACKED_TOGETHER)
            check(record)
            if kind is not None:
                end_of_record = records.get_record_offset() + records.get_record_length()
                yield to_index_entry(record, digest, name, offset, end_of_record - offset)
        except DAMAGE as error:
            # Where nothing can be read at a place that only may be a record's start, there was none.
            if offset == 0 or offset != start:
                report(place, offset, error)
            # After a wrong length warcio may count backwards; every attempt begins behind the last one.
            return next_match(stream, max(offset, start) + 1, _START)


def _behind_torn_head(place: WarcPlace, offset: int, *, is_certain: bool) -> int:
    """Where the gzip member at an offset ends that holds no whole head of a record; one that holds some is reported."""
    with place.open("rb") as stream:
        stream.seek(offset)
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        text, read = b"", 0
        with contextlib.suppress(zlib.error):
            while not unpacker.eof and (part := stream.read(_SEARCH_BYTES)):
                read += len(part)
                unpacked = unpacker.decompress(part)
                text = text or unpacked.strip()
    # Some programs leave members of nothing.
    if text and is_certain:
        report(place, offset, ArchiveLoadFailed("its head breaks off"))
    return offset + read - len(unpacker.unused_data)


def next_match(stream: BinaryIO, start: int, wanted: re.Pattern[bytes]) -> int | None:
    """Where the first match of a pattern begins from an offset on; None where there is none."""
    stream.seek(start)
    before = b""
    while part := stream.read(_SEARCH_BYTES):
        searched = before + part
        if match := wanted.search(searched):
            return start - len(before) + match.start()
        start += len(part)
        before = searched[-_MATCH_BYTES:]
    return None
