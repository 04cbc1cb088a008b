"""Ask again, later each time, and when the host says when, then."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response

from archiver.downloader.pauses import HostPauses
from archiver.downloader.recording.wire import CUT_ANSWER
from archiver.downloader.run_end import RunEnd
from archiver.downloader.slots import slot_of
from archiver.downloader.waits import host_failure, retry_after, retry_policy


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's rules of what is asked for again, with a wait before each try, by what went wrong.

    After a Retry-After header it is the host's slot that waits, with all that wait in it. What a host is left alone
    over is not asked for again: the answer stands. Where the run ends meanwhile nothing stands: RunEnded.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler.settings)
        self.crawler = crawler
        self._pauses = HostPauses.of(crawler)
        self._run_end = RunEnd.of(crawler)
        self._patience = retry_policy(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetryMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_response(  # type: ignore[override]  # Scrapy awaits what a middleware returns
        self, request: Request, response: Response
    ) -> Request | Response:
        """Called by Scrapy."""
        if "Memento-Datetime" in response.headers:
            # The failure is what was archived, not what the archive answers.
            return response
        again = super().process_response(request, response)
        if not isinstance(again, Request):
            return response
        slot_waits = host_failure(response) is not None and retry_after(response, datetime.now(UTC)) is not None
        return again if await self._may_go(request, response, slot_waits=slot_waits) else response

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | None:
        """Called by Scrapy."""
        if self._patience[host_failure(exception)].is_over(_tries(request)):
            return None
        again = super().process_exception(request, exception)
        if not isinstance(again, Request) or not await self._may_go(request, exception):
            return None
        again.meta.pop(CUT_ANSWER, None)  # it may be large, and nobody wants it while the new try waits
        return again

    async def _may_go(self, request: Request, outcome: Response | Exception, *, slot_waits: bool = False) -> bool:
        slot = slot_of(request)
        if self._pauses.blocked_reason(slot) is not None:
            return False
        if not slot_waits:
            await self._run_end.sleep(self._patience[host_failure(outcome)].seconds(_tries(request)))
        self._run_end.check(request.url)
        if self._pauses.blocked_reason(slot) is not None:
            return False
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("archiver/retries")
        return True


def _tries(request: Request) -> int:
    tries: int = request.meta.get("retry_times", 0) + 1
    return tries
