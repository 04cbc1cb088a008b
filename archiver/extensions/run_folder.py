"""The folder that a run leaves: written while it goes on, its report made at the end."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rich.text import Text
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver import __version__
from archiver.config.given_settings import given_settings
from archiver.crawl.extraction.workers import UNMATCHED
from archiver.decisions import digest_of
from archiver.downloader.recording.recorder import FAILED, add_failure
from archiver.extensions.report import console_of
from archiver.models import DriftKind, Field, PageOutcome, Result, TextDiff
from archiver.program import program_name
from archiver.report import write_report
from archiver.runs import RunFolder, RunHead, SeedRecord, WrittenSeed
from archiver.runs.chain import chain_of
from archiver.runs.feed import update_feed
from archiver.runs.head import PausedHost
from archiver.runs.writer import RunWriter, discard, iso, note_idle, remove_old_runs, repair_ended_runs
from archiver.signals import host_paused, seed_compared, seed_repaired, seed_result, seed_visited
from archiver.text.control_characters import escape_control
from archiver.text.patches import hunks

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

_MAX_PAUSED_HOSTS = 100
"""Hosts that were left alone which a head names; with more it is no head any more. Chosen, not measured."""
_PATCH_CONTEXT_LINES = 3
"""Lines around a change, as git has them."""

_TEXTS_ALIKE = frozenset({DriftKind.SAME, DriftKind.COSMETIC})
"""Differences that a reader need not see."""
_ALARMS = "archiver/alarms"
"""The stat with a sentence per host whose pages have stopped yielding what they used to."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """What is known of a seed before its result."""

    page: PageOutcome | None = None
    text: TextDiff | None = None
    patch: str = ""


class RunFolderExtension:
    """Writes `archiver.runs` of this run; that it cannot be written is said at the end, and stops nothing."""

    def __init__(self, crawler: Crawler, spider: SeedSpider, runs_dir: Path) -> None:
        self._crawler = crawler
        self._spider = spider
        self._runs_dir = runs_dir
        self._began = time.monotonic()
        self._writer: RunWriter | None = None
        self._pending: dict[str, _Pending] = {}
        """By path, the seeds that are under way."""
        self._paused: dict[str, PausedHost] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunFolderExtension:
        """Called by Scrapy."""
        spider: SeedSpider = crawler.spider  # type: ignore[assignment]  # the crawl's own spiders are the only ones
        if spider.options.run_dir is None:
            raise NotConfigured
        extension = cls(crawler, spider, spider.options.run_dir)
        crawler.signals.connect(extension.spider_opened, signals.spider_opened)
        crawler.signals.connect(extension.seed_visited, seed_visited)
        crawler.signals.connect(extension.seed_compared, seed_compared)
        crawler.signals.connect(extension.seed_repaired, seed_repaired)
        crawler.signals.connect(extension.seed_result, seed_result)
        crawler.signals.connect(extension.host_paused, host_paused)
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension

    def spider_opened(self) -> None:
        """Make the folder."""
        try:
            now = datetime.now(UTC)
            self._writer = RunWriter(RunFolder.create(self._runs_dir, now), self._head(now))
        except OSError as error:
            self._fail(error)
        options = self._spider.options
        if self._writer is not None and not options.dry_run and options.output is None:
            self._spider.notes.note_write = partial(self._note_write, self._writer, asyncio.get_running_loop())

    def _note_write(
        self, writer: RunWriter, loop: asyncio.AbstractEventLoop, seed: str, before: bytes, after: bytes
    ) -> None:
        """Note what is about to be written; in a thread."""
        try:
            writer.add_written(WrittenSeed.of(seed, before, after))
        except OSError as error:
            loop.call_soon_threadsafe(self._fail, error)
        except ValueError:
            pass  # the folder was given up, and its files are closed

    def seed_repaired(self, path: str, before: bytes, after: bytes) -> None:
        """Note what was written, or would be."""
        seed = self._spider.store.relative(path)
        self._pending[path] = replace(self._pending.get(path, _Pending()), patch=patch_of(seed, before, after))

    def seed_visited(self, path: str, page: PageOutcome) -> None:
        """Note what was found for a seed."""
        self._pending[path] = replace(self._pending.get(path, _Pending()), page=page)

    def seed_compared(self, path: str, text: TextDiff) -> None:
        """Note how its text differs from its page's."""
        if text.kind not in _TEXTS_ALIKE:
            self._pending[path] = replace(self._pending.get(path, _Pending()), text=text)

    def seed_result(self, result: Result) -> None:
        """Write the line of a seed."""
        known = self._pending.pop(result.path, _Pending())
        if self._writer is None:
            return
        if not result.was_reached:
            self._writer.pass_over(result)
            return
        try:
            self._writer.add(_record(self._spider.store.relative(result.path), result, known))
        except OSError as error:
            self._fail(error)

    def host_paused(self, host: str, until: datetime, stated: bool) -> None:
        """Note a host that is left alone."""
        if host in self._paused or len(self._paused) < _MAX_PAUSED_HOSTS:
            self._paused[host] = PausedHost(host, iso(until), stated)

    async def spider_closed(self, reason: str) -> None:
        """Write the head and the report, and say where it is."""
        if (committing := self._spider.notes.commit_ended) is not None:
            # Until then the next run takes up what this one wrote, whatever ends it.
            await committing.wait()
        console = console_of(self._crawler.settings)
        report = None
        if self._writer is not None:
            try:
                report = await asyncio.to_thread(self._finish, self._writer, reason)
            except OSError as error:
                self._fail(error)
        if report is not None and not self._spider.options.report_brief:
            console.print(Text(escape_control(f"report  {report}")))

    def _finish(self, writer: RunWriter, reason: str) -> Path | None:
        """End the folder; the report, or None where there is nothing to tell. In a thread. Raises OSError."""
        assert self._crawler.stats is not None
        stats, notes = self._crawler.stats, self._spider.notes
        ended = repair_ended_runs(self._runs_dir)
        try:
            head = writer.finish(
                replace(
                    writer.head,
                    ended=iso(datetime.now(UTC)),
                    is_committed=notes.is_committed if notes.commit_ended is not None else None,
                    reason=reason,
                    seconds=round(time.monotonic() - self._began, 1),
                    hosts_paused=tuple(self._paused.values()),
                    alarms=tuple(stats.get_value(_ALARMS, ())),
                    notes=tuple(stats.get_value(UNMATCHED, ())),
                )
            )
        finally:
            writer.close()
        for folder in ended:
            write_report(folder)
        if not writer.is_idle:
            ended.append(writer.folder)
        if ended:
            update_feed(self._runs_dir, ended)
        if writer.is_idle:
            discard(writer.folder)
            if stats.get_value(FAILED) is None:
                note_idle(self._runs_dir, head)
            return None
        remove_old_runs(self._runs_dir, self._spider.options.runs_keep)
        return write_report(writer.folder)

    def _head(self, now: datetime) -> RunHead:
        spider, options = self._spider, self._spider.options
        words = ["refresh"] if options.due is not None else ["crawl", spider.name]
        arguments = (f"-a {name}={value}" for name, value in spider.arguments.items())
        return RunHead(
            version=__version__,
            command=" ".join((program_name(), *words, *arguments)),
            started=iso(now),
            settings=given_settings(self._crawler.settings),
            seeds_dir=str(options.seeds),
            output_dir=None if options.output is None else str(options.output),
            dry_run=options.dry_run,
            replay=options.replay,
        )

    def _fail(self, error: OSError) -> None:
        """Go on without the folder; said at the end."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        reason = (error.strerror or type(error).__name__).lower()
        add_failure(
            self._crawler,
            f"the folder of this run cannot be written in {self._runs_dir} ({reason}), while the seeds are as the "
            "summary says; make room there, or name another folder in RUN_DIR",
        )


def patch_of(seed: str, before: bytes, after: bytes) -> str:
    """Return the unified diff of a seed."""
    lines = b"".join(hunks(before, after, _PATCH_CONTEXT_LINES)).decode("utf-8", "replace")
    return f"--- a/{seed}\n+++ b/{seed}\n{lines}".removesuffix("\n")


def _record(seed: str, result: Result, known: _Pending) -> SeedRecord:
    article = known.page.extraction.article if known.page is not None else None
    said = {name: choice.value for name, choice in article.choices.items()} if article else {}
    offered = (*result.proposed, *result.changes, *result.reported)
    return SeedRecord(
        seed, result,
        title=said.get(Field.TITLE), language=said.get(Field.LANGUAGE),
        patch=known.patch, text=known.text,
        page=known.page.extraction.said if known.page is not None and article is None else None,
        chain=chain_of(known.page) if known.page is not None else (),
        offered={change.field: digest_of(change.field, change.new) for change in reversed(offered)},
    )  # fmt: skip
