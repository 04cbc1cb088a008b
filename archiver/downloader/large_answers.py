"""Room in memory for large answers: what a run holds of them is bounded, however many come at once.

An answer comes in whole, on disk where it is large (recording/answer_body.py), and waits there for its room. Why bytes
and not answers are counted, and when room is free again: docs/design.md D120.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import math
import time
import weakref
from collections import deque
from functools import cached_property

from scrapy import Request
from scrapy.crawler import Crawler

from archiver.downloader.addons import required_addon
from archiver.downloader.services import RESOURCE_TYPE_KEY

ENOUGH_BYTES = "enough_bytes"
"""Key of `request.meta`: bytes of a body after which no more are waited for; what came is the answer."""

SMALL_ANSWER_BYTES = 1024 * 1024
"""Bytes of a body that needs no room, packed or not; CONCURRENT_REQUESTS (16) of them may come at once. With fewer
ordinary pages wait for each other, with more they take the memory that large ones are denied. Real article pages stay
below 6 MB, and nearly all below this."""
MAX_ROOMLESS_BYTES = 4 * 1024 * 1024
"""Bytes of what has such a limit of its own, packed or not, and so needs no room: a robots.txt, a web archive's list.
With fewer the steps of a search could wait for room that the page has for which they are made, with more these are a
way around the bound."""
_MAX_PAGE_BYTES = 40 * 1024 * 1024
"""Bytes of large pages in memory; each byte is there two to three times while it is recorded and read. With less than
DOWNLOAD_MAXSIZE one page is all that there is, with more a run over hostile hosts takes more than 300 MB."""
_MAX_PART_BYTES = 20 * 1024 * 1024
"""Bytes of large pictures and of what pages in a browser ask for: as much as IMAGE_MAX_BYTES. Pages wait for them, so
they wait for no page."""
_MAX_WAIT_SECONDS = 600.0
"""Seconds after which an answer goes on without room: a run takes more memory rather than to stand still. With fewer
this happens to a long line of large pages, of which each is read in less than six seconds. Chosen, not measured."""
_COLLECT_SECONDS = 2.0
"""Seconds between two times that garbage is looked for while answers wait: what is forgotten in a circle holds its room
until then. Fewer cost time, more keep answers waiting. Chosen, not measured."""


class ByteBudget:
    """So many bytes, given to those that ask in turn."""

    def __init__(self, size: int) -> None:
        self.size = self.free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._collected_at = 0.0

    async def take(self, count: int) -> None:
        """Take bytes, at most all there are; returns when they are free, or after a long time all the same."""
        if not self._waiting and count <= self.free:
            self.free -= count
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((count, turn))
        try:
            until = time.monotonic() + _MAX_WAIT_SECONDS
            while not turn.done() and time.monotonic() < until:
                await asyncio.wait([turn], timeout=_COLLECT_SECONDS)
                self._collect()
        except asyncio.CancelledError:
            if turn.done():
                self.give(count)
            raise
        finally:
            with contextlib.suppress(ValueError):
                self._waiting.remove((count, turn))
        if not turn.done():
            self.free -= count

    def give(self, count: int) -> None:
        """Give bytes back."""
        self.free += count
        while self._waiting and self._waiting[0][0] <= self.free:
            wanted, turn = self._waiting.popleft()
            self.free -= wanted
            turn.set_result(None)

    def _collect(self) -> None:
        if self._waiting and time.monotonic() - self._collected_at >= _COLLECT_SECONDS:
            gc.collect()
            self._collected_at = time.monotonic()


class LargeAnswers:
    """The room of one run: `LargeAnswers.of(crawler)`."""

    def __init__(self) -> None:
        self._pages, self._parts = ByteBudget(_MAX_PAGE_BYTES), ByteBudget(_MAX_PART_BYTES)
        self._with_room: weakref.WeakSet[Request] = weakref.WeakSet()

    @classmethod
    def of(cls, crawler: Crawler) -> LargeAnswers:
        """The one of a crawl. Raises SettingsError when ADDONS turns its add-on off."""
        return required_addon(crawler, LargeAnswersAddon).large_answers

    def needs_room(self, request: Request) -> bool:
        """Whether the answer to a request has no room yet, and would need it if it were large."""
        limit = request.meta.get("download_maxsize") or math.inf
        return not (request in self._with_room or limit <= MAX_ROOMLESS_BYTES or ENOUGH_BYTES in request.meta)

    async def make_room(self, request: Request, size: int) -> None:
        """Wait for room for so many bytes of an answer; it is free again when the request is forgotten."""
        budget = self._parts if RESOURCE_TYPE_KEY in request.meta else self._pages
        count = min(size, budget.size)
        await budget.take(count)
        self._with_room.add(request)
        # Nothing else is known to live as long as the answer's bytes, wherever they go.
        loop = asyncio.get_running_loop()
        weakref.finalize(request, _give_back, loop, budget, count).atexit = False


def _give_back(loop: asyncio.AbstractEventLoop, budget: ByteBudget, count: int) -> None:
    """In whatever thread the last reference went."""
    with contextlib.suppress(RuntimeError):  # the run is over
        loop.call_soon_threadsafe(budget.give, count)


def return_large_blocks() -> None:
    """Let the C library give blocks of more than `SMALL_ANSWER_BYTES` back to the system when they are free.

    glibc keeps up to 64 MB per thread once it has seen large ones
    (https://man7.org/linux/man-pages/man3/mallopt.3.html, M_MMAP_THRESHOLD); others have no `mallopt`, or return them.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(-3, SMALL_ANSWER_BYTES)  # M_MMAP_THRESHOLD in malloc.h


class LargeAnswersAddon:
    """Holds the room of a run, which several components share."""

    @cached_property
    def large_answers(self) -> LargeAnswers:
        """Made when the first component asks."""
        return_large_blocks()
        return LargeAnswers()
