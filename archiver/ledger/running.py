"""What the visits of an address come to, kept beside them, so that one more costs the same however many came before.

    RunningState.from_visits(address, visits, …)  from all of them
    running.after(address, visit, …)              with one more
    running.holds(…)                              whether what was drawn before may be gone on with

Both ways lead to the same: what other addresses of the host, a clock or a seed's date make of earlier visits is looked
at again by drawing anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from archiver.ledger.entries import instant, seconds
from archiver.ledger.schedule import Pace, Subject
from archiver.ledger.state import (
    MAX_OUTAGE_TIME,
    NOTHING_KNOWN,
    HostFacts,
    State,
    StateCourse,
    UrlState,
    VisitRecord,
    instants,
    verdict_of,
)
from archiver.models import Verdict

_MICROSECOND = timedelta(microseconds=1)
"""The unit of waits as they are stored: halves and doubles of whole seconds stay what they are."""


NumberedVisit = tuple[int, VisitRecord]
"""A visit with its number in the ledger."""


@dataclass(frozen=True, slots=True)
class HostView:
    """What the visits of all addresses of a host say about one of them."""

    facts: HostFacts = NOTHING_KNOWN
    shared: int = 0
    """How many targets unrelated addresses share."""

    @property
    def outages(self) -> tuple[datetime, ...]:
        """The beginnings of outages that count as such; their ends change nothing for visits within them."""
        return tuple(sorted(one.since for one in self.facts.outages if one.until - one.since < MAX_OUTAGE_TIME))


NOTHING_SEEN = HostView()


@dataclass(frozen=True, slots=True)
class RunningState:
    """An address after its live visits, one at least."""

    course: StateCourse
    pace: Pace
    visits: int
    latest: datetime
    """The latest time that a visit bears."""
    published: datetime | None
    success: int | None
    """The number of the last visit that found the article."""
    has_target: bool
    """Whether a visit led elsewhere, so that it matters which targets many addresses share."""
    is_unreachable: bool
    """Whether a visit since the last success got no answer, so that outages matter."""
    shared: int = 0
    """The targets that the host's addresses shared when this was drawn, where they matter."""
    outages: tuple[datetime, ...] = ()
    """The beginnings of the host's outages then, where they matter."""

    @classmethod
    def from_visits(
        cls, subject: Subject, visits: Sequence[NumberedVisit], now: datetime, host: HostView = NOTHING_SEEN
    ) -> RunningState:
        """Draw it from all live visits, one at least, in the order in which they were recorded."""
        times = instants([visit for _, visit in visits], now)
        first, published = times[0], subject.published
        running = cls(StateCourse(), Pace.begin(first, published), 0, first, published, None, False, False)
        for added, at in zip(visits, times, strict=True):
            running = running.after(subject.address, added, at, host)
        return running

    def after(self, address: str, added: NumberedVisit, at: datetime, host: HostView = NOTHING_SEEN) -> RunningState:
        """Take in one more visit, which was at `at`."""
        number, visit = added
        course, pace = self.course.after(address, visit, at, host.facts), self.pace.after(visit, at, host.facts)
        is_unreachable = pace.trouble is not None and (
            self.is_unreachable or verdict_of(visit, host.facts) is Verdict.UNREACHABLE
        )
        has_target = self.has_target or visit.target is not None
        return RunningState(
            course, pace, self.visits + 1, max(self.latest, visit.at), self.published,
            number if pace.success is visit else self.success, has_target, is_unreachable,
            host.shared if has_target else 0, host.outages if is_unreachable else (),
        )  # fmt: skip

    def needs_facts(self, visit: VisitRecord | None) -> bool:
        """Whether what other addresses of the host say matters, to what was or to one more visit."""
        matters = visit is not None and (visit.target is not None or visit.verdict is Verdict.UNREACHABLE)
        return matters or self.has_target or self.is_unreachable

    def holds(self, subject: Subject, now: datetime, host: HostView) -> bool:
        """Whether all visits so far are seen as they were when this was drawn."""
        return (
            self.latest <= now
            and self.published == subject.published
            and (not self.has_target or self.shared == host.shared)
            and (not self.is_unreachable or self.outages == host.outages)
        )

    def to_text(self) -> str:
        """The text by which it is stored; state, its time and failures are not in it."""
        pace, course = self.pace, self.course
        perhaps = (self.published, course.counted_at, course.counted_outage)
        surely = (self.latest, pace.born, pace.succeeded_at, pace.before, *self.outages)
        trouble = None if pace.trouble is None else pace.trouble // _MICROSECOND
        numbers = [self.visits, self.success, self.has_target, self.is_unreachable, self.shared]
        times = [*(None if at is None else seconds(at) for at in perhaps), *map(seconds, surely)]
        return json.dumps([*numbers, pace.quiet // _MICROSECOND, trouble, *times], separators=(",", ":"))

    @classmethod
    def of_text(cls, text: str, state: UrlState) -> RunningState:
        """The opposite of `to_text`; the last success has to be put in by `with_success`."""
        visits, success, has_target, is_unreachable, shared, quiet, trouble, *times = json.loads(text)
        published, counted_at, counted_outage = (None if at is None else instant(at) for at in times[:3])
        latest, born, succeeded_at, before, *outages = map(instant, times[3:])
        wait = None if trouble is None else trouble * _MICROSECOND
        pace = Pace(born, quiet * _MICROSECOND, succeeded_at, before, wait)
        course = StateCourse(state, counted_at, counted_outage)
        return cls(
            course, pace, visits, latest, published, success, bool(has_target), bool(is_unreachable), shared,
            tuple(outages),
        )  # fmt: skip

    def with_success(self, visit: VisitRecord) -> RunningState:
        """Put in the last visit that found the article."""
        return replace(self, pace=replace(self.pace, success=visit))


def stored_state(state: str, since: int | None, failures: int) -> UrlState:
    """The state in the columns of an address."""
    return UrlState(State(state), None if since is None else instant(since), failures)
