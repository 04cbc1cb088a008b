"""What the crawl writes into the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from archiver.ledger.digests import digest_value
from archiver.ledger.entries import (
    VISIT_COLUMNS,
    RunRecord,
    SeedTask,
    VisitWrite,
    instant,
    plain_address,
    seconds,
    visit_of,
    visit_row,
)
from archiver.ledger.pictures.store import PictureStore
from archiver.ledger.running import NOTHING_SEEN, HostView, NumberedVisit, RunningState, stored_state
from archiver.ledger.schedule import Subject, due_after, urgency
from archiver.ledger.seed_table import SeedTable
from archiver.ledger.soft404 import Probe, shared_targets
from archiver.ledger.state import SUCCESSES, State, UrlState, VisitRecord
from archiver.ledger.yields.store import YieldStore
from archiver.models import Verdict
from archiver.urls import host_of, same_page

REBUILDING = "archive ledger"
"""The command of the run that drew the ledger anew, as `begin` has it."""

_MAX_RESUME_TIME = timedelta(days=7)
"""Time; a run that was left off longer ago is not continued: everything would better be asked anew. With less a run
that stood still over a holiday starts again. Chosen, not measured."""
_SILENT = frozenset({Verdict.UNREACHABLE})
_NO_WORD = frozenset({Verdict.TIMEOUT, Verdict.ERROR, Verdict.NOT_SAVED, Verdict.ROBOTS, Verdict.REMOVED})
"""Says neither that a host answers nor that it does not."""
_INSERT_VISIT = f"INSERT INTO visit (address, run, {VISIT_COLUMNS}) VALUES (?, ?{', ?' * 11})"  # noqa: S608  (constants)


class Ledger(SeedTable, YieldStore, PictureStore):
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
        row = visit_row(visit)
        self._run(_INSERT_VISIT, number, run, *row)
        added = self._last_number(), visit_of(row)
        if entry.reading is not None:
            self._keep_reading(host, added[0], entry.reading)
        for archive in entry.refused_by:
            self._run("INSERT OR REPLACE INTO archive_refusal VALUES (?, ?, ?)", url, archive, seconds(now))
        for seed in entry.finished:
            missing = ",".join(seed.missing)
            self._run(
                "UPDATE seed SET todo = 0, missing = ?, stamp = CASE WHEN missing = ? THEN stamp END "
                "WHERE path = ? AND address = ?",
                missing, missing, seed.path, number,
            )  # fmt: skip
        for path in entry.failed:
            self._run("UPDATE seed SET todo = ? WHERE path = ? AND address = ?", SeedTask.FAILED, path, number)
        also: list[int] = []
        if visit.origin == "live":
            self._listen(host, number, visit)
            if visit.verdict in SUCCESSES:
                elsewhere = visit.target if visit.target and not same_page(url, visit.target) else None
                self._run(
                    "UPDATE address SET target = ? WHERE number = ? AND target IS NOT ?", elsewhere, number, elsewhere
                )
                also = self._share(host, elsewhere) if elsewhere else []
        self._judge(number, now, added)
        for one in also:
            self._judge(one, now)
        if entry.failed:
            # A second later, so that the run that is under way does not meet it again.
            self._run("UPDATE address SET due = ? WHERE number = ?", seconds(now) + 1, number)

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

    def _judge(self, number: int, now: datetime, added: NumberedVisit | None = None) -> None:
        """State, urgency and next due time of an address; `added` is the visit that was recorded just now."""
        url, host, incomplete, published, visits = self._all(
            "SELECT url, host, EXISTS (SELECT 1 FROM seed WHERE address = number AND missing <> ''), published, visits "
            "FROM address WHERE number = ?",
            number,
        )[0]
        subject = Subject(url, None if published is None else instant(published), bool(incomplete))
        if added is not None:
            visits += 1
        running = self._running_state(number, host, subject, now, added)
        state = UrlState(State.UNKNOWN) if running is None else running.course.state
        pace, live = (None, 0) if running is None else (running.pace, running.visits)
        # Under a clock that has been set back the times of visits are guesses, and better ones come later.
        is_kept = running is not None and running.latest <= now
        self._run(
            "UPDATE address SET state = ?, since = ?, failures = ?, incomplete = ?, urgency = ?, due = ?, visits = ?, "
            "running = ? WHERE number = ?",
            state.state.value, None if state.since is None else seconds(state.since), state.failures, incomplete,
            int(urgency(incomplete=bool(incomplete), visited=bool(visits))),
            seconds(due_after(subject, pace, live, now)) + 1, visits,
            running.to_text() if running is not None and is_kept else None, number,
        )  # fmt: skip

    def _running_state(
        self, number: int, host: str, subject: Subject, now: datetime, added: NumberedVisit | None
    ) -> RunningState | None:
        """What the live visits of an address come to: one more than before, or all of them anew."""
        if added is not None and added[1].origin != "live":
            added = None
        stored = self._stored_running_state(number)
        if stored is not None and (added is None or added[1].at <= now):
            needs_view = stored.needs_facts(added[1] if added is not None else None)
            view = self._view(subject.address, host) if needs_view else NOTHING_SEEN
            if stored.holds(subject, now, view):
                return stored if added is None else stored.after(subject.address, added, added[1].at, view)
        visits = self._live_visits(number)
        return RunningState.from_visits(subject, visits, now, self._view(subject.address, host)) if visits else None

    def _view(self, url: str, host: str) -> HostView:
        (shared,) = self._all("SELECT count(*) FROM shared_target WHERE host = ?", host)[0]
        return HostView(self.facts(url, host), int(shared))

    def _stored_running_state(self, number: int) -> RunningState | None:
        text, *state = self._all("SELECT running, state, since, failures FROM address WHERE number = ?", number)[0]
        if text is None:
            return None
        running = RunningState.of_text(text, stored_state(*state))
        if running.success is None:
            return running
        row = self._one(f"SELECT {VISIT_COLUMNS} FROM visit WHERE number = ?", running.success)  # noqa: S608  (a constant)
        return None if row is None else running.with_success(visit_of(row))

    def _live_visits(self, number: int) -> list[NumberedVisit]:
        rows = self._all(
            f"SELECT number, {VISIT_COLUMNS} FROM visit WHERE address = ? AND origin = 'live' ORDER BY number",  # noqa: S608  (a constant)
            number,
        )
        return [(row[0], visit_of(row[1:])) for row in rows]

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
        values = (
            host,
            seconds(probe.at),
            probe.verdict.value,
            probe.target,
            digest_value(probe.payload),
            digest_value(probe.text),
        )
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
                "running = NULL, urgency = CASE WHEN incomplete THEN 0 ELSE 1 END",
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
