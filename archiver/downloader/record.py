"""Keep every answer of a live run in the archive, before anything is done with it.

Why before: docs/design.md D43.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.misc import build_from_crawler, load_object

from archiver import __version__
from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.warc.records import CopiedRecord, Exchange, Rendering
from archiver.archive.writer import ArchiveWriter
from archiver.config.run_settings import RunSettings
from archiver.downloader.scrapy_internals import DownloadHandler, stored_items
from archiver.downloader.services import NOT_ARCHIVED
from archiver.errors import NotArchived
from archiver.urls import DEFAULT_PORTS, host_of

logger = logging.getLogger(__name__)

ANSWERED_AT = "answered_at"
"""Key of `request.meta` under which the time of the capture is left (aware datetime)."""
RECORD_ID = "record_id"
"""Key of `request.meta` under which the identity of the answer's record is left."""
RESOURCE_TYPE_KEY = "resource_type"
"""Key of `request.meta`: as what a page in a browser asks for something, such as `script`; it is no page then."""
FAILED = "archiver/failed"
"""The stat that says, in a sentence, why a run was ended early or is not whole; its command exits 1."""

_CREDENTIALS = frozenset({b"authorization", b"cookie", b"proxy-authorization"})


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
    def recorder(self) -> _Recorder:
        """Made when the first request is about to be sent."""
        return _Recorder(self._crawler)

    async def keep(self, record: Exchange | Rendering | CopiedRecord) -> None:
        """Returns when a rendered document, or a copy of a page, is kept, where answers are. Raises NotArchived."""
        if self.wrapped:
            await self.recorder.ready(record.url)
            await self.recorder.keep(record)


async def keep_record(crawler: Crawler, record: CopiedRecord) -> None:
    """Returns when a record of another archive is kept, where answers are. Raises NotArchived."""
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
        addon = crawler.get_addon(RecordAddon)
        assert addon is not None
        self._wrapped = addon.wrapped
        self._recorder = addon.recorder

    async def download_request(self, request: Request) -> Response:
        """The answer, once it is kept. Raises NotArchived when it cannot be, and what the handler within raises."""
        await self._recorder.ready(request.url)
        scheme = urlsplit(request.url).scheme
        if scheme not in self._inner:
            self._inner[scheme] = build_from_crawler(load_object(self._wrapped[scheme]), self.crawler)
        response = await self._inner[scheme].download_request(request)
        if request.meta.get(NOT_ARCHIVED):
            return response
        request.meta[ANSWERED_AT] = datetime.now(UTC).replace(microsecond=0)
        exchange = exchange_of(request, response, request.meta[ANSWERED_AT])
        request.meta[RECORD_ID] = exchange.record_id
        await self._recorder.keep(exchange)
        return response

    async def close(self) -> None:
        """Called by Scrapy."""
        for inner in self._inner.values():
            await inner.close()
        await self._recorder.close()


class _Batch:
    """Exchanges that are written at one go: to ask the other thread for each costs more than its writing."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange | Rendering | CopiedRecord] = []
        self.kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class _Recorder:
    """One run's writer in its own thread. Who wants an answer kept waits for it, so that answers cannot pile up."""

    def __init__(self, crawler: Crawler) -> None:
        run = RunSettings.of(crawler.settings)
        self._crawler = crawler
        self._archive = Archive(run.archive_dir)
        self._writer = ArchiveWriter(self._archive, _description(crawler.settings), run.warc_max_bytes)
        self._thread = ThreadPoolExecutor(1, "archive")
        self._prepared: asyncio.Future[None] | None = None
        self._next = _Batch()
        self._writing: asyncio.Future[None] | None = None
        self._failure: str | None = None
        self._stopping: asyncio.Future[None] | None = None

    async def ready(self, url: str) -> None:
        """Wait until the archive can be written to. Raises NotArchived when it cannot be any more."""
        if self._prepared is None:
            self._prepared = asyncio.get_running_loop().run_in_executor(self._thread, self._prepare)
        try:
            await asyncio.shield(self._prepared)
        except OSError as error:
            self._fail(error)
        if self._failure:
            raise NotArchived(f"{url} was not asked for: {self._failure}")

    async def keep(self, exchange: Exchange | Rendering | CopiedRecord) -> None:
        """Returns when an exchange, a rendered document or a copied record is kept. Raises NotArchived."""
        batch = self._next
        batch.exchanges.append(exchange)
        if self._writing is None:
            self._writing = asyncio.ensure_future(self._write())
        try:
            await asyncio.shield(batch.kept)
        except OSError as error:
            self._fail(error)
            raise NotArchived(f"{exchange.url} answered, but {self._failure}") from error

    async def _write(self) -> None:
        """Hand the writer whatever came while it was busy, as long as something did."""
        while self._next.exchanges:
            batch, self._next = self._next, _Batch()
            try:
                await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.keep, *batch.exchanges)
            except OSError as error:
                batch.kept.set_exception(error)
            else:
                batch.kept.set_result(None)
        self._writing = None

    async def close(self) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._finish)
        except OSError as error:
            self._fail(error)

    def _prepare(self) -> None:
        self._archive.warcs.mkdir(parents=True, exist_ok=True)
        recover(self._archive.warcs)
        try:
            self._archive.refresh()
        except sqlite3.Error as error:
            logger.warning("The index of %s is not up to date (%s); run again", self._archive.folder, error)

    def _finish(self) -> None:
        try:
            self._writer.close()
        finally:
            self._archive.close()

    def _fail(self, error: OSError) -> None:
        if self._failure:
            return
        self._failure = (
            f"nothing can be written to {self._archive.warcs} ({error.strerror}); make room or mend it, and run again"
        )
        assert self._crawler.stats is not None
        self._crawler.stats.set_value(FAILED, f"the run was ended, {self._failure}")
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            self._stopping = asyncio.ensure_future(engine.close_spider_async(reason="archive_failed"))


def exchange_of(request: Request, response: Response, at: datetime) -> Exchange:
    """A request and its answer as they went over the wire, without credentials."""
    url = _without_user(response.url)
    protocol = (response.protocol or "").upper()
    protocol = protocol if protocol.startswith("HTTP/1") else "HTTP/1.1"
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    # Scrapy undoes the Transfer-Encoding and drops its header with it.
    head = f"{protocol} {response.status} {reason}\r\n".encode() + _lines(stored_items(response.headers)) + b"\r\n"
    mime = (response.headers.get("Content-Type") or b"").decode("latin-1")
    address = response.ip_address if not request.meta.get("proxy") else None
    return Exchange(
        url=url,
        captured_at=at,
        status=response.status,
        mime=mime.partition(";")[0].strip().lower(),
        request=_request(request, url),
        head=head,
        body=response.body,
        address=str(address) if address else None,
        truncated="disconnect" if "dataloss" in response.flags else None,
        resource_type=request.meta.get(RESOURCE_TYPE_KEY),
        validators=(_stated(request, "If-None-Match"), _stated(request, "If-Modified-Since")),
    )


def _stated(request: Request, name: str) -> str:
    return (request.headers.get(name) or b"").decode("latin-1").strip()


def _request(request: Request, url: str) -> bytes:
    parts = urlsplit(url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    headers = [(name, values) for name, values in stored_items(request.headers) if name.lower() not in _CREDENTIALS]
    if b"Host" not in request.headers:
        # The handler adds it behind the others.
        headers.append((b"Host", [host_of(url).encode()]))
    return f"{request.method} {target} HTTP/1.1\r\n".encode() + _lines(headers) + b"\r\n" + request.body


def _lines(headers: Iterable[tuple[bytes, Iterable[bytes]]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % (name, value) for name, values in headers for value in values)


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))


def _description(settings: BaseSettings) -> dict[str, str]:
    """What a warcinfo record says of a run."""
    run = RunSettings.of(settings)
    return {
        "software": f"seed-archiver/{__version__} Scrapy/{scrapy.__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "http-header-user-agent": settings["USER_AGENT"],
        "operator": ", ".join(filter(None, (run.operator, run.contact))),
    }
