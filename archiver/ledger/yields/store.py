"""What the crawl writes into the ledger about what pages yielded, and the alarms."""

from __future__ import annotations

from datetime import datetime

from archiver.ledger.entries import seconds
from archiver.ledger.transactions import LedgerTransactions
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.rows import fields_text, selectors_text, usual_text
from archiver.ledger.yields.watch import ReadingWrite


class YieldStore(LedgerTransactions):
    """Readings and alarms."""

    def raise_alarm(self, alarm: Alarm) -> None:
        """Keep an alarm until it ends."""
        found = alarm.collapse
        with self._transaction():
            self._run(
                "INSERT OR REPLACE INTO alarm (host, aspect, since, url, hits, pages, before_hits, before_pages, "
                "paired, usual) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                alarm.host, alarm.aspect, seconds(alarm.since), alarm.url, found.hits, found.pages, found.before_hits,
                found.before_pages, found.paired, usual_text(alarm),
            )  # fmt: skip

    def end_alarm(self, alarm: Alarm) -> None:
        """Forget an alarm."""
        with self._transaction():
            self._run("DELETE FROM alarm WHERE host = ? AND aspect = ?", alarm.host, alarm.aspect)

    def clear_alarms(self, host: str, now: datetime) -> None:
        """End the alarms of a host, and take its pages as they are from now on for what it yields."""
        with self._transaction():
            self._run(
                "INSERT INTO host (name, alarms_cleared) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET alarms_cleared = excluded.alarms_cleared",
                host, seconds(now),
            )  # fmt: skip
            self._run("DELETE FROM alarm WHERE host = ?", host)

    def _keep_reading(self, host: str, visit: int, write: ReadingWrite) -> None:
        numbers = {name: self._selector_number(name) for name in write.reading.selectors}
        fields, selectors = fields_text(write.reading, write.marks), selectors_text(write.marks, numbers)
        self._run("INSERT INTO reading VALUES (?, ?, ?, ?, ?)", host, visit, write.run, fields, selectors)

    def _selector_number(self, name: str) -> int:
        found = self._one("SELECT number FROM selector WHERE name = ?", name)
        if found is None:
            self._run("INSERT INTO selector (name) VALUES (?)", name)
            (found,) = self._all("SELECT number FROM selector WHERE name = ?", name)
        return int(found[0])

    def _end_cleared_alarms(self) -> None:
        """After all visits are drawn anew: what a person has said since stands."""
        self._run("DELETE FROM alarm WHERE since <= (SELECT alarms_cleared FROM host WHERE name = alarm.host)")
