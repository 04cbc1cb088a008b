"""Pictures asked for and judged: once in a run, and only where the ledger says that it is time.

url ─Request→ Response ─judge, in a worker→ PictureJudgement ─after_check→ PictureRecord
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.config.run_settings import RunSettings
from archiver.crawl.recorder import RunRecorder
from archiver.downloader.failures import explain
from archiver.downloader.run_end import RunEnd
from archiver.downloader.services import RESOURCE_TYPE_KEY, archive_request
from archiver.errors import HostPaused, NotArchived, NotSaved, RunEnded
from archiver.extract.fields.images import unfit
from archiver.images.types import PICTURE
from archiver.ledger.pictures.records import PictureCheck, PictureRecord, after_check
from archiver.models import PictureJudgement, PictureVerdict, Verdict
from archiver.wayback.archives import CdxArchive, TimeMapArchive
from archiver.wayback.endpoints import Copies
from archiver.wayback.web_archive import ArchiveRequest, WebArchive

_HEADERS = {"Accept": "image/*,*/*;q=0.5", "Accept-Encoding": "identity"}
"""Formats of pictures are packed already, and what is not packed again can be taken out of the archive as it is."""
_GONE = frozenset({404, 410})
_SILENT = frozenset({Verdict.UNREACHABLE, Verdict.TIMEOUT})
_MAX_ARCHIVE_HOPS = 3
"""Redirects from one copy of a web archive to another; with fewer the copy of another second is missed, with more an
archive is asked for longer than a picture is worth. Chosen, not measured."""


class PictureJudge(Protocol):
    """What judges the bytes of a picture, in this process or in others."""

    async def judge(self, url: str, body: bytes) -> PictureJudgement:
        """The judgement of the picture that an address gave."""


class PictureMemory:
    """What the ledger knows of pictures, from one run to the next."""

    def __init__(self, recorder: RunRecorder) -> None:
        self._recorder = recorder

    def picture(self, url: str) -> PictureRecord | None:
        """What is known of a picture; None while nobody has looked at it."""
        return self._recorder.ask(lambda ledger: ledger.picture(url))

    def keep_picture(self, record: PictureRecord) -> None:
        """Keep what is known of a picture."""
        self._recorder.ask(lambda ledger: ledger.keep_picture(record))


class PictureLooks:
    """Looks at pictures by their addresses."""

    def __init__(self, crawler: Crawler, judge: PictureJudge, memory: PictureMemory | None) -> None:
        """`memory` is None where nothing is noted."""
        run = RunSettings.of(crawler.settings)
        self._crawler = crawler
        self._judge = judge
        self._memory = memory
        self._run_end = RunEnd.of(crawler)
        self._copies = tuple(_copies_of(run.web_archives.in_turn))
        self._most_bytes = run.images.max_bytes
        self._looked: dict[str, asyncio.Future[PictureRecord]] = {}

    def known(self, url: str) -> PictureRecord | None:
        """What is known of a picture that need not be asked for; None for any other."""
        found = self._memory.picture(url) if self._memory is not None else None
        return found if found is not None and not found.is_due(_now()) else None

    async def look(self, url: str) -> PictureRecord:
        """What is known of a picture, which is asked for where it is due. Raises RunEnded."""
        if (known := self.known(url)) is not None:
            return known
        if url not in self._looked:
            self._looked[url] = asyncio.ensure_future(self._look(url))
        found = await asyncio.shield(self._looked[url])
        if self._memory is not None:
            self._looked.pop(url, None)  # the ledger has it
        return found

    async def judge_file(self, url: str, body: bytes) -> PictureJudgement:
        """The judgement of a picture that nobody has to be asked for."""
        return _as_sentence(url, await self._judge.judge(url, body))

    def keep(self, record: PictureRecord) -> None:
        """Keep what else was found of a picture."""
        if self._memory is not None:
            self._memory.keep_picture(record)

    def remember(self, url: str, found: PictureJudgement) -> PictureRecord:
        """What is known of a picture that somebody else has asked for, from now on."""
        before = self._memory.picture(url) if self._memory is not None else None
        record = after_check(url, before, PictureCheck(_now(), found))
        self.keep(record)
        return record

    async def _look(self, url: str) -> PictureRecord:
        before = self._memory.picture(url) if self._memory is not None else None
        try:
            check = await self._check(url, before)
        except (HostPaused, NotArchived, NotSaved) as error:
            # Nobody was asked, so nothing is known that was not known before.
            said = PictureJudgement(PictureVerdict.UNKNOWN, f"{error}.")
            return before or after_check(url, None, PictureCheck(_now(), said))
        record = after_check(url, before, check)
        self.keep(record)
        return record

    async def _check(self, url: str, before: PictureRecord | None) -> PictureCheck:
        """Ask for a picture. Raises CaptureError where nobody was asked."""
        self._run_end.check(url)
        try:
            response = await self._answer(url, before)
        except (HostPaused, NotArchived, NotSaved, RunEnded):
            raise
        except Exception as error:  # noqa: BLE001  (whatever keeps a picture from the run, its seed goes on)
            why = explain(error, url)
            if why.verdict is Verdict.TOO_LARGE and self._most_bytes:
                why = replace(why, detail=f"{url} is larger than IMAGE_MAX_BYTES={self._most_bytes}; raise it.")
            return PictureCheck(_now(), PictureJudgement(PictureVerdict.UNKNOWN, why.detail), why.verdict in _SILENT)
        judgement = await self._judgement(url, response, before)
        etag, modified = (_header(response, name) for name in ("ETag", "Last-Modified"))
        if response.status == 304 and before is not None:
            etag, modified = before.etag, before.last_modified
        return PictureCheck(_now(), _as_sentence(url, judgement), False, etag, modified)

    async def _answer(self, url: str, before: PictureRecord | None) -> Response:
        copies = next((one for one in self._copies if one.snapshot(url) is not None), None)
        if copies is None:
            return await self.download(self._request(url, before))
        response = await self.download(_copy_request(url, copies))
        for _ in range(_MAX_ARCHIVE_HOPS):
            target = response.urljoin(_header(response, "Location") or "")
            if not 300 <= response.status < 400 or copies.snapshot(target) is None:
                break
            response = await self.download(_copy_request(target, copies))
        return response

    def _request(self, url: str, before: PictureRecord | None) -> Request:
        stated: Mapping[str, str | None] = {}
        if before is not None and before.verdict is PictureVerdict.ALIVE:
            stated = {"If-None-Match": before.etag, "If-Modified-Since": before.last_modified}
        headers = {**_HEADERS, **{name: value for name, value in stated.items() if value}}
        request = as_picture(Request(url, headers=headers, dont_filter=True))
        if self._most_bytes:
            request.meta["download_maxsize"] = self._most_bytes
        return request

    async def download(self, request: Request) -> Response:
        """The answer to a request. Raises whatever keeps the run from it."""
        assert self._crawler.engine is not None
        return await self._crawler.engine.download_async(request)

    async def _judgement(self, url: str, response: Response, before: PictureRecord | None) -> PictureJudgement:
        if response.status == 304 and before is not None:
            return PictureJudgement(before.verdict, "", before.mime, before.width, before.height, before.fingerprint)
        if response.status in _GONE:
            return PictureJudgement(PictureVerdict.GONE, f"it answered {response.status}")
        if response.status != 200:
            return PictureJudgement(PictureVerdict.UNKNOWN, f"it answered {response.status}")
        found = await self._judge.judge(url, response.body)
        if found.verdict is PictureVerdict.ALIVE and response.url != url and unfit(response.url) and not unfit(url):
            said = f"it leads to {response.url}, which is no picture of its own"
            return replace(found, verdict=PictureVerdict.PLACEHOLDER, detail=said)
        return found


def as_picture(request: Request) -> Request:
    """Mark a request as that of a picture, which is kept as a part of a page."""
    request.meta[RESOURCE_TYPE_KEY] = PICTURE
    return request


def _copy_request(url: str, copies: Copies) -> Request:
    """The request for a picture in a web archive, at the pace of that."""
    return as_picture(archive_request(ArchiveRequest("copy", url, copies.service)))


def _copies_of(archives: Iterable[WebArchive]) -> Iterator[Copies]:
    for archive in archives:
        if isinstance(archive, CdxArchive):
            yield archive.wayback.copies
        elif isinstance(archive, TimeMapArchive):
            yield from archive.raws


def _as_sentence(url: str, found: PictureJudgement) -> PictureJudgement:
    return replace(found, detail=f"{url}: {found.detail}.") if found.detail else found


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return None if value is None else value.decode("latin-1")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
