"""Rows → new seeds: what the collection has already is passed over, what cannot be taken is named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath

from archiver.collection.lists.row import AddressError, BadRow, Entry, Row, check_address, shorten
from archiver.collection.names import Names, day_of
from archiver.collection.stubs import StubForm, make_stub
from archiver.errors import SeedError, SettingsError
from archiver.seeds import Seed, read
from archiver.seeds.creation import create
from archiver.seeds.store import SeedStore
from archiver.urls import address_key, hostname, page_key, without_www


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "added"
    KNOWN = "already there"
    REPEATED = "twice in the list"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of one row."""

    fate: Fate
    place: str
    path: str | None = None
    """The new seed's, relative to SEEDS_DIR."""
    address: str | None = None
    clause: str = ""
    """Why it was refused."""


@dataclass(slots=True)
class KnownPages:
    """The pages that the seeds of a collection come from."""

    keys: set[str] = field(default_factory=set)
    unreadable: int = 0
    """Files that could not be looked into."""

    @classmethod
    def of(cls, store: SeedStore, sources: Iterable[str]) -> KnownPages:
        """Read the sources of all seeds."""
        known = cls()
        for path in store.paths():
            try:
                seed = read(store.display_path(path), store.read(path))
            except SeedError:
                known.unreadable += 1
                continue
            known.keys.update(_page_keys(seed, sources))
        return known


def _page_keys(seed: Seed, sources: Iterable[str]) -> Iterator[str]:
    for key in sources:
        try:
            yield page_of(check_address(seed.text(key) or ""))
        except ValueError:
            continue


def page_of(address: str) -> str:
    """Return what is one for all addresses of a page, however they are escaped. Raises ValueError for none."""
    return page_key(address_key(address))


def check_folder(store: SeedStore, folder: str) -> str:
    """Return a folder for new seeds relative to SEEDS_DIR, "" for that itself. Raises SettingsError."""
    root, given = store.root.resolve(), Path(folder)
    if not (store.root / given).resolve().is_relative_to(root) or ".." in given.parts:
        raise SettingsError(f"--into {folder} lies outside of SEEDS_DIR={store.root}; name a folder in it")
    inside = given.relative_to(store.root.absolute()) if given.is_absolute() else given
    if any(part.startswith(".") for part in inside.parts):
        raise SettingsError(f"--into {folder} is hidden, and no seed is read there; name another folder")
    if any(store.files.excludes(inside.parts[:depth], True) for depth in range(1, len(inside.parts) + 1)):
        raise SettingsError(
            f"--into {folder} is left out by SEED_EXCLUDE, and no seed is read there; name another folder"
        )
    if (store.root / inside).exists() and not (store.root / inside).is_dir():
        raise SettingsError(f"--into {folder} is a file; name a folder")
    return "" if inside == Path() else inside.as_posix()


@dataclass(slots=True)
class Additions:
    """Takes rows one after the other."""

    store: SeedStore
    into: str
    form: StubForm
    names: Names
    known: KnownPages
    writes: bool
    """False for a dry run."""
    site_hosts: Collection[str] = ()
    """The site's own, without `www.`; a seed from there would be passed over for ever."""
    _met: set[str] = field(default_factory=set)
    """The pages of rows that were taken."""

    def take(self, entry: Entry) -> Addition:
        """Make a seed of a row, unless there is one."""
        if isinstance(entry, BadRow):
            return Addition(Fate.REFUSED, entry.place, clause=entry.clause)
        try:
            address = check_address(entry.address)
            page = page_of(address)
        except AddressError as error:
            return Addition(Fate.REFUSED, entry.place, clause=str(error))
        except ValueError:
            clause = f"says {shorten(entry.address)!r}, which is no address; correct it"
            return Addition(Fate.REFUSED, entry.place, clause=clause)
        if without_www(hostname(address)) in self.site_hosts:
            clause = f"says {shorten(address)!r}, which is on the site's own host (SITE_HOSTS); leave it out"
            return Addition(Fate.REFUSED, entry.place, address=address, clause=clause)
        if page in self._met:
            return Addition(Fate.REPEATED, entry.place, address=address)
        if page in self.known.keys:
            return Addition(Fate.KNOWN, entry.place, address=address)
        try:
            path = self._add(entry, address)
        except SeedError as error:
            return Addition(
                Fate.REFUSED, entry.place, address=address, clause=str(error).removeprefix(f"{entry.place}: ")
            )
        self._met.add(page)
        return Addition(Fate.ADDED, entry.place, path, address)

    def _add(self, row: Row, address: str) -> str:
        content = make_stub(self.form, row, address)
        title, day = self.form.title(row), day_of(self.form.date(row), address)
        while True:
            path = str(PurePosixPath(self.into) / self.names.choose(title, address, day))
            if not self.writes or create(self.store, path, content):
                return path


def count_of(additions: Iterable[Addition]) -> Mapping[Fate, int]:
    """How many rows had which fate; all are named."""
    counts = dict.fromkeys(Fate, 0)
    for addition in additions:
        counts[addition.fate] += 1
    return counts
