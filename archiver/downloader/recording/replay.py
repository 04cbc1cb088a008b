"""Answer every request from saved pages and open no socket."""

from __future__ import annotations

import asyncio
from functools import cached_property
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from archiver.archive.base import SavedPages
from archiver.archive.replay import open_replay
from archiver.config.run_settings import RunSettings
from archiver.downloader.addons import required_addon
from archiver.downloader.headers import scrapy_headers
from archiver.downloader.scrapy_internals import DownloadHandler
from archiver.downloader.services import RESOURCE_TYPE_KEY
from archiver.errors import NotSaved

CAPTURED_AT = "captured_at"
"""Key of `request.meta` under which the time of the recording is left (aware datetime)."""
CUT = "cut"
"""Key of `request.meta` under which it is left whether the recording ends before the page does."""
RENDERED = "rendered"
"""Key of `request.meta` under which the document is left that a browser made of the answer (RecordedResponse, None)."""


class ReplayAddon:
    """Put the replay in the place of the network when REPLAY is set.

    Scrapy makes one handler per scheme, and a large archive is indexed once: what they share is held here.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReplayAddon:
        """Called by Scrapy."""
        return cls(crawler)

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        if RunSettings.of(settings).replay is None:
            return
        handler = f"{__name__}.{ReplayDownloadHandler.__name__}"
        settings["DOWNLOAD_HANDLERS"] = {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}
        # Nobody is spared by waiting, and whoever is asked again answers the same.
        settings.set("RETRY_ENABLED", False, priority="spider")
        settings.set("DOWNLOAD_DELAY", 0, priority="spider")
        settings.set("AUTOTHROTTLE_ENABLED", False, priority="spider")
        settings.set("CONCURRENT_REQUESTS_PER_DOMAIN", settings.getint("CONCURRENT_REQUESTS"), priority="spider")

    @cached_property
    def saved(self) -> asyncio.Task[SavedPages]:
        """The saved pages, indexed from the first time that this is asked for, while the seeds are read."""
        run = RunSettings.of(self._crawler.settings)
        assert run.replay is not None
        limit = self._crawler.settings.getint("DOWNLOAD_MAXSIZE") or None
        return asyncio.ensure_future(asyncio.to_thread(open_replay, run.replay, run.archive_dir, limit))


class ReplayDownloadHandler(DownloadHandler):
    """Serves http and https. A robots.txt that was not saved is a 404, any other page raises NotSaved."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        run = RunSettings.of(crawler.settings)
        self._at = run.at
        self._where = run.replay
        addon = required_addon(crawler, ReplayAddon)
        self._saved = addon.saved

    async def download_request(self, request: Request) -> Response:
        """The saved answer. Raises NotSaved, and DownloadCancelledError when it is over DOWNLOAD_MAXSIZE."""
        saved = await self._saved
        # What a page shows is no page, and in an archive does not answer for its address as one.
        find = saved.find_part if RESOURCE_TYPE_KEY in request.meta else saved.find
        answer = find(request.url, self._at)
        if answer is None:
            if urlsplit(request.url).path == "/robots.txt":
                return Response(request.url, status=404)
            raise NotSaved(
                f"{request.url} is not among the saved pages in {self._where}; capture it, or run without REPLAY"
            )
        limit = request.meta.get("download_maxsize", self._limit)
        if limit and len(answer.body) > limit:
            raise DownloadCancelledError(f"{request.url}: more than {limit} bytes were saved, which is the limit")
        request.meta[CAPTURED_AT] = answer.captured_at
        request.meta[CUT] = answer.is_cut
        request.meta[RENDERED] = saved.find_rendering(answer.url, answer.captured_at)
        headers = scrapy_headers(answer.headers)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=answer.body)
        return kind(url=request.url, status=answer.status, headers=headers, body=answer.body)

    async def close(self) -> None:
        """Called by Scrapy; a run that asked for nothing still has its index made to the end."""
        await asyncio.wait([self._saved])
