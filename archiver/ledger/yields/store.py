"""What the crawl writes into the ledger about what pages yielded, and the alarms."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from archiver.ledger.entries import seconds
from archiver.ledger.transactions import LedgerTransactions
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.rows import fields_text, selectors_text, usual_text
from archiver.ledger.yields.watch import ReadingWrite


class YieldStore(LedgerTransactions):
    """Readings and alarms."""

    def __init__(self, file: Path, database: sqlite3.Connection) -> None:
        super().__init__(file, database)
        self._selector_numbers: dict[str, int] = {}

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
        numbers = self._numbers_of(write.reading.selectors)
        fields, selectors = fields_text(write.reading, write.marks), selectors_text(write.marks, numbers)
        self._run("INSERT INTO reading VALUES (?, ?, ?, ?, ?)", host, visit, write.run, fields, selectors)

    def _numbers_of(self, names: Iterable[str]) -> dict[str, int]:
        """The numbers of selectors, given to those that have none yet."""
        numbers = self._selector_numbers
        for name in names:
            if name not in numbers:
                self._run("INSERT OR IGNORE INTO selector (name) VALUES (?)", name)
                (found,) = self._all("SELECT number FROM selector WHERE name = ?", name)[0]
                numbers[name] = int(found)
        return numbers

    def _after_rollback(self) -> None:
        # Numbers that were given in what was rolled back are nobody's.
        self._selector_numbers.clear()
        self._selector_names.clear()

    def _end_cleared_alarms(self) -> None:
        """After all visits are drawn anew: what a person has said since stands."""
        self._run("DELETE FROM alarm WHERE since <= (SELECT alarms_cleared FROM host WHERE name = alarm.host)")
