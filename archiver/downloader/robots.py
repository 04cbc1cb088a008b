"""robots.txt, as RFC 9309 has it: what it forbids, how fast it lets us be, and what its absence means.

What was decided where the RFC leaves a choice: docs/design.md D19.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.signals import robots_parsed
from scrapy.utils.misc import build_from_crawler, load_object

from archiver.config.run_settings import RunSettings
from archiver.downloader.failures import explain
from archiver.downloader.large_answers import ENOUGH_BYTES
from archiver.downloader.pauses import HostPauses
from archiver.downloader.scrapy_internals import reason_of, request_rate_delay
from archiver.downloader.waits import host_failure
from archiver.errors import CrawlDelayTooLong, ForbiddenByRobots, HostDown, HostPaused
from archiver.urls import host_of

_MAX_BYTES = 500 * 1024
"""Bytes that are read of a robots.txt: the least that RFC 9309 allows
(https://www.rfc-editor.org/rfc/rfc9309#section-2.5). With fewer we would not keep to it, more are not asked of
anybody."""

_ROBOTS_PRIORITY = 1000
"""Priority of the request for a robots.txt, above that of any page, which waits for it. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class _Rules:
    parser: RobotParser
    delay: float
    """Seconds between two requests; 0 when the file does not say."""


class RobotsMiddleware:
    """Asks for the robots.txt of every host once in a run, and keeps to it.

    Raises ForbiddenByRobots for what it forbids, CrawlDelayTooLong for all when it wants more than CRAWL_DELAY_MAX
    between two requests, and HostPaused or HostDown while it cannot be had: a server error forbids everything for now
    (https://www.rfc-editor.org/rfc/rfc9309#section-2.3.1.4), while 4xx means that there are no rules.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._pauses = HostPauses.of(crawler)
        self._parser = load_object(settings["ROBOTSTXT_PARSER"])
        self._agent = settings["ROBOTSTXT_USER_AGENT"] or settings["USER_AGENT"]
        run = RunSettings.of(settings)
        self._slowest = run.crawl_delay_max
        self._pause = run.host_breaker_pause
        self._known: dict[str, _Rules | None] = {}
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        host = host_of(request.url)
        async with self._asking[host]:
            if host not in self._known:
                self._known[host] = await self._ask(host, request)
        rules = self._known[host]
        if rules is None:
            return
        if not rules.parser.allowed(request.url, self._agent):
            self._count("forbidden")
            raise ForbiddenByRobots("Forbidden by robots.txt")
        if rules.delay > self._slowest:
            raise CrawlDelayTooLong(
                f"robots.txt of {host} wants {rules.delay:g} seconds between two requests; raise CRAWL_DELAY_MAX, "
                "or ask the site's owner."
            )

    async def _ask(self, host: str, page: Request) -> _Rules | None:
        """The rules of a host; None when it has none. Raises HostPaused, HostDown, and what is no fault of its."""
        url = f"{urlsplit(page.url).scheme}://{host}/robots.txt"
        meta = {"dont_obey_robotstxt": True, ENOUGH_BYTES: _MAX_BYTES + 1}
        request = Request(url, priority=_ROBOTS_PRIORITY, meta=meta, callback=NO_CALLBACK)
        assert self._crawler.engine is not None
        self._count("request_count")
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever keeps it from us, pages must not be asked for without it
            self._count(f"exception_count/{type(error)}")
            if isinstance(error, IgnoreRequest) and reason_of(error) != "size":
                return None  # it redirects without end, or to where no public host is
            if host_failure(error) is None and not isinstance(error, (DownloadCancelledError, IgnoreRequest)):
                raise  # an address that is none, or the end of the run: no fault of the host
            told = explain(error, url).detail.rstrip(".")
            why = told.rpartition(";")[0] or told  # without its advice, which is about pages
            raise self._pauses.block(host, self._pause, why, HostDown) from error
        self._count("response_count")
        self._count(f"response_status_count/{response.status}")
        rules = self._rules(host, response)
        if rules is not None:
            await self._crawler.signals.send_catch_log_async(robots_parsed, robotparser=rules.parser, request=page)
        return rules

    def _count(self, what: str) -> None:
        """Count as Scrapy's own middleware does, whose place this one takes."""
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"robotstxt/{what}")

    def _rules(self, host: str, response: Response) -> _Rules | None:
        if response.status == 429 or response.status >= 500:
            why = f"{response.url} answered {response.status}, which forbids every page for now"
            raise self._pauses.block(host, self._pause, why, HostPaused if response.status == 429 else HostDown)
        if response.status != 200:
            return None
        parser = build_from_crawler(self._parser, self._crawler, _whole_lines(response.body))
        rules = _Rules(parser, _delay(parser, self._agent))
        if 0 < rules.delay <= self._slowest:
            self._pauses.slow_down(host, rules.delay)
        return rules


def _whole_lines(body: bytes) -> bytes:
    """The beginning that is read; half a path at its end would forbid more than was meant."""
    return body if len(body) <= _MAX_BYTES else body[:_MAX_BYTES].rpartition(b"\n")[0]


def _delay(parser: RobotParser, agent: str) -> float:
    """Seconds between two requests by Crawl-delay and Request-rate."""
    return max(parser.crawl_delay(agent) or 0.0, request_rate_delay(parser, agent))
