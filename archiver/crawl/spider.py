"""Seeds → requests → captures: the one place where the archiver meets Scrapy's crawl."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler

from archiver.config.run_settings import Due, RunSettings
from archiver.config.selection import CRAWL_ARGUMENTS, check_arguments
from archiver.crawl.callbacks import CrawlCallbacks
from archiver.crawl.crash import crash_sentence
from archiver.crawl.earlier import EarlierTexts
from archiver.crawl.extraction.reader import PageReader
from archiver.crawl.extraction.workers import UNMATCHED, Workers
from archiver.crawl.frontier import Frontier
from archiver.crawl.pictures.due import DuePictures
from archiver.crawl.pictures.local_links import SeedLinks
from archiver.crawl.pictures.seed_pictures import SeedPictures
from archiver.crawl.recorder import RunRecorder
from archiver.crawl.reviews import Reviews
from archiver.crawl.run_notes import RunNotes
from archiver.crawl.run_seeds import RunSeeds
from archiver.crawl.searches.fallback import ArchiveCopies, ArchiveFallback
from archiver.crawl.waiting_seeds import WaitingSeeds
from archiver.downloader.pauses import HostPauses
from archiver.downloader.recording.record import keep_copy
from archiver.downloader.recording.recorder import FAILED
from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import export_item
from archiver.errors import LedgerError, RunEnded
from archiver.extract.article import extract
from archiver.ledger import LEDGER, Ledger
from archiver.models import Outcome, Result, Verdict
from archiver.rules import SiteRules
from archiver.seeds.store import SeedStore
from archiver.signals import alarm, host_paused, seed_result
from archiver.urls import host_of, hostname

_SCAN_LOOK_SECONDS = 0.2
"""Seconds between two looks for seeds that could not be read; fewer cost time, more keep their results back. No
measurement is on record."""


class SeedSpider(Spider):
    """Visits the source of every seed that one publisher, or anybody, published.

    A publisher is a subclass whose body is data: `name` and `rules`.
    """

    name = "seed-spider"
    rules: tuple[SiteRules, ...] = ()
    every_host = False
    """True for a spider that has no rules and takes every seed; one that lost its rules by mistake is refused."""

    options: RunSettings
    store: SeedStore
    arguments: dict[str, str | None]
    """As they were given with `-a`."""

    def __init__(self, due: Due | None = None, **arguments: str | None) -> None:
        """Arguments are those of `scrapy crawl -a`. Raises SettingsError for one that does not exist."""
        arguments.pop("_job", None)
        given = set(arguments)
        if due is not None and not isinstance(due, Due):
            given.add("due")  # it comes from `scrapy refresh` only
        check_arguments(given, CRAWL_ARGUMENTS, "this spider")
        super().__init__()
        self.arguments = arguments
        self._due = due

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy. Raises SettingsError before anything is fetched."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.options = replace(RunSettings.read(crawler.settings, spider.arguments), due=spider._due)
        spider.options.store(crawler.settings)
        spider.store = SeedStore.open(spider.options.seeds, spider.options.output, spider.options.seed_files)
        spider.reviews, spider.notes = Reviews(spider.options), RunNotes()
        spider.frontier = Frontier()
        spider._workers = Workers(
            (rules := spider.known_rules()),
            count=spider.options.extract_workers,
            seconds=spider.options.extract_timeout,
            megabytes=spider.options.extract_memory_mb,
            work=partial(extract, liquid_fences=spider.options.liquid_fences),
        )
        spider.run_end = spider._workers.run_end = RunEnd.of(crawler)
        if spider._due is None:  # of a refresh most pages are as they were, and none may need a worker
            spider._workers.preload()
        spider._hosts = set()
        spider.recorder = spider._open_recorder()
        if spider.recorder is not None:
            spider.recorder.alarmed = partial(crawler.signals.send_catch_log, alarm)
        spider._seeds = RunSeeds(
            spider.options, spider.store, spider.frontier, spider.reviews, spider.recorder, spider.run_end, spider.wants
        )
        kept = ArchiveCopies.of_run(spider.options, crawler.settings)
        reader = PageReader(crawler, rules, spider._workers)
        spider.earlier = EarlierTexts(kept, reader)
        waiting = WaitingSeeds(spider.store, spider.frontier)
        lost = ArchiveFallback(spider.options, kept, reader, waiting, partial(keep_copy, crawler))
        spider.pictures = SeedPictures.of_run(crawler, spider.store, spider._workers, spider.recorder)
        spider.links = SeedLinks.of_run(crawler, spider.store, spider.reviews.decisions, spider._workers)
        due = DuePictures(spider.pictures, spider.links)
        spider._callbacks = CrawlCallbacks(spider.options, waiting, lost, spider.recorder, due)
        spider._callbacks.submissions.connect(crawler)
        # Connected here, before any extension: the feed must still be open when the last results are handed out.
        crawler.signals.connect(spider._on_item_scraped, signals.item_scraped)
        crawler.signals.connect(spider._on_host_paused, host_paused)
        crawler.signals.connect(spider._give_up_the_rest, signals.spider_closed)
        crawler.signals.connect(spider._workers.close, signals.spider_closed)
        return spider

    recorder: RunRecorder | None
    """The ledger's part in this run; None in a replay and where nothing is archived."""
    notes: RunNotes
    reviews: Reviews
    earlier: EarlierTexts
    pictures: SeedPictures | None  # None where none is looked at
    links: SeedLinks | None  # None where those to pictures stay as they are
    frontier: Frontier
    run_end: RunEnd
    scanning: asyncio.Future[None] | None = None
    """The reading of all seeds; where the run is being ended, it ends soon."""
    _hosts: set[str]
    """Those that were asked, or looked up in the ledger, in this run."""
    _seeds: RunSeeds
    _workers: Workers
    _callbacks: CrawlCallbacks
    _why_ended = "The run was ended before this seed's turn; run again."
    """What the results of seeds say that never had their turn."""

    def known_rules(self) -> tuple[SiteRules, ...]:
        """The rules that pages of this crawl are read by."""
        return self.rules

    def wants(self, url: str) -> bool:
        """True when the seeds of this address belong to the crawl."""
        host = hostname(url)
        return not self.rules or any(rule.matches_host(host) for rule in self.rules)

    async def start(self) -> AsyncIterator[Any]:
        """Results of the seeds that cannot be visited, then one request per distinct address."""
        try:
            async for step in self._start():
                yield step
        except RunEnded:
            return
        except Exception as error:
            # Scrapy logs it, and asks for nothing more; what was asked goes on.
            self._why_ended = crash_sentence("Nothing more was asked for", error)
            self.crawler.stats.set_value(FAILED, self._why_ended)
            raise

    async def _start(self) -> AsyncIterator[Any]:
        refused: deque[Result] = deque()
        scanning = self.scanning = asyncio.ensure_future(asyncio.to_thread(self._seeds.scan, refused.append))
        count = 0
        while not scanning.done() or refused:
            while refused:
                count += 1
                result = refused.popleft()
                if self.options.due is None:
                    yield result
            await asyncio.wait([scanning], timeout=_SCAN_LOOK_SECONDS)
        try:
            scanning.result()
        except LedgerError as error:
            self._fail(error)
            return
        domains = tuple(dict.fromkeys(domain for rule in self.rules for domain in rule.domains))
        if (reason := self._seeds.reason_for_none(count, self.name, domains)) is not None:
            self.crawler.stats.set_value(FAILED, reason)
            return
        if self.options.due is None:
            self.crawler.stats.set_value("archiver/seeds", count + len(self.frontier))
        self._remember_pauses(service.slot for service in self.options.web_archives.services)
        async for step in self._ask():
            yield step

    async def _ask(self) -> AsyncIterator[Any]:
        """A request per address that is to be asked, and results of those that need not be."""
        for address in self._seeds.addresses():
            self.run_end.check(address.url)
            if (results := self._callbacks.done_before(address)) is not None:
                for result in results:
                    yield result
                continue
            await self._callbacks.window.acquire()
            self._remember_pauses([host_of(address.url)])
            yield self._callbacks.request(address)
        for result in self._callbacks.untold(self._seeds.take):
            yield result

    def _remember_pauses(self, hosts: Iterable[str]) -> None:
        """Leave hosts, or services of web archives, alone that wanted it in an earlier run."""
        for host in hosts:
            if self.recorder is not None and host not in self._hosts:
                self._hosts.add(host)
                if (until := self.recorder.paused_until(host)) is not None:
                    HostPauses.of(self.crawler).restore(host, until)

    def _on_host_paused(self, host: str, until: datetime, stated: bool) -> None:
        # What we only inferred from failures is for this run; a person who mended something runs again at once.
        if self.recorder is not None and stated:
            self.recorder.pause(host, until)

    def _fail(self, error: LedgerError) -> None:
        """End the run early; the command says why and exits 1."""
        stats, engine = self.crawler.stats, self.crawler.engine
        if stats.get_value(FAILED) is None:
            stats.set_value(FAILED, f"the run was ended: {error}".rstrip("."))
            self._ending = asyncio.ensure_future(engine.close_spider_async(reason="failed"))

    def _on_item_scraped(self, item: Any) -> None:
        if isinstance(item, Result):
            self.frontier.finish(self.store.relative(item.path))
            self._announce(item)

    def _announce(self, result: Result) -> None:
        self.crawler.signals.send_catch_log(seed_result, result=result)

    def _give_up_the_rest(self, reason: str) -> None:
        """A run that is ended early still has one result per seed.

        Scrapy takes items from callbacks only, and has closed the pipelines by now.
        """
        if sentences := list(self._workers.unmatched.sentences()):
            self.crawler.stats.set_value(UNMATCHED, sentences)
        left = False
        verdict, why = Verdict.NOT_REACHED, self._why_ended
        if reason == "finished":
            verdict, why = Verdict.ERROR, "The run has lost the result of this seed; its log says more."
        for path, url in self.frontier.unfinished_seeds(chosen=self.options.due is not None):
            left = True
            result = Result(self.store.display_path(path), url, Outcome.MISSED, verdict, why)
            export_item(self.crawler, result)
            self._announce(result)
        self.frontier.close()
        self._callbacks.close()
        self.reviews.close()
        if self.recorder is not None:
            self.recorder.close(complete=reason == "finished" and not left)

    def _open_recorder(self) -> RunRecorder | None:
        options = self.options
        if not options.is_recording:
            return None
        refresh, chosen = self.arguments.get("refresh"), str(options.selection)
        links = "" if options.image_links.places is None else " links=local"
        asked = f"{chosen} refresh={refresh or ''} output={options.output or ''} dry={options.dry_run}{links}"
        return RunRecorder(
            Ledger.open(options.archive_dir / LEDGER),
            ("refresh", chosen) if options.due else (f"crawl {self.name}", asked),
            self._fail,
            # A page that did not change may still have what was asked for by name.
            conditional=(options.due is not None or not chosen) and refresh is None and options.output is None,
            writes=not options.dry_run and options.output is None,
        )
