"""Copies of a picture that its host lost: what this archive has kept, then what a web archive has."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.crawler import Crawler

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.pictures import find_picture
from archiver.config.run_settings import RunSettings
from archiver.crawl.pictures.looks import PictureLooks
from archiver.downloader.services import answer_of, archive_request, failure_of
from archiver.errors import CaptureError
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import PictureJudgement, PictureVerdict
from archiver.wayback.cdx import nearest, of_address, parse_cdx, snapshot_of
from archiver.wayback.search import ArchiveRequest

_FIRST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture in this archive."""

    captured_at: datetime
    judgement: PictureJudgement


class PictureCopies:
    """Looks for copies of pictures."""

    def __init__(self, crawler: Crawler, looks: PictureLooks) -> None:
        run = RunSettings.of(crawler.settings)
        self._crawler = crawler
        self._looks = looks
        self._wayback = run.wayback
        self._tries = run.tries
        has_archive = run.archive and (run.replay is None or run.replays_archive)
        self._archive = Archive(run.archive_dir) if has_archive else None

    def close(self) -> None:
        """Give the archive back."""
        if self._archive is not None:
            self._archive.close()

    async def kept(self, lost: PictureRecord) -> KeptPicture | None:
        """What this archive has of a picture, as near as can be to when it was last alive; None where that is dead."""
        found = await asyncio.to_thread(self._find, lost.url, lost.alive_at or _FIRST)
        if found is None:
            return None
        judgement = await self._looks.judge_file(lost.url, found.body)
        return KeptPicture(found.captured_at, judgement) if judgement.verdict is PictureVerdict.ALIVE else None

    def _find(self, url: str, at: datetime) -> RecordedResponse | None:
        if self._archive is None or not self._archive.warcs.is_dir():
            return None
        return find_picture(self._archive, url, at)

    async def in_web_archive(self, lost: PictureRecord, wanted: datetime | None) -> PictureRecord | None:
        """The copy of a picture in a web archive, looked at; None where there is none that is alive.

        Where it is, or that it is nowhere, is kept with the picture until that is due again.
        """
        if self._wayback is None:
            return None
        if lost.copy is not None:
            return await self._alive(lost.copy) if lost.copy else None
        try:
            found = await self._search(lost.url, lost.alive_at or wanted)
        except CaptureError:
            return None  # asked again with the next look at the picture
        self._looks.keep(replace(lost, copy=found.url if found else ""))
        return found

    async def _search(self, url: str, wanted: datetime | None) -> PictureRecord | None:
        """Ask the archive's list for copies, and look at the nearest ones. Raises CaptureError without a list."""
        assert self._wayback is not None
        assert self._crawler.engine is not None
        question = ArchiveRequest("captures", self._wayback.captures_of(url))
        try:
            response = await self._crawler.engine.download_async(archive_request(question))
        except Exception as error:  # whatever keeps the list from the run, its seed goes on
            raise failure_of(error, question) from error
        captures = of_address(parse_cdx(question.address, answer_of(response)), url)
        for capture in nearest(captures, wanted)[: self._tries]:
            if (found := await self._alive(self._wayback.copy_of(snapshot_of(capture)))) is not None:
                return found
        return None

    async def _alive(self, address: str) -> PictureRecord | None:
        with contextlib.suppress(CaptureError):
            found = await self._looks.look(address)
            return found if found.verdict is PictureVerdict.ALIVE else None
        return None
