"""robots.txt with its own error, so that a refusal can be told from other ignored requests."""

from __future__ import annotations

import logging

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest


class ForbiddenByRobots(IgnoreRequest):
    """The site's robots.txt forbids the address to us."""


class PoliteRobotsTxtMiddleware(RobotsTxtMiddleware):
    """Raises ForbiddenByRobots; is silent about a robots.txt that cannot be had, since the page then says why."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Called by Scrapy."""
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from error
