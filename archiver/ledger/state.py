"""What the visits of an address say about it: alive, moved, failing, dead, blocked or walled.

One bad answer is never "dead". Dead takes three failures, each at least three days after the one counted before it,
and any success sets the count back to nothing. Answers that are about us (a block, a wall, robots.txt, our own limits)
never count.

Visits are given in the order in which they were recorded, which stays true when a clock does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from archiver.models import DriftKind, Origin, Verdict
from archiver.urls import same_page

MIN_DEAD_FAILURES = 3
"""Failures, each some days after the one before, from which an address is dead; with one fewer two bad weekends of a
server are enough, with more a page counts as dead later. Chosen, not measured."""
MIN_TIME_BETWEEN_FAILURES = timedelta(days=3)
"""Time from one failure to the next that counts; with less one outage over a weekend counts twice, with more a page
counts as dead later. Chosen, not measured."""
MAX_OUTAGE_TIME = timedelta(days=30)
"""Time; a host that is silent for longer is not merely out of order. Failures within one outage count once: with less
each failure during a long repair counts, with more the pages of a closed host count as dead later. Chosen, not
measured."""

SUCCESSES = frozenset({Verdict.ARTICLE, Verdict.WALLED})
"""The article is there."""
FAILURES = frozenset(
    {Verdict.GONE, Verdict.SOFT_404, Verdict.REDIRECTED_HOME, Verdict.NOT_ARTICLE, Verdict.UNREACHABLE}
)
"""The article is not there, today."""
REFUSALS = frozenset({Verdict.BLOCKED, Verdict.ROBOTS})
"""We are not let in. All other verdicts say nothing about the article."""
_SAME_MISSES = (FAILURES - {Verdict.UNREACHABLE}, REFUSALS, frozenset({Verdict.UNREACHABLE, Verdict.TIMEOUT}))
"""Ways to miss an article that alternate from visit to visit without anything being new: it is not there, we are not
let in, nobody answers."""


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """One request for an address and what came of it."""

    at: datetime
    """Aware, UTC; the ledger keeps it to the second."""
    verdict: Verdict
    status: int | None = None
    """None when there was no answer."""
    origin: Origin = "live"
    """What a public archive or saved pages answered says nothing about the address today, and changes no state."""
    payload: str | None = None
    """Digest of the answer's payload; of any kind, compared for equality only."""
    text: str | None = None
    """Digest of the extracted article: its fields and text."""
    drift: DriftKind | None = None
    etag: str | None = None
    last_modified: str | None = None
    target: str | None = None
    """The address that answered, where redirects led away from the one that was asked."""
    detail: str = ""
    """One sentence for a person."""


class State(StrEnum):
    """What is known about an address."""

    UNKNOWN = "unknown"
    """Never visited, or no answer so far says anything about the article."""
    ALIVE = "alive"
    MOVED = "moved"
    """The article was found at another address."""
    WALLED = "walled"
    """The article is there, behind a paywall."""
    FAILING = "failing"
    """Not there at the last visit that says anything; too early to call it dead."""
    DEAD = "dead"
    BLOCKED = "blocked"
    """The host, or its robots.txt, refuses us."""


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which a host answered on none of the addresses that were asked, two at least."""

    since: datetime
    until: datetime
    """The last visit without an answer, of which there may be more to come."""


@dataclass(frozen=True, slots=True)
class HostFacts:
    """What the visits of all addresses of a host say about each of them."""

    outages: tuple[Outage, ...] = ()
    """One outage counts once, however often it was met, until it has lasted too long to be one."""
    shared_targets: frozenset[str] = frozenset()
    """Places that the host sends unrelated addresses to: being sent there is a failure."""


NOTHING_KNOWN = HostFacts()


@dataclass(frozen=True, slots=True)
class UrlState:
    """The state of an address after its visits."""

    state: State
    since: datetime | None = None
    """The visit that brought it into this state; None when there was none."""
    failures: int = 0
    """Failures that count, since the last success."""
    moved_to: str | None = None
    """Set exactly when the last success was at another address."""
    last_success: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateCourse:
    """An address after some of its live visits: its state, and what the next visit is judged by."""

    state: UrlState = UrlState(State.UNKNOWN)
    counted_at: datetime | None = None
    """The last failure that counts since the last success."""
    counted_outage: datetime | None = None
    """The beginning of the outage that it was in."""

    def after(self, address: str, visit: VisitRecord, at: datetime, host: HostFacts) -> StateCourse:
        """Take in one more visit, which was at `at`."""
        verdict, state = verdict_of(visit, host), self.state
        if verdict in SUCCESSES:
            return StateCourse(_after_success(state, address, visit, at))
        if verdict in FAILURES:
            outage = _outage_at(at, host.outages) if verdict is Verdict.UNREACHABLE else None
            counted_at, counted_outage = self.counted_at, self.counted_outage
            if counted_at is None or (
                at - counted_at >= MIN_TIME_BETWEEN_FAILURES and (outage is None or outage.since != counted_outage)
            ):
                counted_at, counted_outage = at, outage.since if outage is not None else None
                state = replace(state, failures=state.failures + 1)
            dead = state.failures >= MIN_DEAD_FAILURES
            return StateCourse(_enter(state, State.DEAD if dead else State.FAILING, at), counted_at, counted_outage)
        if verdict in REFUSALS and state.state is not State.DEAD:
            return replace(self, state=_enter(state, State.BLOCKED, at))
        return self


def url_state(address: str, visits: Sequence[VisitRecord], now: datetime, host: HostFacts = NOTHING_KNOWN) -> UrlState:
    """The state that an address is in after `visits`."""
    seen = [visit for visit in visits if visit.origin == "live"]
    course = StateCourse()
    for visit, at in zip(seen, instants(seen, now), strict=True):
        course = course.after(address, visit, at, host)
    return course.state


def verdict_of(visit: VisitRecord, host: HostFacts) -> Verdict:
    """The verdict on a visit in the light of where other addresses of the host lead."""
    if visit.verdict in SUCCESSES and visit.target in host.shared_targets:
        return Verdict.SOFT_404
    return visit.verdict


def is_same_miss(before: Verdict, after: Verdict) -> bool:
    """Whether an address that was missed with the one verdict and then with the other is no news."""
    return (before is after and after not in SUCCESSES) or any({before, after} <= kinds for kinds in _SAME_MISSES)


def is_changed(before: VisitRecord, after: VisitRecord) -> bool:
    """Whether two successful visits met different articles; by their text, and by their bytes where it is unknown."""
    if before.text is not None and after.text is not None:
        return before.text != after.text
    return before.payload != after.payload


def repeat_visit(before: VisitRecord, at: datetime, status: int | None = None) -> VisitRecord:
    """The visit that found what an earlier one found: a 304, or an answer with the same payload.

    The verdict is that on the earlier payload, and so are its digests, validators and target.
    """
    return replace(before, at=at, status=before.status if status is None else status, origin="live")


def instants(visits: Sequence[VisitRecord], now: datetime) -> list[datetime]:
    """When each visit was, as far as can be known.

    A stamp after `now` was made by a clock that has been set back since. Its visit is put where it was recorded: at
    the next visit that has a possible stamp, or now.
    """
    result = []
    latest = now
    for visit in reversed(visits):
        if visit.at > now:
            result.append(latest)
        else:
            result.append(visit.at)
            latest = min(latest, visit.at)
    return result[::-1]


def _after_success(before: UrlState, address: str, visit: VisitRecord, at: datetime) -> UrlState:
    moved_to = visit.target if visit.target is not None and not same_page(address, visit.target) else None
    found = State.MOVED if moved_to else State.ALIVE
    state = State.WALLED if visit.verdict is Verdict.WALLED else found
    return replace(_enter(before, state, at), failures=0, moved_to=moved_to, last_success=at)


def _enter(before: UrlState, state: State, at: datetime) -> UrlState:
    return before if before.state is state else replace(before, state=state, since=at)


def _outage_at(at: datetime, outages: Sequence[Outage]) -> Outage | None:
    return next(
        (
            outage
            for outage in outages
            if outage.since <= at <= outage.until and outage.until - outage.since < MAX_OUTAGE_TIME
        ),
        None,
    )
