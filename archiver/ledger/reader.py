"""Questions to the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archiver.ledger.digests import digest_text
from archiver.ledger.entries import (
    MAX_PAUSE_TIME,
    MAX_REFUSAL_AGE,
    VISIT_COLUMNS,
    AddressRecord,
    DueAddress,
    RunRecord,
    SeedTask,
    Summary,
    Validators,
    VisitWrite,
    instant,
    plain_address,
    seconds,
    visit_of,
)
from archiver.ledger.overview import OverviewQueries
from archiver.ledger.pictures.queries import PictureQueries
from archiver.ledger.schedule import MAX_WAIT_WITH_JITTER, Urgency
from archiver.ledger.soft404 import Probe, is_related
from archiver.ledger.state import SUCCESSES, HostFacts, Outage, State, VisitRecord
from archiver.models import Verdict

_PAGE_ROWS = 500
"""Rows of one answer of the database, which is free for others between two; fewer cost more questions, more cost
memory. No measurement is on record."""
_MAX_OUTAGES = 20
"""The last outages of a host that an address is judged by; with fewer an old failure counts again that a host-wide
outage explains, more cost time. No measurement is on record."""
MAX_CONFIRMATIONS = 4
"""Answers 304 in a row that are believed; the next visit asks for the page in full, for there are servers whose ETag or
Last-Modified never changes. With fewer pages that are as they were cost more, with more an edit on such a server is met
later. Chosen, not measured."""
_SUCCESSES = ", ".join(f"'{verdict.value}'" for verdict in sorted(SUCCESSES))


class LedgerReader(OverviewQueries, PictureQueries):
    """A ledger that is only read; the crawl may write it meanwhile."""

    def visits(self, url: str, last: int | None = None) -> list[VisitRecord]:
        """The visits of an address in the order in which they were recorded; all, or the last so many."""
        found = self._one("SELECT number FROM address WHERE url = ?", plain_address(url))
        return self._visits(found[0], -1 if last is None else last) if found else []

    def _visits(self, number: int, last: int) -> list[VisitRecord]:
        rows = self._all(
            f"SELECT {VISIT_COLUMNS} FROM visit WHERE address = ? ORDER BY number DESC LIMIT ?",  # noqa: S608  (a constant)
            number, last,
        )  # fmt: skip
        return [visit_of(row) for row in reversed(rows)]

    def address(self, url: str) -> AddressRecord | None:
        """What is known of an address; None when neither a seed nor a visit had it."""
        row = self._one(
            "SELECT url, state, since, failures, target, due, visits FROM address WHERE url = ?", plain_address(url)
        )
        if row is None:
            return None
        url, state, since, failures, target, due, visits = row
        found = State(state)
        moved_to = target if found is State.MOVED else None
        return AddressRecord(
            url, found, None if since is None else instant(since), failures, moved_to, instant(due), visits
        )

    def validators(self, url: str) -> Validators | None:
        """What to ask an address with; None when it must be asked without.

        That is so when it never succeeded, and while one of its seeds waits for an article: one that is new there,
        or lacks more than at its last visit. A 304 would leave it waiting. And it is so after MAX_CONFIRMATIONS.
        """
        waits = self._one(
            "SELECT 1 FROM seed WHERE todo AND address = (SELECT number FROM address WHERE url = ?)", plain_address(url)
        )
        visit = None if waits or self._is_only_confirmed(url) else self.last_success(url)
        return None if visit is None else Validators(visit.etag, visit.last_modified, visit)

    def _is_only_confirmed(self, url: str) -> bool:
        """Whether the last MAX_CONFIRMATIONS visits of an address were answered 304."""
        (count,) = self._all(
            "SELECT count(*) FROM (SELECT status FROM visit WHERE address = (SELECT number FROM address WHERE url = ?) "
            "AND origin = 'live' ORDER BY number DESC LIMIT ?) WHERE status = 304",
            plain_address(url), MAX_CONFIRMATIONS,
        )[0]  # fmt: skip
        return bool(count == MAX_CONFIRMATIONS)

    def last_success(self, url: str) -> VisitRecord | None:
        """The last visit that found the article at its site; None when there was none."""
        row = self._one(
            f"SELECT {VISIT_COLUMNS} FROM visit WHERE address = (SELECT number FROM address WHERE url = ?) "  # noqa: S608  (constants)
            f"AND origin = 'live' AND verdict IN ({_SUCCESSES}) ORDER BY number DESC LIMIT 1",
            plain_address(url),
        )
        return None if row is None else visit_of(row)

    def verdict_before(self, run: int, url: str) -> Verdict | None:
        """The verdict on the last live visit of an address that was not this run's; None when there was none."""
        row = self._one(
            "SELECT verdict FROM visit WHERE address = (SELECT number FROM address WHERE url = ?) "
            "AND origin = 'live' AND run IS NOT ? ORDER BY number DESC LIMIT 1",
            plain_address(url), run,
        )  # fmt: skip
        return None if row is None else Verdict(row[0])

    def is_text_known(self, run: int, url: str) -> bool:
        """Whether a run read the same article at an address, or its copy, as the last visit before it."""
        row = self._one(
            "SELECT (SELECT text FROM visit WHERE address = address.number AND text IS NOT NULL AND run IS ? "
            "ORDER BY visit.number DESC LIMIT 1) = (SELECT text FROM visit WHERE address = address.number "
            "AND text IS NOT NULL AND run IS NOT ? ORDER BY visit.number DESC LIMIT 1) FROM address WHERE url = ?",
            run, run, plain_address(url),
        )  # fmt: skip
        return row is not None and bool(row[0])

    def addresses(self) -> Iterator[str]:
        """Every address that is known; what is recorded meanwhile may be among them."""
        number = 0
        while rows := self._all(
            "SELECT number, url FROM address WHERE number > ? ORDER BY number LIMIT ?", number, _PAGE_ROWS
        ):
            yield from (url for _, url in rows)
            number = rows[-1][0]

    def uncaptured_visits(self) -> Iterator[tuple[datetime, VisitWrite]]:
        """The visits that no capture of the address tells of, in the order of their recording, with the time of that.

        They got no answer, or looked at a copy in its place, which is older than the visit.
        """
        number = 0
        while rows := self._all(
            f"SELECT number, (SELECT url FROM address WHERE number = visit.address), {VISIT_COLUMNS}, "  # noqa: S608  (constants)
            "CASE origin WHEN 'live' THEN at ELSE coalesce((SELECT at FROM visit AS one WHERE origin = 'live' AND "
            "one.address = visit.address AND one.number < visit.number ORDER BY number DESC LIMIT 1), at) END "
            "FROM visit WHERE number > ? AND (status IS NULL OR origin <> 'live') ORDER BY number LIMIT ?",
            number, _PAGE_ROWS,
        ):  # fmt: skip
            for _, url, *visit, at in rows:
                yield instant(at), VisitWrite(url, visit_of(tuple(visit)))
            number = rows[-1][0]

    def seeds(self, url: str) -> list[str]:
        """The paths of an address's seeds, as the last scan found them."""
        rows = self._all(
            "SELECT path FROM seed WHERE address = (SELECT number FROM address WHERE url = ?) ORDER BY path",
            plain_address(url),
        )
        return [path for (path,) in rows]

    def address_of(self, path: str) -> str | None:
        """The address of a seed by its path, as the last scan found it."""
        row = self._one("SELECT url FROM seed JOIN address ON address = number WHERE path = ?", path)
        return row[0] if row else None

    def due(self, now: datetime) -> Iterator[DueAddress]:
        """What is due, most urgent first, in each urgency what has waited longest; never all of it in memory.

        What is recorded meanwhile does not come up again. Addresses of hosts that want to be left alone are not due.
        """
        far = now + MAX_WAIT_WITH_JITTER
        for urgency in Urgency:
            for low, high in ((-(2**62), seconds(now)), (seconds(far) + 1, 2**62)):
                after = (low, 0)
                while rows := self._due_page(urgency, after, high, now):
                    for number, url, due in rows:
                        after = (due, number)
                        yield DueAddress(url, instant(due), urgency)

    def _due_page(
        self, urgency: Urgency, after: tuple[int, int], high: int, now: datetime
    ) -> list[tuple[int, str, int]]:
        return self._all(
            "SELECT number, url, due FROM address WHERE wanted AND urgency = ? AND (due, number) > (?, ?) AND due <= ? "
            "AND host NOT IN (SELECT name FROM host WHERE paused_until > ? AND paused_until <= ?) "
            "ORDER BY due, number LIMIT ?",
            int(urgency), *after, high, seconds(now), seconds(now + MAX_PAUSE_TIME), _PAGE_ROWS,
        )  # fmt: skip

    def paused_until(self, host: str, now: datetime) -> datetime | None:
        """Until when a host wants to be left alone; None when it does not."""
        row = self._one("SELECT paused_until FROM host WHERE name = ?", host)
        until = instant(row[0]) if row and row[0] is not None else None
        return until if until is not None and now < until <= now + MAX_PAUSE_TIME else None

    def refusing_archives(self, url: str, now: datetime) -> frozenset[str]:
        """The web archives that have said lately that they hand out nothing of an address."""
        rows = self._all(
            "SELECT archive FROM archive_refusal WHERE url = ? AND at > ? AND at <= ?",
            plain_address(url), seconds(now - MAX_REFUSAL_AGE), seconds(now),
        )  # fmt: skip
        return frozenset(archive for (archive,) in rows)

    def probe(self, host: str) -> Probe | None:
        """What a host answered last for an address that cannot exist."""
        row = self._one(
            "SELECT probe_at, probe_verdict, probe_target, probe_payload, probe_text FROM host WHERE name = ?", host
        )
        if row is None or row[0] is None:
            return None
        at, verdict, target, payload, text = row
        return Probe(instant(at), Verdict(verdict), target, digest_text(payload), digest_text(text))

    def facts(self, url: str, host: str) -> HostFacts:
        """What the visits of a host's addresses say about one of them."""
        outages = [
            Outage(instant(since), instant(until))
            for since, until in self._all(
                "SELECT since, until FROM outage WHERE host = ? ORDER BY until DESC LIMIT ?", host, _MAX_OUTAGES
            )
        ]
        row = self._one("SELECT silent_since, silent_until FROM host WHERE name = ? AND silent_several", host)
        if row and row[0] is not None:
            outages.append(Outage(instant(row[0]), instant(row[1])))
        targets = self._all("SELECT url FROM shared_target WHERE host = ?", host)
        return HostFacts(tuple(outages), frozenset(target for (target,) in targets if not is_related(url, target)))

    def was_visited_in(self, run: int, url: str) -> bool:
        """Whether a run has visited an address already; so that a run that is continued does not ask it again."""
        found = self._one(
            "SELECT 1 FROM visit WHERE address = (SELECT number FROM address WHERE url = ?) AND run = ? LIMIT 1",
            plain_address(url), run,
        )  # fmt: skip
        return found is not None

    def has_failed_seed(self, url: str) -> bool:
        """Whether a seed of an address could not be written, or read, when there was an article for it."""
        found = self._one(
            "SELECT 1 FROM seed WHERE todo = ? AND address = (SELECT number FROM address WHERE url = ?) LIMIT 1",
            SeedTask.FAILED, plain_address(url),
        )  # fmt: skip
        return found is not None

    def visited_in(self, run: int) -> list[str]:
        """The addresses that a run has visited, in that order."""
        query = (
            "SELECT url FROM address JOIN visit ON visit.address = address.number WHERE run = ? ORDER BY visit.number"
        )
        return list(dict.fromkeys(url for (url,) in self._all(query, run)))

    def last_run(self) -> RunRecord | None:
        """The run that was started last."""
        runs = self.runs(1)
        return runs[0].run if runs else None

    def summary(self, now: datetime) -> Summary:
        """The whole collection in figures."""
        states = self._all("SELECT state, count(*) FROM address WHERE wanted GROUP BY state")
        by_state = {State(state): count for state, count in states}
        until, far = seconds(now), seconds(now + MAX_WAIT_WITH_JITTER)
        (due, following) = self._all(
            "SELECT count(*) FILTER (WHERE due <= ? OR due > ?), min(due) FILTER (WHERE due > ? AND due <= ?) "
            "FROM address WHERE wanted",
            until, far, until, far,
        )[0]  # fmt: skip
        (visits,) = self._all("SELECT count(*) FROM visit")[0]
        next_due = None if following is None else instant(following)
        return Summary(sum(by_state.values()), by_state, due, next_due, visits, self.last_run())
