"""How often the services of a web archive are asked, and when they are left alone.

Scrapy's download slots keep the pace: a delay between requests, without jitter, so that no minute holds more than the
service allows. A 429, or a Retry-After header, pauses the whole slot and not only the request that met it.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings

from archiver.downloader.retry import retry_after
from archiver.errors import LeftAlone

logger = logging.getLogger(__name__)

LISTS, COPIES, SUBMISSIONS = "wayback-lists", "wayback-copies", "save-page-now"
SERVICES = frozenset({LISTS, COPIES, SUBMISSIONS})
"""Names of the download slots; no host is called so."""

_PACES = (
    # Slot, setting, seconds that the setting counts requests in, requests at once.
    (LISTS, "WAYBACK_CDX_PER_MINUTE", 60.0, 1),
    (COPIES, "WAYBACK_COPIES_PER_SECOND", 1.0, 4),
    (SUBMISSIONS, "SAVE_PAGE_NOW_PER_MINUTE", 60.0, 1),
)
_SHORTEST = 0.001
"""Seconds; a slot without delay cannot be paused."""


class ServiceSlotsAddon:
    """Gives each service its download slot; entries of DOWNLOAD_SLOTS that somebody set go before these."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        slots = {
            slot: {"delay": _delay(settings, name, seconds), "concurrency": at_once, "jitter": 0}
            for slot, name, seconds, at_once in _PACES
        }
        priority = max(settings.getpriority("DOWNLOAD_SLOTS") or 0, 20)
        settings.set("DOWNLOAD_SLOTS", {**slots, **settings.getdict("DOWNLOAD_SLOTS")}, priority=priority)


def _delay(settings: BaseSettings, name: str, seconds: float) -> float:
    # A replay asks nobody. A pace that is no number ends the run elsewhere, with a sentence.
    try:
        pace = settings.getfloat(name)
    except (TypeError, ValueError):
        return seconds
    return _SHORTEST if settings.get("REPLAY") or not pace > 0 else max(seconds / pace, _SHORTEST)


class ServicePauses:
    """Pauses a service's slot when the service asks for it; a downloader middleware.

    A service that wants a longer pause than RETRY_WAIT_MAX is left alone for the rest of the run: its waiting requests,
    and those to come, fail with LeftAlone. The pauses of hosts are PatientRetryMiddleware's.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pause = crawler.settings.getfloat("WAYBACK_PAUSE")
        self._longest = crawler.settings.getfloat("RETRY_WAIT_MAX")
        self._left_alone: dict[str, str] = {}
        # This signal comes before the slot sends its next request; a middleware would be told too late.
        crawler.signals.connect(self._note, signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ServicePauses:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy. Raises LeftAlone."""
        reason = self._left_alone.get(request.meta.get("download_slot", ""))
        if reason is not None:
            raise LeftAlone(reason)

    def _note(self, response: Response, request: Request) -> None:
        name = request.meta.get("download_slot", "")
        if name not in SERVICES or response.status not in {429, 503} or "Memento-Datetime" in response.headers:
            # An archived 429 is not the archive's.
            return
        stated = retry_after(response, datetime.now(UTC))
        if stated is None and response.status == 503:
            return
        assert self._crawler.engine is not None
        slot = self._crawler.engine.downloader.slots[name]
        seconds = self._pause if stated is None else stated
        if stated is not None and stated > self._longest:
            self._left_alone[name] = (
                f"{request.url.partition('?')[0]} asked to be left alone for {stated:.0f} seconds, "
                "longer than RETRY_WAIT_MAX; run again later."
            )
            _dismiss(slot, LeftAlone(self._left_alone[name]))
            return
        # The slot waits until `delay` seconds after it was last used, and looks at this again when its timer ends.
        slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)


def _dismiss(slot: Slot, error: LeftAlone) -> None:
    while slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(error)
