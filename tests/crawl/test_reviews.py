"""What waits for a person, and what people said, as a run meets it."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.decisions import DECISIONS, Answer, DecisionFile, ReviewDecision, digest_of
from tests.conftest import GIVEN_SEED, Crawl, scrapy
from tests.crawl.test_crawl import ADDRESS, TITLE
from tests.crawl.test_live import PAGE, QUICK, plant
from tests.crawl.test_live import TITLE as FERRY
from tests.support.servers import Site

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REVIEWED = {"FIELD_POLICY": '{"title": "review", "body": "review"}'}


@pytest.fixture
def given(seeds: Path) -> Path:
    shutil.copyfile(GIVEN_SEED, seeds / "given.txt")
    return seeds / "given.txt"


def said(answer: Answer, path: str = "given.txt", url: str = ADDRESS) -> ReviewDecision:
    return ReviewDecision(path, url, "title", digest_of("title", TITLE), answer, NOW)


def test_what_waits_is_proposed_counted_and_not_written_until_somebody_accepts_it(crawl: Crawl, given: Path) -> None:
    before = given.read_bytes()
    run = crawl(given.parent, settings=REVIEWED)
    assert (run.code, given.read_bytes()) == (0, before)
    (result,) = run.results
    assert (result["outcome"], result["changes"]) == ("unchanged", [])
    assert [(change["field"], change["new"]) for change in result["proposed"]] == [("title", TITLE), ("heading", TITLE)]
    assert "Waits for a person: title would be" in result["detail"]
    assert ["waiting", "for", "a", "person", "1"] in [line.split() for line in run.stdout.splitlines()]
    DecisionFile(given.parent).append([said(Answer.ACCEPT)])
    run = crawl(given.parent, settings={"FIELD_POLICY": '{"title": "review"}', "REPORT_BRIEF": 1})
    assert [(change["field"], change["source"]) for change in run.results[0]["changes"]] == [
        ("title", "decision"), ("heading", "seed"),
    ]  # fmt: skip
    assert run.stdout == "1 written, 0 unchanged, 0 missed\n"
    assert f"# {TITLE}\n".encode() in given.read_bytes()


def test_lines_of_no_use_are_named_and_the_rest_holds(crawl: Crawl, given: Path) -> None:
    before, file = given.read_bytes(), given.parent / DECISIONS
    gone = said(Answer.KEEP, "gone.md", "https://a.example/gone")
    lines = ["<<<<<<< HEAD", said(Answer.KEEP, "renamed.txt").to_line().strip(), "{", gone.to_line().strip()]
    file.write_text("\n".join(lines) + "\n")
    run = crawl(given.parent)
    assert (run.code, given.read_bytes(), run.results[0]["outcome"]) == (0, before, "unchanged")
    named = [line.partition(f"{file}, ")[2] for line in run.stderr.splitlines() if str(file) in line]
    assert [line.split(":")[0] for line in named] == ["line 1", "line 3", "line 4"]
    assert "merge marker" in named[0]
    assert "gone.md" in named[2]
    assert json.loads(file.read_text().splitlines()[1])["answer"] == "keep"
    audit = scrapy("audit", "--json", "-s", f"SEEDS_DIR={given.parent}")
    found = [json.loads(line) for line in audit.stdout.splitlines()]
    bad = [finding for finding in found if finding["problem"] == "bad decision"]
    assert (audit.code, [finding["path"] for finding in bad]) == (2, [str(file)] * 3)


def test_a_file_of_decisions_that_cannot_be_read_ends_a_run_before_it_writes(crawl: Crawl, given: Path) -> None:
    before = given.read_bytes()
    (given.parent / DECISIONS).mkdir()
    run = crawl(given.parent)
    assert (run.code, given.read_bytes()) == (1, before)
    assert f"{DECISIONS} cannot be read (is a directory); " in run.stderr


def test_status_counts_what_waits_until_it_is_answered_or_written(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    def status() -> dict[str, int]:
        where = ("-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}")
        found: dict[str, int] = json.loads(scrapy("status", *where, "--json").stdout)
        return {name: found[name] for name in ("waiting", "refused")}

    with Site({"/a": PAGE, "/b": PAGE}) as site:
        one, other = plant(seeds, "one", site.url("/a")), plant(seeds, "other", site.url("/b"))
        run = crawl(seeds, replay=None, settings={**QUICK, "FIELD_POLICY": '{"title": "review"}'})
        assert [len(result["proposed"]) for result in run.results] == [1, 1]
        assert status() == {"waiting": 2, "refused": 0}
        kept = ReviewDecision("one.md", site.url("/a"), "title", digest_of("title", FERRY), Answer.KEEP, NOW)
        DecisionFile(seeds).append([kept])
        assert status() == {"waiting": 1, "refused": 1}
        other.write_text(other.read_text().replace('title: ""', f"title: {FERRY}"))
        assert status() == {"waiting": 0, "refused": 1}
        # What somebody accepts elsewhere is written by the next run, though the page is as it was.
        DecisionFile(seeds).append([replace(kept, answer=Answer.ACCEPT, at=datetime.now(UTC))])
        crawl(seeds, replay=None, settings=QUICK)
    assert f'title: "{FERRY}"\n' in one.read_text()
