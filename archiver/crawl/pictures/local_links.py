"""The links of a run's seeds to pictures that the archive has, and that are alive."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterable

from scrapy import signals
from scrapy.crawler import Crawler

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.transfer.assets import NoPicture, archived_picture
from archiver.config.run_settings import RunSettings
from archiver.crawl.pictures.looks import PictureJudge
from archiver.decisions import Decisions
from archiver.errors import LedgerError, SeedError
from archiver.images.own_pictures import is_own_picture
from archiver.ledger import LEDGER, LedgerReader
from archiver.ledger.pictures.records import PictureRecord
from archiver.models import Field, PictureVerdict, SeedItem
from archiver.repair.pictures.local_pictures import LocalPictures
from archiver.repair.repair import Repair
from archiver.repair.reviews.answers import Answers
from archiver.seeds import Seed, read
from archiver.seeds.store import SeedStore


class ArchivedPictures:
    """The pictures in the archive. May be used by several threads."""

    def __init__(self, options: RunSettings) -> None:
        self._archive = Archive(options.archive_dir)
        self._ledger = options.archive_dir / LEDGER
        self._lock = threading.Lock()
        self._is_fresh = False

    def find(self, url: str) -> RecordedResponse:
        """Return what an address has shown, as near as can be to when it was last alive. Raises NoPicture."""
        if not self._archive.warcs.is_dir():
            raise NoPicture("it is not in the archive")
        with self._lock:
            if not self._is_fresh:
                self._archive.refresh()
            self._is_fresh = True
        known = self._known(url)
        return archived_picture(self._archive, url, known.alive_at if known is not None else None)

    def was_alive(self, url: str) -> bool:
        """Whether a run has found it so; what was not looked at was not."""
        known = self._known(url)
        return known is not None and known.alive_at is not None

    def _known(self, url: str) -> PictureRecord | None:
        """What runs have found at the address; None where the ledger does not say."""
        with contextlib.suppress(LedgerError):
            reader = LedgerReader.open(self._ledger)
            if reader is not None:
                with contextlib.closing(reader):
                    return reader.picture(url)
        return None

    def close(self) -> None:
        """Let go of the archive."""
        self._archive.close()


class SeedLinks:
    """Rewrites links of seeds to pictures that are alive, as the ledger or a look at their bytes says."""

    def __init__(
        self,
        pictures: ArchivedPictures,
        local: LocalPictures,
        store: SeedStore,
        decisions: Decisions,
        judge: PictureJudge,
    ) -> None:
        self._pictures = pictures
        self._local = local
        self._store = store
        self._decisions = decisions
        self._judge = judge

    @classmethod
    def of_run(cls, crawler: Crawler, store: SeedStore, decisions: Decisions, judge: PictureJudge) -> SeedLinks | None:
        """What rewrites the links of a run that begins; None where they stay as they are."""
        options = RunSettings.of(crawler.settings)
        places = options.image_links.places
        if places is None:
            return None
        hosts = options.images.own_hosts | options.site_hosts
        pictures = ArchivedPictures(options)
        local = LocalPictures(
            places,
            options.keys[Field.IMAGE],
            pictures,
            lambda address: is_own_picture(address, hosts),
            writes=not options.dry_run,
        )
        crawler.signals.connect(local.close, signals.spider_closed)
        return cls(pictures, local, store, decisions, judge)

    def are_due(self, paths: Iterable[str], url: str) -> bool:
        """Whether a link of some seeds of an address could be rewritten, so that they have to be repaired again."""
        for path in paths:
            with contextlib.suppress(SeedError):
                content = self._store.read(path)
                seed = read(self._store.display_path(path), content)
                if self._local.is_refused(Answers.of(self._decisions, path, url)):
                    continue
                if any(map(self._pictures.was_alive, self._local.remote_urls(seed, content))):
                    return True
        return False

    async def rewrite(self, item: SeedItem, seed: Seed, done: Repair) -> Repair:
        """Return the repair of a seed with its links rewritten; the seed itself is not yet."""
        answers = Answers.of(self._decisions, item.path, item.page.url)
        urls = await asyncio.to_thread(self._local.remote_urls, seed, done.content)
        dead = {url: why for url in urls if (why := await self._reason_against(url)) is not None}
        return await asyncio.to_thread(self._local.rewrite, item.path, seed, done, answers, dead)

    async def _reason_against(self, url: str) -> str | None:
        """Why no file is to be made of a picture; None for no reason."""
        try:
            picture = await asyncio.to_thread(self._pictures.find, url)
        except NoPicture as error:
            return str(error)
        if await asyncio.to_thread(self._pictures.was_alive, url):
            return None
        judgement = await self._judge.judge(url, picture.body)
        return None if judgement.verdict is PictureVerdict.ALIVE else judgement.detail or "nothing is known of it"
