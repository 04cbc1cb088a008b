"""How far a run is: a bar that moves in a terminal, a line now and then everywhere else.

How the time left is reckoned: docs/design.md D112.
"""

from __future__ import annotations

import sys
import time
from collections import Counter, deque
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.text import Text
from scrapy.crawler import Crawler
from twisted.internet.task import LoopingCall

from archiver.config.run_settings import RunSettings
from archiver.downloader.pauses import HostPauses
from archiver.models import Outcome, Result
from archiver.urls import host_of

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

_MIN_REMAINING_TIME = 10.0
"""Seconds of a run before it says how long it still takes: the first answers come at once, or not at all. With fewer
the first figures are wrong by far, with more nobody knows for longer. Chosen, not measured."""
_MAX_RATE_TIME = 60.0
"""Seconds over which the rate is taken: a shorter time shows chance, a longer one a pace that has changed since."""

_LOOK_SECONDS = 1.0
"""Seconds between two looks at the counts; fewer cost time, with more the line below a bar seems to stand still.
Chosen, not measured."""


class SeedCounts:
    """Counts the results of a run, by outcome and by host; times are those of `time.monotonic`."""

    def __init__(self, now: float, *, dry_run: bool = False) -> None:
        self.done = 0
        self._names = {one: one.value for one in Outcome}
        if dry_run:
            self._names[Outcome.WRITTEN] = "would be written"
        self.total: int | None = None
        """Seeds of the run; None until all are read, and where nobody knows."""
        self.has_begun = False
        self._began = self._asks_since = now
        self._outcomes: Counter[Outcome] = Counter()
        self._done_by_host: Counter[str] = Counter()
        self._seeds_by_host: Mapping[str, int] = {}
        self._samples: deque[tuple[float, int]] = deque([(now, 0)])

    def add(self, result: Result) -> None:
        """Count a result."""
        self.done += 1
        self._outcomes[result.outcome] += 1
        if result.origin_url is not None:
            self._done_by_host[host_of(result.origin_url)] += 1

    def begin(self, total: int, by_host: Mapping[str, int], now: float) -> None:
        """Take in how many seeds there are, all and by host, once requests begin."""
        self.has_begun = True
        self.total, self._seeds_by_host, self._asks_since = total, by_host, now

    def lines(self, now: float, paused: Collection[str]) -> Iterator[str]:
        """What is to be said, in parts: counts by outcome, hosts, rate, time left. `paused` hosts answer nothing."""
        yield (
            ", ".join(f"{self._outcomes[one]:,} {self._names[one]}" for one in Outcome if self._outcomes[one])
            or "no result"
        )
        seeds, done = self._seeds_by_host, self._done_by_host
        left = {host: count for host in seeds if (count := seeds[host] - done[host]) > 0}
        waiting = sum(1 for host in paused if host in left or not seeds)
        asked = len(left) - waiting
        hosts = f"{asked:,} host{'' if asked == 1 else 's'} under way" if seeds else ""
        if named := ", ".join(filter(None, [hosts, f"{waiting:,} paused" if waiting else ""])):
            yield named
        yield self._rate(now)
        if (seconds := self._seconds_left(now, left, paused)) is not None:
            yield f"about {_duration(seconds)} left"

    def _rate(self, now: float) -> str:
        """Results in a time, over the last minute at most."""
        self._samples.append((now, self.done))
        while len(self._samples) > 2 and now - self._samples[1][0] >= _MAX_RATE_TIME:
            self._samples.popleft()
        since, before = self._samples[0]
        a_second = (self.done - before) / max(now - since, 1.0)
        return f"{a_second:.1f} seeds a second" if a_second >= 1 else f"{60 * a_second:.0f} seeds a minute"

    def _seconds_left(self, now: float, left: Mapping[str, int], paused: Collection[str]) -> float | None:
        """What the slowest host takes for its seeds at its own pace, or all of them at the pace of all.

        None while nobody can tell. What waits for a host that is paused fails at once.
        """
        elapsed = now - self._asks_since
        if self.total is None or not self.done or elapsed < _MIN_REMAINING_TIME:
            return None
        slowest = max(
            (count / max(self._done_by_host[host], 1) for host, count in left.items() if host not in paused),
            default=0.0,
        )
        return elapsed * max(slowest, (self.total - self.done) / self.done)

    def line(self, now: float, paused: Collection[str]) -> str:
        """Return all in one line, for a log."""
        of = "" if self.total is None else f" of {self.total:,}"
        return f"after {_duration(now - self._began)}: {self.done:,}{of} seeds; " + "; ".join(self.lines(now, paused))


class TerminalProgress(Progress):
    """A bar, and a line below it."""

    def __init__(self) -> None:
        self._said = Text()
        super().__init__(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True),
            transient=True,
        )  # fmt: skip
        self.add_task("Seeds", total=None)

    def get_renderables(self) -> Iterator[RenderableType]:
        """Called by rich, in a thread of its own."""
        yield from super().get_renderables()
        yield self._said

    def show(self, counts: SeedCounts, said: str | None = None) -> None:
        """Show how many seeds are done; without `said` the line below stays."""
        self.update(self.task_ids[0], completed=counts.done, total=counts.total)
        if said is not None:
            self._said = Text(said)


class RunProgress:
    """Shows how far a run is: from the moment it is opened until it is closed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        run = RunSettings.of(crawler.settings)
        self._interval = run.progress_interval
        self._pauses = HostPauses.of(crawler)
        self._counts = SeedCounts(time.monotonic(), dry_run=run.dry_run)
        self._last_line = time.monotonic()
        self._bar = TerminalProgress() if sys.stderr.isatty() else None
        self._clock = LoopingCall(self._look)

    @property
    def console(self) -> Console | None:
        """The console that a bar moves on: what is printed there beside it has to go through this; None without one."""
        return None if self._bar is None else self._bar.console

    def start(self) -> None:
        """Show the bar where somebody can see it move, and wait for the time of a line elsewhere."""
        if self._bar is not None:
            self._bar.start()
        if self._bar is not None or self._interval:
            self._clock.start(_LOOK_SECONDS, now=False)

    def add(self, result: Result) -> None:
        """Count a result."""
        self._counts.add(result)
        if self._bar is not None:
            self._counts.total = self._seeds()
            self._bar.show(self._counts)

    def stop(self) -> None:
        """Wipe the bar, and print no more lines."""
        if self._clock.running:
            self._clock.stop()
        if self._bar is not None:
            self._bar.stop()

    def _look(self) -> None:
        now = time.monotonic()
        spider: SeedSpider = self._crawler.spider  # type: ignore[assignment]  # the crawl's own are the only ones
        if not self._counts.has_begun and (seeds := self._seeds()) is not None:
            self._counts.begin(seeds, spider.frontier.seeds_by_host(), now)
        if self._bar is not None:
            self._bar.show(self._counts, "; ".join(self._counts.lines(now, self._pauses.paused_hosts())))
        elif now - self._last_line >= self._interval:
            self._last_line = now
            said = Text(self._counts.line(now, self._pauses.paused_hosts()))
            Console(stderr=True, soft_wrap=True).print(said)

    def _seeds(self) -> int | None:
        """The seeds of the run, once all are read; None for a refresh, which takes what is due as it goes."""
        assert self._crawler.stats is not None
        seeds: int | None = self._crawler.stats.get_value("archiver/seeds")
        return seeds


def _duration(seconds: float) -> str:
    """Return a time as people say it, in one unit or two."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
