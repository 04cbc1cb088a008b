"""The parts of Scrapy in use that it does not promise, each behind one function.

Nobody else may touch them (tests/downloader/test_scrapy_internals.py), and each has a test there that fails by its name
when an upgrade takes the part away. All were seen in Scrapy 2.19.
"""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler
from scrapy.extensions.feedexport import FeedExporter


def export_item(crawler: Crawler, item: Any) -> None:
    """Write an item to the feeds that comes from no callback, when the run is ending.

    `FeedExporter.item_scraped` is the extension's own handler of a signal. Scrapy takes items from callbacks and
    `start()` only, which are over when `spider_closed` is sent. Without it feeds lack the seeds that had no turn.
    """
    exporter = crawler.get_extension(FeedExporter)
    if exporter is not None and crawler.spider is not None:
        exporter.item_scraped(item, crawler.spider)
