"""`scrapy status` and `scrapy history`, as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.ledger import KnownSeed, Ledger, VisitWrite
from archiver.ledger.state import VisitRecord
from archiver.models import Verdict
from tests.conftest import scrapy

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def seed(folder: Path, name: str, title: str = "One") -> str:
    url = f"https://a.example/{name}"
    (folder / f"{name}.md").write_text(f'---\norigin_url: "{url}"\ntitle: "{title}"\n---\n\nText.\n')
    return url


def test_status_and_history_of_a_collection(tmp_path: Path, seeds: Path) -> None:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    alive, dead = seed(seeds, "alive"), seed(seeds, "dead", "")
    run = scrapy("status", *where)
    assert (run.code, run.stderr) == (2, "")
    assert "nothing was visited yet" in run.stdout
    run = scrapy("history", *where, "alive.md")
    assert (run.code, run.stdout) == (0, f"{alive} was not visited yet\n")
    assert not (tmp_path / "archive").exists()

    ledger = Ledger.open(tmp_path / "archive" / "ledger.sqlite")
    ledger.follow([KnownSeed("alive.md", alive), KnownSeed("dead.md", dead, ("title",))], NOW)
    number = ledger.begin("refresh", "", NOW).number
    visit = VisitRecord(NOW, Verdict.ARTICLE, 200, text="a")
    ledger.record(
        [VisitWrite(alive, visit), VisitWrite(alive, replace(visit, at=NOW + DAY, text="b"))], NOW + DAY, number
    )
    for days in (0, 3, 6):
        at = NOW + days * DAY
        ledger.record([VisitWrite(dead, VisitRecord(at, Verdict.GONE, 404, detail="Not \x1b[31mthere."))], at, number)
    ledger.end(number, NOW + 6 * DAY, complete=True)
    ledger.close()

    run = scrapy("status", *where, "--json")
    assert run.code == 2
    report = json.loads(run.stdout)
    assert (report["seeds"], report["complete"], report["missing"]) == (2, 1, {"title": 1})
    assert (report["states"]["alive"], report["states"]["dead"]) == (1, 1)
    assert (report["last_run"]["visits"], report["last_run"]["complete"]) == (5, True)
    assert "address dead" in scrapy("status", *where).stdout

    run = scrapy("history", *where, "--json", alive)
    assert run.code == 0
    assert [json.loads(line)["changed"] for line in run.stdout.splitlines()] == ["first visit", "the article changed"]
    run = scrapy("history", *where, seeds / "dead.md")
    assert run.code == 2
    assert f"{dead} is dead since 2026-01-07T12:00:00Z" in run.stdout
    assert "\x1b" not in run.stdout
    (seeds / "dead.md").unlink()
    assert scrapy("history", *where, "dead.md").code == 2


def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, seeds: Path) -> None:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path}"]
    run = scrapy("history", *where, "nothing.md")
    assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    seed(seeds, "a")
    (tmp_path / "ledger.sqlite").write_bytes(b"no database " * 1_000)
    for command in (["status"], ["history", "a.md"]):
        run = scrapy(*command, *where)
        assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1)
        assert "ledger.sqlite is damaged" in run.stderr
