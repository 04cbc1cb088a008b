"""Questions to the ledger about the whole collection: its hosts, its runs, and what is in trouble."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from archiver.ledger.entries import MAX_PAUSE_TIME, RunRecord, instant, seconds
from archiver.ledger.state import SUCCESSES, State
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.queries import YieldQueries

_SUCCESSES = ", ".join(f"'{verdict.value}'" for verdict in sorted(SUCCESSES))


@dataclass(frozen=True, slots=True)
class HostRecord:
    """What the ledger knows of one host."""

    host: str
    by_state: Mapping[State, int]
    """The addresses that a seed has."""
    last_success: datetime | None
    """When one of its articles was found last at the site."""
    paused_until: datetime | None
    alarms: tuple[Alarm, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_state", MappingProxyType(dict(self.by_state)))

    @property
    def addresses(self) -> int:
        """How many addresses there are."""
        return sum(self.by_state.values())


@dataclass(frozen=True, slots=True)
class RunCounts:
    """One run and what its visits came to."""

    run: RunRecord
    articles: int
    missed: int


@dataclass(frozen=True, slots=True)
class TroubledSeed:
    """A seed whose address is not simply alive."""

    path: str
    url: str
    state: State
    since: datetime | None
    moved_to: str | None
    missed: bool
    """Whether its last visit brought no article, not from an archive either."""


class OverviewQueries(YieldQueries):
    """What `scrapy status` asks."""

    def runs(self, last: int) -> list[RunCounts]:
        """The last runs, newest first."""
        rows = self._all(
            "SELECT number, kind, arguments, started, ended, complete, visits FROM run ORDER BY number DESC LIMIT ?",
            last,
        )
        if not rows:
            return []
        counts: defaultdict[int, Counter[bool]] = defaultdict(Counter)
        for run, found, count in self._all(
            f"SELECT run, verdict IN ({_SUCCESSES}), count(*) FROM visit WHERE run >= ? GROUP BY 1, 2",  # noqa: S608  (constants)
            rows[-1][0],
        ):
            counts[run][bool(found)] += count
        return [RunCounts(run_of(row), counts[row[0]][True], counts[row[0]][False]) for row in rows]

    def hosts(self, now: datetime) -> list[HostRecord]:
        """The hosts of all addresses that a seed has, by name."""
        states: defaultdict[str, dict[State, int]] = defaultdict(dict)
        for host, state, count in self._all(
            "SELECT host, state, count(*) FROM address WHERE wanted GROUP BY host, state ORDER BY host"
        ):
            states[host][State(state)] = count
        successes = dict(
            self._all(
                "SELECT host, max(at) FROM visit JOIN address ON address.number = visit.address "  # noqa: S608  (constants)
                f"WHERE origin = 'live' AND verdict IN ({_SUCCESSES}) GROUP BY host"
            )
        )
        pauses = dict(
            self._all(
                "SELECT name, paused_until FROM host WHERE paused_until > ? AND paused_until <= ?",
                seconds(now), seconds(now + MAX_PAUSE_TIME),
            )
        )  # fmt: skip
        alarms: defaultdict[str, list[Alarm]] = defaultdict(list)
        for alarm in self.alarms():
            alarms[alarm.host].append(alarm)
        for host in alarms:
            states.setdefault(host, {})  # its seeds are gone
        return [
            HostRecord(host, found, _instant(successes.get(host)), _instant(pauses.get(host)), tuple(alarms[host]))
            for host, found in sorted(states.items())
        ]

    def troubled_seeds(self) -> Iterator[TroubledSeed]:
        """The seeds whose address is dead, moved, failing or blocked, or whose last visit missed, by path."""
        rows = self._all(
            "SELECT path, url, state, since, target, last FROM ("  # noqa: S608  (constants)
            "SELECT path, url, state, since, target, visits, "
            "(SELECT verdict FROM visit WHERE address = address.number ORDER BY visit.number DESC LIMIT 1) AS last "
            "FROM seed JOIN address ON seed.address = address.number) "
            f"WHERE state IN ('dead', 'moved', 'failing', 'blocked') OR last NOT IN ({_SUCCESSES}) ORDER BY path"
        )
        for path, url, state, since, target, last in rows:
            moved_to = target if state == State.MOVED.value else None
            missed = last not in {verdict.value for verdict in SUCCESSES}
            yield TroubledSeed(path, url, State(state), _instant(since), moved_to, missed)


def run_of(row: tuple) -> RunRecord:  # type: ignore[type-arg]  # rows are what SQLite says
    """The run of a row of the table, in the order of its columns but the time of its last record."""
    number, kind, arguments, started, ended, complete, visits = row
    return RunRecord(number, kind, arguments, instant(started), _instant(ended), bool(complete), visits)


def _instant(value: int | None) -> datetime | None:
    return None if value is None else instant(value)
