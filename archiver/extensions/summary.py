"""What a run has to say in a few lines: for a mail from cron, and for whoever NOTIFY names.

A seed that was missed as it was missed before is no news, nor is a value that waits for a person since an earlier run:
the same lines would come in every mail. They are counted; named is what is new. Why: docs/design.md D74.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.config.run_settings import RunSettings
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.watch import Watched
from archiver.models import Outcome, Result, Verdict
from archiver.text.control_characters import escape_control

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

_MAX_NAMED_SEEDS = 20
"""Seeds that are named as newly missed, and as newly waiting; fewer hide which ones, more make a mail that nobody reads
to its end, and results.jsonl has all of them. Chosen, not measured."""

_MIN_ALIKE_SEEDS = 3
"""Further seeds of one sentence that share its line; with fewer a person misses the names of two. Chosen, not
measured."""


class RunSummary:
    """Counts results and collects what is new; one per reader of it."""

    def __init__(self, is_known: Callable[[Result], bool], *, dry_run: bool) -> None:
        """`is_known` says whether the ledger tells the same of a seed: missed in that way, or offered those values."""
        self._is_known = is_known
        self._dry_run = dry_run
        self._outcomes: Counter[Outcome] = Counter()
        self._missed: Counter[str] = Counter()
        self._missed_before: Counter[str] = Counter()
        self._newly_missed = _FirstResults()
        self._dead_images: Counter[str] = Counter()
        self._waiting = 0
        self._not_reached = 0
        self._newly_waiting = _FirstResults()
        self._alarms: dict[str, tuple[Alarm, ...]] = {}

    @classmethod
    def of(cls, crawler: Crawler) -> RunSummary:
        """Return the summary of a run that begins."""
        spider: SeedSpider = crawler.spider  # type: ignore[assignment]  # the crawl's own spiders are the only ones

        def is_known(result: Result) -> bool:
            recorder, url = spider.recorder, result.origin_url
            if recorder is None or url is None:
                return False
            missed = result.outcome is Outcome.MISSED
            return recorder.was_missed(url, result.verdict) if missed else recorder.was_offered(url)

        return cls(is_known, dry_run=RunSettings.of(crawler.settings).dry_run)

    def add(self, result: Result) -> None:
        """Count a result."""
        if not result.was_reached:
            self._not_reached += 1
            return
        self._outcomes[result.outcome] += 1
        dead = (one for one in result.images if one.verdict.is_dead and not one.replaced_by)
        self._dead_images.update(one.verdict.value for one in dead)
        if result.proposed:
            self._waiting += 1
            if not self._is_known(result):
                self._newly_waiting.append(result)
        if result.outcome is Outcome.MISSED:
            self._missed[result.verdict.value] += 1
            if self._is_known(result):
                self._missed_before[result.verdict.value] += 1
            else:
                self._newly_missed.append(result)

    def add_alarms(self, host: str, watched: Watched) -> None:
        """Note the alarms of a host that the run has raised."""
        if watched.raised or host in self._alarms:
            self._alarms[host] = watched.standing

    @property
    def has_news(self) -> bool:
        """Whether a seed was written, is missed in a new way or has a new value that waits, or a host has an alarm."""
        news = self._outcomes[Outcome.WRITTEN] or self._newly_missed.count or self._newly_waiting.count
        return bool(news or any(self._alarms.values()))

    def first_line(self) -> str:
        """Return the counts of the outcomes."""
        outcomes, missed = self._outcomes, self._missed
        verb = "would be written" if self._dry_run else "written"
        why = f" ({_listed(missed)})" if missed else ""
        skipped = f", {outcomes[Outcome.SKIPPED]} skipped" if outcomes[Outcome.SKIPPED] else ""
        waiting = f", {self._waiting} waiting" if self._waiting else ""
        not_reached = f", {self._not_reached} not reached" if self._not_reached else ""
        return (
            f"{outcomes[Outcome.WRITTEN]} {verb}, {outcomes[Outcome.UNCHANGED]} unchanged, "
            f"{missed.total()} missed{why}{skipped}{waiting}{not_reached}"
        )

    def lines(self, *, with_reasons: bool) -> list[str]:
        """Return the counts, how many were missed before, and the seeds that are newly missed or newly wait.

        Reasons may quote what a page or a server said; without them only the user's own names and our words are there.
        """
        said = [self.first_line()]
        said += (_name_alarms(host, alarms) for host, alarms in self._alarms.items() if alarms)
        if self._missed:
            before = f" ({_listed(self._missed_before)})" if self._missed_before else ""
            missed_before = self._missed_before.total()
            said.append(f"{self._newly_missed.count} newly missed, {missed_before} missed as before{before}")
        if self._dead_images:
            said.append(f"{self._dead_images.total()} images dead ({_listed(self._dead_images)})")
        said += self._newly_missed.lines("newly missed", reasons_of if with_reasons else _names)
        said += self._newly_waiting.lines("newly waiting", _names_waiting)
        return [escape_control(line) for line in said]


class _FirstResults:
    """Counts results and keeps as many as are named."""

    def __init__(self) -> None:
        self.count = 0
        self._named: list[Result] = []

    def append(self, result: Result) -> None:
        self.count += 1
        if len(self._named) < _MAX_NAMED_SEEDS:
            self._named.append(result)

    def lines(self, what: str, name: Callable[[Iterable[Result]], Iterable[str]]) -> Iterator[str]:
        yield from (f"{what}  {named}" for named in name(self._named))
        if (more := self.count - len(self._named)) > 0:
            yield f"{what}  … and {more} more; -O results.jsonl lists all of them"


def _listed(verdicts: Counter[str]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))


def _names(results: Iterable[Result]) -> Iterable[str]:
    return (f"{result.path} ({result.verdict.value})" for result in results)


def _names_waiting(results: Iterable[Result]) -> Iterable[str]:
    return (f"{result.path} ({', '.join(change.field for change in result.proposed)})" for result in results)


def _name_alarms(host: str, alarms: tuple[Alarm, ...]) -> str:
    fields = dict.fromkeys(alarm.field.value for alarm in alarms)
    return f"alarm  {host}: its pages yield less than they did ({', '.join(fields)})"


def reasons_of(results: Iterable[Result]) -> list[str]:
    """Return why seeds were missed, a sentence each; one for many that a full disk keeps from being written."""
    alike: dict[str, list[str]] = {}
    for result in results:
        said = _describe(result)
        cause = said.replace(result.path, "") if result.verdict is Verdict.ERROR else said
        alike.setdefault(cause, []).append(said)
    lines = []
    for sentences in alike.values():
        more = len(sentences) - 1
        lines += [f"{sentences[0]} (and {more} more alike)"] if more >= _MIN_ALIKE_SEEDS else sentences
    return lines


def _describe(result: Result) -> str:
    detail = result.detail or f"{result.origin_url}: {result.verdict.value}"
    return detail if result.path in detail else f"{result.path}: {detail}"
