"""What runs have written to seeds, and what waits for a person: `ARCHIVE_DIR/offers.sqlite`.

Not in the ledger, which can be drawn anew from what was kept: no capture tells that a value stood in a seed.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

from archiver.errors import OffersError
from archiver.files.databases import connect_for_reading

OFFERS = "offers.sqlite"
"""Its name in ARCHIVE_DIR."""

_MAX_BUSY_SECONDS = 10.0
"""Seconds to wait for another process's writing; with fewer a command fails beside a busy run, with more one waits in
vain for a process that hangs. No measurement is on record."""

_TABLES = """
CREATE TABLE IF NOT EXISTS written (
    path TEXT NOT NULL, address TEXT NOT NULL, field TEXT NOT NULL, digest TEXT NOT NULL,
    at REAL NOT NULL,   -- when it was first written
    head TEXT NOT NULL, -- the commit that HEAD was at then; empty without git
    seen REAL,          -- when a scan first met it in the seed, since it was last written
    PRIMARY KEY (path, field, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS written_to_address ON written (address, field, digest);
CREATE TABLE IF NOT EXISTS waiting (
    path TEXT NOT NULL, address TEXT NOT NULL, field TEXT NOT NULL, digest TEXT NOT NULL,
    PRIMARY KEY (path, field)
) WITHOUT ROWID;
"""


class Offer(NamedTuple):
    """A value that a page offered for a field of a seed."""

    path: str
    url: str
    field: str
    digest: str


class WrittenValue(NamedTuple):
    """A value that a run wrote in place."""

    path: str
    """Where the seed lay then."""
    at: float
    """When it was first written, in seconds since 1970."""
    head: str
    """The commit that HEAD was at then; empty without git."""
    seen: float | None
    """When a later scan first met it in the seed; None while none has, since it was last written."""


class OfferRecord:
    """The file. Every method raises OffersError, whose sentence names it and says what to do."""

    def __init__(self, file: Path, database: sqlite3.Connection) -> None:
        self.file = file
        self._database = database
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, *, writable: bool) -> Self | None:
        """Open the record in ARCHIVE_DIR, making it where it is to be written; else None while there is none."""
        file = folder / OFFERS
        if not writable and not file.exists():
            return None
        with _errors(file):
            if writable:
                folder.mkdir(parents=True, exist_ok=True)
            database = (
                sqlite3.connect(file, timeout=_MAX_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                if writable
                else connect_for_reading(file, _MAX_BUSY_SECONDS)
            )
            try:
                if writable:
                    database.execute("PRAGMA journal_mode = WAL")
                    database.execute("PRAGMA synchronous = NORMAL")
                    database.executescript(_TABLES)
                database.execute("SELECT count(*) FROM waiting").fetchone()
            except BaseException:
                database.close()
                raise
        return cls(file, database)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    @contextlib.contextmanager
    def _held(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _errors(self.file):
            yield self._database

    def written(self, offer: Offer) -> list[WrittenValue]:
        """Return when this very value was written to the seed; by its address too, for it may have been renamed."""
        with self._held() as database:
            rows = database.execute(
                "SELECT path, at, head, seen FROM written WHERE field = ? AND digest = ? AND (path = ? OR address = ?)",
                (offer.field, offer.digest, offer.path, offer.url),
            ).fetchall()
        return [WrittenValue(*row) for row in rows]

    def note_written(self, offers: Iterable[Offer], at: float, head: str) -> None:
        """Note values before they are written; the first time of each stays."""
        with self._held() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "INSERT INTO written (path, address, field, digest, at, head) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (path, field, digest) DO UPDATE SET seen = NULL, address = excluded.address",
                [(*offer, at, head) for offer in offers],
            )
            database.execute("COMMIT")

    def forget(self, offers: Iterable[Offer]) -> None:
        """Know nothing any more of values that were written."""
        with self._held() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "DELETE FROM written WHERE path = ? AND field = ? AND digest = ?",
                [(offer.path, offer.field, offer.digest) for offer in offers],
            )
            database.execute("COMMIT")

    def unseen(self, path: str) -> list[tuple[str, str]]:
        """Return (field, digest) of what was written to a seed and was not met there yet."""
        with self._held() as database:
            return database.execute(
                "SELECT field, digest FROM written WHERE path = ? AND seen IS NULL", (path,)
            ).fetchall()

    def unseen_paths(self) -> list[str]:
        """Return the seeds to which something was written that was not met there yet."""
        with self._held() as database:
            return [path for (path,) in database.execute("SELECT DISTINCT path FROM written WHERE seen IS NULL")]

    def note_seen(self, offers: Iterable[Offer], at: float) -> None:
        """Note that a scan has met these values in their seeds."""
        with self._held() as database:
            database.execute("BEGIN IMMEDIATE")
            database.executemany(
                "UPDATE written SET seen = ? WHERE path = ? AND field = ? AND digest = ?",
                [(at, offer.path, offer.field, offer.digest) for offer in offers],
            )
            database.execute("COMMIT")

    def note_waiting(self, path: str, offers: Iterable[Offer]) -> None:
        """Note what waits for a seed, in the place of what waited before."""
        with self._held() as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("DELETE FROM waiting WHERE path = ?", (path,))
            database.executemany("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?)", offers)
            database.execute("COMMIT")

    def waiting(self) -> Iterator[Offer]:
        """Return what waited when each seed was last held against its page, in the order of paths."""
        with self._held() as database:
            rows = database.execute("SELECT path, address, field, digest FROM waiting ORDER BY path, field").fetchall()
        return (Offer(*row) for row in rows)


@contextlib.contextmanager
def _errors(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise OffersError(
            f"{file} cannot be used ({str(error).lower()}); give this user write permission on it, or move it away: "
            "what people took away without git is then forgotten"
        ) from None
