"""Chromium, once in a run: documents as their scripts leave them, within limits of time and memory.

answer ─render─▶ the document in a browser ─▶ Capture, kept in the archive beside the answer
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler

from archiver.archive.warc.records import RENDERED_TYPE, Rendering
from archiver.browser.containment import DeadEnd, context_options, has_sandbox, launch_options, proxy_switch
from archiver.browser.document import read_document
from archiver.browser.memory import kill, limit_data, processes_of
from archiver.browser.requests import PageRequests, ScriptCache
from archiver.config.run_settings import RunSettings
from archiver.downloader.recording.record import ANSWERED_AT, RECORD_ID, RecordAddon
from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import advance_request
from archiver.downloader.services import RESOURCE_TYPE_KEY
from archiver.downloader.slots import slot_of
from archiver.errors import NotRendered, RunEnded
from archiver.models import Capture

if TYPE_CHECKING:
    from playwright.async_api import Page
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

logger = logging.getLogger(__name__)

_READ_SECONDS = 5.0
"""Seconds in which a page that gets no more answers has to hand its document over; one whose scripts never pause does
not. With fewer large documents on a busy machine are lost, with more such a page is waited for. Chosen, not
measured."""
_CLOSE_SECONDS = 5.0
"""Seconds in which a page has to end; one that does not loses its process. With fewer a busy machine loses whole
browsers, with more a page that hangs keeps its place. Chosen, not measured."""
_LOOK_SECONDS = 0.25
"""Seconds between two looks at the browser's memory and at the run; with fewer they cost time (4 ms each), with more
several pages together hold more than they may for longer. A page that fills arrays as fast as it can under a limit of
900 MB was ended at 915."""
_MEGABYTE_BYTES = 1024 * 1024
"""Bytes; another number would make BROWSER_MEMORY_MB another unit."""


class BrowserAddon:
    """Holds the browser of a run, where BROWSER asks for one; it starts with the first page that needs it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.browser: Browser | None = None
        """None where no page is rendered: BROWSER=never, or a replay."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BrowserAddon:
        """Called by Scrapy."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        run = RunSettings.of(settings)
        if not run.uses_browser:
            return
        dead_end = DeadEnd()
        settings.set("PLAYWRIGHT_BROWSER_TYPE", "chromium", priority="cmdline")
        settings.set("PLAYWRIGHT_LAUNCH_OPTIONS", launch_options(run.browser_executable, dead_end), priority="cmdline")
        self.browser = Browser(self._crawler, run, dead_end)


class Browser:
    """Runs the scripts of pages."""

    def __init__(self, crawler: Crawler, run: RunSettings, dead_end: DeadEnd) -> None:
        self._crawler = crawler
        self._seconds = run.browser_timeout
        self._most_bytes = run.browser_memory_mb * _MEGABYTE_BYTES
        self._most_page_bytes = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._places = run.browser_pages
        self._free: asyncio.Semaphore | None = None
        self._dead_end = dead_end
        self._run_end = RunEnd.of(crawler)
        self._scripts = ScriptCache()
        self._handler: ScrapyPlaywrightDownloadHandler | None = None
        self._numbers = itertools.count(1)
        self._open: dict[PageRequests, None] = {}
        self._watching: asyncio.Future[None] | None = None
        crawler.signals.connect(self._on_spider_opened, signals.spider_opened)
        crawler.signals.connect(self._on_spider_closed, signals.spider_closed)
        crawler.signals.connect(self._on_request_reached, signals.request_reached_downloader)

    async def render(self, page: Capture, answer: Response, timezone: str = "UTC") -> Capture:
        """The document that the page's scripts make of it, once it is archived; they write dates in `timezone`.

        Raises NotRendered, whose sentence says why there is none, RunEnded, and NotArchived.
        """
        if self._free is None:
            self._free = asyncio.Semaphore(self._places)
        async with self._free:
            try:
                html = (await self._run(answer, timezone)).encode(errors="replace")
            except NotRendered:
                # A signal for the run may have ended the browser too: then the page is not to blame.
                self._run_end.check(page.url)
                self._count("not_rendered")
                raise
        self._run_end.check(page.url)  # what the page asked for last was refused
        if 0 < self._most_page_bytes < len(html):
            raise NotRendered(
                f"{page.url} becomes larger in a browser than DOWNLOAD_MAXSIZE; raise it, or leave it out"
            )
        now = datetime.now(UTC).replace(microsecond=0)
        rendering = Rendering(
            url=page.url,
            captured_at=now,
            body=html,
            program=f"Chromium/{self._version()}",
            rendered_id=answer.meta.get(RECORD_ID, ""),
            answered_at=answer.meta.get(ANSWERED_AT, now),
        )
        recording = self._crawler.get_addon(RecordAddon)
        if recording is not None:
            await recording.keep(rendering)
        self._count("rendered")
        headers = (("Content-Type", RENDERED_TYPE),)
        return Capture(page.url, page.requested_url, 200, headers, rendering.body, now, page.origin)

    async def _run(self, answer: Response, timezone: str) -> str:
        requests = PageRequests(self._crawler, self._scripts, answer, self._seconds)
        context = f"page-{next(self._numbers)}"
        request = Request(
            answer.url,
            meta={
                "playwright": True,
                "playwright_context": context,
                "playwright_context_kwargs": context_options(self._crawler.settings["USER_AGENT"], timezone),
                "playwright_page_init_callback": partial(self._prepare, requests),
                "playwright_page_event_handlers": {"crash": requests.on_crash},
                "playwright_page_goto_kwargs": {"wait_until": "commit", "timeout": self._seconds * 1000},
                # Or the handler would wait for an event that pages with refused frames may never send.
                "playwright_include_page": True,
            },
        )
        with self._watched(requests):
            drawing = asyncio.ensure_future(self._draw(request, requests))
            ends: list[asyncio.Future[Any]] = [drawing, requests.ended]
            limit = self._seconds + _READ_SECONDS
            await asyncio.wait(ends, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            try:
                return self._document(drawing, requests, answer.url)
            finally:
                requests.end()
                drawing.cancel()
                await self._close(context)

    async def _prepare(self, requests: PageRequests, page: Page, request: Request) -> None:
        """Called by scrapy-playwright with a new page, before its address is opened."""
        if self._most_bytes:
            # Between two looks a page could fill a machine; what it may have at all the kernel sees to.
            for process in await asyncio.to_thread(processes_of, proxy_switch(self._dead_end)):
                limit_data(process, self._most_bytes)
        await requests.install(page)

    async def _draw(self, request: Request, requests: PageRequests) -> str:
        assert self._handler is not None
        await self._handler.download_request(request)
        await requests.settle()
        return await read_document(request.meta["playwright_page"])

    def _document(self, drawing: asyncio.Future[str], requests: PageRequests, url: str) -> str:
        if requests.ended.done():
            raise requests.ended.result()
        if not drawing.done():
            raise NotRendered(
                f"{url}: its scripts did not pause for {self._seconds:g} s in a browser; "
                "raise BROWSER_TIMEOUT, or leave it out"
            )
        if (error := drawing.exception()) is not None:
            why = " ".join(str(error).split())[:200].rstrip(".")
            raise NotRendered(f"{url} could not be rendered in a browser ({why}); run again") from error
        return drawing.result()

    async def _close(self, context: str) -> None:
        """End a page with all that it kept; where its process hangs, end that."""
        assert self._handler is not None
        wrapper = self._handler.context_wrappers.get(context)
        if wrapper is None:
            return
        closing = asyncio.ensure_future(wrapper.context.close())
        done, _ = await asyncio.wait([closing], timeout=_CLOSE_SECONDS)
        if not done:
            closing.cancel()
            self._end_browser()
        elif not closing.cancelled() and (error := closing.exception()) is not None:
            logger.debug("A page of the browser could not be closed: %s", error)

    # ---- Limits -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _watched(self, requests: PageRequests) -> Iterator[None]:
        self._open[requests] = None
        if self._watching is None:
            self._watching = asyncio.ensure_future(self._watch())
        try:
            yield
        finally:
            del self._open[requests]

    async def _watch(self) -> None:
        """End all pages when the run is to end, and the largest one whenever the browser holds more than it may."""
        switch = proxy_switch(self._dead_end)
        while self._open:
            if self._run_end.is_ending or not self._crawler.crawling:
                for requests in self._open:
                    requests.give_up(RunEnded("the run was ended"))
            processes = await asyncio.to_thread(processes_of, switch) if self._most_bytes else ()
            if sum(process.bytes for process in processes) > self._most_bytes:
                pages = [process for process in processes if process.is_renderer]
                kill(max(pages or processes[:1], key=lambda process: process.bytes))
            await asyncio.sleep(_LOOK_SECONDS)
        self._watching = None

    def _end_browser(self) -> None:
        for process in processes_of(proxy_switch(self._dead_end))[:1]:
            kill(process)

    # ---- The run ----------------------------------------------------------------------------------------------------

    def _count(self, what: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"archiver/{what}")

    def _version(self) -> str:
        browser: Any = getattr(self._handler, "browser", None)
        return str(browser.version) if browser is not None else "unknown"

    def _on_spider_opened(self) -> None:
        """Make scrapy-playwright's handler: it starts its driver when the engine has started, right after this."""
        from scrapy_playwright.handler import (  # noqa: PLC0415  (an extra that most do not have)
            ScrapyPlaywrightDownloadHandler,
        )

        if not has_sandbox():
            logger.warning("Chromium runs without its sandbox, for it has none for root; run as another user.")
        # What a page is missed for its result says; these would say it again, with a traceback.
        logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)
        self._handler = build_from_crawler(ScrapyPlaywrightDownloadHandler, self._crawler)

    async def _on_spider_closed(self) -> None:
        if self._handler is not None:
            closing = asyncio.ensure_future(self._handler.close())
            done, _ = await asyncio.wait([closing], timeout=_CLOSE_SECONDS)
            if not done:
                self._end_browser()
                await asyncio.wait([closing], timeout=_CLOSE_SECONDS)
        self._dead_end.close()

    def _on_request_reached(self, request: Request) -> None:
        if RESOURCE_TYPE_KEY in request.meta:
            # Scrapy puts it into its slot's queue after this signal.
            loop = asyncio.get_running_loop()
            loop.call_soon(advance_request, self._crawler, slot_of(request), request)
