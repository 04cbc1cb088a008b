"""Pictures in the ledger: what a look makes of what was known, and when the next is due."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archiver.ledger import Ledger, LedgerReader
from archiver.ledger.pictures.records import PictureCheck, PictureRecord, after_check
from archiver.models import PictureJudgement, PictureVerdict

URL = "https://img.example/boat.jpg"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ALIVE = PictureJudgement(PictureVerdict.ALIVE, "", "image/jpeg", 640, 400, "00ff00ff00ff00ff")
GONE = PictureJudgement(PictureVerdict.GONE, "It answered 404.")
SILENT = PictureJudgement(PictureVerdict.UNKNOWN, "No answer.")


def look(before: PictureRecord | None, days: float, found: PictureJudgement, *, silent: bool = False) -> PictureRecord:
    return after_check(URL, before, PictureCheck(NOW + days * DAY, found, silent, etag='"e"'))


def test_what_is_known_outlives_the_process_and_the_picture(tmp_path: Path) -> None:
    alive = look(None, 0, ALIVE)
    gone = look(alive, 31, GONE)
    assert (gone.alive_at, gone.fingerprint, gone.since) == (NOW, ALIVE.fingerprint, NOW + 31 * DAY)
    file = tmp_path / "ledger.sqlite"
    with closing(Ledger.open(file)) as ledger:
        assert ledger.picture(URL) is None
        ledger.keep_picture(alive)
        ledger.keep_picture(gone)
    reader = LedgerReader.open(file)
    assert reader is not None
    with closing(reader):
        assert reader.picture(URL) == replace(gone, due=gone.due.replace(microsecond=0))
        assert reader.picture_count() == 1


@pytest.mark.parametrize(
    ("found", "first", "longest"), [(ALIVE, 30, 180), (GONE, 90, 360), (SILENT, 3, 30)], ids=["alive", "gone", "silent"]
)
def test_the_time_to_the_next_look_doubles_up_to_a_limit(found: PictureJudgement, first: int, longest: int) -> None:
    known, waits = None, []
    at = 0.0
    for _ in range(9):
        known = look(known, at, found)
        waits.append((known.due - known.checked) / DAY)
        at += waits[-1]
    assert first <= waits[0] <= first * 1.1
    assert all(before * 1.5 < after or longest <= after <= longest * 1.1 for before, after in pairwise(waits))
    assert not known or not known.is_due(known.checked + DAY)
    assert known is not None
    assert known.is_due(known.due)
    assert known.is_due(known.checked - 400 * DAY), "a clock that was set back"


def test_a_host_that_never_answers_has_lost_its_pictures() -> None:
    known = look(None, 0, ALIVE)
    verdicts = []
    for days in (40, 44, 51):
        known = look(known, days, SILENT, silent=True)
        verdicts.append(known.verdict.value)
    assert verdicts == ["unknown", "unknown", "gone"]
    assert "has not answered 3 times" in known.detail
    assert look(known, 200, SILENT).failures == 0, "it answers again, though it refuses"


def test_a_ledger_of_before_takes_pictures(tmp_path: Path) -> None:
    file = tmp_path / "ledger.sqlite"
    with closing(sqlite3.connect(file)) as database:
        database.executescript((Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8"))
    with closing(Ledger.open(file)) as ledger:
        ledger.keep_picture(look(None, 0, GONE))
        assert ledger.picture_count() == 1
        assert [due.url for due in ledger.due(NOW + 99 * DAY)]
