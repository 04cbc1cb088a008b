"""Write files of an archive again without some of their records, and put them in the place of the old ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import Archive
from archiver.archive.upkeep.compact import switch
from archiver.archive.upkeep.promotion import Edits, Place
from archiver.archive.upkeep.replacement import Replacement, check_room, successor_name
from archiver.archive.upkeep.verify import watch_records
from archiver.archive.warc.members import GZIP_MAGIC, pack
from archiver.archive.warc.scan import scan
from archiver.archive.warc.segments import Segment, walk
from archiver.errors import NotRewritten
from archiver.files.reading import read_parts

_OF_EXCHANGES = frozenset({"request", "metadata", "conversion", "resource"})
"""Records that speak of an answer, and go with it."""


@dataclass(frozen=True, slots=True)
class Freed:
    """What a rewriting took out."""

    captures: int
    records: int
    """Captures, and what goes with them: requests, metadata."""
    bytes: int
    files: int
    """Files that were written again, or that are gone since nothing is left in them."""


def rewrite(archive: Archive, dropped: Set[Place], edits: Edits, removed: tuple[str, ...] = ()) -> Freed:
    """Write the files that hold these records again, without them and with these changes, all at once.

    For one process, under the run's lock. What a record goes with goes too. `removed` is noted for who cleans texts.
    Raises OSError, SettingsError where the disk has no room, NotRewritten; then every file is as it was.
    """
    by_file = defaultdict[str, set[int]](set)
    for name, offset in dropped:
        by_file[name].add(offset)
    names = sorted({*by_file, *(name for name, _ in edits)})
    old_bytes = sum((archive.warcs / name).stat().st_size for name in names)
    check_room(archive.folder, old_bytes)
    captures = records = new_bytes = 0
    with Replacement(archive.warcs) as replacement:
        successors = dict[str, str]()
        for name in names:
            known = archive.in_file(name)
            gone = with_companions(archive.warcs / name, by_file[name])
            captures += sum(one.offset in gone for one in known)
            records += len(gone)
            if not _holds_more(archive.warcs / name, gone):
                continue
            successors[name] = _successor(archive, name, set(successors.values()))
            out, part = replacement.add(successors[name])
            changed = {at: make for (file, at), make in edits.items() if file == name}
            copy_without(archive.warcs / name, out, gone, changed)
            out.flush()
            new_bytes += part.stat().st_size
            with watch_records([]):
                found = [(one.url, one.captured_at) for one in scan(part, name)]
            if found != [(one.url, one.captured_at) for one in known if one.offset not in gone]:
                raise NotRewritten(
                    f"{archive.warcs / name} would not be read as before without these records, so nothing was "
                    "changed; see what is wrong with it by `archive check`, and bring it back from a backup"
                )
        replacement.commit(names, removed)
        replacement.place()
        for name in names:
            if name in successors:
                switch(archive, [name], successors[name])
            else:
                _forget(archive, name)
        replacement.end()
    return Freed(captures, records, old_bytes - new_bytes, len(names))


def _forget(archive: Archive, name: str) -> None:
    archive.ask(lambda index: index.forget(name))


def with_companions(file: Path, offsets: Set[int]) -> Set[int]:
    """Return where records begin, and where those do that speak of them: requests, metadata, rendered documents."""
    ids, answered = set[str](), set[str]()
    for segment in walk(file) if offsets else ():
        if segment.offset in offsets and segment.fields is not None:
            ids.add(segment.record_id)
            answered.update(segment.fields.get("warc-concurrent-to", "").split())
    ids.discard("")
    if not ids | answered:
        return offsets
    return offsets | {one.offset for one in walk(file) if one.kind in _OF_EXCHANGES and _goes(one, ids, answered)}


def _goes(segment: Segment, ids: Set[str], answered: Set[str]) -> bool:
    fields = segment.fields or {}
    named = {*fields.get("warc-concurrent-to", "").split(), *fields.get("warc-refers-to", "").split()}
    return bool(named & ids) or segment.record_id in answered


def _holds_more(file: Path, gone: Set[int]) -> bool:
    """Whether anything but warcinfo records stays in a file."""
    return any(one.offset not in gone and one.kind != "warcinfo" for one in walk(file))


def _successor(archive: Archive, name: str, given: Set[str]) -> str:
    names: Sequence[str] = [file.relative_to(archive.warcs).as_posix() for file in archive.files()]
    number = names.index(name)
    before = names[number - 1] if number else ""
    behind = names[number + 1] if number + 1 < len(names) else ""
    successor = successor_name(name, before, behind, {*names, *given})
    if successor is None:
        raise NotRewritten(f"{archive.warcs / name} has a name beside which no other fits; rename it, and run again")
    return successor


def copy_without(file: Path, out: BinaryIO, gone: Set[int], edits: Mapping[int, Callable[[], bytes]]) -> None:
    """Copy a file's segments as they are, but for those that go and those that something else stands for."""
    with file.open("rb") as stream:
        is_packed = stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        for segment in walk(file):
            if segment.offset in gone:
                continue
            if segment.offset in edits:
                record = edits[segment.offset]()
                out.write(pack(record) if is_packed else record)
                continue
            stream.seek(segment.offset)
            out.writelines(read_parts(stream, segment.length))
