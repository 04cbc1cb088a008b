"""robots.txt with its own error, so that a refusal can be told from other ignored requests."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class ForbiddenByRobots(IgnoreRequest):
    """The site's robots.txt forbids the address to us."""


class PoliteRobotsTxtMiddleware(RobotsTxtMiddleware):
    """Raises ForbiddenByRobots; is silent about a robots.txt that cannot be had, since the page then says why."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def process_request(self, request: Request, spider: Spider | None = None) -> None:
        """Called by Scrapy."""
        try:
            await super().process_request(request)
        except IgnoreRequest as error:
            raise ForbiddenByRobots(str(error)) from error

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's site; None when there are none. Called by Scrapy."""
        # In Scrapy 2.19 all who wait for one robots.txt await one Deferred, which gives its result to the first of
        # them only: the others would be let through. Here they wait for their turn to look at what was parsed.
        async with self._asking[urlparse_cached(request).netloc]:
            return await super().robot_parser(request)
