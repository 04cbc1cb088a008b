"""An extension that writes the stats of a run, and the robots.txt that its signal told of, to the file STATS_FILE."""

from __future__ import annotations

import json
from pathlib import Path

from scrapy import Request, signals
from scrapy.crawler import Crawler


class StatsFile:
    """Written when the spider is closed."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._robots: list[str] = []
        crawler.signals.connect(self._parsed, signals.robots_parsed)
        crawler.signals.connect(self._closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StatsFile:
        return cls(crawler)

    def _parsed(self, request: Request) -> None:
        self._robots.append(request.url)

    def _closed(self) -> None:
        assert self._crawler.stats is not None
        told = {**self._crawler.stats.get_stats(), "robots": self._robots}
        Path(self._crawler.settings["STATS_FILE"]).write_text(json.dumps(told, default=str), encoding="utf-8")


COUNTING = json.dumps({"archiver.extensions.report.RunReport": 0, "tests.support.counting.StatsFile": 1})
"""For the setting EXTENSIONS."""
