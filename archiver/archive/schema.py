"""The tables of the index of captures, and how their cells are written.

hosts      https://a.example/     what addresses begin with, once each
addresses  host + news/1          once each, whatever number of captures they have
captures   one row each, an address's in time beside each other; digests as bytes, words as numbers

Why so: docs/design.md D101.
"""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

from archiver.files.databases import connect_for_reading
from archiver.models import CaptureKind

_APPLICATION_ID = 0x5EEDA7C1
"""Tells the index from any other SQLite file (https://www.sqlite.org/pragma.html#pragma_application_id); any other
number would make every index that there is one of another program."""
_VERSION = 3
"""Of the tables; raised when they change, so that an index of another version is made anew."""
_MAX_BUSY_SECONDS = 30.0
"""Seconds to wait for another run's writing; with fewer a run fails beside one that takes in a large archive, with more
one waits in vain for a run that hangs. No measurement is on record."""
_MAX_CACHE_KIB = 16_384
"""KiB of the index that a process keeps in memory; with SQLite's own 2,000 reading in 300,000 captures takes a tenth
more processor time, four times as many make nothing quicker."""

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
"""The unit in which the index counts time from 1970 on, as exact as a datetime."""

KINDS = get_args(CaptureKind)
RESPONSE, REVISIT, CONVERSION = map(KINDS.index, ("response", "revisit", "conversion"))
"""The numbers that stand for kinds in the tables."""

_TABLES = """
CREATE TABLE files (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, size INTEGER, damaged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE mimes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE hosts (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE addresses (
    id INTEGER PRIMARY KEY, host INTEGER NOT NULL REFERENCES hosts, rest TEXT NOT NULL, UNIQUE (host, rest)
);
CREATE TABLE captures (
    address INTEGER NOT NULL REFERENCES addresses, at INTEGER NOT NULL,
    file INTEGER NOT NULL REFERENCES files, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    status INTEGER NOT NULL, mime INTEGER NOT NULL REFERENCES mimes, kind INTEGER NOT NULL,
    digest BLOB NOT NULL, url TEXT,
    PRIMARY KEY (address, at, file, offset)
) WITHOUT ROWID;
CREATE TABLE names (
    file INTEGER NOT NULL, offset INTEGER NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (file, offset, name)
) WITHOUT ROWID;
CREATE UNIQUE INDEX by_place ON captures (file, offset);
CREATE INDEX by_payload ON captures (digest, kind);
CREATE INDEX by_name ON names (name);
"""
"""`url` is there where it is not the address's key, `size` once all of a file was read, `damaged` counts its records
that cannot be."""

_SHA1 = re.compile(r"sha1:[A-Z2-7]{32}")


class OutdatedIndex(sqlite3.DatabaseError):
    """The file is an index, of another version of this program; the WARCs say all that it does."""


class Transaction:
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


def open_index(file: Path | None) -> sqlite3.Connection:
    """Open the index in `file`, or an empty one that is gone with the connection, on the disk where it grows large.

    Raises OutdatedIndex, and sqlite3.DatabaseError when the file is damaged or no index.
    """
    database = sqlite3.connect(file or "", timeout=_MAX_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _prepare(database)
    except sqlite3.Error:
        database.close()
        raise
    return database


def open_index_for_reading(file: Path) -> sqlite3.Connection:
    """Open the index in `file` without changing it.

    Raises what `open_index` does, and OSError where nobody may read the file.
    """
    database = connect_for_reading(file, _MAX_BUSY_SECONDS)
    try:
        _check(database)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection) -> None:
    database.execute("PRAGMA journal_mode=WAL")
    # A power failure may cost the last entries, never the file; the WARCs are there to read them from again.
    database.execute("PRAGMA synchronous=NORMAL")
    database.execute(f"PRAGMA cache_size=-{_MAX_CACHE_KIB}")
    with Transaction(database):
        (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if not tables:
            for statement in filter(str.strip, _TABLES.split(";")):
                database.execute(statement)
            database.execute(f"PRAGMA application_id={_APPLICATION_ID}")
            database.execute(f"PRAGMA user_version={_VERSION}")
    _check(database)


def _check(database: sqlite3.Connection) -> None:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if application != _APPLICATION_ID:
        raise sqlite3.DatabaseError("it is no index of captures")
    if version != _VERSION:
        raise OutdatedIndex("it was made by another version of this program")


def split_key(key: str) -> tuple[str, str]:
    """Part a key behind its host, so that parts sort as whole keys do.

    >>> split_key("https://a.example/news/1"), split_key("dns:a.example")
    (('https://a.example/', 'news/1'), ('dns:a.example', ''))
    """
    parts = key.split("/", 3)
    return ("/".join((*parts[:3], "")), parts[3]) if len(parts) == 4 else (key, "")


def encode_time(at: datetime) -> int:
    """Write an aware time as the index counts it."""
    return (at - _BEGINNING) // _MICROSECOND


def decode_time(at: int) -> datetime:
    """Read a time of the index; aware, UTC."""
    return _BEGINNING + at * _MICROSECOND


def encode_digest(digest: str) -> bytes | str:
    """Write a digest as the 20 bytes that it stands for; one of another kind, or misspelt, stays as it is."""
    return base64.b32decode(digest[5:]) if _SHA1.fullmatch(digest) else digest


def decode_digest(cell: bytes | str) -> str:
    """Read a digest of the index.

    >>> decode_digest(encode_digest("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ")), decode_digest(encode_digest("md5:0"))
    ('sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ', 'md5:0')
    """
    return "sha1:" + base64.b32encode(cell).decode() if isinstance(cell, bytes) else cell


def encode_name(name: str) -> int:
    """Write a name in eight bytes: two of a million share them once in forty million archives."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
