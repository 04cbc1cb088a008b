"""Saved pages in WARC files (ISO 28500), found by an index of offsets that is made once per run."""

from __future__ import annotations

import contextlib
import io
import logging
import mmap
import os
import re
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from archiver.archive.base import RecordedResponse, distance, first_whole, utc
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.warc.records import RENDERED_BY, RENDERED_TYPE, RESOURCE_TYPE, sha1
from archiver.archive.warc.warcio_internals import has_wrong_length, ignore_payload_digest, read_headers_as_latin_1
from archiver.models import CdxEntry
from archiver.urls import address_key

logger = logging.getLogger(__name__)

WARC_SUFFIXES = (".warc", ".warc.gz")

# What damaged input makes warcio raise: its own error, and those of the header and gzip readers below it.
DAMAGE = (ArchiveLoadFailed, ValueError, EOFError, OSError, LookupError, AttributeError, TypeError)

_Kind = Literal["response", "revisit", "subresource", "conversion"]
_DOCUMENT = "document"
"""What other programs write in RESOURCE_TYPE for a page itself."""
_PART_BYTES = 1 << 16
"""Bytes of a payload that are digested at once; fewer cost more calls, more cost memory. Nothing but speed depends on
it. No measurement is on record."""

_UNCHANGED_PROFILE = "/revisit/server-not-modified"
"""How the WARC-Profile of a revisit ends that only says that the page was still what it was."""
_START = re.compile(rb"\x1f\x8b\x08|WARC/1\.\d\r\n")
"""A gzip member or the first line of a plain record."""


class WarcSet:
    """The responses in some WARC files. Damaged records are reported by file and offset, and passed over."""

    def __init__(self, files: list[Path]) -> None:
        self._places: defaultdict[str, list[tuple[Path, int, datetime]]] = defaultdict(list)
        self._renderings: defaultdict[str, list[tuple[Path, int]]] = defaultdict(list)
        originals: dict[str, tuple[Path, int, str]] = {}
        revisits: list[tuple[Path, CdxEntry]] = []
        for file in files:
            for found in scan(file, file.name):
                if found.kind == "conversion":
                    self._renderings[address_key(found.url)].append((file, found.offset))
                elif found.kind == "response" and found.status != NOT_MODIFIED:
                    self._places[address_key(found.url)].append((file, found.offset, found.captured_at))
                    originals.setdefault(found.digest, (file, found.offset, found.url))
                elif found.kind == "revisit" and found.status not in (0, NOT_MODIFIED):
                    revisits.append((file, found))
        self._originals: dict[tuple[Path, int], tuple[Path, int, str]] = {}
        """Where the payload is that a revisit repeats; one that is in none of the files is passed over."""
        for file, found in revisits:
            if found.digest in originals:
                self._originals[file, found.offset] = originals[found.digest]
                self._places[address_key(found.url)].append((file, found.offset, found.captured_at))

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The response of an address that is nearest in time, the newest without a time.

        None when there is none, or its record is damaged (reported). A revisit has the payload that it repeats. One
        that is whole goes before those that are cut.
        """
        places = reversed(self._places.get(address_key(url), ()))
        nearest = sorted(places, key=lambda place: distance(place[2], at))
        return first_whole(self._read(file, offset, url) for file, offset, _ in nearest)

    def _read(self, file: Path, offset: int, url: str) -> RecordedResponse | None:
        answer = read_answer(file, offset, url)
        original = self._originals.get((file, offset))
        if answer is None or original is None:
            return answer
        repeated = read_answer(*original)
        return replace(answer, body=repeated.body, is_cut=repeated.is_cut) if repeated is not None else None

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        places = self._renderings.get(address_key(url), ()) if self._renderings else ()
        return rendering_of(captured_at, (read_answer(file, offset, url) for file, offset in places))


def rendering_of(captured_at: datetime, renderings: Iterable[RecordedResponse | None]) -> RecordedResponse | None:
    """The one of an address's rendered documents that was made of the answer of that time; None without any."""
    for rendering in renderings:
        with contextlib.suppress(ValueError):
            if rendering is not None and utc(rendering.refers_to[1]) == captured_at:
                return rendering
    return None


def read_answer(file: Path, offset: int, url: str) -> RecordedResponse | None:
    """The record of an address at a place that `scan` gave; None when it is damaged by now (reported)."""
    try:
        with file.open("rb") as stream:
            stream.seek(offset)
            records = ArchiveIterator(stream, check_digests=True)
            read_headers_as_latin_1(records)
            record = next(records)
            ignore_payload_digest(record)
            recorded = _to_response(record)
            # The file may have changed since it was indexed.
            records.read_to_end()
            _check(record)
            if recorded.url != url and address_key(recorded.url) != address_key(url):
                raise ArchiveLoadFailed("it was another one before")
            return recorded
    except (*DAMAGE, StopIteration) as error:
        report(file, offset, error)
        return None


def scan(file: Path, name: str) -> Iterator[CdxEntry]:
    """Every answer and rendered document of a file, in the order of the file, which the captures call `name`."""
    start: int | None = 0
    try:
        with file.open("rb") as stream:
            while start is not None:
                start = yield from _run(file, name, stream, start)
    except OSError as error:
        report(file, 0, error)


def _run(file: Path, name: str, stream: BinaryIO, start: int) -> Generator[CdxEntry, None, int | None]:
    """The answers from one offset to the next damage; returns where a record may start behind it."""
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
                ignore_payload_digest(record)
                kind = _kind(record)
                digest = _digest(record) if kind is not None else ""
                records.read_to_end()
            if has_wrong_length(records):
                raise ArchiveLoadFailed("it is not as long as it says")
            _check(record)
            if kind is not None:
                yield _to_index_entry(record, digest, name, offset, records.get_record_length())
        except DAMAGE as error:
            # Where nothing can be read at a place that only may be a record's start, there was none.
            if offset == 0 or offset != start:
                report(file, offset, error)
            # After a wrong length warcio may count backwards; every attempt begins behind the last one.
            return _next_start(stream, max(offset, start) + 1)


def _kind(record: Any) -> _Kind | None:
    """What a record is in an index; None for one that has no place there."""
    fields = record.rec_headers
    if record.rec_type == "conversion":
        return "conversion" if fields.get_header(RENDERED_BY) else None
    if record.rec_type == "revisit" or (record.rec_type == "response" and record.http_headers is not None):
        is_subresource = (fields.get_header(RESOURCE_TYPE) or _DOCUMENT) != _DOCUMENT
        return "subresource" if is_subresource else "revisit" if record.rec_type == "revisit" else "response"
    return None


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


def _digest(record: Any) -> str:
    """The digest of a payload, which is read for it: programs differ in what they take for the payload."""
    if record.rec_type == "revisit":
        return str(record.rec_headers.get_header("WARC-Payload-Digest") or "")
    stream = _payload(record)
    return sha1(iter(lambda: stream.read(_PART_BYTES), b""))


def _to_index_entry(record: Any, digest: str, name: str, offset: int, length: int) -> CdxEntry:
    kind = _kind(record)
    assert kind is not None
    mime = next((value for key, value in _headers(record) if key.lower() == "content-type"), "")
    return CdxEntry(
        url=_url(record),
        captured_at=utc(record.rec_headers.get_header("WARC-Date") or ""),
        status=_status(record),
        mime=mime.partition(";")[0].strip().lower(),
        digest=digest,
        kind=kind,
        file=name,
        offset=offset,
        length=length,
    )


def _to_response(record: Any) -> RecordedResponse:
    if _kind(record) is None:
        raise ArchiveLoadFailed("it is no answer")
    fields = record.rec_headers
    has_payload = record.http_headers is not None or record.rec_type == "conversion"
    body = _payload(record).read() if has_payload else b""
    return RecordedResponse(
        url=_url(record),
        status=_status(record),
        headers=tuple((name, value) for name, value in _headers(record) if name.lower() != "transfer-encoding"),
        body=body,
        captured_at=utc(fields.get_header("WARC-Date") or ""),
        kind=record.rec_type,
        record_id=fields.get_header("WARC-Record-ID") or "",
        refers_to=(
            (fields.get_header("WARC-Refers-To-Target-URI") or "").strip("<>"),
            fields.get_header("WARC-Refers-To-Date") or "",
        ),
        source=(fields.get_header("WARC-Source-URI") or "").strip("<>"),
        is_cut=bool(fields.get_header("WARC-Truncated")) or _is_short(record, body),
    )


def _is_short(record: Any, body: bytes) -> bool:
    """True for a response whose body has fewer bytes than its own head says."""
    head = record.http_headers
    if record.rec_type != "response" or "chunked" in (head.get_header("Transfer-Encoding") or "").lower():
        return False
    stated = (head.get_header("Content-Length") or "").strip()
    # No page has a length of twenty digits, and Python reads no number of thousands.
    return stated.isdecimal() and len(stated) < 20 and len(body) < int(stated)


def _headers(record: Any) -> tuple[tuple[str, str], ...]:
    """The HTTP headers; of a rendered document, which has none, the one that says what it is."""
    if record.rec_type == "conversion":
        return (("Content-Type", RENDERED_TYPE),)
    head = record.http_headers
    return tuple((str(name), str(value)) for name, value in head.headers) if head else ()


def _url(record: Any) -> str:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    address_key(url)
    return url


def _status(record: Any) -> int:
    if record.rec_type == "conversion":
        return 200
    if (record.rec_headers.get_header("WARC-Profile") or "").endswith(_UNCHANGED_PROFILE):
        return NOT_MODIFIED
    if record.http_headers is None:
        return 0
    status = int(record.http_headers.get_statuscode())
    if not 100 <= status <= 999:
        raise ArchiveLoadFailed("it has no HTTP status")
    return status


def _payload(record: Any) -> Any:
    head = record.http_headers
    chunked = head and "chunked" in (head.get_header("Transfer-Encoding") or "").lower()
    return ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream


def report(file: Path, offset: int, error: Exception) -> None:
    """Tell a person of a damaged record."""
    spoken = isinstance(error, (ArchiveLoadFailed, OSError)) and str(error).strip()
    reason = spoken.splitlines()[0][:100] if spoken else "it cannot be understood"
    shown = "".join(character if character.isprintable() else "\ufffd" for character in reason)
    logger.warning("%s: the record at byte %d is damaged (%s); it is passed over", file, offset, shown)
