"""Who is asked at one pace: a host, or one of the services of a web archive.

Scrapy's download slots keep the pace. That of a service has a delay without jitter, so that no minute holds more than
the service allows.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.settings import BaseSettings

from archiver.seeds.source import host_of

LISTS, COPIES, SUBMISSIONS = "wayback-lists", "wayback-copies", "save-page-now"
SERVICES = frozenset({LISTS, COPIES, SUBMISSIONS})
"""Names of the download slots; no host is called so."""

_PACES = (
    # Slot, setting, seconds that the setting counts requests in, requests at once.
    (LISTS, "WAYBACK_CDX_PER_MINUTE", 60.0, 1),
    (COPIES, "WAYBACK_COPIES_PER_SECOND", 1.0, 4),
    (SUBMISSIONS, "SAVE_PAGE_NOW_PER_MINUTE", 60.0, 1),
)

SHORTEST_DELAY = 0.001
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


def slot_of(request: Request) -> str:
    """The download slot that a request belongs to: its service, or the host that it asks.

    Not what `request.meta` says of a host: a redirect takes its meta along to another one.
    """
    named: str = request.meta.get("download_slot", "")
    return named if named in SERVICES else host_of(request.url)


def _delay(settings: BaseSettings, name: str, seconds: float) -> float:
    # A replay asks nobody. A pace that is no number ends the run elsewhere, with a sentence.
    try:
        pace = settings.getfloat(name)
    except (TypeError, ValueError):
        return seconds
    return SHORTEST_DELAY if settings.get("REPLAY") or not pace > 0 else max(seconds / pace, SHORTEST_DELAY)
