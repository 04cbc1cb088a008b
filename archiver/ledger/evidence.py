"""Which captures the ledger goes by: those of the pages that its addresses had when they were last read."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from archiver.ledger.entries import instant
from archiver.ledger.schema import ledger_errors, open_for_reading
from archiver.ledger.state import SUCCESSES

_LAST_READ = """
WITH last AS (
    SELECT address, max(number) AS number FROM visit WHERE verdict IN ({verdicts}) GROUP BY address
)
SELECT a.url, seen.target, seen.at FROM last
JOIN visit v ON v.number = last.number
JOIN address a ON a.number = v.address
JOIN visit seen ON seen.number = (
    SELECT max(s.number) FROM visit s
    WHERE s.address = v.address AND s.status = 200 AND (s.number = v.number OR s.payload = v.payload)
)
"""
"""A 304 has no page: the last visit that had the same payload has."""


def captures_relied_on(file: Path) -> Iterator[tuple[str, datetime]]:
    """Return address and time of the captures that the state of an address was drawn from. Raises LedgerError."""
    if not file.exists():
        return
    verdicts = ", ".join(f"'{verdict.value}'" for verdict in sorted(SUCCESSES))
    with ledger_errors(file), contextlib.closing(open_for_reading(file)) as database:
        for url, target, at in database.execute(_LAST_READ.format(verdicts=verdicts)):
            yield url, instant(at)
            if target:
                yield target, instant(at)
