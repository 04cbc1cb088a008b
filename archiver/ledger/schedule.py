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
from dataclasses import dataclass, replace
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
    pace: Pace | None = None
    for visit, at in zip(seen, instants(seen, now), strict=True):
        pace = Pace.begin(at, subject.published) if pace is None else pace
        pace = pace.after(visit, at, host)
    return due_after(subject, pace, len(seen), now)


def due_after(subject: Subject, pace: Pace | None, visits: int, now: datetime) -> datetime:
    """When to look again after so many live visits, of which `pace` is drawn; None without any."""
    if pace is None:
        return now + _MIN_WAIT_AHEAD
    wait = pace.wait
    if subject.incomplete and pace.trouble is None:
        wait = min(wait, MAX_INCOMPLETE_WAIT)
    jitter = 1 + JITTER_SHARE * jitter_fraction(subject.address, visits)
    return max(now + _MIN_WAIT_AHEAD, pace.before + wait * jitter)


@dataclass(frozen=True, slots=True)
class Pace:
    """An address after some of its live visits: the time until the next one, and what the next changes of it."""

    born: datetime
    """When its article was published, as far as can be known."""
    quiet: timedelta
    """The wait while all is well."""
    succeeded_at: datetime
    before: datetime
    """The last visit."""
    trouble: timedelta | None = None
    """The wait since the article was not there; None while it is."""
    success: VisitRecord | None = None
    """The last visit that found the article."""

    @classmethod
    def begin(cls, first: datetime, published: datetime | None) -> Pace:
        """The pace before the first visit, which was at `first`."""
        born = min(published, first) if published is not None else first - _UNDATED_AGE
        return cls(born, longest(first - born), first, first)

    @property
    def wait(self) -> timedelta:
        """The time from the last visit to the next, by what each visit found."""
        return min(MAX_WAIT, self.quiet if self.trouble is None else self.trouble)

    def after(self, visit: VisitRecord, at: datetime, host: HostFacts) -> Pace:
        """Take in one more visit, which was at `at`."""
        verdict = verdict_of(visit, host)
        if verdict not in SUCCESSES:
            first = _FIRST_WAIT.get(verdict, MIN_TIME_BETWEEN_FAILURES)
            grown = first if self.trouble is None else max(first, _grown(self.trouble, at - self.before))
            return replace(self, trouble=grown, before=at)
        quiet = self.quiet
        if self.success is not None:
            is_new = is_changed(self.success, visit)
            quiet = quiet / 2 if is_new else _grown(quiet, at - self.succeeded_at)
        quiet = min(longest(at - self.born), max(MIN_WAIT, quiet))
        return replace(self, quiet=quiet, trouble=None, success=visit, succeeded_at=at, before=at)


def longest(age: timedelta) -> timedelta:
    """The longest time between two looks at an article of some age while all is well.

    Requests are spent best when the time between them is in inverse proportion to the root of how often something
    changes (the mean delay is then least for a given number of requests). Edits of news fall off about as age to the
    power of -1.5, hence the three quarters: seven hours at the age of a day, four days at a month, 25 days at a year,
    and ninety days from five and a half years on.
    """
    days = max(0.0, age / _DAY)
    return min(MAX_WAIT, max(MIN_WAIT, _DAY * (0.3 * math.pow(days, 0.75))))


def _grown(wait: timedelta, waited: timedelta) -> timedelta:
    """Twice the wait; no more than twice what was really waited, so that a look between times does not count as one."""
    return max(wait, 2 * min(wait, waited))


def jitter_fraction(address: str, number: int) -> float:
    """A number from 0 to 1 that is always the same for one visit of one address."""
    digest = hashlib.sha256(f"{number} {address}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4]) / 2**32
