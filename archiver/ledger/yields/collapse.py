"""Have a host's pages stopped yielding an aspect? Exact binomial tests on the marks of its last pages.

Two questions, both about pages that each count once:

* of the pages that had it at their reading before, how many have lost it (an ordinary page keeps what it had);
* of all pages, how many have it, compared with those of earlier runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb

from archiver.ledger.yields.marks import Mark

MAX_BASELINE_PAGES = 60
"""Pages before the last ones that these are compared with; with fewer a host where four pages of five have an author is
taken for one where all have, with more a change of some months ago is remembered too long. By simulation."""
MIN_BASELINE_PAGES = 12
"""Pages of earlier runs from which the share of all pages is known; with fewer five pages without an author raise an
alarm at a host where half have one. By simulation."""
MAX_RECENT_SHARE = 0.2
"""Share of the last pages that still have it, below which it has collapsed; higher, a host where fewer sign is one
that stopped. Given by what an alarm is meant to say."""
MAX_CHANCE_PER_PAGES = ((5, 1 / 3000), (10, 1e-5), (20, 1e-5))
"""Numbers of last pages that are looked at, with the probability that an ordinary host has so few with the aspect. The
first is met by none of five where four of five had it (0.00032); the others catch hosts where fewer have it. One step
higher, an ordinary host raises an alarm in 400 new pages more often than one time in twenty. By simulation."""
MAX_PAIRED_PAGES = 5
"""The last pages that had it at their reading before; fewer cannot be told from chance where pages change, with more an
alarm comes later than within five pages. Given by what an alarm is meant to say."""
MIN_LOST_PAGES = 3
"""Pages among these that have lost it; with two, two edits raise an alarm. By simulation."""
MAX_LOSS_CHANCE = 1e-4
"""Probability that an ordinary host has so many pages that lost it; higher, a host that edits one page of thirty raises
alarms. By simulation."""
_MIN_LOST_WEIGHT, _MIN_SEEN_WEIGHT = 0.5, 25
"""Pages lost, of pages seen, that are counted before any is met: one of fifty loses what it had. With a larger share
three lost of five do not stand out at a host that is little known; without, a first edit is proof. By simulation."""
MIN_RECOVERY_FACTOR = 0.5
"""Share of the last pages that have it again, as a part of what the share was, from which an alarm ends; lower, one
page of the old layout ends it, higher, a host where half have it never gets rid of it. Chosen, not measured."""

_HITS = frozenset({Mark.FOUND, Mark.KEPT})
_PAIRED = frozenset({Mark.KEPT, Mark.LOST})


@dataclass(frozen=True, slots=True)
class SeenMark:
    """What the last reading of one address that says something said about an aspect."""

    mark: Mark
    run: int
    """The run that read it."""


@dataclass(frozen=True, slots=True)
class Collapse:
    """An aspect that the pages of a host have stopped yielding."""

    hits: int
    """Of the last pages, those that have it."""
    pages: int
    before_hits: int
    before_pages: int
    paired: bool = False
    """Whether the last pages are those that had it at their reading before, and are compared with that."""


def find_collapse(marks: Iterable[SeenMark], run: int) -> Collapse | None:
    """Return the collapse that the marks of a host show, newest first, one per address; None for an ordinary host.

    Pages of the same `run` are no measure for each other: a run over a collection that was never read meets old pages
    and new ones in any order, and no page has changed.
    """
    seen = [one for one in marks if one.mark is not Mark.NEVER]
    return _lost(seen) or _rare(seen, run)


def _lost(seen: Sequence[SeenMark]) -> Collapse | None:
    paired = [one.mark for one in seen if one.mark in _PAIRED]
    recent, older = paired[:MAX_PAIRED_PAGES], paired[MAX_PAIRED_PAGES:][:MAX_BASELINE_PAGES]
    lost = recent.count(Mark.LOST)
    if lost < MIN_LOST_PAGES:
        return None
    rate = (older.count(Mark.LOST) + _MIN_LOST_WEIGHT) / (len(older) + _MIN_SEEN_WEIGHT)
    if _chance(len(recent), lost, rate) > MAX_LOSS_CHANCE:
        return None
    return Collapse(len(recent) - lost, len(recent), len(recent), len(recent), paired=True)


def _rare(seen: Sequence[SeenMark], run: int) -> Collapse | None:
    for size, limit in MAX_CHANCE_PER_PAGES:
        recent = seen[:size]
        before = [one for one in seen[size:] if one.run != run][:MAX_BASELINE_PAGES]
        if len(recent) < size or len(before) < MIN_BASELINE_PAGES:
            return None
        hits, before_hits = (sum(one.mark in _HITS for one in part) for part in (recent, before))
        rate = 1 - before_hits / len(before)
        if hits < MAX_RECENT_SHARE * size and _chance(size, size - hits, rate) <= limit:
            return Collapse(hits, size, before_hits, len(before))
    return None


def has_recovered(marks: Iterable[SeenMark], collapse: Collapse) -> bool:
    """Whether the last pages of a host, newest first, yield an aspect again."""
    recent = [one.mark in _HITS for one in marks if one.mark is not Mark.NEVER][:MAX_PAIRED_PAGES]
    usual = collapse.before_hits / collapse.before_pages
    return sum(recent) >= MIN_RECOVERY_FACTOR * usual * len(recent) > 0


def _chance(pages: int, misses: int, rate: float) -> float:
    """Return the probability of so many misses or more."""
    return sum(comb(pages, n) * rate**n * (1 - rate) ** (pages - n) for n in range(misses, pages + 1))
