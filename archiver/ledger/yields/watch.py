"""The windows of the last pages of each host, and the alarms that stand: one object for a run, or for a rebuild."""

from __future__ import annotations

import statistics
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from archiver.ledger.yields.alarms import Alarm, Caution, alarm_sentence
from archiver.ledger.yields.collapse import SeenMark, find_collapse, has_recovered
from archiver.ledger.yields.marks import RULE, Mark, marks_of
from archiver.ledger.yields.readings import FIELDS, PageReading
from archiver.models import Field

MAX_WINDOW_PAGES = 160
"""The last readings of a host that the statistic sees; with fewer than it compares (20 with 60) a host whose pages are
read again and again is never known, with more each first reading of a host in a run costs time. Chosen, not
measured."""
MAX_WINDOW_HOSTS = 100
"""Hosts whose window is kept in memory; with fewer a run over many hosts in turn reads them again and again from the
ledger, with more it needs memory (0.2 MB each where rules have many selectors). Chosen, not measured."""
MIN_USUAL_SHARE = 0.2
"""Share of a host's pages from which a place counts as one that gives a field; lower, a stray value makes a fallback
usual, higher, one of several templates of a host is a stranger. Chosen, not measured."""
_MIN_UNASKED_PAGES = 5
"""Pages that are read without a selector being asked, after which its alarm ends: somebody has mended the rules. With
fewer a page of an older era ends it. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class WindowPage:
    """One reading of a page as the statistic sees it."""

    url: str
    run: int
    at: datetime
    marks: Mapping[str, Mark]
    places: Mapping[Field, str]
    body: int | None


@dataclass(frozen=True, slots=True)
class ReadingWrite:
    """A reading on its way into the ledger."""

    run: int
    reading: PageReading
    marks: Mapping[str, Mark]


@dataclass(frozen=True, slots=True)
class Watched:
    """What a reading says about its host."""

    write: ReadingWrite | None
    """None where there is nothing to note."""
    caution: Caution | None
    """None while no alarm stands."""
    standing: tuple[Alarm, ...]
    raised: tuple[Alarm, ...]
    ended: tuple[Alarm, ...]


class YieldLedger(Protocol):
    """What the watch asks of a ledger, and tells it."""

    def window(self, host: str, pages: int) -> list[WindowPage]:
        """The last readings of a host, oldest first."""

    def last_reading(self, url: str) -> tuple[datetime, PageReading] | None:
        """The last reading of an address, with its time."""

    def alarms(self, host: str | None = None) -> list[Alarm]:
        """The alarms that stand."""

    def alarms_cleared(self, host: str) -> datetime | None:
        """When a person said last that the pages of a host are well as they are."""

    def raise_alarm(self, alarm: Alarm) -> None:
        """Keep an alarm."""

    def end_alarm(self, alarm: Alarm) -> None:
        """Forget an alarm."""


@dataclass(slots=True)
class _Window:
    """One host."""

    pages: deque[WindowPage]
    alarms: dict[str, Alarm]
    cleared: datetime | None = None

    def last(self, at: datetime) -> Iterator[WindowPage]:
        """The pages, newest first, that may be compared with one read at a time."""
        for page in reversed(self.pages):
            if self.cleared is not None and page.at <= self.cleared < at:
                return
            yield page

    def marks(self, aspect: str, at: datetime) -> Iterator[SeenMark]:
        """What each address said last about an aspect, newest first."""
        seen = set()
        for page in self.last(at):
            mark = page.marks.get(aspect, Mark.NEVER)
            if mark is not Mark.NEVER and page.url not in seen:
                seen.add(page.url)
                yield SeenMark(mark, page.run)


@dataclass(slots=True)
class YieldWatch:
    """Looks at each reading in the light of those of its host before, and raises and ends alarms."""

    _ledger: YieldLedger
    _windows: OrderedDict[str, _Window] = field(default_factory=OrderedDict)

    def take(self, host: str, url: str, reading: PageReading, at: datetime, run: int) -> Watched:
        """Take a reading in; the alarms that it raises or ends are in the ledger afterwards."""
        window = self._window(host)
        marks = marks_of(reading, self._before(window, url, at), _usual_body(window.last(at)))
        window.pages.append(WindowPage(url, run, at, marks, reading.places or {}, reading.body))
        ended = self._end(window, at)
        raised = self._raise(window, host, url, at, run)
        standing = tuple(window.alarms.values())
        write = ReadingWrite(run, reading, marks) if marks else None
        return Watched(write, _caution(standing, reading), standing, raised, ended)

    def standing(self, host: str) -> tuple[Alarm, ...]:
        """The alarms of a host."""
        return tuple(self._window(host).alarms.values())

    def _window(self, host: str) -> _Window:
        window = self._windows.pop(host, None)
        if window is None:
            pages = deque(self._ledger.window(host, MAX_WINDOW_PAGES), MAX_WINDOW_PAGES)
            alarms = {alarm.aspect: alarm for alarm in self._ledger.alarms(host)}
            window = _Window(pages, alarms, self._ledger.alarms_cleared(host))
        self._windows[host] = window
        if len(self._windows) > MAX_WINDOW_HOSTS:
            self._windows.popitem(last=False)
        return window

    def _before(self, window: _Window, url: str, at: datetime) -> PageReading | None:
        known = self._ledger.last_reading(url)
        if known is None or (window.cleared is not None and known[0] <= window.cleared < at):
            return None
        return known[1]

    def _raise(self, window: _Window, host: str, url: str, at: datetime, run: int) -> tuple[Alarm, ...]:
        raised = []
        for aspect, mark in window.pages[-1].marks.items():
            if mark not in {Mark.ABSENT, Mark.LOST} or aspect in window.alarms:
                continue
            if (collapse := find_collapse(window.marks(aspect, at), run)) is not None:
                alarm = Alarm(host, aspect, at, url, collapse, _usual_places(window.last(at), run))
                self._ledger.raise_alarm(alarm)
                raised.append(alarm)
        window.alarms.update((alarm.aspect, alarm) for alarm in raised)
        return tuple(raised)

    def _end(self, window: _Window, at: datetime) -> tuple[Alarm, ...]:
        ended = []
        for alarm in tuple(window.alarms.values()):
            last = [page.marks for page, _ in zip(window.last(at), range(_MIN_UNASKED_PAGES), strict=False)]
            mended = alarm.aspect.startswith(RULE) and not any(alarm.aspect in marks for marks in last)
            if mended or has_recovered(window.marks(alarm.aspect, at), alarm.collapse):
                self._ledger.end_alarm(alarm)
                del window.alarms[alarm.aspect]
                ended.append(alarm)
        return tuple(ended)


def _caution(standing: tuple[Alarm, ...], reading: PageReading) -> Caution | None:
    if not standing:
        return None
    usual: dict[Field, set[str]] = {}
    for alarm in standing:
        for name, places in alarm.usual.items():
            usual.setdefault(name, set()).update(places)
    strangers = {name for name, place in (reading.places or {}).items() if place not in usual.get(name, ())}
    return Caution(alarm_sentence(standing), frozenset(strangers | {alarm.field for alarm in standing}))


def _usual_body(pages: Iterable[WindowPage]) -> int:
    lengths = [page.body for page in pages if page.body]
    return int(statistics.median(lengths)) if lengths else 0


def _usual_places(pages: Iterable[WindowPage], run: int) -> dict[Field, tuple[str, ...]]:
    """The places that gave each field before a run, the most frequent first."""
    counts: dict[Field, Counter[str]] = {name: Counter() for name in FIELDS}
    for page in pages:
        if page.run != run:
            for name, place in page.places.items():
                counts[name][place] += 1
    return {
        name: tuple(place for place, n in found.most_common() if n >= MIN_USUAL_SHARE * found.total())
        for name, found in counts.items()
        if found
    }
