"""Bring many small WARCs into few large ones, record by record as they are."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import Archive
from archiver.archive.upkeep.merged import MergedFile, head_record, mark_record, merged_files
from archiver.archive.upkeep.replacement import Replacement, check_room, successor_name
from archiver.archive.upkeep.verify import Damage, watch_records
from archiver.archive.warc.members import GZIP_MAGIC, pack_parts
from archiver.archive.warc.scan import scan
from archiver.archive.warc.segments import walk
from archiver.files.reading import read_parts
from archiver.models import CdxEntry

_MARK_BYTES = 1 << 10
"""Bytes that each file adds to the one that it is put into, by the records that name it, which take half of it. With
less a file may get larger than it is allowed to. Chosen, not measured."""
_OWN_KINDS = frozenset({"archiver", "copied", "imported"})
"""What the names of files of ours begin with; those of one kind stay together, since the name says what they are."""


@dataclass(frozen=True, slots=True)
class CompactReport:
    """What became of an archive's files."""

    before: int
    """Files."""
    after: int
    moved: int
    """Captures that lie in another file now."""
    left: tuple[str, ...] = ()
    """Files that stay as they are, since their records would be other ones in one file with others."""
    damages: tuple[Damage, ...] = ()
    """Bytes that are no whole record; they were copied too."""


def compact(archive: Archive, max_bytes: int) -> CompactReport:
    """Copy the records of small files, byte for byte, into files of `max_bytes` at most, and remove the small ones.

    For one process, under the run's lock. Files keep their order, for of captures of one instant the later counts.
    Raises OSError, SettingsError where the disk has no room; then what was done stays, and the rest is as it was.
    """
    archive.refresh()
    before = len(archive.files())
    moved, left, damages = 0, list[str](), list[Damage]()
    for before_it, group, behind in list(_groups(archive, max_bytes)):
        name = successor_name(group[0], before_it, behind, set(_names(archive)))
        if name is None:
            left += group
            continue
        name = name if name.lower().endswith(".gz") else name + ".gz"
        found = _merge(archive, group, name)
        if found is None:
            left += group
            continue
        moved += found[0]
        damages += found[1]
    return CompactReport(before, len(archive.files()), moved, tuple(left), tuple(damages))


def _names(archive: Archive) -> list[str]:
    return [file.relative_to(archive.warcs).as_posix() for file in archive.files()]


def _groups(archive: Archive, max_bytes: int) -> Iterator[tuple[str, list[str], str]]:
    """Files of one kind that follow one another and have room in one; with the names before and behind them."""
    names = _names(archive)
    sizes = {name: (archive.warcs / name).stat().st_size for name in names}
    start = 0
    while start < len(names):
        stop, total = start, _MARK_BYTES
        while stop < len(names) and _kind(names[stop]) == _kind(names[start]):
            total += sizes[names[stop]] + _MARK_BYTES
            if total > max_bytes:
                break
            stop += 1
        if stop - start > 1:
            before = names[start - 1] if start else ""
            yield before, names[start:stop], names[stop] if stop < len(names) else ""
        start = max(stop, start + 1)


def _kind(name: str) -> str:
    """What wrote a file: a run, a run that copied what others recorded, an import, or another program."""
    kind, dash, _ = name.rpartition("/")[2].partition("-")
    return kind if dash and kind in _OWN_KINDS else ""


def _merge(archive: Archive, group: Sequence[str], name: str) -> tuple[int, list[Damage]] | None:
    """Put one file in the place of several: captures and damages; None where that would change what is read."""
    files = [archive.warcs / one for one in group]
    check_room(archive.folder, sum(file.stat().st_size + _MARK_BYTES for file in files) + _MARK_BYTES)
    with Replacement(archive.warcs) as replacement:
        out, part = replacement.add(name)
        merged = [line for file in files for line in merged_files(file)]
        merged += [MergedFile(one, file.stat().st_size, _sha256(file)) for one, file in zip(group, files, strict=True)]
        out.write(head_record(name, merged))
        starts = list[int]()
        for one, file in zip(group, files, strict=True):
            if next(merged_files(file), None) is None:  # else its own marks follow
                out.write(mark_record(one))
            starts.append(out.tell())
            _copy(file, out)
        out.flush()
        damages = list[Damage]()
        with watch_records(damages):
            is_same = _same(scan(part, name), (entry for one in group for entry in archive.index.in_file(one)))
        if not is_same:
            return None
        replacement.commit(list(group))
        replacement.place()
        moved = switch(archive, group, name)
        replacement.end()
    return moved, [_in_old_file(archive, one, group, starts) for one in damages]


def switch(archive: Archive, old: Sequence[str], name: str) -> int:
    """Let the index know a new file in the place of old ones, and say how many captures it has."""
    file = archive.warcs / name
    with watch_records([]):
        captures = list(scan(file, name))
    archive.ask(lambda index: index.replace_files(old, name, captures, file.stat().st_size))
    return len(captures)


def _same(new: Iterator[CdxEntry], old: Iterator[CdxEntry]) -> bool:
    """Whether two lists of captures differ in nothing but where these lie."""
    sought = ((one.url, one.captured_at, one.status, one.mime, one.digest, one.kind) for one in old)
    found = ((one.url, one.captured_at, one.status, one.mime, one.digest, one.kind) for one in new)
    return all(one == other for one, other in itertools.zip_longest(found, sought))


def _copy(file: Path, out: BinaryIO) -> None:
    """Copy a packed file as it is, and each record of a plain one as a gzip member, damaged bytes too."""
    with file.open("rb") as stream:
        if stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC:
            stream.seek(0)
            out.writelines(read_parts(stream, file.stat().st_size))
            return
        for segment in walk(file):
            stream.seek(segment.offset)
            out.writelines(pack_parts(read_parts(stream, segment.length)))


def _in_old_file(archive: Archive, damage: Damage, group: Sequence[str], starts: Sequence[int]) -> Damage:
    number = max((at for at, start in enumerate(starts) if start <= damage.offset), default=0)
    return Damage(str(archive.warcs / group[number]), damage.offset - starts[number], damage.reason)


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
