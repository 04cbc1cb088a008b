"""A database is read where nothing may be written, whatever a killed process left beside it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from archiver.files.databases import connect_for_reading


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """A database as a killed process leaves it: one row in the file, the other in its log."""
    with contextlib.closing(sqlite3.connect(tmp_path / "one.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE seed (path)")
        database.execute("INSERT INTO seed VALUES ('in the file')")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA user_version = 7")
        database.execute("INSERT INTO seed VALUES ('in the log')")
        return Path(shutil.copytree(tmp_path, tmp_path / "killed")) / "one.sqlite"


@pytest.mark.parametrize(
    ("beside", "rows", "version"),
    [(("-wal", "-shm"), 2, 7), (("-wal",), 2, 7), ((), 1, 0)],
    ids=["log and its index", "log alone", "nothing"],
)
def test_what_lies_beside_a_database_is_read_and_nothing_is_made_there(
    killed: Path, beside: tuple[str, ...], rows: int, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for end in {"-wal", "-shm"} - set(beside):
        killed.with_name(killed.name + end).unlink()
    there = sorted(killed.parent.iterdir())
    # For root every folder can be written.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    killed.parent.chmod(0o555)
    try:
        with contextlib.closing(connect_for_reading(killed, 1)) as database:
            assert len(database.execute("SELECT path FROM seed").fetchall()) == rows
            assert database.execute("PRAGMA user_version").fetchone() == (version,)
        assert sorted(killed.parent.iterdir()) == there
    finally:
        killed.parent.chmod(0o755)


def test_a_database_that_can_be_written_is_not_changed_either(killed: Path) -> None:
    with contextlib.closing(connect_for_reading(killed, 1)) as database, pytest.raises(sqlite3.OperationalError):
        database.execute("DELETE FROM seed")
