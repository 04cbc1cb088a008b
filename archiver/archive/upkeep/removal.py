"""Take an address out of an archive: every record that holds what it served, wherever it lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from archiver.archive.archive import Archive
from archiver.archive.upkeep.promotion import edits_without
from archiver.archive.upkeep.rewriting import Freed, rewrite
from archiver.archive.upkeep.tombstones import Tombstone, add_tombstone
from archiver.archive.upkeep.verify import Damage
from archiver.archive.warc.segments import Segment, walk

_OF_NO_ADDRESS = frozenset({"warcinfo", ""})


@dataclass(frozen=True, slots=True)
class Found:
    """A record that goes."""

    file: str
    offset: int
    kind: str
    """WARC-Type."""
    url: str
    """The address that it lies under: the one in question, or one that holds it."""
    date: str
    """WARC-Date."""


@dataclass(frozen=True, slots=True)
class Search:
    """What an archive holds of an address."""

    records: tuple[Found, ...]
    unreadable: tuple[Damage, ...]
    """Bytes that are no whole record, so that nobody can say whether they hold it."""


def search(archive: Archive, tombstone: Tombstone) -> Search:
    """Read every record of every finished file, and find those that concern an address."""
    records, unreadable = list[Found](), list[Damage]()
    for file in archive.files():
        name = file.relative_to(archive.warcs).as_posix()
        for one in walk(file):
            if one.fields is None:
                unreadable.append(Damage(str(file), one.offset, f"{one.length} bytes are no whole record"))
            elif one.kind not in _OF_NO_ADDRESS and _concerns(one, tombstone.concerns):
                records.append(Found(name, one.offset, one.kind, one.url, one.fields.get("warc-date", "")))
    return Search(tuple(records), tuple(unreadable))


def remove(archive: Archive, tombstone: Tombstone, found: Search) -> Freed:
    """Take what was found out of the archive, and note that the address stays out.

    For one process, under the run's lock. Raises OSError, SettingsError, NotRewritten; then nothing is taken out.
    """
    dropped = {(one.file, one.offset) for one in found.records}
    freed = rewrite(archive, dropped, edits_without(archive, dropped), (tombstone.to_json(),))
    add_tombstone(archive.folder, tombstone)
    vacuum(archive)
    return freed


def vacuum(archive: Archive) -> None:
    """Let nothing of what was taken out be left in the index, its log, and an unusable one that was put aside."""
    archive.ask(lambda index: index.vacuum())
    for name in ("index.sqlite.unusable", "services.sqlite.unusable"):
        (archive.folder / name).unlink(missing_ok=True)


def _concerns(segment: Segment, concerns: Callable[[str], bool]) -> bool:
    source = (segment.fields or {}).get("warc-source-uri", "").strip("<>")
    return bool(segment.url and concerns(segment.url)) or bool(source and concerns(source))
