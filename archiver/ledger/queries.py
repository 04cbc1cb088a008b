"""An open ledger that can be asked: what every question and every statement to it shares."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Self

from archiver.ledger.schema import check_integrity, ledger_errors, open_for_reading


class LedgerQueries:
    """A ledger that is only read; the crawl may write it meanwhile."""

    def __init__(self, file: Path, database: sqlite3.Connection) -> None:
        self.file = file
        self._database = database

    @classmethod
    def open(cls, file: Path) -> Self | None:
        """The ledger in a file; None while there is none, because nothing was visited yet. Raises LedgerError."""
        return cls(file, open_for_reading(file)) if file.exists() else None

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def empty_log(self) -> None:
        """Write what stands in SQLite's log into the file itself; others who read may keep some of it."""
        with ledger_errors(self.file):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check_integrity(self) -> None:
        """Read all of it. Raises LedgerDamaged."""
        check_integrity(self._database, self.file)

    def copy_to(self, file: Path) -> None:
        """Write all that is known into a file that is not there yet."""
        with ledger_errors(self.file), contextlib.closing(sqlite3.connect(file)) as copy:
            self._database.backup(copy)

    def _all(self, question: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]  # rows are what SQLite says
        with ledger_errors(self.file):
            return self._database.execute(question, values).fetchall()

    def _one(self, question: str, *values: object) -> tuple | None:  # type: ignore[type-arg]
        with ledger_errors(self.file):
            row: tuple | None = self._database.execute(question, values).fetchone()  # type: ignore[type-arg]
            return row
