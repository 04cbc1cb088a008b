"""SeedItem → Result: the seed is read, repaired and put back, in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.crawl.local_links import local_pictures
from archiver.crawl.pictures.seed_pictures import replaced
from archiver.errors import SeedError
from archiver.ledger.yields.alarms import Caution
from archiver.models import (
    Article,
    Change,
    DriftKind,
    Field,
    ImageCheck,
    Outcome,
    PageOutcome,
    Result,
    SeedItem,
    Verdict,
)
from archiver.repair.answers import Answers
from archiver.repair.audit import missing
from archiver.repair.diff import drift
from archiver.repair.lead_image import LeadImage
from archiver.repair.local_pictures import LocalPictures
from archiver.repair.policy import Action
from archiver.repair.repair import Note, Repair, repair
from archiver.repair.title_from_seed import title_from_seed
from archiver.seeds import Seed, read
from archiver.seeds.source import find_source
from archiver.signals import pictures_placed, seed_compared, seed_repaired, seed_visited
from archiver.wayback.search import WORTH_A_SEARCH

logger = logging.getLogger(__name__)

_NO_PAGE = (WORTH_A_SEARCH - {Verdict.UNREACHABLE, Verdict.TIMEOUT, Verdict.EMPTY}) | {Verdict.ROBOTS}
"""The verdicts after which a seed may testify to its title: no page is to be had, and not only for the moment.

Where a host only did not answer, a web archive has to say so too: an outage would set titles that a page says better.
"""

_MAX_NAMED_PICTURES = 5
"""Pictures that a result names of those that stay where they are; with more a gallery hides what else it says. Chosen,
not measured."""

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider


def _spider(crawler: Crawler) -> SeedSpider:
    spider = crawler.spider
    assert spider is not None
    return spider  # type: ignore[return-value]  # the crawl's own spiders are the only ones with these pipelines


class RepairPipeline:
    """Reads the seed, repairs it, puts it back; every item becomes exactly one result."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pictures: LocalPictures | None = None

    def open_spider(self) -> None:
        """Called by Scrapy."""
        self._pictures = local_pictures(_spider(self._crawler).options)

    def close_spider(self) -> None:
        """Called by Scrapy."""
        if self._pictures is not None:
            self._pictures.close()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RepairPipeline:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: SeedItem | Result) -> Result:
        """The result of an item; a result, such as that of a seed that could not be read, is handed on."""
        if isinstance(item, Result):
            return item
        spider = _spider(self._crawler)
        self._crawler.signals.send_catch_log(seed_visited, path=item.shown, page=item.page)
        result, lacks = await self._process(item)
        if spider.recorder is not None:
            # Before the result leaves: what is known as done to anybody else has to be known to the next run
            # (docs/design.md D50).
            await spider.recorder.seed_done(item.page.url, item.path, lacks, result.drift)
        return result

    async def _process(self, item: SeedItem) -> tuple[Result, tuple[str, ...] | None]:
        """The result, and what the seed still lacks; None where there was no article for it."""
        outcome = item.page
        extraction = outcome.extraction
        result = Result(
            path=item.shown,
            origin_url=outcome.url,
            outcome=Outcome.MISSED,
            verdict=extraction.verdict,
            detail=extraction.detail,
            capture=outcome.capture,
        )
        try:
            item = await self._with_earlier_body(item)
            lead = await self._look_at_lead(item)
            before, after, done, lacks = await asyncio.to_thread(self._repair, item, lead)
            result = replace(result, images=await self._look_at_pictures(item, after, lead, done))
        except SeedError as error:
            return replace(result, detail=str(error), verdict=Verdict.ERROR), None
        except Exception as error:  # one seed must not end the run, nor go without a result
            logger.exception("%s could not be repaired", item.shown)
            said = f"{item.shown} could not be repaired ({type(error).__name__}: {error})."
            return replace(result, detail=said, verdict=Verdict.ERROR), None
        if done is None:
            return result, None
        if done.text_diff is not None:
            self._crawler.signals.send_catch_log(seed_compared, path=item.shown, text=done.text_diff)
        if done.picture_files and not _spider(self._crawler).options.dry_run:
            files = done.picture_files
            self._crawler.signals.send_catch_log(pictures_placed, path=item.shown, files=files)
        changed = before != after
        if not changed and extraction.article is None and _concerns_image_only(done):
            # The page is missed all the same.
            return replace(result, proposed=done.proposed, reported=done.reported), None
        if changed:
            self._crawler.signals.send_catch_log(seed_repaired, path=item.shown, before=before, after=after)
        remarks = self._remarks(done, lead) if extraction.article else _remarks_without_page(done)
        result = replace(
            result,
            outcome=Outcome.WRITTEN if changed else Outcome.UNCHANGED,
            detail=" ".join(filter(None, (extraction.detail, remarks))),
            changes=done.changes,
            proposed=done.proposed,
            reported=done.reported,
            blank=done.still_blank,
            drift=done.drift,
            doubts=(*((caution.sentence,) if (caution := self._caution(outcome)) is not None else ()), *done.doubts),
        )
        return result, lacks

    async def _look_at_lead(self, item: SeedItem) -> LeadImage | None:
        """The lead image of a seed, where pictures are looked at. Raises SeedError."""
        pictures = _spider(self._crawler).pictures
        return await pictures.lead(item) if pictures is not None else None

    async def _look_at_pictures(
        self, item: SeedItem, content: bytes, lead: LeadImage | None, done: Repair | None
    ) -> tuple[ImageCheck, ...]:
        """All pictures of a seed that has this content now, or would have it."""
        pictures = _spider(self._crawler).pictures
        if pictures is None:
            return ()
        checks = await pictures.checks(item, content)
        changed = next((one for one in done.changes if one.field == Field.IMAGE), None) if done is not None else None
        return replaced(checks, lead, changed) if lead is not None and changed is not None else checks

    async def _with_earlier_body(self, item: SeedItem) -> SeedItem:
        """The item with what its page said before, where a body is to be brought up and differs."""
        spider, outcome = _spider(self._crawler), item.page
        article = outcome.extraction.article
        action = spider.options.policy.on(outcome.extraction.verdict).action(Field.BODY)
        if article is None or action not in {Action.REFRESH, Action.REVIEW}:
            return item
        if not await asyncio.to_thread(self._differs, item, article):
            return item
        article = replace(article, earlier_body=await spider.earlier.before(outcome))
        return replace(item, page=replace(outcome, extraction=replace(outcome.extraction, article=article)))

    def _differs(self, item: SeedItem, article: Article) -> bool:
        """Whether a body that has text differs from its page's. Raises SeedError."""
        seed = read(item.shown, _spider(self._crawler).store.read(item.path))
        return drift(seed.body, article.body) not in {None, DriftKind.SAME}

    def _repair(
        self, item: SeedItem, lead: LeadImage | None
    ) -> tuple[bytes, bytes, Repair | None, tuple[str, ...] | None]:
        """Bytes before, bytes after, what was done, what is still missing; in a thread.

        Nothing was done when there is no article to repair the seed by. Raises SeedError, the file being as it was.
        """
        spider, outcome = _spider(self._crawler), item.page
        options = spider.options
        article, verdict = outcome.extraction.article, outcome.extraction.verdict
        no_page = verdict in _NO_PAGE or (verdict is Verdict.UNREACHABLE and outcome.nowhere)
        has_image = lead is not None and lead.choice is not None
        if article is None and not no_page and not has_image:
            return b"", b"", None, None
        before = spider.store.read(item.path)
        seed = read(item.shown, before)
        if article is None and no_page:
            article = title_from_seed(seed, outcome.url, options.keys)
        article = article or (Article({}) if has_image else None)
        if article is None:
            return before, before, None, None
        policy, notes = options.policy.on(verdict), tuple(self._notes(seed, outcome))
        if outcome.extraction.article is not None and (caution := self._caution(outcome)) is not None:
            policy = policy.cautious(caution.fields)
        policy = policy.after_look(lead) if lead is not None else policy

        def repair_by(answers: Answers) -> Repair:
            done = repair(seed, article, replace(policy, answers=answers), options.keys, notes)
            return done if self._pictures is None else self._pictures.rewrite(item.path, seed, done, answers)

        done = spider.reviews.repair(item.path, outcome.url, repair_by)
        after = self._write(item, before, done)
        if outcome.extraction.article is None or spider.recorder is None:
            return before, after, done, None
        seed = seed if after == before else read(item.shown, after)
        return before, after, done, missing(seed, options.keys, options.policy)

    def _write(self, item: SeedItem, before: bytes, done: Repair) -> bytes:
        """What the seed is then, or would be. Raises SeedError, the file being as it was."""
        spider, url = _spider(self._crawler), item.page.url
        spider.reviews.after_repair(item.path, url, done)
        if spider.options.dry_run or done.content == before:
            return done.content
        spider.reviews.before_write(item.path, url, done)
        return done.content if spider.store.write(item.path, before, done.content) else before

    def _remarks(self, done: Repair, lead: LeadImage | None) -> str:
        """What a person should know about a seed that was not missed, and about its lead image."""
        if lead is None or not lead.remark:
            return _remarks(done, done.still_blank)
        of_images = _spider(self._crawler).options.keys[Field.IMAGE]
        blank = [key for key in done.still_blank if key not in of_images]
        return " ".join(filter(None, (_remarks(done, blank), lead.remark)))

    def _caution(self, outcome: PageOutcome) -> Caution | None:
        """Why the values of a page are not to be trusted, while an alarm of its host stands."""
        recorder = _spider(self._crawler).recorder
        return recorder.caution(outcome.url) if recorder is not None else None

    def _notes(self, seed: Seed, outcome: PageOutcome) -> Iterator[Note]:
        options = _spider(self._crawler).options
        if options.archive_url_key and outcome.capture is not None and outcome.capture.is_from_web_archive:
            yield Note(options.archive_url_key, outcome.capture.url, "wayback")
        if options.follow_moves and outcome.moved_to is not None:
            # Not the first key that holds something: that may be the permalink of the site itself.
            key, _ = find_source(seed, options.keys["source"], options.site_hosts)
            yield Note(key, outcome.moved_to, "redirect", replaces=True)


def _concerns_image_only(done: Repair) -> bool:
    offered = {one.field for one in (*done.proposed, *done.reported)}
    return offered == {Field.IMAGE.value}


def _remarks_without_page(done: Repair) -> str:
    """What a person should know about a seed that was changed though its page is not to be had."""
    changed = {one.field for one in done.changes}
    remarks = []
    if changed != {Field.IMAGE.value}:
        remarks.append("The title is the seed's own, which its address confirms.")
    if Field.IMAGE.value in changed:
        remarks.append("Its picture was dead, and has another address.")
    return " ".join(remarks)


def _remarks(done: Repair, blank: Collection[str]) -> str:
    """What a person should know about a seed that was not missed; the page has nothing for the keys in `blank`."""
    remarks = []
    if blank:
        remarks.append(f"Still blank, the page does not say: {', '.join(blank)}.")
    if done.proposed:
        remarks.append(f"Waits for a person: {', '.join(map(_describe_change, done.proposed))}.")
    if done.refused:
        remarks.append(f"Left alone, as was decided: {', '.join(done.refused)}.")
    if done.remote_pictures:
        remarks.append(_describe_remote(done.remote_pictures))
    if done.reported:
        remarks.append(f"Only reported, as the policy has it: {', '.join(map(_describe_change, done.reported))}.")
    return " ".join(remarks)


def _describe_remote(pictures: tuple[str, ...]) -> str:
    more = len(pictures) - _MAX_NAMED_PICTURES
    named = "; ".join(pictures[:_MAX_NAMED_PICTURES]) + (f"; and {more} more" if more > 0 else "")
    return f"Pictures that stay where they are: {named}."


def _describe_change(change: Change) -> str:
    return f"{change.field} would be {change.new!r}"
