"""Give seeds that were added without a day the name that their date makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archiver.collection.names import IS_UNDATED, day_of
from archiver.errors import SeedError
from archiver.seeds import read
from archiver.seeds.creation import rename
from archiver.seeds.store import SeedStore
from archiver.text import dates


@dataclass(frozen=True, slots=True)
class Renaming:
    """What became of a seed whose name lacks a day."""

    path: str
    to: str | None = None
    """Its new path; None when it keeps its name."""
    clause: str = ""
    """Why it could not be renamed; empty for one without a date."""


def rename_dated(store: SeedStore, date_keys: Sequence[str], *, writes: bool) -> Iterator[Renaming]:
    """Rename every seed whose name lacks a day and that has a date by now, in its folder."""
    taken: set[str] = set()
    for path in [path for path in store.paths() if IS_UNDATED.search(PurePosixPath(path).name)]:
        try:
            seed = read(store.display_path(path), store.read(path))
            key = seed.first_key(date_keys)
            day = day_of(dates.parse_date(seed.text(key) or "") if key else None, "")
            if day is None:
                yield Renaming(path)
                continue
            yield Renaming(path, _rename(store, path, day, taken, writes=writes))
        except SeedError as error:
            yield Renaming(path, clause=str(error))


def _rename(store: SeedStore, path: str, day: str, taken: set[str], *, writes: bool) -> str:
    """Rename one seed; a number is put behind a name that is taken. Returns its new path."""
    old = PurePosixPath(path)
    stem, number = IS_UNDATED.sub(day, old.stem, count=1), 1
    while True:
        name = f"{stem}{'' if number == 1 else f'-{number}'}{old.suffix}"
        to = str(old.with_name(name))
        if not writes and to not in taken and not (store.root / to).exists():
            taken.add(to)
            return to
        if writes and rename(store, path, name):
            return to
        number += 1
