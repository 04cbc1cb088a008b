"""What the seeds that wait for an answer say; read in a thread, since they lie on disk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.crawl.frontier import Frontier
from archiver.errors import SeedError
from archiver.seeds import read
from archiver.seeds.source import published_at
from archiver.seeds.store import SeedStore


@dataclass(frozen=True, slots=True)
class WaitingSeeds:
    """The seeds of a run, by the number of the address that they wait for."""

    store: SeedStore
    frontier: Frontier

    def read_bodies(self, paths: Iterable[str]) -> Iterator[str]:
        """Read the bodies of some seeds; one that cannot be read is left out."""
        return read_bodies(self.store, paths)


def read_bodies(store: SeedStore, paths: Iterable[str]) -> Iterator[str]:
    """Read the bodies of some seeds; one that cannot be read is left out."""
    for path in paths:
        with contextlib.suppress(SeedError):
            yield read(store.display_path(path), store.read(path)).body


def find_published_at(store: SeedStore, paths: Iterable[str], keys: tuple[str, ...], url: str) -> datetime | None:
    """When the article was published, as far as the seeds that wait for it and its address say."""
    for path in paths:
        with contextlib.suppress(SeedError):
            seed = read(store.display_path(path), store.read(path))
            if (at := published_at(seed, keys, url)) is not None:
                return at
    return None
