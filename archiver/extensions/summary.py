"""What a run has to say in a few lines: for a mail from cron, and for whoever NOTIFY names.

A seed that was missed as it was missed before is no news: the same dead links would come in every mail. It is counted;
named is what is new. Why: docs/design.md D77.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.config.run_settings import RunSettings
from archiver.models import Outcome, Result
from archiver.text.control_characters import escape_control

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

_MAX_NAMED_SEEDS = 20
"""Seeds that are named as newly missed; fewer hide which ones, more make a mail that nobody reads to its end, and
results.jsonl has all of them. Chosen, not measured."""


class RunSummary:
    """Counts results and collects what is new; one per reader of it."""

    def __init__(self, was_missed: Callable[[Result], bool], *, dry_run: bool) -> None:
        """`was_missed` says whether the ledger knew a missed seed's address as missed in the same way before."""
        self._was_missed = was_missed
        self._dry_run = dry_run
        self._outcomes: Counter[Outcome] = Counter()
        self._missed: Counter[str] = Counter()
        self._missed_before: Counter[str] = Counter()
        self._new: list[Result] = []

    @classmethod
    def of(cls, crawler: Crawler) -> RunSummary:
        """Return the summary of a run that begins."""
        spider: SeedSpider = crawler.spider  # type: ignore[assignment]  # the crawl's own spiders are the only ones

        def was_missed(result: Result) -> bool:
            recorder, url = spider.recorder, result.origin_url
            return recorder is not None and url is not None and recorder.was_missed(url, result.verdict)

        return cls(was_missed, dry_run=RunSettings.of(crawler.settings).dry_run)

    def add(self, result: Result) -> None:
        """Count a result."""
        self._outcomes[result.outcome] += 1
        if result.outcome is not Outcome.MISSED:
            return
        self._missed[result.verdict.value] += 1
        if self._was_missed(result):
            self._missed_before[result.verdict.value] += 1
        elif len(self._new) < _MAX_NAMED_SEEDS:
            self._new.append(result)

    @property
    def has_news(self) -> bool:
        """Whether a seed was written, or missed in a way that is new."""
        return bool(self._outcomes[Outcome.WRITTEN] or self._newly_missed)

    @property
    def _newly_missed(self) -> int:
        return self._missed.total() - self._missed_before.total()

    def first_line(self) -> str:
        """Return the counts of the outcomes."""
        outcomes, missed = self._outcomes, self._missed
        verb = "would be written" if self._dry_run else "written"
        why = f" ({_listed(missed)})" if missed else ""
        skipped = f", {outcomes[Outcome.SKIPPED]} skipped" if outcomes[Outcome.SKIPPED] else ""
        return (
            f"{outcomes[Outcome.WRITTEN]} {verb}, {outcomes[Outcome.UNCHANGED]} unchanged, "
            f"{missed.total()} missed{why}{skipped}"
        )

    def lines(self, *, with_reasons: bool) -> list[str]:
        """Return the counts, then the seeds that are newly missed, and how many were missed before.

        Reasons may quote what a page or a server said; without them only the user's own names and our words are there.
        """
        said = [self.first_line()]
        if self._missed:
            before = f" ({_listed(self._missed_before)})" if self._missed_before else ""
            said.append(f"{self._newly_missed} newly missed, {self._missed_before.total()} missed as before{before}")
        said += [f"newly missed  {_describe(result) if with_reasons else _name(result)}" for result in self._new]
        if (more := self._newly_missed - len(self._new)) > 0:
            said.append(f"newly missed  … and {more} more; -O results.jsonl lists all of them")
        return [escape_control(line) for line in said]


def _listed(verdicts: Counter[str]) -> str:
    return ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))


def _name(result: Result) -> str:
    return f"{result.path} ({result.verdict.value})"


def _describe(result: Result) -> str:
    detail = result.detail or f"{result.origin_url}: {result.verdict.value}"
    return detail if result.path in detail else f"{result.path}: {detail}"
