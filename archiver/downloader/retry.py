"""Ask again, later each time, and when the host says when, then."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from tenacity import RetryCallState, Retrying, wait_exponential_jitter


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's rules of what is asked for again, with a wait before each try.

    The wait grows exponentially from RETRY_WAIT seconds, with jitter, up to RETRY_WAIT_MAX; a Retry-After header goes
    before it. A host that wants a longer wait than RETRY_WAIT_MAX is not asked again in this run.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._longest = crawler.settings.getfloat("RETRY_WAIT_MAX")
        first = crawler.settings.getfloat("RETRY_WAIT")
        self._wait = wait_exponential_jitter(initial=first, max=self._longest, jitter=first)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetryMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_response(  # type: ignore[override]  # Scrapy awaits what a middleware returns
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Called by Scrapy."""
        if "Memento-Datetime" in response.headers:
            # The failure is what was archived, not what the archive answers.
            return response
        again = super().process_response(request, response)
        if not isinstance(again, Request):
            return response
        stated = retry_after(response, datetime.now(UTC))
        if stated is not None and stated > self._longest:
            return response
        await self._pause(again, stated)
        return again

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception, spider: Spider | None = None
    ) -> Request | None:
        """Called by Scrapy."""
        again = super().process_exception(request, exception)
        if not isinstance(again, Request):
            return None
        await self._pause(again, None)
        return again

    async def _pause(self, again: Request, stated: float | None) -> None:
        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = again.meta["retry_times"]
        await asyncio.sleep(self._wait(state) if stated is None else stated)


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after).

    None without the header, or when it is neither a number nor a date.
    """
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
