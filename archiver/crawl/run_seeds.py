"""The seeds of a run: found by one scan, and put on the frontier, all at once or when they are due."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from archiver.config.run_settings import RunSettings
from archiver.crawl.frontier import Address, Frontier
from archiver.crawl.recorder import RunRecorder
from archiver.crawl.reviews import Reviews
from archiver.crawl.scan import ScanCallbacks, scan
from archiver.downloader.run_end import RunEnd
from archiver.ledger import KnownFiles, KnownSeed
from archiver.models import Result
from archiver.seeds import Seed
from archiver.seeds.store import SeedStore
from archiver.urls import hostname

_MAX_HOSTS_SHOWN = 5
"""Hosts that are named where no seed is the publisher's, the most frequent first; with fewer the one that was meant may
be missing, more make the sentence long. Chosen, not measured."""


@dataclass(slots=True)
class RunSeeds:
    """What a run takes of the seeds folder."""

    options: RunSettings
    store: SeedStore
    frontier: Frontier
    reviews: Reviews
    recorder: RunRecorder | None
    run_end: RunEnd
    wants: Callable[[str], bool]
    """Whether the seeds of an address are the publisher's."""
    count: int = 0
    """Seeds that the run takes, whoever published them, without those that name no address."""
    _foreign: Counter[str] = field(default_factory=Counter)
    """How many seeds there are of each host that is not the publisher's."""

    @property
    def _waits_for_due(self) -> bool:
        """Whether a seed comes on the frontier when its address is due; the ledger knows which it has."""
        return self.options.due is not None and not self.options.selection.needs_seed

    def scan(self, refused: Callable[[Result], None]) -> None:
        """Meet every seed, and let the ledger know of all there are; in a thread. Raises LedgerError and RunEnded."""
        if not self.options.dry_run:
            self.store.sweep()
        # What is due the ledger says, so it has to know of every seed, whichever are asked for.
        whole = self.options.due is not None
        is_whole = whole or self.options.selection.is_everything
        recorder = self.recorder if is_whole else None
        callbacks = ScanCallbacks(refused, self._select, self._meet, self._skip)
        known: KnownFiles | None = None
        if recorder is not None:
            known = recorder.known_files(self.options, self.reviews.to_be_read if self._waits_for_due else None)
            callbacks = replace(callbacks, without_address=partial(recorder.note_without_address, known))
        seeds = scan(self.store, self.options, callbacks, whole=whole, known=known)
        if recorder is not None and known is not None:
            recorder.follow(seeds, known)
        for _ in seeds:
            pass
        if is_whole:
            self.reviews.name_gone_seeds()

    def _meet(self, path: str, url: str, seed: Seed) -> datetime | None:
        self.run_end.check(url)
        return self.reviews.meet(path, url, seed)

    def _skip(self) -> None:
        self.run_end.check("what has not changed")
        self.count += 1

    def _select(self, seed: KnownSeed) -> None:
        self.count += 1
        if not self.wants(seed.url):
            self._foreign[hostname(seed.url).removeprefix("www.")] += 1
        elif not self._waits_for_due:
            self.frontier.add(seed.path, seed.url)

    def reason_for_none(self, refused: int, name: str, domains: tuple[str, ...]) -> str | None:
        """The sentence for a selection that takes no seed, or a publisher whose domains no seed is of."""
        selection = self.options.selection
        taken = self.count - self._foreign.total()
        if not selection.is_everything and not (refused + taken):
            return str(selection.no_match(f"{self.store.root} for {name}"))
        foreign = self._foreign
        if not foreign or taken:
            return None
        hosts = ", ".join(host for host, _ in foreign.most_common(_MAX_HOSTS_SHOWN))
        more = ", …" if len(foreign) > _MAX_HOSTS_SHOWN else ""
        return (
            f"none of the {foreign.total()} seeds in {self.store.root} is of {', '.join(domains)}; there are "
            f"{hosts}{more}; correct the domains in the rules of {name}, or run another spider"
        )

    def addresses(self) -> Iterator[Address]:
        """What is to be asked, in turn; for a refresh only what is due, until its time is over."""
        due = self.options.due
        if due is None or self.recorder is None:
            yield from self.frontier.addresses()
            return
        asked = 0
        for url in self.recorder.due(due.until):
            if asked == due.limit or (due.deadline is not None and time.monotonic() >= due.deadline):
                return
            if (address := self.take(url)) is not None:
                asked += 1
                yield address

    def take(self, url: str) -> Address | None:
        """Take an address with its seeds; None where the run takes none of them, or has taken them."""
        if self._waits_for_due and self.recorder is not None:
            for path in filter(self.options.selection.has_path, self.recorder.seeds(url)):
                self.frontier.add(path, url)
        return self.frontier.take(url)
