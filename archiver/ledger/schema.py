"""The ledger's file: opening it, its tables, and the steps from one version of them to the next."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from archiver.errors import LedgerDamaged, LedgerError
from archiver.files.databases import connect_for_reading
from archiver.ledger.digests import digest_value
from archiver.program import program_name

APPLICATION_ID = 0x5EED1ED6
"""Tells the ledger from any other SQLite file (https://www.sqlite.org/pragma.html#pragma_application_id)."""

MAX_BUSY_SECONDS = 10.0
"""Seconds to wait for another process's writing; with fewer a command fails beside a busy run, with more one waits in
vain for a process that hangs. No measurement is on record."""

STEPS: tuple[str, ...] = (
    # 1
    """
    CREATE TABLE host (
        name TEXT PRIMARY KEY,
        paused_until INTEGER,
        probe_at INTEGER, probe_verdict TEXT, probe_target TEXT, probe_payload TEXT, probe_text TEXT,
        -- The silence that goes on: first and last visit without an answer, the first address, whether there are more.
        silent_since INTEGER, silent_until INTEGER, silent_address INTEGER, silent_several INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;
    CREATE TABLE outage (host TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL);
    CREATE INDEX outage_of_host ON outage (host, until);
    CREATE TABLE shared_target (host TEXT NOT NULL, url TEXT NOT NULL, PRIMARY KEY (host, url)) WITHOUT ROWID;
    CREATE TABLE address (
        number INTEGER PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        host TEXT NOT NULL,
        wanted INTEGER NOT NULL DEFAULT 0,      -- whether a seed has it
        incomplete INTEGER NOT NULL DEFAULT 0,  -- whether one of them lacks a field
        published INTEGER,
        state TEXT NOT NULL DEFAULT 'unknown',
        since INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,
        target TEXT,                            -- where its last success was, when elsewhere
        visits INTEGER NOT NULL DEFAULT 0,
        urgency INTEGER NOT NULL,
        due INTEGER NOT NULL
    );
    CREATE INDEX address_due ON address (urgency, due, number) WHERE wanted;
    CREATE INDEX address_target ON address (host, target) WHERE target IS NOT NULL;
    CREATE TABLE visit (
        number INTEGER PRIMARY KEY,
        address INTEGER NOT NULL REFERENCES address,
        run INTEGER REFERENCES run,
        at INTEGER NOT NULL,
        verdict TEXT NOT NULL,
        status INTEGER,
        origin TEXT NOT NULL,
        payload TEXT, text TEXT, drift TEXT, etag TEXT, last_modified TEXT, target TEXT,
        detail TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX visit_of_address ON visit (address);
    CREATE TABLE seed (
        path TEXT PRIMARY KEY,
        address INTEGER NOT NULL REFERENCES address,
        missing TEXT NOT NULL,                  -- names with a comma between them
        published INTEGER,
        todo INTEGER NOT NULL,                  -- new at its address, or lacking more than at its last visit
        scan INTEGER NOT NULL                   -- the last scan that met it
    ) WITHOUT ROWID;
    CREATE INDEX seed_of_address ON seed (address);
    CREATE TABLE run (
        number INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        arguments TEXT NOT NULL,
        started INTEGER NOT NULL,
        active INTEGER NOT NULL,                -- when it last recorded something
        ended INTEGER,
        complete INTEGER NOT NULL DEFAULT 0,
        visits INTEGER NOT NULL DEFAULT 0
    );
    """,
    # 2
    """
    CREATE TABLE selector (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE reading (                      -- what a visit yielded that read a page; ledger/yields/
        host TEXT NOT NULL,
        visit INTEGER NOT NULL,
        run INTEGER NOT NULL,                   -- as it is told apart from others; below 0 in a ledger drawn anew
        fields TEXT NOT NULL,                   -- marks, fields, places: `+author=class:byline -date +body=1234`
        selectors TEXT NOT NULL,                -- marks and numbers: `+12 !13`
        PRIMARY KEY (host, visit)
    ) WITHOUT ROWID;
    CREATE TABLE alarm (
        host TEXT NOT NULL,
        aspect TEXT NOT NULL,
        since INTEGER NOT NULL,
        url TEXT NOT NULL,
        hits INTEGER NOT NULL, pages INTEGER NOT NULL,
        before_hits INTEGER NOT NULL, before_pages INTEGER NOT NULL, paired INTEGER NOT NULL,
        usual TEXT NOT NULL,                    -- the places of each field: `author=class:byline,rel`
        PRIMARY KEY (host, aspect)
    ) WITHOUT ROWID;
    ALTER TABLE host ADD COLUMN alarms_cleared INTEGER;
    """,
    # 3
    """
    CREATE TABLE archive_refusal (              -- web archives that hand out nothing of an address, by their names
        url TEXT NOT NULL,
        archive TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (url, archive)
    ) WITHOUT ROWID;
    """,
    # 4
    """
    CREATE TABLE picture (                      -- what was found at the address of a picture; ledger/pictures/
        url TEXT PRIMARY KEY,
        verdict TEXT NOT NULL,
        detail TEXT NOT NULL,
        since INTEGER NOT NULL,                 -- when it was first found so
        checked INTEGER NOT NULL,
        due INTEGER NOT NULL,
        failures INTEGER NOT NULL,              -- checks in a row without an answer
        alive_at INTEGER,                       -- when it was last alive, and what it was then:
        mime TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, fingerprint TEXT NOT NULL,
        etag TEXT, last_modified TEXT,
        copy TEXT                               -- its copy in a web archive; empty where there is none
    ) WITHOUT ROWID;
    """,
    # 5
    """
    UPDATE visit SET payload = digest_value(payload), text = digest_value(text);
    UPDATE host SET probe_payload = digest_value(probe_payload), probe_text = digest_value(probe_text);
    ALTER TABLE address ADD COLUMN running TEXT;  -- ledger/running.py; NULL: to be drawn from the visits
    CREATE TABLE file (                         -- files below the seeds folder; takes the place of table seed
        path TEXT PRIMARY KEY,
        address INTEGER REFERENCES address,     -- NULL: it names none
        missing TEXT NOT NULL,
        published INTEGER,
        todo INTEGER NOT NULL,
        stamp BLOB                              -- of the file that this was read from; NULL: to be read again
    ) WITHOUT ROWID;
    INSERT INTO file SELECT path, address, missing, published, todo, NULL FROM seed;
    DROP TABLE seed;
    ALTER TABLE file RENAME TO seed;
    CREATE INDEX seed_of_address ON seed (address);
    CREATE TABLE scan (meaning BLOB NOT NULL);  -- one row: what the stamps hold for; config/meaning.py
    """,
)
"""Step n leads from version n - 1 to version n. A step that has been released is never edited; a new one is added."""


def open_for_writing(file: Path, steps: Sequence[str] = STEPS) -> sqlite3.Connection:
    """Open or make a ledger and bring it to the newest version. Raises LedgerError."""
    with ledger_errors(file):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                f"{file} cannot be made ({(error.strerror or '').lower()}); "
                "name a folder that can be written in ARCHIVE_DIR"
            ) from None
        database = sqlite3.connect(file, timeout=MAX_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _check(database, file, steps)
            database.create_function("digest_value", 1, digest_value, deterministic=True)
            # Readers go on while the crawl writes; a killed process loses nothing that was committed.
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("BEGIN IMMEDIATE")
            _migrate(database, file, steps)
            database.execute("COMMIT")
        except BaseException:
            database.close()
            raise
        return database


def open_for_reading(file: Path) -> sqlite3.Connection:
    """Open an existing ledger without changing it. Raises LedgerError."""
    with ledger_errors(file):
        if not os.access(file, os.R_OK):
            raise LedgerError(f"{file} may not be read; give this user read permission on it")
        try:
            database = connect_for_reading(file, MAX_BUSY_SECONDS)
        except OSError as error:
            raise LedgerError(f"{file} cannot be read ({(error.strerror or '').lower()}); mend that") from None
        try:
            version = _check(database, file, STEPS)
            if version < len(STEPS):
                raise LedgerError(
                    f"{file} is of an older version ({version}); run `{program_name()} refresh` once to renew it"
                )
        except BaseException:
            database.close()
            raise
        return database


def _check(database: sqlite3.Connection, file: Path, steps: Sequence[str]) -> int:
    """The file's version. Raises LedgerError for a file that is no ledger, or one from the future."""
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    (owner,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if tables and owner != APPLICATION_ID:
        raise LedgerError(f"{file} is another program's database; move it away, or name another folder in ARCHIVE_DIR")
    if version > len(steps):
        raise LedgerError(
            f"{file} was written by a newer version of this program (schema {version}, known {len(steps)}); "
            "update the program"
        )
    return int(version)


def _migrate(database: sqlite3.Connection, file: Path, steps: Sequence[str]) -> None:
    # Looked at again now that nobody else can write: two that open a new file at once must not both fill it.
    version = _check(database, file, steps)
    for number, step in enumerate(steps[version:], version + 1):
        for statement in statements(step):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {number}")
    if version == 0:
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one; `executescript` would commit what is open."""
    statement = ""
    for part in script.split(";"):
        statement += f"{part};"
        if sqlite3.complete_statement(statement):
            if statement.strip(" \n;"):
                yield statement
            statement = ""


@contextlib.contextmanager
def ledger_errors(file: Path) -> Iterator[None]:
    """Turn SQLite's errors into a LedgerError that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise damage_error(file, str(error)) from error
        raise LedgerError(f"{file} {_sentence(error, code)}") from error


def check_integrity(database: sqlite3.Connection, file: Path) -> None:
    """Read a ledger from one end to the other. Raises LedgerDamaged."""
    with ledger_errors(file):
        (found,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise damage_error(file, " ".join(found.split()))


def damage_error(file: Path, what: str) -> LedgerDamaged:
    """The error of a ledger that is damaged, which says what to do."""
    cure = (
        f"run `{program_name()} archive ledger`, which puts it aside and draws a new one, or move it away to begin anew"
    )
    return LedgerDamaged(f"{file} is damaged ({what}); {cure}")


def _sentence(error: sqlite3.Error, code: int) -> str:
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return "is locked by another program; wait until that has ended, or end it, and run again"
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH}:
        return f"cannot be written or opened ({error}); give this user write permission on it and on its folder"
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return f"cannot be written or read ({error}); make room on the disk, or check it, and run again"
    return f"cannot be used ({type(error).__name__}: {error}); move it away and run again"
