"""What a file was made of by `compact`: said in warcinfo records, which every other program passes over.

Its first record names all files whose records follow; before those of each one stands a record that names it.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archiver import __version__
from archiver.archive.warc.members import unpack
from archiver.archive.warc.records import record_identity, warcinfo_record
from archiver.archive.warc.segments import Segment, split_record, walk
from archiver.models import CdxEntry

_CONTAINS = "contains"
"""The field that names a file whose records follow: name, bytes, SHA-256."""
_RECORDS_OF = "records-of"
"""The field that names the file whose records follow up to the next one."""
_SUCCESSOR = re.compile(r"-~?c\d+(?=\.warc(?:\.gz)?$)", re.IGNORECASE)
"""What the name of a file got when it was written again (replacement.successor_name)."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """A file whose records lie in another one now."""

    name: str
    bytes: int
    sha256: str


def head_record(name: str, merged: Sequence[MergedFile]) -> bytes:
    """Return the first record of a file that is made of others."""
    lines = "".join(f"\r\n{_CONTAINS}: {one.name} {one.bytes} {one.sha256}" for one in merged)
    return _warcinfo(name, "merged files" + lines)


def mark_record(name: str) -> bytes:
    """Return the record before those that were in the file of this name."""
    return _warcinfo(name, f"as in the file of this name\r\n{_RECORDS_OF}: {name}")


def merged_files(file: Path) -> Iterator[MergedFile]:
    """Return what a file was made of; nothing for one that was made of no other."""
    first = next(walk(file), None)
    for value in _values(file, first, _CONTAINS) if first is not None else ():
        name, size, digest = value.rsplit(" ", 2)
        yield MergedFile(name, int(size), digest)


class OriginalNames:
    """The names of the files to which captures were written, wherever they lie now. For one thread."""

    def __init__(self, warcs: Path) -> None:
        self._warcs = warcs
        self._known: dict[str, tuple[list[int], list[str]]] = {}

    def of(self, capture: CdxEntry) -> str:
        """Return the name, relative to the folder of WARCs. Raises OSError."""
        if not _SUCCESSOR.search(capture.file):
            return capture.file
        if capture.file not in self._known:
            self._known[capture.file] = self._read(capture.file)
        starts, names = self._known[capture.file]
        number = bisect.bisect_right(starts, capture.offset) - 1
        return _SUCCESSOR.sub("", names[number] if number >= 0 else capture.file)

    def _read(self, name: str) -> tuple[list[int], list[str]]:
        file = self._warcs / name
        if next(merged_files(file), None) is None:
            return [], []
        marks = [(one.offset, value) for one in walk(file) for value in _values(file, one, _RECORDS_OF)]
        return [offset for offset, _ in marks], [value for _, value in marks]


def _values(file: Path, segment: Segment, field: str) -> Iterator[str]:
    if segment.kind != "warcinfo":
        return
    with file.open("rb") as stream:
        stream.seek(segment.offset)
        _, block = split_record(unpack(stream.read(segment.length)))
    for line in block.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(": ")
        if key == field:
            yield value


def _warcinfo(name: str, description: str) -> bytes:
    about = {"software": f"seed-archiver/{__version__}", "format": "WARC File Format 1.1", "description": description}
    return warcinfo_record(record_identity(), Path(name).name, datetime.now(UTC).replace(microsecond=0), about)
