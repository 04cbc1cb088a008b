"""Seeds → requests → captures: the one place where the archiver meets Scrapy's crawl."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import Settings
from twisted.python.failure import Failure

from archiver.archive.collection import Archive
from archiver.downloader.failures import explain
from archiver.downloader.record import ANSWERED_AT
from archiver.downloader.replay import CAPTURED_AT
from archiver.downloader.services import answer_of, failure_of, question_request, submission_request
from archiver.errors import CaptureError, NotSaved, SeedError, SettingsError
from archiver.lost import KeptPages, Lost, LostPages
from archiver.models import Capture, Extraction, Field, Finding, Outcome, Result, Verdict, Visit
from archiver.options import Options
from archiver.rules import SiteRules
from archiver.seedfile import read
from archiver.source import published, source_of
from archiver.store import SeedStore
from archiver.submissions import Submissions
from archiver.workers import Workers
from archiver.worklist import Worklist

_AHEAD = 256
"""Requests that wait in the scheduler; the rest of the worklist stays on disk."""

_SCAN_BATCH = 500


class SeedSpider(Spider):
    """Visits the source of every seed that one publisher, or anybody, published.

    A publisher is a subclass whose body is data: `name` and `rules`. A spider without rules takes every seed.
    """

    name = "seed-spider"
    rules: tuple[SiteRules, ...] = ()

    options: Options
    store: SeedStore

    def __init__(
        self, only: str | None = None, refresh: str | None = None, at: str | None = None, **unknown: str
    ) -> None:
        """Arguments are those of `scrapy crawl -a`. Raises SettingsError for one that does not exist."""
        unknown.pop("_job", None)
        if unknown:
            raise SettingsError(
                f"-a {next(iter(unknown))}= is no argument of this spider; there are only=, refresh= and at="
            )
        super().__init__()
        self._arguments = (only, refresh, at)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Called by Scrapy. Raises SettingsError before anything is fetched."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.options = Options.read(crawler.settings, *spider._arguments)
        crawler.settings.set("REPLAY_AT", spider.options.at, priority="spider")
        spider.store = SeedStore.open(spider.options.seeds, spider.options.output)
        spider.worklist = Worklist()
        spider._window = asyncio.Semaphore(_AHEAD)
        spider._workers = Workers(
            spider.known_rules(),
            count=crawler.settings.getint("EXTRACT_WORKERS"),
            seconds=crawler.settings.getfloat("EXTRACT_TIMEOUT"),
            megabytes=crawler.settings.getint("EXTRACT_MEMORY_MB"),
        )
        spider._lost = LostPages(
            spider.options, _kept_pages(crawler.settings), spider.known_rules(), spider._workers, spider.worklist
        )
        spider._submissions = Submissions(spider.options.save_page_now)
        # Connected here, before any extension: the feed must still be open when the last results are handed out.
        crawler.signals.connect(spider._note, signals.item_scraped)
        crawler.signals.connect(spider._give_up_the_rest, signals.spider_closed)
        crawler.signals.connect(spider._end_workers, signals.spider_closed)
        return spider

    worklist: Worklist
    _window: asyncio.Semaphore
    _workers: Workers
    _lost: LostPages
    _submissions: Submissions

    def known_rules(self) -> tuple[SiteRules, ...]:
        """The rules that pages of this crawl are read by."""
        return self.rules

    def wants(self, url: str) -> bool:
        """True when the seeds of this address belong to the crawl."""
        host = urlsplit(url).hostname or ""
        return not self.rules or any(rule.covers(host) for rule in self.rules)

    async def start(self) -> AsyncIterator[Any]:
        """Results of the seeds that cannot be visited, then one request per distinct address."""
        scan, without_visit = self._scan(), 0
        while batch := await asyncio.to_thread(_take, scan, _SCAN_BATCH):
            for result in batch:
                if result is not None:
                    without_visit += 1
                    yield result
        self.crawler.stats.set_value("archiver/seeds", without_visit + len(self.worklist))
        for address in self.worklist.addresses():
            await self._window.acquire()
            yield Request(
                address.url,
                callback=self.visit,
                errback=self.miss,
                cb_kwargs={"number": address.number},
                meta={"number": address.number, "requested_url": address.url},
                # The worklist holds each address once; two seeds that redirect to one page are both answered.
                dont_filter=True,
            )

    def _scan(self) -> Iterator[Result | None]:
        """Put every seed on the worklist; yields one result per seed that has no place there, None for the others."""
        for path in self.store.paths(self.options.only):
            shown = self.store.shown(path)
            try:
                seed = read(shown, self.store.read(path))
                url = source_of(seed, self.options.keys["source"])
            except SeedError as error:
                yield Result(shown, None, Outcome.MISSED, Verdict.ERROR, str(error))
                continue
            if self.wants(url):
                self.worklist.add(path, url)
            yield None

    async def visit(self, response: Response, number: int) -> AsyncIterator[Visit | Request]:
        """An answer: judged, and one visit per seed that waits for it."""
        self._window.release()
        capture = capture_of(response)
        extraction = await self._workers.extract(capture)
        # The digest is over the whole page: not on the event loop.
        reference = await asyncio.to_thread(capture.reference)
        finding = Finding(response.meta["requested_url"], extraction, reference)
        async for step in self._settle(number, finding):
            yield step

    async def miss(self, failure: Failure) -> AsyncIterator[Visit | Request]:
        """No answer: one visit per seed that waits for it, with the reason."""
        self._window.release()
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        url = request.meta["requested_url"]
        extraction = explain(failure.value, url) if failure.value else Extraction(Verdict.ERROR)
        async for step in self._settle(request.meta["number"], Finding(url, extraction)):
            yield step

    async def searched(self, response: Response, lost: Lost) -> AsyncIterator[Visit | Request]:
        """A web archive's answer to a question of a search."""
        after = await self._lost.proceed(replace(lost, search=lost.search.answered(answer_of(response))))
        for step in self._after_search(lost.number, after):
            yield step

    async def not_searched(self, failure: Failure) -> AsyncIterator[Visit | Request]:
        """A question of a search that got no answer."""
        lost: Lost = failure.request.cb_kwargs["lost"]  # type: ignore[attr-defined]  # set by Scrapy
        error = failure.value
        after: Lost | Finding
        if isinstance(error, NotSaved):
            after = self._lost.end(lost, "")  # a replay asks nobody, and its user knows that
        else:
            assert lost.search.question is not None
            why = failure_of(error or CaptureError("it failed"), lost.search.question)
            after = await self._lost.proceed(replace(lost, search=lost.search.unanswered(why)))
        for step in self._after_search(lost.number, after):
            yield step

    def submitted(self, response: Response, url: str) -> None:
        """What Save Page Now said to a page."""
        self._submissions.answered(url, answer_of(response))

    def not_submitted(self, failure: Failure) -> None:
        """A page that could not be submitted to Save Page Now."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        error = failure.value or CaptureError("it failed")
        self._submissions.unanswered(request.cb_kwargs["url"], explain(error, request.url).detail)

    async def _settle(self, number: int, finding: Finding) -> AsyncIterator[Visit | Request]:
        if not self._lost.is_lost(finding):
            for visit in self._visits(number, finding):
                yield visit
            if (submission := self._submissions.of(finding)) is not None:
                told = {"url": finding.url}
                yield submission_request(
                    submission, callback=self.submitted, errback=self.not_submitted, cb_kwargs=told
                )
            return
        wanted = await asyncio.to_thread(self._published, number, finding.url)
        after = await self._lost.look(number, finding, wanted)
        if isinstance(after, Lost):
            yield self._question(after)
        elif after is not None:
            for visit in self._visits(number, after):
                yield visit

    def _after_search(self, number: int, after: Lost | Finding) -> Iterator[Visit | Request]:
        if isinstance(after, Lost):
            yield self._question(after)
            return
        yield from self._visits(number, after)
        if (waiting := self._lost.turn()) is not None:
            yield self._question(waiting)

    def _visits(self, number: int, finding: Finding) -> Iterator[Visit]:
        for path in self.worklist.waiting(number):
            yield Visit(path, finding)

    def _question(self, lost: Lost) -> Request:
        assert lost.search.question is not None
        return question_request(
            lost.search.question, callback=self.searched, errback=self.not_searched, cb_kwargs={"lost": lost}
        )

    def _published(self, number: int, url: str) -> datetime | None:
        """When the article was published, as far as the seeds that wait for it and its address say."""
        for path in self.worklist.waiting(number):
            with contextlib.suppress(SeedError):
                seed = read(self.store.shown(path), self.store.read(path))
                if (at := published(seed, self.options.keys[Field.DATE], url)) is not None:
                    return at
        return None

    def _note(self, item: Any) -> None:
        if isinstance(item, Result):
            self.worklist.finish(self.store.relative(item.path))

    async def _end_workers(self) -> None:
        await self._workers.close()

    def _give_up_the_rest(self) -> None:
        """A run that is ended early still has one result per seed."""
        for path, url in self.worklist.unfinished():
            result = Result(
                self.store.shown(path),
                url,
                Outcome.MISSED,
                Verdict.ERROR,
                "The run was ended before this seed's turn; run again.",
            )
            self.crawler.signals.send_catch_log(signals.item_scraped, item=result, response=None, spider=self)
        self.worklist.close()


def _take(results: Iterator[Result | None], count: int) -> list[Result | None]:
    taken: list[Result | None] = []
    with contextlib.suppress(StopIteration):
        while len(taken) < count:
            taken.append(next(results))
    return taken


def capture_of(response: Response) -> Capture:
    """The answer without Scrapy around it."""
    recorded = response.meta.get(CAPTURED_AT)
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Capture(
        url=response.url,
        requested_url=response.meta["requested_url"],
        status=response.status,
        headers=headers,
        body=response.body,
        captured_at=recorded or response.meta.get(ANSWERED_AT) or datetime.now(UTC).replace(microsecond=0),
        origin="archive" if recorded else "live",
    )


def _kept_pages(settings: Settings) -> KeptPages | None:
    """What earlier runs have kept; a replay of other saved pages knows nothing of it."""
    if settings.get("REPLAY") and settings["REPLAY"] != "archive":
        return None
    archive = Archive(Path(settings["ARCHIVE_DIR"]))
    return KeptPages(archive, settings) if archive.warcs.is_dir() else None
