"""SeedItem → Result: the seed is read, repaired and put back, in a thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.errors import SeedError
from archiver.ledger.yields.alarms import Caution
from archiver.models import Article, Change, DriftKind, Field, Outcome, PageOutcome, Result, SeedItem, Verdict
from archiver.repair.answers import Answers
from archiver.repair.audit import missing
from archiver.repair.diff import drift
from archiver.repair.policy import Action
from archiver.repair.repair import Note, Repair, repair
from archiver.repair.title_from_seed import title_from_seed
from archiver.seeds import Seed, read
from archiver.seeds.source import find_source
from archiver.signals import seed_compared, seed_repaired, seed_visited
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


class RepairPipeline:
    """Reads the seed, repairs it, puts it back; every item becomes exactly one result."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

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
            before, after, done, lacks = await asyncio.to_thread(self._repair, item)
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
        changed = before != after
        if changed:
            self._crawler.signals.send_catch_log(seed_repaired, path=item.shown, before=before, after=after)
        remarks = _remarks(done) if extraction.article else "The title is the seed's own, which its address confirms."
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

    def _repair(self, item: SeedItem) -> tuple[bytes, bytes, Repair | None, tuple[str, ...] | None]:
        """Bytes before, bytes after, what was done, what is still missing; in a thread.

        Nothing was done when there is no article to repair the seed by. Raises SeedError, the file being as it was.
        """
        spider, outcome = _spider(self._crawler), item.page
        options = spider.options
        article, verdict = outcome.extraction.article, outcome.extraction.verdict
        no_page = verdict in _NO_PAGE or (verdict is Verdict.UNREACHABLE and outcome.nowhere)
        if article is None and not no_page:
            return b"", b"", None, None
        before = spider.store.read(item.path)
        seed = read(item.shown, before)
        article = article or title_from_seed(seed, outcome.url, options.keys)
        if article is None:
            return before, before, None, None
        policy, notes = options.policy.on(verdict), tuple(self._notes(seed, outcome))
        if outcome.extraction.article is not None and (caution := self._caution(outcome)) is not None:
            policy = policy.cautious(caution.fields)

        def repair_by(answers: Answers) -> Repair:
            return repair(seed, article, replace(policy, answers=answers), options.keys, notes)

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


def _remarks(done: Repair) -> str:
    """What a person should know about a seed that was not missed."""
    remarks = []
    if done.still_blank:
        remarks.append(f"Still blank, the page does not say: {', '.join(done.still_blank)}.")
    if done.proposed:
        remarks.append(f"Waits for a person: {', '.join(map(_describe_change, done.proposed))}.")
    if done.refused:
        remarks.append(f"Left alone, as was decided: {', '.join(done.refused)}.")
    if done.reported:
        remarks.append(f"Only reported, as the policy has it: {', '.join(map(_describe_change, done.reported))}.")
    return " ".join(remarks)


def _describe_change(change: Change) -> str:
    return f"{change.field} would be {change.new!r}"
