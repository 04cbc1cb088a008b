"""The seeds that wait for an answer, and what they say; read in a thread, since they lie on disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archiver.crawl.frontier import Frontier
from archiver.errors import SeedError
from archiver.seeds import Seed, read
from archiver.seeds.source import published_at
from archiver.seeds.store import SeedStore


@dataclass(frozen=True, slots=True)
class WaitingSeeds:
    """The seeds of a run, by the number of the address that they wait for; one that cannot be read is left out."""

    store: SeedStore
    frontier: Frontier

    def bodies(self, number: int) -> Iterator[str]:
        """Return the bodies of the seeds of an address, each read when it is asked for."""
        return (seed.body for seed in self._read(self.frontier.seed_paths(number)))

    async def published_at(self, number: int, keys: tuple[str, ...], url: str) -> datetime | None:
        """When the article of an address was published, as far as its seeds and the address say."""
        seeds = self._read(self.frontier.seed_paths(number))
        return await asyncio.to_thread(_published_at, seeds, keys, url)

    def _read(self, paths: Iterable[str]) -> Iterator[Seed]:
        for path in paths:
            with contextlib.suppress(SeedError):
                yield read(self.store.display_path(path), self.store.read(path))


def _published_at(seeds: Iterable[Seed], keys: tuple[str, ...], url: str) -> datetime | None:
    return next((at for seed in seeds if (at := published_at(seed, keys, url)) is not None), None)
