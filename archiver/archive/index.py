"""Which captures there are, where they lie, and what is in them: an index of WARC files in SQLite.

It holds nothing that the WARCs do not say, and can be made again from them whenever it is lost.
Why it is a cache: docs/design.md D49.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archiver.archive.base import distance
from archiver.models import CdxEntry
from archiver.urls import address_key

NOT_MODIFIED = 304
"""The status of an answer without a page, to a request that named what was known."""

_APPLICATION_ID = 0x5EEDA7C1
"""Tells the index from any other SQLite file (https://www.sqlite.org/pragma.html#pragma_application_id); any other
number would make every index that there is one of another program."""
_VERSION = 1
"""Of the tables; raised when they change, so that an index of another version is made anew."""
_MAX_BUSY_SECONDS = 30.0
"""Seconds to wait for another run's writing; with fewer a run fails beside one that takes in a large archive, with more
one waits in vain for a run that hangs. No measurement is on record."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
"""The unit in which the index counts time from 1970 on, as exact as a datetime."""

_TABLES = """
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER);
CREATE TABLE captures (
    file INTEGER NOT NULL REFERENCES files, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    key TEXT NOT NULL, url TEXT NOT NULL, at INTEGER NOT NULL, status INTEGER NOT NULL,
    mime TEXT NOT NULL, digest TEXT NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID;
CREATE INDEX by_address ON captures (key, at);
CREATE INDEX by_digest ON captures (digest, kind);
"""

_SELECT = """
SELECT c.url, c.at, c.status, c.mime, c.digest, c.kind, f.name, c.offset, c.length
FROM captures c JOIN files f ON f.id = c.file
"""
_ANSWERS = "c.kind IN ('response', 'revisit')"
"""What answers for an address: neither what a page in a browser fetched, nor what it became there."""
_IN_TIME = "ORDER BY c.key, c.at, f.name, c.offset"


class CaptureIndex:
    """An index in one SQLite file, which other processes may use at the same time, and any thread.

    Raises sqlite3.DatabaseError when the file is damaged, is no index, or one of another version.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the index in `file`, or an empty one that is gone with the object."""
        self._lock = threading.RLock()
        self._database = sqlite3.connect(
            file or ":memory:", timeout=_MAX_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._open()
        except sqlite3.Error:
            self._database.close()
            raise

    def _open(self) -> None:
        self._database.execute("PRAGMA journal_mode=WAL")
        # A power failure may cost the last entries, never the file; the WARCs are there to read them from again.
        self._database.execute("PRAGMA synchronous=NORMAL")
        with self._transaction():
            (tables,) = self._database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if not tables:
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._database.execute(statement)
                self._database.execute(f"PRAGMA application_id={_APPLICATION_ID}")
                self._database.execute(f"PRAGMA user_version={_VERSION}")
        (application,) = self._database.execute("PRAGMA application_id").fetchone()
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if application != _APPLICATION_ID or version != _VERSION:
            raise sqlite3.DatabaseError("it is not an index of this version")

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._database.close()

    def __len__(self) -> int:
        with self._lock:
            (count,) = self._database.execute("SELECT count(*) FROM captures").fetchone()
        return int(count)

    # ---- Captures ---------------------------------------------------------------------------------------------------

    def captures(self, url: str) -> list[CdxEntry]:
        """The captures of an address, the oldest first; those of one instant in the order of file and offset."""
        return list(self._select(f"WHERE c.key = ? AND {_ANSWERS}", address_key(url)))

    def conversions(self, prefix: str, *, whole: bool = True) -> list[CdxEntry]:
        """The rendered documents of an address, the oldest first; without `whole` of all addresses that begin so."""
        key = address_key(prefix)
        if whole:
            return list(self._select("WHERE c.key = ? AND c.kind = 'conversion'", key))
        return list(self._select("WHERE c.key >= ? AND c.key < ? AND c.kind = 'conversion'", key, _behind(key)))

    def following(self, url: str, since: datetime, until: datetime, most: int) -> list[CdxEntry]:
        """The captures of an address between two instants, both included, the oldest first; so many at most."""
        first, last = ((at - _BEGINNING) // _MICROSECOND for at in (since, until))
        with self._lock:
            rows = self._database.execute(
                f"{_SELECT} WHERE c.key = ? AND {_ANSWERS} AND c.at BETWEEN ? AND ? {_IN_TIME} LIMIT ?",
                (address_key(url), first, last, most),
            ).fetchall()
        return [_capture(row) for row in rows]

    def under(self, prefix: str) -> list[CdxEntry]:
        """The captures of all addresses that begin so, by address, then by time; subresources are among them."""
        first = address_key(prefix)
        return list(self._select("WHERE c.key >= ? AND c.key < ? AND c.kind != 'conversion'", first, _behind(first)))

    def known(self, digest: str) -> list[CdxEntry]:
        """The responses that carry this payload, the newest first, at most ten."""
        with self._lock:
            rows = self._database.execute(
                f"{_SELECT} WHERE c.digest = ? AND c.kind = 'response' ORDER BY c.at DESC, f.name, c.offset LIMIT 10",
                (digest,),
            ).fetchall()
        return [_capture(row) for row in rows]

    def with_digest(self, digest: str) -> list[CdxEntry]:
        """Every response that carries this payload and every revisit that repeats it, the oldest first."""
        with self._lock:
            rows = self._database.execute(
                f"{_SELECT} WHERE c.digest = ? AND {_ANSWERS} ORDER BY c.at, f.name, c.offset", (digest,)
            ).fetchall()
        return [_capture(row) for row in rows]

    def in_file(self, file: str) -> list[CdxEntry]:
        """All that is known of a file, in the order of the file."""
        with self._lock:
            rows = self._database.execute(f"{_SELECT} WHERE f.name = ? ORDER BY c.offset", (file,)).fetchall()
        return [_capture(row) for row in rows]

    def add(self, captures: Iterable[CdxEntry]) -> None:
        """Take captures in; one that is already there, by file and offset, is replaced."""
        with self._lock, self._transaction():
            self._add(captures)

    def replace_files(self, old: Iterable[str], new: str, captures: Iterable[CdxEntry], size: int) -> None:
        """Let a file of this size, with these captures, stand for others; nobody sees both, or none."""
        with self._lock, self._transaction():
            for name in old:
                self._forget(name)
            self._forget(new)
            self._add(captures)
            self._database.execute("UPDATE files SET size = ? WHERE id = ?", (size, self._number(new)))

    def vacuum(self) -> None:
        """Write the file anew, so that nothing of what was forgotten is left in it or in its log."""
        with self._lock:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _add(self, captures: Iterable[CdxEntry]) -> None:
        for capture in captures:
            self._database.execute(
                "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._number(capture.file),
                    capture.offset,
                    capture.length,
                    address_key(capture.url),
                    capture.url,
                    (capture.captured_at - _BEGINNING) // _MICROSECOND,
                    capture.status,
                    capture.mime,
                    capture.digest,
                    capture.kind,
                ),
            )

    def _select(self, condition: str, *values: str) -> Iterator[CdxEntry]:
        with self._lock:
            rows = self._database.execute(f"{_SELECT} {condition} {_IN_TIME}", values).fetchall()
        return map(_capture, rows)

    # ---- Files ------------------------------------------------------------------------------------------------------

    def sizes(self) -> dict[str, int | None]:
        """The files that have been read, with their size then, in bytes; None for one not yet read to its end."""
        with self._lock:
            return dict(self._database.execute("SELECT name, size FROM files"))

    def finish(self, file: str, size: int) -> None:
        """Note that all captures of a file of this size have been added."""
        with self._lock, self._transaction():
            self._database.execute("UPDATE files SET size = ? WHERE id = ?", (size, self._number(file)))

    def forget(self, file: str) -> None:
        """Drop a file with its captures."""
        with self._lock, self._transaction():
            self._forget(file)

    def _forget(self, file: str) -> None:
        self._database.execute("DELETE FROM captures WHERE file IN (SELECT id FROM files WHERE name = ?)", (file,))
        self._database.execute("DELETE FROM files WHERE name = ?", (file,))

    def _number(self, file: str) -> int:
        found = self._database.execute("SELECT id FROM files WHERE name = ?", (file,)).fetchone()
        if found:
            return int(found[0])
        return int(self._database.execute("INSERT INTO files (name) VALUES (?)", (file,)).lastrowid or 0)

    def _transaction(self) -> _Transaction:
        return _Transaction(self._database)


class _Transaction:
    """Takes the write lock at once: one that has read before it asks for the lock is refused, not made to wait."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def __enter__(self) -> None:
        self._database.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self._database.execute("COMMIT")
        finally:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")


def in_order(captures: Iterable[CdxEntry], at: datetime | None) -> list[CdxEntry]:
    """Captures in the order in which they are wanted: nearest in time first, the newest first without a time.

    `captures` are in time, those of one instant in the order of their writing; of these the last is wanted first.
    """
    last_first = list(captures)[::-1]
    return sorted(last_first, key=lambda capture: distance(capture.captured_at, at))


def _behind(prefix: str) -> str:
    """The first text that is greater than all that begin with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _capture(row: tuple[Any, ...]) -> CdxEntry:
    url, at, *rest = row
    return CdxEntry(url, _BEGINNING + at * _MICROSECOND, *rest)
