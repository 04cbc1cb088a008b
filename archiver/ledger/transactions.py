"""A ledger that can be written: statements, all or none of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from archiver.ledger.reader import LedgerReader
from archiver.ledger.schema import ledger_errors, open_for_writing


class LedgerTransactions(LedgerReader):
    """One process at a time writes; from one thread at a time."""

    @classmethod
    def open(cls, file: Path) -> Self:
        """Open or begin a ledger. Raises LedgerError."""
        return cls(file, open_for_writing(file))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._database.in_transaction:
            yield  # a part of the one that is under way
            return
        with ledger_errors(self.file):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.rollback()
                raise
            self._database.execute("COMMIT")

    def _run(self, statement: str, *values: object) -> None:
        self._database.execute(statement, values)

    def _last_number(self) -> int:
        """The number of the row that was inserted last."""
        (number,) = self._all("SELECT last_insert_rowid()")[0]
        return int(number)
