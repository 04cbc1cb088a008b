"""Who is asked at one pace: a host, or one of the services of a web archive.

Scrapy's download slots keep the pace. That of a service has a delay without jitter, so that no minute holds more than
the service allows. Why without jitter: docs/design.md D38.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.settings import BaseSettings

from archiver.config.run_settings import RunSettings
from archiver.urls import host_of
from archiver.wayback.web_archive import is_slot_of_service

SUBMISSIONS, SUBMISSION_STATUS = "save-page-now", "save-page-now-status"
"""The download slots of Save Page Now, for pages and for what became of them; no host is called so."""

_MAX_QUESTIONS_PER_SUBMISSION = 5.0
"""Questions for the status of jobs in the time of one submission. With one the jobs of a long run are never caught up
with, with more the service is asked more than it is given. Chosen, not measured."""

MIN_DELAY_SECONDS = 0.001
"""Seconds; a slot without delay cannot be paused. Any number above 0 will do; a larger one slows down a replay."""


class ServiceSlotsAddon:
    """Gives each service its download slot; entries of DOWNLOAD_SLOTS that somebody set go before these."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Called by Scrapy before the crawl's components are built."""
        run = RunSettings.of(settings)
        paces = [(one.slot, one.delay, one.concurrency) for one in run.web_archives.services]
        submission_delay = 60.0 / run.save_page_now_per_minute
        paces.append((SUBMISSIONS, submission_delay, 1))
        paces.append((SUBMISSION_STATUS, submission_delay / _MAX_QUESTIONS_PER_SUBMISSION, 1))
        slots = {
            # A replay asks nobody.
            slot: {
                "delay": MIN_DELAY_SECONDS if run.replay else max(delay, MIN_DELAY_SECONDS),
                "concurrency": at_once,
                "jitter": 0,
            }
            for slot, delay, at_once in paces
        }
        priority = max(settings.getpriority("DOWNLOAD_SLOTS") or 0, 20)
        settings.set("DOWNLOAD_SLOTS", {**slots, **settings.getdict("DOWNLOAD_SLOTS")}, priority=priority)


def slot_of(request: Request) -> str:
    """The download slot that a request belongs to: its service, or the host that it asks.

    Not what `request.meta` says of a host: a redirect takes its meta along to another one.
    """
    named: str = request.meta.get("download_slot", "")
    return named if named in {SUBMISSIONS, SUBMISSION_STATUS} or is_slot_of_service(named) else host_of(request.url)
