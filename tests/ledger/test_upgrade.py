"""A collection of the release before goes on: its collection file, ledger, index, WARCs and record of offers.

`release-0.1.0.tar.gz` was made by that release: `seed-archiver crawl seeds` and `refresh --due 2999-01-01` over six
seeds of a site on loopback. It is never made again; a collection of a later release gets a file of its own.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import tarfile
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import LedgerError
from archiver.ledger import LEDGER, Ledger, LedgerReader, schema
from archiver.ledger.schema import STEPS
from tests.conftest import seed_archiver

RELEASE = Path(__file__).parent / "release-0.1.0.tar.gz"
VERSION = 4
"""Of its ledger."""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    with tarfile.open(RELEASE) as packed:
        packed.extractall(tmp_path / "release", filter="data")
    return tmp_path / "release"


def _rows(file: Path) -> list[tuple[object, ...]]:
    database = sqlite3.connect(file)
    database.create_function("digest", 1, lambda value: value.hex() if isinstance(value, bytes) else value)
    rows = database.execute(
        "SELECT url, state, address.due, seed.path, missing, todo, at, verdict, digest(payload), digest(visit.text) "
        "FROM visit JOIN address ON address.number = visit.address JOIN seed ON seed.address = address.number "
        "ORDER BY visit.number, path"
    ).fetchall()
    database.close()
    return rows


def test_every_command_works_on_a_collection_of_the_release_before(collection: Path) -> None:
    file = collection / "archive" / LEDGER
    before = _rows(file)
    assert len(before) == 10
    status = seed_archiver("status", cwd=collection)
    assert (status.code, "older version (4); run `seed-archiver refresh` once" in status.stderr) == (1, True)
    # Of a seed that names no page, so that no clock makes anything due.
    assert seed_archiver("refresh", "-a", "only=about.md", cwd=collection).code == 0
    assert _rows(file) == before, "what was known is known"
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert isinstance(database.execute("SELECT payload FROM visit").fetchone()[0], bytes)
    told = json.loads(seed_archiver("status", "--json", cwd=collection).stdout)
    assert (told["seeds"], told["complete"], told["skipped"], told["states"]["moved"]) == (6, 0, 1, 1)
    history = seed_archiver("history", "seeds/2024/report-1.md", cwd=collection)
    assert history.stdout.count("article") == 2
    kept = seed_archiver("archive", "list", "--json", cwd=collection)
    assert kept.stdout.count("/news/") >= 5
    assert seed_archiver("archive", "check", cwd=collection).code == 0
    undone = seed_archiver("undo", "20261126T145358Z", "-s", "DRY_RUN=1", cwd=collection)
    assert undone.stdout.count("would put back") == 4
    drawn = seed_archiver("archive", "ledger", "-s", "PRIVATE_HOSTS=1", cwd=collection)
    assert drawn.code == 0
    assert sorted((row[0], row[1], row[3], row[7]) for row in _rows(file)) == sorted(
        (row[0], row[1], row[3], row[7]) for row in before
    )


def _upgrade_and_die(file: Path) -> None:
    upgrade = schema._migrate

    def die(*args: Any) -> None:
        upgrade(*args)
        os.kill(os.getpid(), signal.SIGKILL)

    schema._migrate = die  # type: ignore[assignment]
    schema.open_for_writing(file)


def test_an_upgrade_that_is_killed_leaves_the_old_ledger(collection: Path) -> None:
    file = collection / "archive" / LEDGER
    before = _rows(file)
    child = os.fork()
    if child == 0:  # killed when all is done but the last word
        _upgrade_and_die(file)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    database = sqlite3.connect(file)
    assert database.execute("PRAGMA user_version").fetchone() == (VERSION,)
    database.close()
    assert _rows(file) == before
    Ledger.open(file).close()
    assert _rows(file) == before


def test_a_newer_ledger_is_refused_with_a_sentence(collection: Path) -> None:
    file = collection / "archive" / LEDGER
    database = sqlite3.connect(file)
    database.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    database.close()
    newer = rf"was written by a newer version of this program \(schema {len(STEPS) + 1}, known {len(STEPS)}\); update"
    for opened in (Ledger.open, LedgerReader.open):
        with pytest.raises(LedgerError, match=newer):
            opened(file)
