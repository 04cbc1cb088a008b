"""Copies of a picture that its host lost: what this archive has kept, then what a web archive has."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.crawler import Crawler

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.pictures import find_picture
from archiver.config.run_settings import RunSettings
from archiver.crawl.pictures.looks import PictureLooks, as_picture
from archiver.downloader.services import answer_of, archive_request, failure_of
from archiver.errors import RunEnded
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import PictureJudgement, PictureVerdict, Verdict
from archiver.wayback.commoncrawl.search import CommonCrawlArchive
from archiver.wayback.search import Search
from archiver.wayback.web_archive import ArchiveRequest, LostPage

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
        self._looks = looks
        # What Common Crawl hands out are parts of files, which no seed can name.
        self._web_archives = [one for one in run.web_archives.in_turn if not isinstance(one, CommonCrawlArchive)]
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

    async def in_web_archives(self, lost: PictureRecord, wanted: datetime | None) -> PictureRecord | None:
        """The copy of a picture in a web archive, looked at; None where there is none that is alive.

        Where it is, or that it is nowhere, is kept with the picture until that is due again.
        """
        if lost.copy is not None:
            return await self._known_copy(lost.copy) if lost.copy else None
        if not self._web_archives:
            return None
        search = Search.begin(self._web_archives, LostPage(lost.url, lost.alive_at or wanted, None))
        found: PictureRecord | None = None
        address = ""
        while found is None and (search.request is not None or search.capture is not None):
            if search.capture is not None:
                judged = await self._looks.judge_file(address, search.capture.body)
                if judged.verdict is PictureVerdict.ALIVE:
                    found = self._looks.remember(address, judged)
                search = search.after_refusal(Verdict.NOT_HTML, judged.detail)
            elif search.request is not None:
                address = search.request.address
                search = await self._ask(search, search.request)
        if found is not None or search.is_settled:
            self._looks.keep(replace(lost, copy=found.url if found is not None else ""))
        return found

    async def _known_copy(self, address: str) -> PictureRecord | None:
        found = await self._looks.look(address)
        return found if found.verdict is PictureVerdict.ALIVE else None

    async def _ask(self, search: Search, question: ArchiveRequest) -> Search:
        """The search after an archive's answer, or the lack of one."""
        request = archive_request(question)
        try:
            response = await self._looks.download(as_picture(request) if question.kind == "copy" else request)
        except RunEnded:
            raise
        except Exception as error:  # noqa: BLE001  (whatever keeps an answer from the run, its seed goes on)
            return search.after_failure(failure_of(error, question))
        return search.after_response(answer_of(response))
