"""The end of a run before its time: no request leaves any more, and answers under way have some seconds to come.

What is not known by then is given up with RunEnded, and left to the next run. Why so: docs/design.md D109.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scrapy.crawler import Crawler

from archiver.downloader.scrapy_internals import fail_all_waiting_requests
from archiver.errors import RunEnded

MAX_FINISHING_SECONDS = 10.0
"""Seconds in which answers under way may still come and be read; with fewer pages that were fetched are fetched again,
with more who ends a run waits, and systemd or a closing terminal kills it. Chosen, not measured."""

_ATTRIBUTE = "archiver_run_end"
"""Of the crawler, where all parts of a run find it."""


class RunEnd:
    """Whether a run is being ended, and how long what it waits for may take: `RunEnd.of(crawler)`."""

    def __init__(self) -> None:
        self.is_ending = False
        """Read by any thread."""
        self._begun = asyncio.Event()
        self._is_over = False
        self._limits: set[asyncio.Timeout] = set()

    @classmethod
    def of(cls, crawler: Crawler) -> RunEnd:
        """The one of a crawl. No add-on has it: there is none yet while the spider is made."""
        found: RunEnd = vars(crawler).setdefault(_ATTRIBUTE, cls())
        return found

    def note(self) -> None:
        """Let no further request leave; may be called by a signal's handler."""
        self.is_ending = True

    def begin(self, crawler: Crawler) -> None:
        """Let no further request leave, and answers under way have their last seconds."""
        self.note()
        self._begun.set()
        fail_all_waiting_requests(crawler, RunEnded, "the run is being ended")
        asyncio.get_running_loop().call_later(MAX_FINISHING_SECONDS, self._give_up)

    @property
    def under_way(self) -> int:
        """How many answers are being waited for, or read."""
        return len(self._limits)

    def check(self, url: str) -> None:
        """Raise RunEnded where a request may not leave any more."""
        if self.is_ending:
            raise RunEnded(f"{url} was not asked for: the run was ended")

    async def sleep(self, seconds: float) -> None:
        """Wait for so long. Raises RunEnded when the run is ended meanwhile."""
        try:
            await asyncio.wait_for(self._begun.wait(), seconds)
        except TimeoutError:
            return
        raise RunEnded("the run was ended")

    @asynccontextmanager
    async def limit(self, what: str) -> AsyncIterator[None]:
        """Wait for something no longer than the end of a run allows. Raises RunEnded then."""
        if self._is_over:
            raise RunEnded(f"{what} was not waited for: the run was ended")
        limit = asyncio.Timeout(None)
        self._limits.add(limit)
        try:
            async with limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise RunEnded(f"{what} was not waited for: the run was ended") from None
        finally:
            self._limits.discard(limit)

    def _give_up(self) -> None:
        self._is_over = True
        for limit in self._limits:
            limit.reschedule(asyncio.get_running_loop().time())
