"""Which hosts are to have a pause, and which are left alone for some time, each host for itself.

A pause that RETRY_BACKOFF_MAX allows is waited for: the host's download slot stands still, with all that wait in it.
For a longer one the host is left alone: its waiting requests, and those to come, fail at once with HostPaused until its
time is over. Services of a web archive are hosts in this. Why the host and not the request: docs/design.md D15.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cached_property

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from archiver.config.run_settings import RunSettings
from archiver.downloader.addons import required_addon
from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import fail_waiting_requests, pause_slot, raise_slot_delay
from archiver.downloader.slots import MIN_DELAY_SECONDS, SUBMISSION_STATUS, SUBMISSIONS, slot_of
from archiver.downloader.waits import HostFailure, host_failure, retry_after, retry_policy
from archiver.errors import HostDown, HostPaused
from archiver.signals import host_paused
from archiver.urls import host_of

_MAX_PAUSE_SECONDS = 86_400.0
"""Seconds; who asks for more is asked again after a day. With fewer a host is asked against its word, without a limit a
mistaken Retry-After would lose it for good. Chosen, not measured."""


class HostPauses:
    """The pauses of one run: `HostPauses.of(crawler)`. A replay asks nobody, and has none."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        run = RunSettings.of(crawler.settings)
        self._is_live = run.replay is None
        self._longest_wait = run.retry_backoff_max
        self._breaks_after = run.host_breaker_failures
        self._break = run.host_breaker_pause
        self._service_pauses = {one.slot: one.pause for one in run.web_archives.services}
        self._service_pauses |= dict.fromkeys((SUBMISSIONS, SUBMISSION_STATUS), run.web_archives.pause)
        self._waits = retry_policy(crawler.settings)
        self._left_alone: dict[str, tuple[float, HostPaused]] = {}
        self._failures: dict[str, int] = {}
        self._delays: dict[str, float] = {}

    @classmethod
    def of(cls, crawler: Crawler) -> HostPauses:
        """The one of a crawl. Raises SettingsError when ADDONS turns its add-on off."""
        return required_addon(crawler, HostPausesAddon).pauses

    def blocked_reason(self, host: str) -> HostPaused | None:
        """Why a host, or service, is not to be asked at this time; None when it may be."""
        until, reason = self._left_alone.get(host, (0.0, None))
        # Another error each time: one that is raised twice grows a longer traceback.
        return type(reason)(str(reason)) if reason is not None and time.monotonic() < until else None

    def paused_hosts(self) -> frozenset[str]:
        """Return the hosts, and services, that are left alone at this time."""
        now = time.monotonic()
        return frozenset(host for host, (until, _) in self._left_alone.items() if now < until)

    def restore(self, host: str, until: datetime) -> None:
        """Leave a host alone that wanted it in an earlier run; `host` as the signal `host_paused` gave it."""
        seconds = (until - datetime.now(UTC)).total_seconds()
        if seconds > 0:
            since = f"{host} was to be left alone until {_format_time(until)} when it was asked last; run again then."
            self._left_alone[host] = time.monotonic() + min(seconds, _MAX_PAUSE_SECONDS), HostPaused(since)

    def block(self, host: str, seconds: float, why: str, kind: type[HostPaused], *, stated: bool = False) -> HostPaused:
        """Ask a host nothing for so long; `why` is the first half of a sentence. Returns the error that says so.

        Whatever waits for the host fails with it, and the signal `host_paused` is sent. `stated`: the host itself has
        said how long. A host that is left alone already stays so for as long as was said before.
        """
        if (before := self.blocked_reason(host)) is not None:
            return before
        until = datetime.now(UTC) + timedelta(seconds=min(seconds, _MAX_PAUSE_SECONDS))
        reason = kind(f"{why}; the host is left alone until {_format_time(until)}, run again then.")
        if self._is_live:
            self._left_alone[host] = time.monotonic() + min(seconds, _MAX_PAUSE_SECONDS), reason
            self._count("hosts_paused")
            self._crawler.signals.send_catch_log(host_paused, host=host, until=until, stated=stated)
            fail_waiting_requests(self._crawler, host, kind, str(reason))
        return kind(str(reason))

    def slow_down(self, host: str, delay: float) -> None:
        """Let no two requests leave for a host within `delay` seconds, whatever AutoThrottle makes of its answers."""
        if self._is_live:
            self._delays[host] = max(delay, self._delays.get(host, 0.0))
            self.keep_pace(host)

    def keep_pace(self, host: str) -> None:
        """Restore a host's delay, which AutoThrottle lowers and a new slot does not know."""
        if (delay := self._delays.get(host)) is not None:
            raise_slot_delay(self._crawler, host, delay)

    def on_response(self, host: str, url: str, response: Response) -> None:
        """Note what a host answered, and pause it where that says so."""
        trouble = host_failure(response)
        if trouble is None:
            self._failures.pop(host, None)
            return
        stated = retry_after(response, datetime.now(UTC))
        if stated is not None and stated > self._longest_wait:
            kind = HostPaused if trouble is HostFailure.CROWDED else HostDown
            self.block(
                host, stated, f"{host_of(url)} asked for a longer wait than RETRY_BACKOFF_MAX", kind, stated=True
            )
        elif not self._is_broken(host, url, trouble):
            self._pause(host, self._inferred_pause(host, trouble) if stated is None else stated)

    def on_failure(self, host: str, url: str, trouble: HostFailure) -> None:
        """Note that a host gave no answer."""
        if not self._is_broken(host, url, trouble):
            self._pause(host, self._inferred_pause(host, trouble))

    def _is_broken(self, host: str, url: str, trouble: HostFailure) -> bool:
        """Count a failure; True when it was one too many in a row, and the host is left alone."""
        count = self._failures[host] = self._failures.get(host, 0) + 1
        if not 0 < self._breaks_after <= count:
            return False
        kind = HostPaused if trouble is HostFailure.CROWDED else HostDown
        why = f"{host_of(url)} failed {count} times in a row, at last because it {trouble}"
        # The count stays: after the pause one failure more is enough, and one success begins it anew.
        self.block(host, self._break, why, kind)
        return True

    def _inferred_pause(self, host: str, trouble: HostFailure) -> float:
        """Seconds for a host that does not say how many."""
        count = self._failures[host]
        if trouble is HostFailure.CROWDED:
            pause = self._service_pauses.get(host)
            return self._waits[trouble].seconds(count) if pause is None else pause
        # One failure may be the page's; its retry waits by itself.
        return self._waits[trouble].seconds(count - 1) if count > 1 else 0.0

    def _pause(self, host: str, seconds: float) -> None:
        if seconds > 0:
            self._count("pauses")
            pause_slot(self._crawler, host, time.monotonic() + seconds, MIN_DELAY_SECONDS)

    def _count(self, what: str) -> None:
        assert self._crawler.stats is not None
        self._crawler.stats.inc_value(f"archiver/{what}")


class HostPausesAddon:
    """Holds the pauses of a run, which several components share.

    No extension does: whoever sets EXTENSIONS leaves those out that were there.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostPausesAddon:
        """Called by Scrapy."""
        return cls(crawler)

    @cached_property
    def pauses(self) -> HostPauses:
        """Made when the first component asks: by then every add-on has set its settings."""
        return HostPauses(self._crawler)


class HostPausesMiddleware:
    """Tells the pauses what hosts answer, and lets no request through to a host that is left alone."""

    def __init__(self, crawler: Crawler) -> None:
        if RunSettings.of(crawler.settings).replay:
            raise NotConfigured
        self._pauses = HostPauses.of(crawler)
        self._run_end = RunEnd.of(crawler)
        # These come before the slot sends its next request, and after AutoThrottle, an extension, has had its way with
        # the delay; as a middleware we would be told too late.
        crawler.signals.connect(self._on_response_received, signals.response_downloaded)
        crawler.signals.connect(self._on_request_reached, signals.request_reached_downloader)
        # By the slot the scheduler tells whose turn it is, so that no host that waits fills the downloader.
        crawler.signals.connect(self._on_request_scheduled, signals.request_scheduled)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostPausesMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Called by Scrapy. Raises HostPaused, and RunEnded."""
        self._run_end.check(request.url)
        # Requests for robots.txt come past the scheduler.
        host = request.meta["download_slot"] = slot_of(request)
        reason = self._pauses.blocked_reason(host)
        if reason is not None:
            raise reason

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Called by Scrapy."""
        trouble = host_failure(exception)
        if trouble is not None:
            self._pauses.on_failure(slot_of(request), request.url, trouble)

    def _on_request_scheduled(self, request: Request) -> None:
        request.meta["download_slot"] = slot_of(request)

    def _on_response_received(self, response: Response, request: Request) -> None:
        host = slot_of(request)
        self._pauses.on_response(host, request.url, response)
        self._pauses.keep_pace(host)

    def _on_request_reached(self, request: Request) -> None:
        self._pauses.keep_pace(slot_of(request))


def _format_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
