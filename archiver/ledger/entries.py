"""The values that go into the ledger and come out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from types import MappingProxyType

from archiver.ledger.digests import digest_text, digest_value
from archiver.ledger.schedule import Urgency
from archiver.ledger.state import State, VisitRecord
from archiver.ledger.yields.watch import ReadingWrite
from archiver.models import DriftKind, Verdict

MAX_REFUSAL_AGE = timedelta(days=30)
"""Time for which a web archive that has closed a page is not asked for it again; exclusions are seldom lifted. With
less each run asks in vain, with more a page that was opened again is found later. Chosen, not measured."""
MAX_PAUSE_TIME = timedelta(days=1)
"""Time; a pause that ends later was set by a clock that has been set back since: the crawl sets none above a day. With
less such a pause would be ignored."""


@dataclass(frozen=True, slots=True)
class KnownSeed:
    """A seed as the scan of the seeds folder finds it."""

    path: str
    """Relative to the seeds folder, `/` between folders."""
    url: str
    missing: tuple[str, ...] = ()
    """Names of the fields that are blank."""
    published: datetime | None = None
    """The date of its article; aware."""
    decided: datetime | None = None
    """When a person last spoke of a value that the seed does not have; aware."""
    stamp: bytes | None = None
    """What a later scan knows the file by that this was read from; None: it is read again."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a scan of the whole seeds folder found to be different since the last one."""

    seeds: int
    added: int
    """Seeds whose address no seed had before."""
    moved: int
    """Seeds that have another path, and are known by their address."""
    removed: int


@dataclass(frozen=True, slots=True)
class SeedDone:
    """A seed that was held against the article of a visit, and written where that was called for."""

    path: str
    missing: tuple[str, ...] = ()
    """What is still blank."""


@dataclass(frozen=True, slots=True)
class VisitWrite:
    """One visit to be recorded."""

    url: str
    """The address as the seeds have it."""
    visit: VisitRecord
    finished: tuple[SeedDone, ...] = ()
    """The seeds that the visit finished; none where it brought no article."""
    reading: ReadingWrite | None = None
    """What the page yielded, where the visit has read it."""
    refused_by: tuple[str, ...] = ()
    """Web archives that hand out nothing of the address, by their names."""
    failed: tuple[str, ...] = ()
    """The paths of seeds that there was an article for, and that could not be dealt with: due again at once."""


class SeedTask(IntEnum):
    """What there is to do for a seed: the column `seed.todo`."""

    NONE = 0
    WAITS = 1
    """It is new at its address, or lacks more than at its last visit."""
    JUST_FOUND = 2
    """The same, while a scan goes on."""
    FAILED = 3
    """There was an article for it, and it could not be written or read."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What an address can be asked with, so that an unchanged page need not be sent or read again."""

    etag: str | None
    last_modified: str | None
    visit: VisitRecord
    """The last success, to be repeated by `state.repeat_visit` when nothing has changed."""

    @property
    def payload(self) -> str | None:
        """The digest that an unchanged payload has."""
        return self.visit.payload


@dataclass(frozen=True, slots=True)
class DueAddress:
    """An address whose turn has come."""

    url: str
    due: datetime
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class AddressRecord:
    """What the ledger knows of an address."""

    url: str
    state: State
    since: datetime | None
    failures: int
    moved_to: str | None
    due: datetime
    visits: int


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, over however many processes it was continued."""

    number: int
    kind: str
    """The command."""
    arguments: str
    """What was asked of it; a run is continued only by one that was asked the same."""
    started: datetime
    ended: datetime | None
    """None while it runs, and after it was killed."""
    complete: bool
    visits: int
    resumed: bool = False
    """Whether this process continues a run that an earlier one did not complete."""
    was_killed: bool = False
    """Whether that one ended without a word."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The whole collection in figures."""

    addresses: int
    """Those that a seed has."""
    by_state: Mapping[State, int]
    due: int
    next_due: datetime | None
    """When the next address that is not due yet will be."""
    visits: int
    last_run: RunRecord | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_state", MappingProxyType(dict(self.by_state)))


VISIT_COLUMNS = "at, verdict, status, origin, payload, text, drift, etag, last_modified, target, detail"


def visit_row(visit: VisitRecord) -> tuple[object, ...]:
    """A visit as a row of VISIT_COLUMNS."""
    return (
        seconds(visit.at), visit.verdict.value, visit.status, visit.origin, digest_value(visit.payload),
        digest_value(visit.text), visit.drift.value if visit.drift else None, visit.etag, visit.last_modified,
        visit.target, visit.detail,
    )  # fmt: skip


def visit_of(row: tuple[object, ...]) -> VisitRecord:
    """The opposite of `visit_row`."""
    at, verdict, status, origin, payload, text, drift, etag, last_modified, target, detail = row
    return VisitRecord(
        at=instant(at), verdict=Verdict(verdict), status=status, origin=origin,  # type: ignore[arg-type]
        payload=digest_text(payload), text=digest_text(text),
        drift=DriftKind(drift) if drift else None, etag=etag, last_modified=last_modified, target=target, detail=detail,  # type: ignore[arg-type]
    )  # fmt: skip  # SQLite's columns are what `visit_row` put there


def seconds(at: datetime) -> int:
    """Unix time, cut to the second."""
    return int(at.timestamp() // 1)


def instant(value: object) -> datetime:
    """The opposite of `seconds`."""
    assert isinstance(value, int)
    return datetime.fromtimestamp(value, UTC)


def plain_address(url: str) -> str:
    """The address without its fragment, which no server sees."""
    return url.partition("#")[0]
