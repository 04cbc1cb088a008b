"""When to look at an address again, and in which order.

What is found at an address sets the pace: half the time until the next look after a change, twice the time after none.
The article's age sets the limit: news is edited in its first hours and days, and hardly ever after years. Where the
article was not there, the time grows with every further disappointment. No wait is longer than ninety days and a tenth.

All of it is a pure function of the visits and the time, so a lost ledger that is rebuilt from the archive leads to the
same dates.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from archiver.ledger.state import (
    MIN_TIME_BETWEEN_FAILURES,
    NOTHING_KNOWN,
    SUCCESSES,
    HostFacts,
    VisitRecord,
    instants,
    is_changed,
    verdict_of,
)
from archiver.models import Verdict

MIN_WAIT = timedelta(hours=6)
"""Time between two looks at a page while all is well; with less a page of today is asked for more often than news
changes. Chosen, not measured."""
MAX_WAIT = timedelta(days=90)
"""Time between two looks at any page; with less old pages are asked for in vain, with more a page that goes is noticed
later. Chosen, not measured."""
JITTER_SHARE = 0.1
"""Share of a wait by which it may become longer, so that what was first seen together is not asked for together; with
less it stays together for more rounds. Never shorter: a failure counts only three days after the one before. Chosen,
not measured."""
MAX_WAIT_WITH_JITTER = MAX_WAIT * (1 + JITTER_SHARE)
"""A due time that lies further ahead was made by a clock that has been set back since."""
MAX_INCOMPLETE_WAIT = timedelta(days=30)
"""Time between two looks at a page whose seed lacks something that a later version may have; with less it is asked in
vain more often, with more it stays incomplete for longer. Chosen, not measured."""

_DAY = timedelta(days=1)
"""The unit of the waits below."""
_UNDATED_AGE = timedelta(days=30)
"""A seed that gives no date is taken to have been published so long before its first visit. With less it is looked at
more often, with more more seldom. Chosen, not measured."""
_MIN_WAIT_AHEAD = timedelta(minutes=1)
"""Time from now on at which an address is due at the earliest; a due time lies after `now`, so it cannot be 0. Chosen,
not measured."""

_FIRST_WAIT = {
    Verdict.UNREACHABLE: _DAY,
    Verdict.TIMEOUT: _DAY,
    Verdict.ERROR: _DAY,
    Verdict.NOT_SAVED: _DAY,
    Verdict.BLOCKED: 2 * _DAY,
    Verdict.ROBOTS: 7 * _DAY,
    Verdict.TOO_LARGE: 30 * _DAY,
    Verdict.REMOVED: 30 * _DAY,
}
"""After the first answer that is not the article; MIN_TIME_BETWEEN_FAILURES after all others. What passes by itself is
tried tomorrow, what a person would have to mend later."""


@dataclass(frozen=True, slots=True)
class Subject:
    """An address, and what its seeds say about it."""

    address: str
    published: datetime | None = None
    """The date of the article; aware."""
    incomplete: bool = False
    """Whether a seed of it lacks a field."""


class Urgency(IntEnum):
    """The order in which what is due is taken."""

    INCOMPLETE = 0
    NEVER_VISITED = 1
    COMPLETE = 2


def urgency(*, incomplete: bool, visited: bool) -> Urgency:
    """How urgent an address is among those that are due."""
    if incomplete:
        return Urgency.INCOMPLETE
    return Urgency.COMPLETE if visited else Urgency.NEVER_VISITED


def next_due(
    subject: Subject, visits: Sequence[VisitRecord], now: datetime, host: HostFacts = NOTHING_KNOWN
) -> datetime:
    """When to look at an address again: after `now`, and at most MAX_WAIT_WITH_JITTER after it.

    `visits` are in the order in which they were recorded; without any, the address is due at once (a minute from now).
    """
    seen = [visit for visit in visits if visit.origin == "live"]
    if not seen:
        return now + _MIN_WAIT_AHEAD
    times = instants(seen, now)
    wait = _wait(seen, times, subject.published, host)
    if subject.incomplete and verdict_of(seen[-1], host) in SUCCESSES:
        wait = min(wait, MAX_INCOMPLETE_WAIT)
    return max(
        now + _MIN_WAIT_AHEAD, times[-1] + wait * (1 + JITTER_SHARE * jitter_fraction(subject.address, len(seen)))
    )


def longest(age: timedelta) -> timedelta:
    """The longest time between two looks at an article of some age while all is well.

    Requests are spent best when the time between them is in inverse proportion to the root of how often something
    changes (the mean delay is then least for a given number of requests). Edits of news fall off about as age to the
    power of -1.5, hence the three quarters: seven hours at the age of a day, four days at a month, 25 days at a year,
    and ninety days from five and a half years on.
    """
    days = max(0.0, age / _DAY)
    return min(MAX_WAIT, max(MIN_WAIT, _DAY * (0.3 * math.pow(days, 0.75))))


def _wait(
    visits: Sequence[VisitRecord],
    times: Sequence[datetime],
    published: datetime | None,
    host: HostFacts,
) -> timedelta:
    """The time from the last visit to the next, by what each visit found."""
    born = min(published, times[0]) if published is not None else times[0] - _UNDATED_AGE
    quiet = longest(times[0] - born)
    trouble: timedelta | None = None
    success: VisitRecord | None = None
    succeeded_at, before = times[0], times[0]
    for visit, at in zip(visits, times, strict=True):
        verdict = verdict_of(visit, host)
        limit = longest(at - born)
        if verdict in SUCCESSES:
            if success is not None:
                quiet = quiet / 2 if is_changed(success, visit) else _grown(quiet, at - succeeded_at)
            quiet = min(limit, max(MIN_WAIT, quiet))
            success, succeeded_at, trouble = visit, at, None
        else:
            first = _FIRST_WAIT.get(verdict, MIN_TIME_BETWEEN_FAILURES)
            trouble = first if trouble is None else max(first, _grown(trouble, at - before))
        before = at
    return min(MAX_WAIT, quiet if trouble is None else trouble)


def _grown(wait: timedelta, waited: timedelta) -> timedelta:
    """Twice the wait; no more than twice what was really waited, so that a look between times does not count as one."""
    return max(wait, 2 * min(wait, waited))


def jitter_fraction(address: str, number: int) -> float:
    """A number from 0 to 1 that is always the same for one visit of one address."""
    digest = hashlib.sha256(f"{number} {address}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4]) / 2**32
