"""`scrapy status` and `scrapy history`, as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.decisions import Answer, DecisionFile, ReviewDecision, digest_of
from archiver.files.lock import run_lock
from archiver.ledger import KnownSeed, Ledger, VisitWrite
from archiver.ledger.state import VisitRecord
from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.collapse import Collapse
from archiver.models import Field, Verdict
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
    (tmp_path / "file").touch()
    unwritable = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'file' / 'archive'}"]
    run = scrapy("status", *unwritable)
    assert (run.code, run.stderr) == (2, "")
    assert "nothing was visited yet" in run.stdout
    run = scrapy("history", *unwritable, "alive.md")
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
    assert report["dead"] == [{"path": "dead.md", "address": dead, "since": "2026-01-07T12:00:00Z"}]
    assert [(run["command"], run["articles"], run["missed"]) for run in report["runs"]] == [("refresh", 2, 3)]
    shown = scrapy("status", *where).stdout
    assert "address dead" in shown
    assert f"dead.md    {dead}  2026-01-07T12:00:00Z" in shown

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
    # They write nothing, so it does not matter that nobody can.
    (tmp_path / "file").touch()
    closed = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'file'}"]
    for command in (["status"], ["audit"], ["history", seeds / "a.md"]):
        assert scrapy(*command, *closed).stderr == ""
    (tmp_path / "ledger.sqlite").write_bytes(b"no database " * 1_000)
    for command in (["status"], ["history", "a.md"]):
        run = scrapy(*command, *where)
        assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1)
        assert "ledger.sqlite is damaged" in run.stderr


def test_a_row_per_host_with_its_alarm_which_a_person_can_end(tmp_path: Path, seeds: Path) -> None:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path}"]
    url, other = seed(seeds, "one"), "https://b.example/two"
    (seeds / "two.md").write_text(f'---\norigin_url: "{other}"\ntitle: "Two"\n---\n\nText.\n')
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    ledger.follow([KnownSeed("one.md", url), KnownSeed("two.md", other)], NOW)
    ledger.record(
        [
            VisitWrite(url, VisitRecord(NOW, Verdict.ARTICLE, 200)),
            VisitWrite(other, VisitRecord(NOW, Verdict.GONE, 404)),
        ],
        NOW,
    )
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    ledger.pause("b.example", until)
    ledger.raise_alarm(Alarm("a.example", "author", NOW, url, Collapse(0, 5, 18, 20), {Field.AUTHOR: ("rel",)}))
    ledger.close()

    run = scrapy("status", "--hosts", "--json", *where)
    assert run.code == 2
    one, two = json.loads(run.stdout)["hosts"]
    assert (one["host"], one["addresses"], one["alive"], one["last_success"]) == (
        "a.example",
        1,
        1,
        "2026-01-01T12:00:00Z",
    )
    assert one["alarm"].startswith("a.example: no author on the last 5 pages; 18 of the 20 before had one (from rel);")
    assert (two["gone"], two["paused_until"], two["alarm"]) == (1, until.strftime("%Y-%m-%dT%H:%M:%SZ"), None)
    shown = scrapy("status", "--hosts", *where)
    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["host", "a.example", "b.example", "alarm"]
    some = scrapy("status", "--hosts", "-a", "host=b.example", *where)
    assert (some.code, "a.example" in some.stdout) == (0, False)

    wrong = scrapy("status", "--clear", "b.example", *where)
    assert (wrong.code, wrong.stderr) == (1, "scrapy status: b.example has no alarm; a.example has.\n")
    with run_lock(tmp_path, NOW):
        assert scrapy("status", "--clear", "a.example", *where).code == 75
    assert scrapy("status", "--clear", "a.example", *where).code == 0
    assert scrapy("status", "--hosts", *where).code == 0


def test_what_is_new_is_told_once(tmp_path: Path, seeds: Path) -> None:
    where = ["-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path}"]
    urls = {name: seed(seeds, name) for name in ("alive", "dead", "late", "moved")}

    def visits(*made: tuple[str, VisitRecord]) -> None:
        ledger = Ledger.open(tmp_path / "ledger.sqlite")
        ledger.follow([KnownSeed(f"{name}.md", url) for name, url in urls.items()], NOW)
        ledger.record([VisitWrite(urls[name], visit) for name, visit in made], NOW + 9 * DAY)
        ledger.close()

    def news() -> list[tuple[str, str]]:
        run = scrapy("status", "--new", "--json", *where)
        told = [(one["kind"], one["subject"]) for one in json.loads(run.stdout)["new"]]
        assert run.code == (2 if told else 0)
        return told

    assert scrapy("status", "--new", *where).stdout == "nothing new so far\n"
    alive, gone = VisitRecord(NOW, Verdict.ARTICLE, 200), VisitRecord(NOW, Verdict.GONE, 404)
    visits(*((name, alive) for name in urls))
    visits(("dead", gone), ("dead", replace(gone, at=NOW + 3 * DAY)), ("dead", replace(gone, at=NOW + 6 * DAY)))
    visits(("moved", replace(alive, target="https://a.example/there")))
    assert news() == [("dead", "dead.md"), ("moved", "moved.md")]
    assert news() == []
    visits(("late", VisitRecord(NOW + DAY, Verdict.TIMEOUT)))
    assert scrapy("status", *where).code == 2, "a plain look changes nothing"
    assert news() == [("missed", "late.md")]
    (seeds / "late.md").rename(seeds / "renamed.md")
    urls["renamed"] = urls.pop("late")
    visits(("alive", replace(alive, at=NOW + 2 * DAY)))
    assert news() == []
    (tmp_path / "last-look.json").write_text("<<<<<<< nonsense")
    assert {subject for _, subject in news()} == {"dead.md", "moved.md", "renamed.md"}
    no = ReviewDecision("alive.md", urls["alive"], "author", digest_of("author", "Ada"), Answer.KEEP, NOW)
    DecisionFile(seeds).append([no])
    assert news() == [("refused", "alive.md")]
    assert news() == []
    refused = scrapy("status", "--new", "-a", "host=a.example", *where)
    assert (refused.code, refused.stderr.count("\n")) == (1, 1)
