"""The pictures of one seed: its lead image before it is repaired, all that it names afterwards."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from pathlib import Path

from scrapy import signals
from scrapy.crawler import Crawler

from archiver.config.images import ImageUse
from archiver.config.run_settings import RunSettings
from archiver.crawl.pictures.copies import PictureCopies
from archiver.crawl.pictures.files import find_file, is_rooted
from archiver.crawl.pictures.looks import PictureJudge, PictureLooks, PictureMemory
from archiver.crawl.pictures.substitutes import Substitutes
from archiver.crawl.recorder import RunRecorder
from archiver.errors import SeedError
from archiver.images.addresses import is_site_path, picture_url
from archiver.images.own_pictures import is_own_picture
from archiver.models import Article, Change, Field, ImageCheck, PictureJudgement, PicturePlace, PictureVerdict, SeedItem
from archiver.repair.diff import find_key
from archiver.repair.lead_image import LeadImage
from archiver.repair.policy import Action
from archiver.seeds import Seed, read
from archiver.seeds.picture_links import PictureLink, find_links
from archiver.seeds.source import published_at
from archiver.seeds.store import SeedStore
from archiver.text.markdown.images import find_images


class SeedPictures:
    """Looks at the pictures of seeds."""

    def __init__(self, crawler: Crawler, store: SeedStore, judge: PictureJudge, memory: PictureMemory | None) -> None:
        """`memory` is None where nothing is noted."""
        run = RunSettings.of(crawler.settings)
        self._store = store
        self._use = run.images.use
        self._keys = run.keys
        self._policy = run.policy
        self._own_hosts = run.images.own_hosts | run.site_hosts
        self._most_bytes = run.images.max_bytes
        self._looks = PictureLooks(crawler, judge, memory)
        self._copies = PictureCopies(crawler, self._looks)
        links_are_local = run.image_links.places is not None
        self._substitutes = Substitutes(self._looks, self._copies, links_are_local=links_are_local)

    @classmethod
    def of_run(
        cls, crawler: Crawler, store: SeedStore, judge: PictureJudge, recorder: RunRecorder | None
    ) -> SeedPictures | None:
        """What looks at pictures in a run that begins; None where none is looked at."""
        if not RunSettings.of(crawler.settings).images.is_on:
            return None
        pictures = cls(crawler, store, judge, PictureMemory(recorder) if recorder is not None else None)
        crawler.signals.connect(pictures._copies.close, signals.spider_closed)
        return pictures

    def are_due(self, paths: Iterable[str]) -> bool:
        """Whether a picture of some seeds is to be asked for, so that their page has to be read in any case."""
        for path in paths:
            with contextlib.suppress(SeedError):
                for link in self._links(read(self._store.display_path(path), self._store.read(path))):
                    url = picture_url(link.address)
                    if url is not None and self._looks.known(url) is None:
                        return True
        return False

    # ---- Before the repair ------------------------------------------------------------------------------------------

    async def lead(self, item: SeedItem) -> LeadImage | None:
        """The lead image of a seed, looked at; None where nothing would be done about it. Raises SeedError."""
        seed = await asyncio.to_thread(self._read, item)
        await self._look_at_text(seed, item.page.extraction.article)
        article = item.page.extraction.article
        is_kept = self._policy.action(Field.IMAGE) is Action.KEEP
        key = find_key(seed, self._keys[Field.IMAGE])
        if key is None or seed.is_blank(key):
            is_wanted = (key is not None or self._policy.inserts(Field.IMAGE)) and not is_kept
            return await self._substitutes.verify(article) if is_wanted else None
        address = single_text(seed, key)
        if address is None or is_own_picture(address, self._own_hosts):
            # Of several pictures, or of one with its caption, the address alone cannot be replaced.
            return LeadImage(PictureVerdict.UNKNOWN, is_own=True)
        if (url := picture_url(address)) is None:
            return None
        found = await self._looks.look(url)
        if not found.verdict.is_dead or is_kept:
            return LeadImage(found.verdict, detail=found.detail)
        wanted = published_at(seed, self._keys[Field.DATE], item.page.url)
        return await self._substitutes.find(found, article, wanted)

    async def _look_at_text(self, seed: Seed, article: Article | None) -> None:
        """Look at the pictures of the text that the seed has, or will have, so that the archive has them by then."""
        if self._use is not ImageUse.ALL:
            return
        text = seed.body if seed.body.strip() or article is None else article.body
        for span in (await asyncio.to_thread(find_images, text)).spans:
            url = picture_url(span.address)
            if url is not None:
                await self._looks.look(url)

    # ---- After the repair -------------------------------------------------------------------------------------------

    async def checks(self, item: SeedItem, content: bytes) -> tuple[ImageCheck, ...]:
        """All pictures of a seed that has this content, looked at, each once."""
        try:
            seed = read(item.shown, content or await asyncio.to_thread(self._store.read, item.path))
        except SeedError:
            return ()  # its result says so
        found: dict[str, ImageCheck] = {}
        for link in await asyncio.to_thread(self._links, seed):
            if link.address not in found:
                found[link.address] = await self._check(link, item)
        return tuple(found.values())

    async def _check(self, link: PictureLink, item: SeedItem) -> ImageCheck:
        url = picture_url(link.address)
        place: PicturePlace = "lead" if link.place == "front matter" else "body"
        own = is_own_picture(link.address, self._own_hosts)
        if url is None:
            file = await self._look_at_file(link.address, Path(item.shown))
            return ImageCheck(link.address, place, file.verdict, file.detail, own)
        found = await self._looks.look(url)
        return ImageCheck(link.address, place, found.verdict, found.detail, own)

    async def _look_at_file(self, address: str, seed: Path) -> PictureJudgement:
        file = await asyncio.to_thread(find_file, address, seed, Path(self._store.root))
        if file is None:
            verdict = PictureVerdict.UNKNOWN if is_rooted(address) else PictureVerdict.GONE
            return PictureJudgement(verdict, f"{address}: there is no such file in the site's folders.")
        if self._most_bytes and file.stat().st_size > self._most_bytes:
            return PictureJudgement(PictureVerdict.UNKNOWN, f"{file} is larger than IMAGE_MAX_BYTES.")
        return await self._looks.judge_file(str(file), await asyncio.to_thread(file.read_bytes))

    def _read(self, item: SeedItem) -> Seed:
        return read(item.shown, self._store.read(item.path))

    def _links(self, seed: Seed) -> list[PictureLink]:
        """The pictures that are looked at: those that can be files, and no data."""
        links = find_links(seed, self._keys[Field.IMAGE]).links
        return [
            link
            for link in links
            if (self._use is ImageUse.ALL or link.place == "front matter")
            and (picture_url(link.address) is not None or is_site_path(link.address))
        ]


def single_text(seed: Seed, key: str) -> str | None:
    """The one text that a seed has under a key, in a list too; None for several, and for a mapping."""
    items = seed.items(key)
    text = seed.text(key) if items is None else items[0] if len(items) == 1 else None
    return text.strip() if text else None


def replaced(checks: tuple[ImageCheck, ...], lead: LeadImage, change: Change) -> tuple[ImageCheck, ...]:
    """The checks of a seed whose lead image has changed; one that was dead goes first."""
    if lead.verdict is None or change.old is None:
        return checks
    return (ImageCheck(change.old, "lead", lead.verdict, lead.detail, replaced_by=change.new), *checks)
