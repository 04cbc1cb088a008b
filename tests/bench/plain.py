"""Scrapy alone, asking for pages with validators; the measure of `tests.bench.conditional`, with none of our code.

usage: python plain.py FILE     one JSON object per line: url, etag, last_modified
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "ROBOTSTXT_OBEY": True,
    "HTTPERROR_ALLOW_ALL": True,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "WARNING",
    "USER_AGENT": "plain",
}


class PlainSpider(Spider):
    """Sends one conditional request per line and looks at the status."""

    name = "plain"

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    async def start(self) -> AsyncIterator[Request]:
        """Called by Scrapy."""
        for line in self._lines:
            asked = json.loads(line)
            headers = {"If-None-Match": asked["etag"], "If-Modified-Since": asked["last_modified"]}
            yield Request(asked["url"], headers=headers, dont_filter=True)

    def parse(self, response: Response) -> None:
        """Called by Scrapy."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"plain/{response.status}")


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(PlainSpider, Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    process.start()
