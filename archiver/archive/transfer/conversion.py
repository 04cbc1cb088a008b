"""Archives of other forms as a .warc.gz in which every record can be read in place: each a gzip member of its own.

Records of WARC stay as they are, byte for byte; those of ARC get a head of WARC before the same block.
"""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from archiver import __version__
from archiver.archive.transfer.arc import ARC_START, ArcLine, parse_line, warc_fields
from archiver.archive.transfer.forms import Form
from archiver.archive.transfer.unpacking import FAULTS, Unpacked
from archiver.archive.upkeep.verify import Damage
from archiver.archive.warc.fields import parse_date
from archiver.archive.warc.members import pack_parts
from archiver.archive.warc.records import sha1
from archiver.archive.warc.scan import next_match

_PART_BYTES = 1 << 16
"""Bytes of a block that are copied at once; fewer cost more calls, more cost memory. Nothing but speed depends on it.
No measurement is on record."""
_MAX_HELD_BYTES = 1 << 23
"""Bytes of a block that are held in memory, until its digest is known; larger ones lie on the disk meanwhile. With
fewer more do, with more they cost memory. No measurement is on record."""
_MAX_HEAD_BYTES = 1 << 20
"""Bytes of the head of a record; no program writes so many. With fewer a long address is damage, with more damage is
read as a head for longer. Chosen, not measured."""
_WARC_START = re.compile(rb"WARC/\d\.\d+\r?\n")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_BLANK_LINES = (b"\r\n", b"\n")


def convert(source: BinaryIO, form: Form, out: BinaryIO, shown: str, digest: str) -> tuple[Damage, ...]:
    """Write what is in `source`, which `shown` names and whose SHA-256 is `digest`, as a .warc.gz.

    Memory stays flat. Returns what is damaged and left out, by the byte of the source at which the record begins, or
    the member that holds it. Raises OSError where `out` cannot be written.
    """
    damages: list[Damage] = []
    searching = False
    try:
        records = _Records(source, form, digest)
    except FAULTS as error:
        return (Damage(shown, 0, str(_unreadable(error))),)
    while True:
        offset, end = records.content.offset, out.tell()
        try:
            record = records.next()
            if records.has_torn_head:
                damages.append(Damage(shown, offset, "its head breaks off"))
            if record is None:
                return tuple(damages)
            out.writelines(pack_parts(record))
            records.finish()
            searching = False
        except _Unreadable as error:
            out.seek(end)
            out.truncate()
            # Where nothing can be read at a place that only may be a record's start, there was none.
            if not searching:
                damages.append(Damage(shown, offset, str(error)))
            searching = True
            if not records.resume(offset, error):
                return tuple(damages)


class _Unreadable(Exception):
    """A record of the source is not as it was written."""


class _Unpackable(_Unreadable):
    """The source cannot be unpacked where the record is."""


class _Records:
    """The records of a file, one after the other, each as the parts of one of WARC."""

    def __init__(self, source: BinaryIO, form: Form, digest: str) -> None:
        self.content = Unpacked(source, form.packing)
        self._member = form.packing.magic if form.packing else None
        self._start = ARC_START if form.records == "ARC" else _WARC_START
        self._source = source
        self._read = self._from_arc if form.records == "ARC" else self._from_warc
        self._digest = digest
        self._count = 0
        self.has_torn_head = False
        """Whether the head of a record broke off before that of the one that was read last."""

    def next(self) -> Iterator[bytes] | None:
        """The next record, None at the end. Raises _Unreadable, as reading it does."""
        self._count += 1
        self.has_torn_head = False
        try:
            self.content.skip_blank_lines()
            record = self._read()
        except FAULTS as error:
            raise _unreadable(error) from error
        return record

    def finish(self) -> None:
        """Come to the end of a record that was read. Raises _Unreadable when it is longer than it says."""
        try:
            # Some programs leave the end of the line out.
            if not self.content.end_line() and not self.content.matches(self._start):
                raise _Unreadable("it is not as long as it says")
        except FAULTS as error:
            raise _unreadable(error) from error

    def resume(self, offset: int, error: _Unreadable) -> bool:
        """Go to where the next record may begin behind the damaged one at an offset; False where there is none."""
        if self._member is not None and self.content.member == offset and not isinstance(error, _Unpackable):
            # The member holds more than this record.
            with contextlib.suppress(*FAULTS):
                return self.content.skip_to(self._start)
        start = next_match(self._source, offset + 1, self._member or self._start)
        if start is not None:
            self.content.resume(start)
        return start is not None

    def _from_warc(self) -> Iterator[bytes] | None:
        head = self._warc_head()
        if not head:
            return None
        length = _LENGTH.search(head)
        if not _WARC_START.match(head) or not length:
            raise _Unreadable("it begins with no head of WARC")
        return self._parts(head, int(length[1]))

    def _warc_head(self) -> bytes:
        head = b""
        while line := self.content.readline(_MAX_HEAD_BYTES):
            # What a writer left that was ended within a head; the next one went on behind it.
            if head and (start := _WARC_START.search(line)):
                self.has_torn_head, head, line = True, b"", line[start.start() :]
            head += line
            if line in _BLANK_LINES or len(head) > _MAX_HEAD_BYTES:
                break
        return head

    def _parts(self, head: bytes, length: int) -> Iterator[bytes]:
        yield head
        yield from self._block(length)
        yield b"\r\n\r\n"

    def _block(self, length: int) -> Iterator[bytes]:
        while length:
            try:
                part = self.content.read(min(length, _PART_BYTES))
            except FAULTS as error:
                raise _unreadable(error) from error
            if not part:
                raise _Unreadable(f"{length} bytes of it are missing")
            length -= len(part)
            yield part

    def _from_arc(self) -> Iterator[bytes] | None:
        line = self.content.readline(_MAX_HEAD_BYTES)
        if not line:
            return None
        about = self._arc_line(line)
        if about.is_about_the_file:
            for _ in self._block(about.length):
                pass
            return iter([self._warcinfo(about.date)])
        return self._arc_parts(about)

    def _arc_line(self, line: bytes) -> ArcLine:
        try:
            return parse_line(line)
        except ValueError:
            # What a writer left that was ended within a line; the next one went on behind it.
            start = ARC_START.search(line, 1)
            if start is None:
                raise
            self.has_torn_head = True
            return parse_line(line[start.start() :])

    def _arc_parts(self, about: ArcLine) -> Iterator[bytes]:
        with SpooledTemporaryFile(_MAX_HELD_BYTES) as block:
            start = b""

            def parts() -> Iterator[bytes]:
                nonlocal start
                for part in self._block(about.length):
                    start = start or part
                    block.write(part)
                    yield part

            digest = sha1(parts())
            try:
                fields = warc_fields(about, start, digest, self._identity())
            except ValueError as error:
                raise _Unreadable("its date is none") from error
            yield _head(fields, about.length)
            block.seek(0)
            while part := block.read(_PART_BYTES):
                yield part
            yield b"\r\n\r\n"

    def _warcinfo(self, date: str) -> bytes:
        said = (
            f"software: seed-archiver {__version__}\r\nformat: WARC File Format 1.1\r\n"
            f"description: converted from an ARC file with the SHA-256 {self._digest}\r\n"
        ).encode()
        fields = {
            "WARC-Type": "warcinfo",
            "WARC-Record-ID": self._identity(),
            "WARC-Date": parse_date(date).isoformat().replace("+00:00", "Z"),
            "Content-Type": "application/warc-fields",
        }
        return _head(fields, len(said)) + said + b"\r\n\r\n"

    def _identity(self) -> str:
        """The same for the same record of the same file, so that converting twice makes one file."""
        return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'{self._digest} {self._count}')}>"


def _head(fields: Mapping[str, str], length: int) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"WARC/1.1\r\n{lines}Content-Length: {length}\r\n\r\n".encode()


def _unreadable(error: Exception) -> _Unreadable:
    """What the record is that cannot be read because of an error of those in FAULTS."""
    if isinstance(error, ValueError):
        return _Unreadable(str(error))
    return _Unpackable(str(error) if isinstance(error, EOFError) and str(error) else "what is packed in it is damaged")
