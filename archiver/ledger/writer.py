"""What the crawl writes into the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from archiver.ledger.entries import (
    FAILED_SEED,
    VISIT_COLUMNS,
    Followed,
    KnownSeed,
    RunRecord,
    VisitWrite,
    instant,
    plain_address,
    seconds,
    visit_row,
)
from archiver.ledger.pictures.store import PictureStore
from archiver.ledger.schedule import Subject, Urgency, next_due, urgency
from archiver.ledger.soft404 import Probe, shared_targets
from archiver.ledger.state import NOTHING_KNOWN, SUCCESSES, VisitRecord, url_state
from archiver.ledger.yields.store import YieldStore
from archiver.models import Verdict
from archiver.urls import host_of, same_page

REBUILDING = "archive ledger"
"""The command of the run that drew the ledger anew, as `begin` has it."""

_MAX_VISITS = 200
"""The last visits of an address that its state is drawn from; older ones are kept to be read. With fewer the state of
an often visited address forgets what it was, more cost time at each visit. No measurement is on record."""
_MAX_RESUME_TIME = timedelta(days=7)
"""Time; a run that was left off longer ago is not continued: everything would better be asked anew. With less a run
that stood still over a holiday starts again. Chosen, not measured."""
_SILENT = frozenset({Verdict.UNREACHABLE})
_NO_WORD = frozenset({Verdict.TIMEOUT, Verdict.ERROR, Verdict.NOT_SAVED, Verdict.ROBOTS, Verdict.REMOVED})
"""Says neither that a host answers nor that it does not."""
_INSERT_VISIT = f"INSERT INTO visit (address, run, {VISIT_COLUMNS}) VALUES (?, ?{', ?' * 11})"  # noqa: S608  (constants)


class Ledger(YieldStore, PictureStore):
    """The ledger of a running crawl. One process at a time writes; from one thread at a time."""

    def begin(self, kind: str, arguments: str, now: datetime) -> RunRecord:
        """Start a run; or continue the last one, if that was asked the same and did not complete."""
        with self._transaction():
            last = self.last_run()
            if last is not None and (last.kind, last.arguments, last.complete) == (kind, arguments, False):
                (active,) = self._all("SELECT active FROM run WHERE number = ?", last.number)[0]
                if timedelta(0) <= now - instant(active) <= _MAX_RESUME_TIME:
                    self._run("UPDATE run SET ended = NULL, active = ? WHERE number = ?", seconds(now), last.number)
                    return RunRecord(
                        last.number, kind, arguments, last.started, None, False, last.visits, True, last.ended is None
                    )
            at = seconds(now)
            self._run("INSERT INTO run (kind, arguments, started, active) VALUES (?, ?, ?, ?)", kind, arguments, at, at)
            started = self.last_run()
            assert started is not None
            return started

    def end(self, run: int, now: datetime, *, complete: bool) -> None:
        """End a run; `complete` says that nothing of what it was asked is left to do."""
        with self._transaction():
            self._run("UPDATE run SET ended = ?, complete = ? WHERE number = ?", seconds(now), complete, run)

    def record(self, entries: Iterable[VisitWrite], now: datetime, run: int | None = None) -> None:
        """Write visits, the seeds they finished, and when to look again, all in one transaction."""
        with self._transaction():
            count = 0
            for entry in entries:
                count += 1
                self._record(entry, now, run)
            self._run("UPDATE run SET visits = visits + ?, active = ? WHERE number = ?", count, seconds(now), run)

    def _record(self, entry: VisitWrite, now: datetime, run: int | None) -> None:
        url, visit = plain_address(entry.url), entry.visit
        number, host = self._number(url, now), host_of(url)
        self._run(_INSERT_VISIT, number, run, *visit_row(visit))
        if entry.reading is not None:
            self._keep_reading(host, self._last_number(), entry.reading)
        for archive in entry.refused_by:
            self._run("INSERT OR REPLACE INTO archive_refusal VALUES (?, ?, ?)", url, archive, seconds(now))
        for seed in entry.finished:
            self._run(
                "UPDATE seed SET todo = 0, missing = ? WHERE path = ? AND address = ?",
                ",".join(seed.missing), seed.path, number,
            )  # fmt: skip
        for path in entry.failed:
            self._run("UPDATE seed SET todo = ? WHERE path = ? AND address = ?", FAILED_SEED, path, number)
        also: list[int] = []
        if visit.origin == "live":
            self._listen(host, number, visit)
            if visit.verdict in SUCCESSES:
                elsewhere = visit.target if visit.target and not same_page(url, visit.target) else None
                self._run(
                    "UPDATE address SET target = ? WHERE number = ? AND target IS NOT ?", elsewhere, number, elsewhere
                )
                also = self._share(host, elsewhere) if elsewhere else []
        self._judge(number, now)
        for one in also:
            self._judge(one, now)
        if entry.failed:
            # A second later, so that the run that is under way does not meet it again.
            self._run("UPDATE address SET due = ? WHERE number = ?", seconds(now) + 1, number)

    def _number(self, url: str, now: datetime) -> int:
        found = self._one("SELECT number FROM address WHERE url = ?", url)
        if found is None:
            self._run(
                "INSERT INTO address (url, host, urgency, due) VALUES (?, ?, ?, ?)",
                url, host_of(url), int(Urgency.NEVER_VISITED), seconds(now),
            )  # fmt: skip
            (found,) = self._all("SELECT number FROM address WHERE url = ?", url)
        return int(found[0])

    def _listen(self, host: str, number: int, visit: VisitRecord) -> None:
        """Note whether the host answers at all."""
        if visit.verdict in _NO_WORD:
            return
        known = self._one("SELECT silent_since FROM host WHERE name = ?", host)
        if known == (None,) and visit.verdict not in _SILENT:
            return
        if known is None:
            self._run("INSERT INTO host (name) VALUES (?)", host)
        at = seconds(visit.at)
        if visit.verdict in _SILENT:
            self._run(
                "UPDATE host SET silent_several = silent_several OR "
                "(silent_since IS NOT NULL AND silent_address <> ?), "
                "silent_address = coalesce(silent_address, ?), silent_since = min(coalesce(silent_since, ?), ?), "
                "silent_until = max(coalesce(silent_until, ?), ?) WHERE name = ?",
                number, number, at, at, at, at, host,
            )  # fmt: skip
            return
        self._run(
            "INSERT INTO outage SELECT name, silent_since, silent_until FROM host WHERE name = ? AND silent_several",
            host,
        )
        self._run(
            "UPDATE host SET silent_since = NULL, silent_until = NULL, silent_address = NULL, silent_several = 0 "
            "WHERE name = ? AND silent_since IS NOT NULL",
            host,
        )

    def _share(self, host: str, target: str) -> list[int]:
        """The addresses to judge anew because the place they lead to turns out to be nobody's article."""
        if self._one("SELECT 1 FROM shared_target WHERE host = ? AND url = ?", host, target):
            return []
        numbers = dict(
            self._all("SELECT url, number FROM address WHERE host = ? AND target = ? LIMIT 500", host, target)
        )
        found = shared_targets((url, target) for url in numbers).get(target)
        if not found:
            return []
        self._run("INSERT INTO shared_target (host, url) VALUES (?, ?)", host, target)
        return [numbers[url] for url in sorted(found)]

    def _judge(self, number: int, now: datetime) -> None:
        """State, urgency and next due time of an address, from its visits."""
        url, host, incomplete, published = self._all(
            "SELECT url, host, EXISTS (SELECT 1 FROM seed WHERE address = number AND missing <> ''), published "
            "FROM address WHERE number = ?",
            number,
        )[0]
        visits = self._visits(number, _MAX_VISITS)
        # The host's other addresses matter to failures and to redirects only.
        is_plain = all(visit.verdict in SUCCESSES and visit.target is None for visit in visits)
        facts = NOTHING_KNOWN if is_plain else self.facts(url, host)
        state = url_state(url, visits, now, facts)
        subject = Subject(url, None if published is None else instant(published), bool(incomplete))
        self._run(
            "UPDATE address SET state = ?, since = ?, failures = ?, incomplete = ?, urgency = ?, due = ?, "
            "visits = (SELECT count(*) FROM visit WHERE address = ?) WHERE number = ?",
            state.state.value, None if state.since is None else seconds(state.since), state.failures, incomplete,
            int(urgency(incomplete=bool(incomplete), visited=bool(visits))),
            seconds(next_due(subject, visits, now, facts)) + 1, number, number,
        )  # fmt: skip

    def follow(self, seeds: Iterable[KnownSeed], now: datetime) -> Followed:
        """Take over what a scan of the whole seeds folder found. A seed is known by its address, whatever its path.

        Addresses that a new seed has, or whose seed lacks more than before, are due at once, and so are those of a seed
        of which a person has spoken since. Those that no seed has any
        more keep their visits and are not due.
        """
        with self._transaction():
            (scan,) = self._all("SELECT coalesce(max(scan), 0) + 1 FROM seed")[0]
            count = 0
            for seed in seeds:
                count += 1
                self._meet(seed, int(scan), now)
            return self._sweep(count, int(scan), now)

    def _meet(self, seed: KnownSeed, scan: int, now: datetime) -> None:
        number, missing = self._number(plain_address(seed.url), now), ",".join(seed.missing)
        published = None if seed.published is None else seconds(seed.published)
        known = self._one("SELECT address, missing, published, todo FROM seed WHERE path = ?", seed.path)
        fresh = known is None or known[0] != number
        later = "SELECT 1 FROM visit WHERE address = ? AND at > ? LIMIT 1"
        is_decided = seed.decided is not None and self._one(later, number, seconds(seed.decided)) is None
        lacks_more = known is not None and not known[3] and bool(set(seed.missing) - set(known[1].split(",")))
        todo = 2 if fresh or lacks_more or is_decided else known[3] if known else 0
        self._run(
            "INSERT INTO seed (path, address, missing, published, todo, scan) VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (path) DO UPDATE SET address = excluded.address, missing = excluded.missing, "
            "published = excluded.published, todo = excluded.todo, scan = excluded.scan",
            seed.path, number, missing, published, todo, scan,
        )  # fmt: skip

    def _sweep(self, count: int, scan: int, now: datetime) -> Followed:
        """After a scan: seeds that were not met are gone, or have another path. `todo` is 2 where it is new."""
        moved = self._all(
            "SELECT new.path, old.todo, old.missing = new.missing FROM seed AS new JOIN seed AS old USING (address) "
            "WHERE new.scan = ? AND new.todo = 2 AND old.scan < new.scan GROUP BY old.path",
            scan,
        )
        for path, todo, same in moved:
            if same:
                self._run("UPDATE seed SET todo = ? WHERE path = ?", todo, path)
        (gone,) = self._all("SELECT count(*) FROM seed WHERE scan < ?", scan)[0]
        (added,) = self._all(
            "SELECT count(*) FROM seed JOIN address ON address = number WHERE todo = 2 AND NOT wanted AND visits = 0"
        )[0]
        self._run("DELETE FROM seed WHERE scan < ?", scan)
        self._run("UPDATE address SET due = ? WHERE number IN (SELECT address FROM seed WHERE todo = 2)", seconds(now))
        self._run("UPDATE seed SET todo = 1 WHERE todo = 2")
        self._run("""
            UPDATE address SET wanted = s.path IS NOT NULL, incomplete = coalesce(s.incomplete, 0),
                published = coalesce(s.published, address.published),
                urgency = CASE WHEN coalesce(s.incomplete, 0) THEN 0 WHEN visits THEN 2 ELSE 1 END
            FROM (SELECT number AS n, min(path) AS path, max(missing <> '') AS incomplete,
                    min(seed.published) AS published
                FROM address LEFT JOIN seed ON seed.address = number GROUP BY number) AS s
            WHERE number = s.n
        """)
        return Followed(count, added, len(moved), max(0, gone - len(moved)))

    def pause(self, host: str, until: datetime) -> None:
        """Leave a host alone for some time, in later runs too; a day at most is believed."""
        with self._transaction():
            self._run(
                "INSERT INTO host (name, paused_until) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET paused_until = excluded.paused_until",
                host, seconds(until),
            )  # fmt: skip

    def keep_probe(self, host: str, probe: Probe) -> None:
        """Keep what a host answered for an address that cannot exist."""
        values = (host, seconds(probe.at), probe.verdict.value, probe.target, probe.payload, probe.text)
        with self._transaction():
            self._run(
                "INSERT INTO host (name, probe_at, probe_verdict, probe_target, probe_payload, probe_text) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET "
                "probe_at = excluded.probe_at, probe_verdict = excluded.probe_verdict, "
                "probe_target = excluded.probe_target, probe_payload = excluded.probe_payload, "
                "probe_text = excluded.probe_text",
                *values,
            )

    def rebuild(self, entries: Iterable[VisitWrite], now: datetime) -> int:
        """Draw all visits anew, given in the order of their times; returns how many there are.

        While `entries` makes the next one it may ask the ledger, which knows those before and no later ones. Seeds,
        runs and pauses stay known. All of it happens or nothing.
        """
        with self._transaction():
            run = self.begin(REBUILDING, "", now).number
            for table in ("visit", "outage", "shared_target", "reading", "alarm"):
                self._run(f"DELETE FROM {table}")  # noqa: S608  (constants)
            self._run(
                "UPDATE address SET state = 'unknown', since = NULL, failures = 0, target = NULL, visits = 0, due = ?, "
                "urgency = CASE WHEN incomplete THEN 0 ELSE 1 END",
                seconds(now),
            )
            self._run(
                "UPDATE host SET silent_since = NULL, silent_until = NULL, silent_address = NULL, silent_several = 0, "
                "probe_at = NULL"
            )
            count, then = 0, datetime.min.replace(tzinfo=UTC)
            for entry in entries:
                # When to look again was decided when the visit was recorded.
                then = max(then, min(entry.visit.at, now))
                self._record(entry, then, run)
                count += 1
            self._end_cleared_alarms()
            self._run("UPDATE run SET visits = ? WHERE number = ?", count, run)
            self.end(run, now, complete=True)
            return count
