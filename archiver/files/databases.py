"""Open SQLite databases for reading where this user may not write: in a folder, or on a disk, that is read-only.

A database with a write-ahead log (WAL) is read with two files beside it, which SQLite would make where they are missing
(https://www.sqlite.org/wal.html#read_only_databases).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path


def connect_for_reading(file: Path, timeout: float) -> sqlite3.Connection:
    """Return a connection to an existing database that changes nothing; `timeout` are seconds to wait for a writer.

    Raises sqlite3.Error, and OSError where nobody may read the file.
    """
    log, shared = (file.with_name(f"{file.name}-{end}") for end in ("wal", "shm"))
    if os.access(file.parent, os.W_OK) or shared.exists():
        return _connect(file, "mode=ro", timeout)
    if not log.exists() or not log.stat().st_size:
        # Nobody has it open, and no part of it lies elsewhere.
        return _connect(file, "immutable=1", timeout)
    # What a killed process, or a copy of its files, has left: with the log, and without what tells its contents.
    with tempfile.TemporaryDirectory(prefix="seed-archiver-") as folder:
        for part in (file, log):
            shutil.copyfile(part, Path(folder, part.name))
        with closing(sqlite3.connect(Path(folder, file.name))) as copy:
            database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            copy.backup(database)
            return database


def _connect(file: Path, how: str, timeout: float) -> sqlite3.Connection:
    uri = f"{file.resolve().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
