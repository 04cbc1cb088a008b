"""One run's writing of what was answered, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import scrapy
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from archiver import __version__
from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.warc.records import CopiedRecord, Exchange, Rendering
from archiver.archive.writer import ArchiveWriter
from archiver.config.noarchive import NoArchive
from archiver.config.run_settings import RunSettings
from archiver.downloader.noarchive import RobotsDirectives
from archiver.errors import NotArchived

logger = logging.getLogger(__name__)

FAILED = "archiver/failed"
"""The stat that says, in a sentence, why a run was ended early or is not whole; its command exits 1."""


def add_failure(crawler: Crawler, sentence: str) -> None:
    """Let a run end with exit code 1 and a sentence, behind those that it has already."""
    assert crawler.stats is not None
    earlier = crawler.stats.get_value(FAILED)
    if earlier is None or sentence not in earlier:
        crawler.stats.set_value(FAILED, f"{earlier}; {sentence}" if earlier else sentence)


class _Batch:
    """Exchanges that are written at one go: to ask the other thread for each costs more than its writing."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange | Rendering | CopiedRecord] = []
        self.kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()


class Recorder:
    """One run's writer in its own thread. Who wants an answer kept waits for it, so that answers cannot pile up."""

    def __init__(self, crawler: Crawler) -> None:
        run = RunSettings.of(crawler.settings)
        self._crawler = crawler
        about = _description(crawler.settings), run.warc_max_bytes
        self._archives = Archive(run.archive_dir), Archive(run.archive_dir, services=True)
        self._pages, self._services = (ArchiveWriter(archive, *about) for archive in self._archives)
        agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or ""
        self._directives = RobotsDirectives(agent, honours=run.noarchive is NoArchive.HONOUR)
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
        record = self._directives.applied(exchange)
        if record is None:
            return
        batch = self._next
        batch.exchanges.append(record)
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
                await asyncio.get_running_loop().run_in_executor(self._thread, self._keep, batch.exchanges)
            except OSError as error:
                batch.kept.set_exception(error)
            else:
                batch.kept.set_result(None)
        self._writing = None

    async def close(self) -> None:
        """Give the files their names."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._finish)
        except OSError as error:
            self._fail(error)

    def _prepare(self) -> None:
        pages, services = self._archives
        pages.warcs.mkdir(parents=True, exist_ok=True)
        for archive in (pages, services):
            if archive.warcs.is_dir():
                recover(archive.warcs)
                self._refresh(archive)

    @staticmethod
    def _refresh(archive: Archive) -> None:
        try:
            archive.refresh()
        except sqlite3.Error as error:
            logger.warning("The index of %s is not up to date (%s); run again", archive.folder, error)

    def _keep(self, records: list[Exchange | Rendering | CopiedRecord]) -> None:
        is_of_service = [isinstance(record, Exchange) and record.is_of_service for record in records]
        self._pages.keep(*(record for record, service in zip(records, is_of_service, strict=True) if not service))
        self._services.keep(*(record for record, service in zip(records, is_of_service, strict=True) if service))

    def _finish(self) -> None:
        with contextlib.ExitStack() as closing:
            for archive in self._archives:
                closing.callback(archive.close)
            closing.callback(self._pages.close)
            closing.callback(self._services.close)

    def _fail(self, error: OSError) -> None:
        if self._failure:
            return
        where = self._archives[0].folder
        self._failure = f"nothing can be written to {where} ({error.strerror}); make room or mend it, and run again"
        assert self._crawler.stats is not None
        self._crawler.stats.set_value(FAILED, f"the run was ended, {self._failure}")
        engine = self._crawler.engine
        if engine is not None and engine.spider is not None:
            self._stopping = asyncio.ensure_future(engine.close_spider_async(reason="archive_failed"))


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
