"""SeedItem → Result: the seed is read, repaired and put back, in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from archiver.crawl.pictures.seed_pictures import replaced
from archiver.errors import RunEnded, SeedError
from archiver.ledger.yields.alarms import Caution
from archiver.models import (
    Article,
    DriftKind,
    Field,
    ImageCheck,
    Outcome,
    PageOutcome,
    Result,
    SeedItem,
    Verdict,
)
from archiver.repair.audit import missing
from archiver.repair.diff import drift
from archiver.repair.lead_image import LeadImage
from archiver.repair.policy import Action
from archiver.repair.remarks import concerns_image_only, remarks_on, remarks_without_page
from archiver.repair.repair import Note, Repair, repair
from archiver.repair.reviews.answers import Answers
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

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider


def _spider(crawler: Crawler) -> SeedSpider:
    spider = crawler.spider
    assert spider is not None
    return spider  # type: ignore[return-value]  # the crawl's own spiders are the only ones with these pipelines


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done with a seed."""

    before: bytes
    seed: Seed
    done: Repair


@dataclass(frozen=True, slots=True)
class _Written:
    """What a seed is after its repair, or would be."""

    content: bytes
    lacks: tuple[str, ...] | None = None
    """None where there was no article for it, or nobody wants to know."""


class RepairPipeline:
    """Reads the seed, repairs it, puts it back; every item becomes exactly one result."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RepairPipeline:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_item(self, item: SeedItem | Result) -> Result:
        """The result of an item; a result, such as that of a seed that could not be read, is handed on.

        Raises DropItem for a seed that the end of the run has left as it was.
        """
        if isinstance(item, Result):
            return item
        spider = _spider(self._crawler)
        self._crawler.signals.send_catch_log(seed_visited, path=item.shown, page=item.page)
        try:
            result, lacks = await self._process(item)
        except RunEnded as error:
            raise DropItem(str(error), log_level="DEBUG") from None
        if spider.recorder is not None:
            # Before the result leaves: what is known as done to anybody else has to be known to the next run
            # (docs/design.md D50).
            has_failed = item.page.extraction.article is not None and result.verdict is Verdict.ERROR
            await spider.recorder.seed_done(item.page.url, item.path, lacks, result.drift, has_failed=has_failed)
        return result

    async def _process(self, item: SeedItem) -> tuple[Result, tuple[str, ...] | None]:
        """The result, and what the seed still lacks; None where there was no article for it. Raises RunEnded."""
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
            plan, written, images = await self._repair(item, lead)
            result = replace(result, images=images)
        except SeedError as error:
            return replace(result, detail=str(error), verdict=Verdict.ERROR), None
        except RunEnded:
            raise
        except Exception as error:  # one seed must not end the run, nor go without a result
            logger.exception("%s could not be repaired", item.shown)
            said = f"{item.shown} could not be repaired ({type(error).__name__}: {error})."
            return replace(result, detail=said, verdict=Verdict.ERROR), None
        if plan is None or written is None:
            return result, None
        before, after, done = plan.before, written.content, plan.done
        if done.text_diff is not None:
            self._crawler.signals.send_catch_log(seed_compared, path=item.shown, text=done.text_diff)
        if done.picture_files and not _spider(self._crawler).options.dry_run:
            files = done.picture_files
            self._crawler.signals.send_catch_log(pictures_placed, path=item.shown, files=files)
        changed = before != after
        if not changed and extraction.article is None and concerns_image_only(done):
            # The page is missed all the same.
            return replace(result, proposed=done.proposed, reported=done.reported), None
        if changed:
            self._crawler.signals.send_catch_log(seed_repaired, path=item.shown, before=before, after=after)
        remarks = self._remarks(done, lead) if extraction.article else remarks_without_page(done)
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
        return result, written.lacks

    async def _look_at_lead(self, item: SeedItem) -> LeadImage | None:
        """The lead image of a seed, where pictures are looked at. Raises SeedError."""
        pictures = _spider(self._crawler).pictures
        return await pictures.lead(item) if pictures is not None else None

    async def _look_at_pictures(
        self, item: SeedItem, content: bytes, lead: LeadImage | None, plan: _Plan | None
    ) -> tuple[ImageCheck, ...]:
        """All pictures of a seed that has this content now, or would have it."""
        pictures = _spider(self._crawler).pictures
        if pictures is None:
            return ()
        try:
            checks = await pictures.checks(item, content)
        except RunEnded:
            return ()  # the seed may be written already; its pictures stay due
        changes = plan.done.changes if plan is not None else ()
        changed = next((one for one in changes if one.field == Field.IMAGE), None)
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

    async def _repair(
        self, item: SeedItem, lead: LeadImage | None
    ) -> tuple[_Plan | None, _Written | None, tuple[ImageCheck, ...]]:
        """What was done, what the seed is then, and its pictures; nothing where there is nothing to repair it by.

        Raises SeedError, the file being as it was.
        """
        links = _spider(self._crawler).links
        if links is None:
            plan, written = await asyncio.to_thread(self._plan_and_write, item, lead)
            return plan, written, await self._look_at_pictures(item, written.content if written else b"", lead, plan)
        # What is to lie beside the seeds has to be in the archive before they name it.
        plan = await asyncio.to_thread(self._plan, item, lead)
        images = await self._look_at_pictures(item, plan.done.content if plan else b"", lead, plan)
        if plan is None:
            return None, None, images
        plan = replace(plan, done=await links.rewrite(item, plan.seed, plan.done))
        return plan, await asyncio.to_thread(self._write, item, plan), images

    def _plan_and_write(self, item: SeedItem, lead: LeadImage | None) -> tuple[_Plan | None, _Written | None]:
        """Both in one step; in a thread. Raises SeedError, the file being as it was."""
        plan = self._plan(item, lead)
        return plan, self._write(item, plan) if plan is not None else None

    def _plan(self, item: SeedItem, lead: LeadImage | None) -> _Plan | None:
        """What is to be done; None when there is no article to repair the seed by. In a thread. Raises SeedError."""
        spider, outcome = _spider(self._crawler), item.page
        options = spider.options
        article, verdict = outcome.extraction.article, outcome.extraction.verdict
        no_page = verdict in _NO_PAGE or (verdict is Verdict.UNREACHABLE and outcome.nowhere)
        has_image = lead is not None and lead.choice is not None
        if article is None and not no_page and not has_image:
            return None
        before = spider.store.read(item.path)
        seed = read(item.shown, before)
        if article is None and no_page:
            article = title_from_seed(seed, outcome.url, options.keys)
        article = article or (Article({}) if has_image else None)
        if article is None:
            return None
        policy, notes = options.policy.on(verdict), tuple(self._notes(seed, outcome))
        if outcome.extraction.article is not None and (caution := self._caution(outcome)) is not None:
            policy = policy.cautious(caution.fields)
        policy = policy.after_look(lead) if lead is not None else policy

        def repair_by(answers: Answers) -> Repair:
            return repair(seed, article, replace(policy, answers=answers), options.keys, notes)

        return _Plan(before, seed, spider.reviews.repair(item.path, outcome.url, repair_by))

    def _write(self, item: SeedItem, plan: _Plan) -> _Written:
        """Put the seed back, unless nothing is to be written; in a thread. Raises SeedError, the file as it was."""
        spider, url, content = _spider(self._crawler), item.page.url, plan.done.content
        spider.reviews.after_repair(item.path, url, plan.done)
        if not spider.options.dry_run and content != plan.before:
            spider.reviews.before_write(item.path, url, plan.done)
            content = content if self._replace(item.path, plan.before, content) else plan.before
        if item.page.extraction.article is None or spider.recorder is None:
            return _Written(content)
        seed = plan.seed if content == plan.before else read(item.shown, content)
        return _Written(content, missing(seed, spider.options.keys, spider.options.policy))

    def _replace(self, path: str, before: bytes, content: bytes) -> bool:
        """Write a seed, once it is noted that this run does: whatever ends it then, the next run knows. In a thread."""
        spider = _spider(self._crawler)
        note = spider.notes.note_write or (lambda *_: None)
        note(path, before, content)
        try:
            is_written = spider.store.write(path, before, content)
        except SeedError:
            is_written = False
            raise
        finally:
            if not is_written:
                note(path, before, before)
        return is_written

    def _remarks(self, done: Repair, lead: LeadImage | None) -> str:
        """What a person should know about a seed that was not missed, and about its lead image."""
        if lead is None or not lead.remark:
            return remarks_on(done, done.still_blank)
        of_images = _spider(self._crawler).options.keys[Field.IMAGE]
        blank = [key for key in done.still_blank if key not in of_images]
        return " ".join(filter(None, (remarks_on(done, blank), lead.remark)))

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
