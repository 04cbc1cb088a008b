"""What a person sees of a run: progress, diffs, summary."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.workers import UNMATCHED
from archiver.downloader.recording.recorder import FAILED
from archiver.extensions.diffs import DiffWriter
from archiver.extensions.progress import RunProgress
from archiver.extensions.summary import RunSummary, reasons_of
from archiver.ledger.yields.alarms import alarm_sentence, recovery_sentence
from archiver.ledger.yields.watch import Watched
from archiver.models import Outcome, PictureVerdict, Result
from archiver.signals import alarm, seed_repaired, seed_result
from archiver.text.control_characters import escape_control

ALARMS = "archiver/alarms"
"""The stat with a sentence per host whose pages have stopped yielding what they used to."""

_MAX_SHOWN_REASONS = 20
"""Sentences of missed seeds that the summary prints; the feed has all of them. Chosen, not measured."""


class RunReport:
    """Counts the results of a run and shows them; the counts also go to the crawl's stats as `archiver/<outcome>`."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        run = RunSettings.of(crawler.settings)
        self._console = console_of(crawler.settings)
        self._dry_run = run.dry_run
        shows_diffs = self._dry_run or run.show_diff
        self._diffs = DiffWriter(run.seeds, to_stderr=_has_feed_on_stdout(crawler.settings)) if shows_diffs else None
        self._summary = RunSummary.of(crawler) if run.report_brief else None
        self._counts: Counter[tuple[Outcome, str]] = Counter()
        self._images: Counter[str] = Counter()
        self._not_reached = 0
        """Seeds that the run was ended before."""
        self._waiting = 0
        """Seeds with a value that waits for a person."""
        self._missed: list[Result] = []
        """The first of them, whose reasons are shown."""
        self._alarms: dict[str, str] = {}
        self._alarmed: set[str] = set()
        """Hosts with an alarm that this run has raised."""
        self._ended: list[str] = []
        self._progress: RunProgress | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunReport:
        """Called by Scrapy."""
        report = cls(crawler)
        crawler.signals.connect(report.spider_opened, signals.spider_opened)
        crawler.signals.connect(report.seed_result, seed_result)
        crawler.signals.connect(report.seed_repaired, seed_repaired)
        crawler.signals.connect(report.alarm, alarm)
        crawler.signals.connect(report.spider_closed, signals.spider_closed)
        return report

    def spider_opened(self) -> None:
        """Begin to show how far the run is."""
        self._progress = RunProgress(self._crawler)
        self._progress.start()

    def seed_result(self, result: Result) -> None:
        """Count a result."""
        assert self._crawler.stats is not None
        if not result.was_reached:
            self._not_reached += 1
            self._crawler.stats.inc_value("archiver/not_reached")
            return
        reason = result.verdict.value if result.outcome is Outcome.MISSED else ""
        self._counts[result.outcome, reason] += 1
        self._crawler.stats.inc_value(f"archiver/{result.outcome.value}")
        if result.proposed:
            self._waiting += 1
            self._crawler.stats.inc_value("archiver/waiting")
        if result.capture is not None and result.capture.is_from_web_archive:
            self._crawler.stats.inc_value("archiver/wayback_hits")
        elif result.capture is not None and result.capture.origin == "archive":
            self._crawler.stats.inc_value("archiver/archive_hits")
        elif result.capture is not None and result.capture.status == 304:
            self._crawler.stats.inc_value("archiver/not_modified")
        if result.outcome is Outcome.MISSED and len(self._missed) < _MAX_SHOWN_REASONS:
            self._missed.append(result)
        for one in result.images:
            found = "replaced" if one.replaced_by else one.verdict.value
            self._images[found] += 1
            self._crawler.stats.inc_value(f"archiver/images/{found}")
        if self._summary is not None:
            self._summary.add(result)
        if self._progress:
            self._progress.add(result)

    def alarm(self, host: str, watched: Watched) -> None:
        """Remember what is to be said about a host's alarms, and whether it is new."""
        self._alarms.pop(host, None)
        if watched.standing:
            self._alarms[host] = alarm_sentence(watched.standing)
        self._ended += map(recovery_sentence, watched.ended)
        if watched.raised:
            self._alarmed.add(host)
        assert self._crawler.stats is not None
        self._crawler.stats.set_value(ALARMS, list(self._alarms.values()))

    def seed_repaired(self, path: str, before: bytes, after: bytes) -> None:
        """Print what changed in a seed."""
        if self._diffs is not None:
            self._diffs.write(path, before, after, self._progress.console if self._progress else None)

    def spider_closed(self) -> None:
        """Print the summary."""
        if self._progress:
            self._progress.stop()
        assert self._crawler.stats is not None
        if not self._counts and not self._not_reached and self._crawler.stats.get_value(FAILED) is not None:
            return  # there was nothing to run over, and the command says why
        self._print_alarms()
        if self._summary is not None:
            for line in self._summary.lines(with_reasons=True) if self._summary.has_news else ():
                self._console.print(Text(line))
            return
        for reason in reasons_of(self._missed):
            self._console.print(Text(f"missed  {escape_control(reason)}", style="yellow"))
        left_out = sum(n for (outcome, _), n in self._counts.items() if outcome is Outcome.MISSED) - len(self._missed)
        if left_out > 0:
            self._console.print(f"missed  … and {left_out} more; -O results.jsonl lists all of them")
        self._console.print(self._table())
        if 0 < self._counts.total() == self._counts[Outcome.SKIPPED, ""]:
            self._console.print(Text(self._no_source(), style="yellow"))
        for sentence in self._crawler.stats.get_value(UNMATCHED, ()):
            self._console.print(Text(escape_control(sentence), style="yellow"))

    def _print_alarms(self) -> None:
        """A line per host; a brief report leaves out the alarms that an earlier run has told of."""
        for host, sentence in self._alarms.items():
            if host in self._alarmed or self._summary is None:
                self._console.print(Text(f"alarm  {escape_control(sentence)}", style="bold red"))
        for sentence in self._ended:
            self._console.print(Text(escape_control(sentence), style="green"))

    def _no_source(self) -> str:
        """What is probably wrong when every seed was skipped."""
        keys = ", ".join(RunSettings.of(self._crawler.settings).keys["source"])
        return f"no seed names the page that it was copied from under {keys}; name the key that does in SEED_KEYS"

    def _table(self) -> Table:
        table = Table(show_header=False, box=None, pad_edge=False)
        table.add_column()
        table.add_column(justify="right")
        written = "would be written" if self._dry_run else "written"
        table.add_row(written, str(self._counts[Outcome.WRITTEN, ""]), style="green")
        table.add_row("unchanged", str(self._counts[Outcome.UNCHANGED, ""]))
        missed = sorted((reason, n) for (outcome, reason), n in self._counts.items() if outcome is Outcome.MISSED)
        for reason, count in missed:
            table.add_row(f"missed: {reason}", str(count), style="yellow")
        if not missed:
            table.add_row("missed", "0")
        if skipped := self._counts[Outcome.SKIPPED, ""]:
            table.add_row("skipped: no source", str(skipped))
        for found in ("replaced", *PictureVerdict):
            if count := self._images[found]:
                table.add_row(f"images: {found}", str(count))
        if self._waiting:
            table.add_row("waiting for a person", str(self._waiting), style="magenta")
        if self._not_reached:
            table.add_row("not reached", str(self._not_reached))
        table.add_row("seeds read", str(self._counts.total() + self._not_reached), style="bold")
        return table


def console_of(settings: BaseSettings) -> Console:
    """Return the console that a run's report is printed on.

    Whoever reads a feed from standard output, or the patch that a dry run is, must find nothing else there.
    """
    run = RunSettings.of(settings)
    return Console(stderr=run.dry_run or _has_feed_on_stdout(settings), highlight=False, soft_wrap=True)


def _has_feed_on_stdout(settings: BaseSettings) -> bool:
    return any(str(uri).startswith(("stdout:", "-")) for uri in settings.getdict("FEEDS"))
