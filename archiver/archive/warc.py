"""Saved pages in WARC files (ISO 28500), found by an index of offsets that is made once per run."""

from __future__ import annotations

import contextlib
import io
import logging
import mmap
import os
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.digestverifyingreader import DigestVerifyingReader
from warcio.exceptions import ArchiveLoadFailed

from archiver.archive.answers import SavedAnswer, address_key, utc

logger = logging.getLogger(__name__)

WARC_SUFFIXES = (".warc", ".warc.gz")

# What damaged input makes warcio raise: its own error, and those of the header and gzip readers below it.
_DAMAGE = (ArchiveLoadFailed, ValueError, EOFError, OSError, LookupError, AttributeError, TypeError)

_START = re.compile(rb"\x1f\x8b\x08|WARC/1\.\d\r\n")
"""A gzip member or the first line of a plain record."""


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    offset: int
    """Where the record starts in the file, in bytes as stored."""
    captured_at: datetime


class WarcSet:
    """The responses in some WARC files. Damaged records are reported by file and offset, and passed over."""

    def __init__(self, files: list[Path]) -> None:
        self._places: dict[str, _Place] = {}
        for file in files:
            for key, place in _index(file):
                known = self._places.get(key)
                if known is None or known.captured_at <= place.captured_at:
                    self._places[key] = place

    def find(self, url: str) -> SavedAnswer | None:
        """The newest response of an address; None when there is none, or its record is damaged (reported)."""
        key = address_key(url)
        place = self._places.get(key)
        if place is None:
            return None
        try:
            with place.file.open("rb") as stream:
                stream.seek(place.offset)
                records = ArchiveIterator(stream, check_digests=True)
                record = _without_payload_digest(next(records))
                answer = _answer(record, place.captured_at)
                # The file may have changed since it was indexed.
                records.read_to_end()
                _check(record)
                if answer.url != url and address_key(answer.url) != key:
                    raise ArchiveLoadFailed("it was another one before")
                return answer
        except (*_DAMAGE, StopIteration) as error:
            _report(place.file, place.offset, error)
            return None


def _index(file: Path) -> Iterator[tuple[str, _Place]]:
    start: int | None = 0
    try:
        with file.open("rb") as stream:
            while start is not None:
                start = yield from _run(file, stream, start)
    except OSError as error:
        _report(file, 0, error)


def _run(file: Path, stream: BinaryIO, start: int) -> Generator[tuple[str, _Place], None, int | None]:
    """The responses from one offset to the next damage; returns where a record may start behind it."""
    stream.seek(start)
    records = ArchiveIterator(stream, check_digests=True)
    end = os.fstat(stream.fileno()).st_size
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
                _without_payload_digest(record)
                records.read_to_end()
            if records.err_count:
                raise ArchiveLoadFailed("it is not as long as it says")
            _check(record)
            if record.rec_type == "response" and record.http_headers is not None:
                url = record.rec_headers.get_header("WARC-Target-URI") or ""
                date = record.rec_headers.get_header("WARC-Date") or ""
                yield address_key(url.strip("<>")), _Place(file, offset, utc(date))
        except _DAMAGE as error:
            # Where nothing can be read at a place that only may be a record's start, there was none.
            if offset == 0 or offset != start:
                _report(file, offset, error)
            # After a wrong length warcio may count backwards; every attempt begins behind the last one.
            return _next_start(stream, max(offset, start) + 1)


def _without_payload_digest(record: Any) -> Any:
    """The record, not yet read, with its block digest alone to be checked.

    What a payload digest is made of differs between programs; a block digest means the bytes of the record.
    """
    if isinstance(record.raw_stream, DigestVerifyingReader):
        record.raw_stream.payload_digester = None
    return record


def _check(record: Any) -> None:
    """Raises ArchiveLoadFailed for a record that was read to its end and is not as it was written."""
    if record.raw_stream.limit:
        raise ArchiveLoadFailed(f"{record.raw_stream.limit} bytes of it are missing")
    if any(problem.startswith("block digest") for problem in record.digest_checker.problems):
        raise ArchiveLoadFailed("its bytes do not match their digest")


def _next_start(stream: BinaryIO, start: int) -> int | None:
    """Where the next record may start."""
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        match = _START.search(content, start)
        return match.start() if match else None


def _answer(record: Any, captured_at: datetime) -> SavedAnswer:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    return SavedAnswer(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple((name, value) for name, value in headers if name.lower() != "transfer-encoding"),
        body=stream.read(),
        captured_at=captured_at,
    )


def _report(file: Path, offset: int, error: Exception) -> None:
    spoken = isinstance(error, (ArchiveLoadFailed, OSError)) and str(error).strip()
    reason = spoken.splitlines()[0][:100] if spoken else "it cannot be understood"
    shown = "".join(character if character.isprintable() else "\ufffd" for character in reason)
    logger.warning("%s: the record at byte %d is damaged (%s); it is passed over", file, offset, shown)
