"""Write to the index of captures, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from archiver.archive.schema import KINDS, encode_digest, encode_name, encode_time, split_key
from archiver.models import CdxEntry
from archiver.urls import address_key


class IndexWriter:
    """Adds and removes rows. It is for one transaction: what it remembers of numbers, others may change later."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._run = database.execute
        self._words: dict[tuple[str, str], int] = {}

    def add(self, captures: Iterable[CdxEntry]) -> None:
        """Take captures in; one that lies at the same place is replaced."""
        for capture in captures:
            self._add(capture)

    def _add(self, capture: CdxEntry) -> None:
        key = address_key(capture.url)
        file = self._number("files", capture.file)
        self._run(
            "INSERT OR REPLACE INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._address(key),
                encode_time(capture.captured_at),
                file,
                capture.offset,
                capture.length,
                capture.status,
                self._number("mimes", capture.mime),
                KINDS.index(capture.kind),
                encode_digest(capture.digest),
                None if capture.url == key else capture.url,
            ),
        )
        for name in capture.names:
            self._run("INSERT OR IGNORE INTO names VALUES (?, ?, ?)", (file, capture.offset, encode_name(name)))

    def finish(self, file: str, size: int, damaged: int) -> None:
        """Note that all of a file has been read."""
        number = self._number("files", file)
        self._run("UPDATE files SET size = ?, damaged = ? WHERE id = ?", (size, damaged, number))

    def forget(self, file: str) -> None:
        """Drop a file with its captures, and the addresses and hosts that had no others."""
        for (number,) in self._run("SELECT id FROM files WHERE name = ?", (file,)).fetchall():
            self._run(
                "CREATE TEMP TABLE loose AS SELECT DISTINCT c.address, a.host "
                "FROM captures c JOIN addresses a ON a.id = c.address WHERE c.file = ?",
                (number,),
            )
            for table in ("names", "captures"):
                self._run(f"DELETE FROM {table} WHERE file = ?", (number,))  # noqa: S608  (constants)
            self._run(
                "DELETE FROM addresses WHERE id IN (SELECT address FROM loose l "
                "WHERE NOT EXISTS (SELECT 1 FROM captures c WHERE c.address = l.address))"
            )
            self._run(
                "DELETE FROM hosts WHERE id IN (SELECT host FROM loose l "
                "WHERE NOT EXISTS (SELECT 1 FROM addresses a WHERE a.host = l.host))"
            )
            self._run("DROP TABLE loose")
            self._run("DELETE FROM files WHERE id = ?", (number,))

    def _address(self, key: str) -> int:
        name, rest = split_key(key)
        host = self._number("hosts", name)
        found = self._run("SELECT id FROM addresses WHERE host = ? AND rest = ?", (host, rest)).fetchone()
        if found:
            return int(found[0])
        return int(self._run("INSERT INTO addresses (host, rest) VALUES (?, ?)", (host, rest)).lastrowid or 0)

    def _number(self, table: str, name: str) -> int:
        """The number of a file, a host or a media type, new where it has none."""
        if (table, name) not in self._words:
            found = self._run(f"SELECT id FROM {table} WHERE name = ?", (name,)).fetchone()  # noqa: S608  (constants)
            if found is None:
                self._run(f"INSERT INTO {table} (name) VALUES (?)", (name,))  # noqa: S608
                found = self._run("SELECT last_insert_rowid()").fetchone()
            self._words[table, name] = int(found[0])
        return self._words[table, name]
