"""Which files and records go into which part of an export, none larger than what every player takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.transfer.selection import Selection
from archiver.models import CdxEntry

_MAX_PART_BYTES = 2_000_000_000
"""Bytes of a part: what FAT file systems, mail and object stores of any kind take, and what needs none of the fields of
ZIP64, which players read in different ways from 2 GiB on. Chosen, not measured."""
_MAX_LINE_BYTES = 400
"""Bytes that a capture takes in the index and the list of pages of a part, packed; of addresses of 95 letters it is 61.
With fewer a part of many small records is larger than announced, with more parts are smaller than they might be."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the archive, or a part of one that is too large, from one record to another."""

    name: str
    """As the index has it."""
    file: Path
    first: int
    """Where it begins, in bytes as stored."""
    end: int
    captures: int

    @property
    def cost(self) -> int:
        """Bytes that it takes in a part."""
        return self.end - self.first + self.captures * _MAX_LINE_BYTES


@dataclass(slots=True)
class Part:
    """What one WACZ is to hold."""

    pieces: list[Piece] = field(default_factory=list)
    """Files as they are."""
    records: Selection = field(default_factory=Selection)
    """Records that are taken out of their files."""


def whole_files(archive: Archive) -> Iterator[Part]:
    """Part all files of an archive, in their order."""
    pieces = [piece for file in archive.files() for piece in _pieces(archive, file)]
    if sum(piece.cost for piece in pieces) <= _MAX_PART_BYTES:
        yield Part(pieces)
        return
    part, cost = Part(), 0
    for piece in pieces:
        more = piece.cost + archive.index.repeated_bytes(piece.name, piece.first, piece.end)
        if part.pieces and cost + more > _MAX_PART_BYTES:
            yield part
            part, cost = Part(), 0
        part.pieces.append(piece)
        cost += more
    yield part


def chosen_records(archive: Archive, captures: Iterable[CdxEntry]) -> Iterator[Part]:
    """Part the records of some captures, in the order of the files; with a revisit goes the answer that it repeats."""
    with Selection() as chosen:
        chosen.add(captures)
        part = Part()
        for capture in chosen.in_place():
            together = [capture, *originals(archive, capture, part.records)]
            cost = part.records.bytes + part.records.captures * _MAX_LINE_BYTES
            cost += sum(one.length + _MAX_LINE_BYTES for one in together)
            if part.records.captures and cost > _MAX_PART_BYTES:
                yield part
                part = Part()
                # What it repeats is in the part before.
                together = [capture, *originals(archive, capture, part.records)]
            part.records.add(together)
        yield part


def originals(archive: Archive, capture: CdxEntry, there: Selection) -> list[CdxEntry]:
    """The answer that a revisit repeats; none for what is no revisit, or where one is there, or not in the archive."""
    if capture.kind != "revisit":
        return []
    known = archive.index.known(capture.digest) if capture.digest else []
    if not known and (recorded := archive.record(capture)) is not None:
        # What other programs digest in other ways is found by what its record says.
        known = archive.originals(capture, recorded)
    return [] if any(one in there for one in known) else known[:1]


def _pieces(archive: Archive, file: Path) -> Iterator[Piece]:
    """A file in one piece, or cut where a capture begins."""
    name, size = file.relative_to(archive.warcs).as_posix(), file.stat().st_size
    whole = Piece(name, file, 0, size, archive.index.count_in_file(name))
    if whole.cost <= _MAX_PART_BYTES:
        yield whole
        return
    first = begin = captures = 0
    later = (capture.offset for capture in islice(archive.index.in_file(name), 1, None))
    for end in chain(later, [size]):
        # From `begin` to `end` there is one capture, and whatever lies between it and the next.
        if begin > first and end - first + (captures + 1) * _MAX_LINE_BYTES > _MAX_PART_BYTES:
            yield Piece(name, file, first, begin, captures)
            first, captures = begin, 0
        begin, captures = end, captures + 1
    yield Piece(name, file, first, size, captures)
