"""How often and after which wait something is asked for again, by what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.settings import BaseSettings
from tenacity import Retrying, retry_always, stop_after_attempt, wait_exponential, wait_random
from tenacity.wait import wait_base

from archiver.config.run_settings import RunSettings


class HostFailure(StrEnum):
    """What is wrong with a host, as one request met it; the value completes "because it …"."""

    NAMELESS = "has no known address"
    REFUSING = "refuses connections"
    SILENT = "does not answer in time"
    BROKEN = "breaks connections off"
    FAILING = "answers with server errors"
    CROWDED = "answers that it is asked too often"


_EXCEPTIONS: tuple[tuple[type[BaseException], HostFailure], ...] = (
    (CannotResolveHostError, HostFailure.NAMELESS),
    (DownloadConnectionRefusedError, HostFailure.REFUSING),
    (DownloadTimeoutError, HostFailure.SILENT),
    (ResponseDataLossError, HostFailure.BROKEN),
    (DownloadFailedError, HostFailure.BROKEN),
)

_TRIES = {HostFailure.NAMELESS: 2, HostFailure.REFUSING: 2}
"""Both answers come at once and seldom change within a minute; what is slow or overloaded often recovers."""

_MAX_DOUBLINGS = 32
"""Tries after which a wait grows no longer: a millisecond doubled so often is 50 days, above any RETRY_BACKOFF_MAX;
half as often, a minute. More would only cost time: a host that is never left alone (HOST_BREAKER_FAILURES=0) may fail
thousands of times in a row."""


def host_failure(outcome: Response | BaseException) -> HostFailure | None:
    """What a host's answer, or its lack, says about the host; None when nothing is wrong with it.

    A failure that a web archive has archived (it has a Memento-Datetime) is not the archive's.
    """
    if isinstance(outcome, Response):
        if "Memento-Datetime" in outcome.headers:
            return None
        if outcome.status == 429:
            return HostFailure.CROWDED
        return HostFailure.FAILING if outcome.status >= 500 else None
    return next((trouble for kind, trouble in _EXCEPTIONS if isinstance(outcome, kind)), None)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When to stop asking, and how long to wait before the next try."""

    tries: int
    """The first one among them."""
    wait: wait_base

    def is_over(self, tries: int) -> bool:
        """Whether so many tries were enough."""
        return tries >= self.tries

    def seconds(self, tries: int) -> float:
        """How long to wait after so many tries, at least one.

        A strategy of tenacity is asked by a `Retrying` only, which here tries nothing and notes its waits.
        """
        waits: list[float] = []
        stop = stop_after_attempt(min(tries, _MAX_DOUBLINGS) + 1)
        asked = Retrying(
            stop=stop, wait=self.wait, retry=retry_always, sleep=waits.append, retry_error_callback=lambda _: None
        )
        asked(lambda: None)
        return waits[-1]


def retry_policy(settings: BaseSettings) -> Mapping[HostFailure | None, RetryPolicy]:
    """By trouble; under None, for whatever else is tried again.

    Waits grow exponentially from RETRY_BACKOFF_BASE, with jitter, up to RETRY_BACKOFF_MAX. There are RETRY_TIMES tries
    after the first, and one for a name that is not known or a connection that is refused.
    """
    run = RunSettings.of(settings)
    first, longest = run.retry_backoff_base, run.retry_backoff_max
    wait = wait_exponential(multiplier=first, max=max(0.0, longest - first)) + wait_random(0.0, min(first, longest))
    most = settings.getint("RETRY_TIMES") + 1
    return {
        trouble: RetryPolicy(min(most, _TRIES.get(trouble, most)) if trouble else most, wait)
        for trouble in (*HostFailure, None)
    }


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
