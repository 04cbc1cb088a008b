"""Take the sentences about some addresses out of the ledger; its digests and dates hold nothing of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archiver.ledger.schema import ledger_errors, open_for_writing


def clean_visits(file: Path, concerns: Callable[[str], bool]) -> int:
    """Empty what the visits of some addresses say in words, and let none of it be left in the file; how many did.

    Raises LedgerError.
    """
    if not file.exists():
        return 0
    database = open_for_writing(file)
    try:
        with ledger_errors(file):
            rows = database.execute("SELECT number, url, target FROM address").fetchall()
            found = [(number,) for number, *urls in rows if any(concerns(url) for url in urls if url)]
            before = database.total_changes
            database.execute("BEGIN IMMEDIATE")
            database.executemany("UPDATE visit SET detail = '' WHERE address = ? AND detail != ''", found)
            database.execute("COMMIT")
            changed = database.total_changes - before
            if changed:
                database.execute("VACUUM")
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return changed
    finally:
        database.close()
