"""Keep every answer of a live run in the archive, before anything is done with it.

Why before: docs/design.md D43.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler, load_object

from archiver.archive.warc.records import CopiedRecord, Exchange, Rendering
from archiver.config.run_settings import RunSettings
from archiver.downloader.addons import required_addon
from archiver.downloader.recording.exchange import exchange_of
from archiver.downloader.recording.recorder import Recorder
from archiver.downloader.recording.wire import CUT_ANSWER, Cause, CutAnswer
from archiver.downloader.scrapy_internals import DownloadHandler
from archiver.downloader.services import NOT_ARCHIVED
from archiver.urls import DEFAULT_PORTS

ANSWERED_AT = "answered_at"
"""Key of `request.meta` under which the time of the capture is left (aware datetime)."""
RECORD_ID = "record_id"
"""Key of `request.meta` under which the identity of the answer's record is left."""


class RecordAddon:
    """Put the recording around the network, unless there is none (REPLAY) or ARCHIVE=0.

    Scrapy makes one handler per scheme, and a run writes one file: what they share is held here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self.wrapped: dict[str, Any] = {}
        """By scheme, the handler that was there before, or its import path."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordAddon:
        """Called by Scrapy."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        if not RunSettings.of(settings).is_recording:
            return
        known = settings.getwithbase("DOWNLOAD_HANDLERS")
        self.wrapped = {scheme: known[scheme] for scheme in DEFAULT_PORTS}
        recording = dict.fromkeys(DEFAULT_PORTS, RecordingDownloadHandler)
        settings["DOWNLOAD_HANDLERS"] = {**settings.getdict("DOWNLOAD_HANDLERS"), **recording}

    @cached_property
    def recorder(self) -> Recorder:
        """Made when the first request is about to be sent."""
        return Recorder(self._crawler)

    async def keep(self, record: Exchange | Rendering | CopiedRecord) -> None:
        """Returns when a rendered document, or a copy of a page, is kept, where answers are. Raises NotArchived."""
        if self.wrapped:
            await self.recorder.ready(record.url)
            await self.recorder.keep(record)


async def keep_copy(crawler: Crawler, record: Exchange | CopiedRecord) -> None:
    """Keep the copy of a page, where the run keeps anything. Raises NotArchived."""
    # While a crawler makes its spider it has no add-ons yet.
    recording = crawler.get_addon(RecordAddon)
    if recording is not None:
        await recording.keep(record)


class RecordingDownloadHandler(DownloadHandler):
    """Serves http and https by the handler that was there, and keeps what it answers.

    Redirects, error pages and robots.txt pass through here too, and the body has its Content-Encoding still.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._inner: dict[str, DownloadHandler] = {}
        addon = required_addon(crawler, RecordAddon)
        self._wrapped = addon.wrapped
        self._recorder = addon.recorder

    async def download_request(self, request: Request) -> Response:
        """The answer, once it is kept. Raises NotArchived when it cannot be, and what the handler within raises."""
        await self._recorder.ready(request.url)
        scheme = urlsplit(request.url).scheme
        if scheme not in self._inner:
            self._inner[scheme] = build_from_crawler(load_object(self._wrapped[scheme]), self.crawler)
        try:
            response = await self._inner[scheme].download_request(request)
        except Exception:
            cut: CutAnswer | None = request.meta.get(CUT_ANSWER)
            if cut is not None:
                await self._keep(request, cut.response, cut.cause)
            raise
        await self._keep(request, response)
        return response

    async def _keep(self, request: Request, response: Response, cause: Cause | None = None) -> None:
        if request.meta.get(NOT_ARCHIVED):
            return
        request.meta[ANSWERED_AT] = datetime.now(UTC).replace(microsecond=0)
        exchange = exchange_of(request, response, request.meta[ANSWERED_AT], cause)
        request.meta[RECORD_ID] = exchange.record_id
        await self._recorder.keep(exchange)

    async def close(self) -> None:
        """Called by Scrapy."""
        for inner in self._inner.values():
            await inner.close()
        await self._recorder.close()
