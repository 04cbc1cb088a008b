"""Which addresses a run asks for, and which seeds wait for each answer.

Held in a private temporary SQLite database that spills to disk, so that 100,000 seeds cost no memory.
Why on disk: docs/design.md D1.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import commonprefix
from urllib.parse import urlsplit

from archiver.urls import host_of

_BATCH_SEEDS = 200
"""Finished seeds that are written together; fewer cost a write each, more cost memory. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class Address:
    """One distinct address that at least one seed names."""

    number: int
    url: str


class Frontier:
    """Filled once, then walked once; every seed on it is finished exactly once.

    Any thread may fill it; all else belongs to the thread that made it.
    """

    def __init__(self) -> None:
        self._finished: list[tuple[str]] = []
        self._starts: dict[str, str] | None = None
        """By host with many addresses, what these have in common."""
        self._owner = threading.get_ident()
        # "" is SQLite's name for a temporary database on disk. A connection shares one prepared statement among all
        # that run the same text: two threads that read at once get "bad parameter or other API misuse", now and then.
        self._shared_database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._shared_database.executescript("""
            PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4000;
            CREATE TABLE address (number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host TEXT NOT NULL,
                chosen INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE seed (
                path TEXT PRIMARY KEY, number INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0
            ) WITHOUT ROWID;
            CREATE INDEX waiting ON seed (number);
            CREATE TABLE parked (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
        """)

    @property
    def _database(self) -> sqlite3.Connection:
        assert threading.get_ident() == self._owner, "the frontier is asked in another thread"
        return self._shared_database

    def add(self, path: str, url: str) -> None:
        """Let a seed wait for the answer of an address; the fragment, which no server sees, makes no other address."""
        address = url.partition("#")[0]
        host = urlsplit(address).netloc.lower()
        run = self._shared_database.execute
        run("INSERT OR IGNORE INTO address (url, host) VALUES (?, ?)", (address, host))
        run("INSERT OR IGNORE INTO seed (path, number) SELECT ?, number FROM address WHERE url = ?", (path, address))

    def __len__(self) -> int:
        (count,) = self._database.execute("SELECT count(*) FROM seed").fetchone()
        return int(count)

    def seeds_by_host(self) -> dict[str, int]:
        """Return how many seeds there are of each host."""
        counts: Counter[str] = Counter()
        rows = self._database.execute("SELECT min(url), count(*) FROM seed JOIN address USING (number) GROUP BY host")
        for url, count in rows:
            counts[host_of(url)] += count
        return counts

    def addresses(self) -> Iterator[Address]:
        """Every distinct address once, hosts taking turns, so that all of them are busy for as long as possible."""
        rows = self._database.execute("""
            SELECT number, url FROM (
                SELECT number, url, row_number() OVER (PARTITION BY host ORDER BY number) AS turn FROM address
            ) ORDER BY turn, number
        """)
        for number, url in rows:
            yield Address(number, url)

    def shared_start(self, url: str, at_least: int) -> str | None:
        """Return the beginning that an address has in common with all others of its host, up to a slash.

        None where the host has fewer than `at_least` addresses. Only for a frontier that is filled.
        """
        if self._starts is None:
            rows = self._database.execute(
                "SELECT host, min(rest), max(rest) FROM (SELECT host, substr(url, instr(url, '://') + 3) AS rest"
                " FROM address) GROUP BY host HAVING count(*) >= ?",
                (at_least,),
            )
            # What the first and the last in order have in common all between them have.
            self._starts = {host: commonprefix([first, last]).rpartition("/")[0] for host, first, last in rows}
        parts = urlsplit(url)
        start = self._starts.get(parts.netloc.lower())
        return None if start is None else f"{parts.scheme}://{start or parts.netloc}/"

    def take(self, url: str) -> Address | None:
        """Take one address out of turn; None when it is not on the list, or was taken before."""
        row = self._database.execute(
            "UPDATE address SET chosen = 1 WHERE url = ? AND NOT chosen RETURNING number, url", (url.partition("#")[0],)
        ).fetchone()
        return Address(*row) if row else None

    def seed_paths(self, number: int) -> list[str]:
        """Paths of the seeds that wait for an address, in order of their names."""
        rows = self._database.execute("SELECT path FROM seed WHERE number = ? ORDER BY path", (number,))
        return [path for (path,) in rows]

    def shared(self) -> Iterator[tuple[str, str]]:
        """(path, path of the first seed with the same address) of every seed that is not the first."""
        yield from self._database.execute("""
            SELECT path, first FROM (SELECT path, min(path) OVER (PARTITION BY number) AS first FROM seed)
            WHERE path <> first ORDER BY path
        """)

    def defer(self, content: bytes) -> None:
        """Keep something that has to wait for its turn."""
        self._database.execute("INSERT INTO parked (content) VALUES (?)", (content,))

    def next_deferred(self) -> bytes | None:
        """What has waited longest, which then waits no more; None when nothing waits."""
        row = self._database.execute("SELECT id, content FROM parked ORDER BY id LIMIT 1").fetchone()
        if row is None:
            return None
        self._database.execute("DELETE FROM parked WHERE id = ?", row[:1])
        return bytes(row[1])

    def finish(self, path: str) -> None:
        """Note that a seed has its result."""
        self._finished.append((path,))
        if len(self._finished) >= _BATCH_SEEDS:
            self._write_finished()

    def _write_finished(self) -> None:
        self._database.executemany("UPDATE seed SET finished = 1 WHERE path = ?", self._finished)
        self._finished.clear()

    def unfinished_seeds(self, chosen: bool) -> Iterator[tuple[str, str]]:
        """(path, url) of the seeds that have no result yet; `chosen`: only of addresses that were taken out of turn."""
        self._write_finished()
        yield from self._database.execute(
            "SELECT path, url FROM seed JOIN address USING (number) WHERE finished = 0 AND chosen >= ? ORDER BY path",
            (chosen,),
        )

    def close(self) -> None:
        """Drop the database; its file vanishes."""
        self._database.close()
