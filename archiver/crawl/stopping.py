"""Ending a run before its time, so that nothing of what it has done is lost.

Why not as Scrapy ends a crawl: docs/design.md D109.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler

from archiver.downloader.run_end import MAX_FINISHING_SECONDS, RunEnd

if TYPE_CHECKING:
    from archiver.crawl.spider import SeedSpider

_LOOK_SECONDS = 0.02
"""Seconds between two looks whether a crawl that is to end has begun; fewer cost time, more make its end wait. Chosen,
not measured."""


async def stop_crawl(crawler: Crawler) -> None:
    """Ask for nothing more, give answers under way their last seconds, and close the spider."""
    RunEnd.of(crawler).begin(crawler)
    spider: SeedSpider = crawler.spider  # type: ignore[assignment]  # the crawl's own spiders are the only ones
    while crawler.crawling and not crawler.engine.running:  # noqa: ASYNC110  (nobody tells when it runs)
        await asyncio.sleep(_LOOK_SECONDS)
    if spider.scanning is not None:
        await asyncio.wait([spider.scanning])
    # Not `Crawler.stop_async`: a spider that is closing already has to be waited for.
    if crawler.crawling and crawler.engine.spider is not None:
        await crawler.engine.close_spider_async(reason="shutdown")


def stop_sentence(run_end: RunEnd) -> str:
    """What is still done, and how to end at once."""
    left = run_end.under_way
    answers = f"{left} answer{'' if left == 1 else 's'} under way" if left else "what was answered"
    return (
        f"stopping: nothing more is asked for, {answers} will be dealt with in {MAX_FINISHING_SECONDS:g} s at most; "
        "a second Ctrl-C ends it at once"
    )
