"""A WARC file as byte ranges: each a record that can be copied as it stands, or bytes that are none."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.archive.warc.members import BROKEN_MEMBER, GZIP_MAGIC, iterate_member

_MAX_HEAD_BYTES = 1 << 17
"""Bytes of the fields of a record; with fewer one with many long fields is taken for damage, with more damage is read
far before it is known. The addresses of real pages have 2 KB. Chosen, not measured."""
_MAX_LINE_ENDS = 16
"""Bytes of line ends behind a record; the standard has 4. With fewer a record of a program that writes more counts as
damaged, with more nothing changes. Chosen, not measured."""
_PLAIN_START = re.compile(rb"WARC/[01]\.\d+\r?\n")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")

_Reader = Callable[[mmap.mmap, int], tuple[int | None, Mapping[str, str] | None]]
"""Where the record at a place ends, None where there is none, and its fields; these are None for several in one."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some bytes of a file; the segments of a file, one behind the other, are the file."""

    offset: int
    """In bytes as stored."""
    length: int
    fields: Mapping[str, str] | None
    """The WARC fields of a record, names in lower case; None for bytes that hold no single whole record."""

    @property
    def url(self) -> str:
        """The address that the record speaks of; empty where it names none."""
        return (self.fields or {}).get("warc-target-uri", "").strip("<>")

    @property
    def kind(self) -> str:
        """WARC-Type; empty for bytes that are no record."""
        return (self.fields or {}).get("warc-type", "").lower()

    @property
    def record_id(self) -> str:
        """WARC-Record-ID; empty where there is none."""
        return (self.fields or {}).get("warc-record-id", "")


def walk(file: Path) -> Iterator[Segment]:
    """Return the segments of a WARC file, packed or plain, in their order. Raises OSError."""
    with file.open("rb") as stream:
        stream.seek(0, 2)
        if not stream.tell():
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            read = _packed_record if content[: len(GZIP_MAGIC)] == GZIP_MAGIC else _plain_record
            yield from _segments(content, read)


def split_record(record: bytes) -> tuple[bytes, bytes]:
    """Return the head of an unpacked record, without the empty line, and its block. Raises ValueError."""
    end = _END_OF_HEAD.search(record, 0, _MAX_HEAD_BYTES)
    fields = _fields(record[: end.start()]) if end else None
    if end is None or fields is None:
        raise ValueError("it has no head")
    length = _length(fields)
    if length is None or end.end() + length > len(record):
        raise ValueError("it is not as long as it says")
    return record[: end.start()], record[end.end() : end.end() + length]


def _segments(content: mmap.mmap, read: _Reader) -> Iterator[Segment]:
    start = lost = 0
    size = len(content)
    while start < size:
        stop, fields = read(content, start)
        if stop is None:
            start = _next_start(content, start + 1, read)
            continue
        if lost < start:
            yield Segment(lost, start - lost, None)
        yield Segment(start, stop - start, fields)
        lost = start = stop
    if lost < size:
        yield Segment(lost, size - lost, None)


def _next_start(content: mmap.mmap, start: int, read: _Reader) -> int:
    if read is _packed_record:
        found = content.find(GZIP_MAGIC, start)
        return found if found >= 0 else len(content)
    match = _PLAIN_START.search(content, start)
    return match.start() if match else len(content)


def _packed_record(content: mmap.mmap, start: int) -> tuple[int | None, Mapping[str, str] | None]:
    """Where the gzip member at a place ends, and the fields of the one record in it."""
    if content[start : start + len(GZIP_MAGIC)] != GZIP_MAGIC:
        return None, None
    head, total, tail = bytearray(), 0, b""
    fields: Mapping[str, str] | None = None
    behind = -1
    stop = start
    try:
        for piece, stop in iterate_member(content, start):  # noqa: B007  (the last one ends the member)
            total += len(piece)
            tail = (tail + piece)[-_MAX_LINE_ENDS:]
            if behind < 0:
                head += piece
                fields, behind = _read_head(head)
                if behind < 0 and len(head) > _MAX_HEAD_BYTES:
                    return None, None
    except BROKEN_MEMBER:
        return None, None
    if fields is None:
        return None, None
    # A record that is cut inside a whole member, and several in one member, are for a person to look at.
    rest = total - behind
    is_single = 0 <= rest <= _MAX_LINE_ENDS and not tail[len(tail) - rest :].strip(b"\r\n")
    return stop, fields if is_single else None


def _plain_record(content: mmap.mmap, start: int) -> tuple[int | None, Mapping[str, str] | None]:
    if not _PLAIN_START.match(content, start):
        return None, None
    fields, behind = _read_head(content[start : start + _MAX_HEAD_BYTES])
    if fields is None:
        return None, None
    stop = start + behind
    # Two line ends follow; what writes only one, or none, is read too.
    for _ in range(2):
        stop += 2 if content[stop : stop + 2] == b"\r\n" else 1 if content[stop : stop + 1] == b"\n" else 0
    if stop > len(content) or (stop < len(content) and not _PLAIN_START.match(content, stop)):
        return None, None
    return stop, fields


def _read_head(begin: bytes | bytearray) -> tuple[Mapping[str, str] | None, int]:
    """The fields that some bytes begin with, and where the record's block ends; None, -1 where they hold no head."""
    end = _END_OF_HEAD.search(begin)
    fields = _fields(bytes(begin[: end.start()])) if end else None
    length = _length(fields) if fields is not None else None
    return (fields, end.end() + length) if end and length is not None else (None, -1)


def _fields(head: bytes) -> dict[str, str] | None:
    first, *lines = head.decode("utf-8", "replace").splitlines()
    if not first.startswith("WARC/"):
        return None
    fields, name = dict[str, str](), ""
    for line in lines:
        if line[:1] in {" ", "\t"} and name:
            fields[name] += " " + line.strip()  # a folded line, which older writers made
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return fields


def _length(fields: Mapping[str, str]) -> int | None:
    stated = fields.get("content-length", "")
    return int(stated) if stated.isdecimal() and stated.isascii() and len(stated) < 20 else None
