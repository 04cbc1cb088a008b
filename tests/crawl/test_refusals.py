"""A "no" without a word: values that runs wrote and people took away, with git and without."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archiver.decisions import DECISIONS
from tests.conftest import Crawl, Run, scrapy
from tests.crawl.test_live import PAGE, QUICK, TITLE, plant
from tests.support.servers import Answer, Site

SETTINGS = {**QUICK, "EXTRACT_WORKERS": 1, "REVIEW_BELOW": 0}
PATH = "/news/lighthouse"
LINE = f"title: {TITLE}\n"


@pytest.fixture(autouse=True)
def _own_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_") or name == "EMAIL"]:
        monkeypatch.delenv(name)
    config = tmp_path / "gitconfig"
    config.write_text("[user]\nname = Ann Other\nemail = ann@example.org\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


class Blog:
    """One seed, its page, and a run over both; at each run the page differs a little, so that it is read anew."""

    def __init__(self, crawl: Crawl, seeds: Path, site: Site) -> None:
        self._crawl = crawl
        self._site = site
        self._runs = 0
        self.seeds = seeds
        self.url = site.url(PATH)
        self.seed = plant(seeds, "a", self.url)
        self.bare = self.seed.read_bytes()

    @property
    def has_title(self) -> bool:
        return TITLE.encode() in self.seed.read_bytes()

    @property
    def archive(self) -> Path:
        return self.seeds.parent / "archive"

    def run(self, replay: Path | None = None, **settings: Any) -> Run:
        self._runs += 1
        self._site.pages[PATH] = Answer(PAGE.body + b"<!-- %d -->" % self._runs, headers=PAGE.headers)
        run = self._crawl(self.seeds, replay=replay, settings={**SETTINGS, **settings})
        assert run.code == 0, run.stderr
        return run

    def git(self, *args: str) -> None:
        subprocess.run(["git", "-C", self.seeds, *args], capture_output=True, check=True)

    def commit(self, message: str) -> None:
        self.git("add", "a.md")
        self.git("commit", "--quiet", f"--message={message}")

    def begin(self) -> None:
        """Put the seed into git."""
        self.git("init", "--quiet")
        self.commit("Begin")

    def take_away(self) -> None:
        """Remove what was written, as a person does in an editor."""
        self.seed.write_bytes(self.bare)

    def decisions(self) -> list[dict[str, str]]:
        file = self.seeds / DECISIONS
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def blog(crawl: Crawl, seeds: Path) -> Iterator[Blog]:
    with Site({PATH: PAGE}) as site:
        yield Blog(crawl, seeds, site)


def assert_not_offered(blog: Blog, run: Run) -> None:
    (result,) = run.results
    assert (result["changes"], result["proposed"], blog.has_title) == ([], [], False)
    assert blog.seed.read_bytes() == blog.bare


def test_what_a_commit_took_away_is_not_offered_again_in_ten_runs(blog: Blog) -> None:
    blog.begin()
    assert blog.run(COMMIT=1).results[0]["outcome"] == "written"
    blog.git("revert", "--no-edit", "HEAD")
    assert not blog.has_title
    first = blog.run(COMMIT=1)
    assert_not_offered(blog, first)
    assert first.results[0]["detail"].endswith("Left alone, as was decided: title.")
    (line,) = blog.decisions()
    assert (line["path"], line["field"], line["answer"], line["why"]) == ("a.md", "title", "keep", "taken away")
    for _ in range(2):
        assert_not_offered(blog, blog.run(COMMIT=1))
    assert len(blog.decisions()) == 1
    where = ("-s", f"SEEDS_DIR={blog.seeds}", "-s", f"ARCHIVE_DIR={blog.archive}")
    assert json.loads(scrapy("status", *where, "--json").stdout)["refused"] == 1
    assert "a.md: title is left as it is, since it was taken away (" in scrapy("history", *where, "a.md").stdout
    # As a checkout on another machine has it, where nobody has committed the file of decisions.
    (blog.seeds / DECISIONS).unlink()
    blog.git("reset", "--quiet", "--hard")
    for _ in range(2):
        assert_not_offered(blog, blog.run(COMMIT=1))
    assert len(blog.decisions()) == 1
    # The ledger is lost and drawn anew.
    (blog.archive / "ledger.sqlite").unlink()
    assert scrapy("archive", "ledger", *where).code == 0
    for _ in range(2):
        assert_not_offered(blog, blog.run(COMMIT=1))
    # Nothing at all is left but the history.
    (blog.seeds / DECISIONS).unlink()
    shutil.rmtree(blog.archive)
    assert_not_offered(blog, blog.run(DRY_RUN=1))
    assert blog.decisions() == []
    for _ in range(2):
        assert_not_offered(blog, blog.run(COMMIT=1))
    # And once more from before all of it, by what was said meanwhile.
    blog.git("reset", "--quiet", "--hard", "HEAD~2")
    assert_not_offered(blog, blog.run(COMMIT=1))


def test_another_offer_is_written_and_a_person_can_take_the_refusal_back(blog: Blog) -> None:
    blog.begin()
    blog.run()
    blog.commit("Take what a run wrote")
    blog.take_away()
    blog.commit("Take it away")
    assert_not_offered(blog, blog.run())
    file = blog.seeds / DECISIONS
    line = {**blog.decisions()[0], "answer": "open", "at": "2100-01-01T00:00:00Z"}
    file.write_text(file.read_text() + json.dumps(line) + "\n")
    blog.run()
    assert blog.has_title


@pytest.mark.parametrize("own", [False, True])
def test_what_a_person_accepted_can_be_taken_away_too(blog: Blog, own: bool) -> None:
    reviewed: dict[str, Any] = {"FIELD_POLICY": '{"title": "review"}'}
    blog.begin()
    assert [change["field"] for change in blog.run(**reviewed).results[0]["proposed"]] == ["title"]
    where = ("-s", f"SEEDS_DIR={blog.seeds}", "-s", f"ARCHIVE_DIR={blog.archive}")
    if own:
        answers = blog.seeds.parent / "answers.jsonl"
        listed = json.loads(scrapy("review", *where, "--json").stdout)
        line = {"path": "a.md", "address": blog.url, "field": "title", "offered": listed["offered"]}
        answers.write_text(json.dumps({**line, "answer": "value", "value": "Mine", "at": "2026-01-01T00:00:00Z"}))
        assert scrapy("review", *where, "--apply", answers).code == 0
    else:
        assert scrapy("review", *where, "--accept-all").code == 0
    assert blog.has_title is not own
    blog.commit("Take what somebody accepted")
    blog.take_away()
    blog.commit("Take it away")
    for settings in (reviewed, {}):
        assert_not_offered(blog, blog.run(**settings))
    assert [(line["answer"], line.get("why")) for line in blog.decisions()[1:]] == [("keep", "taken away")]


def test_what_waits_for_a_merge_or_was_reset_is_written_again(blog: Blog) -> None:
    blog.begin()
    # Long ago the title stood there, and a broken import took it away: that says nothing of what we write.
    blog.seed.write_bytes(blog.bare.replace(b'title: ""\n', LINE.encode()))
    blog.commit("Add the title")
    blog.take_away()
    blog.commit("Import all posts anew")
    blog.git("switch", "--quiet", "--create", "refresh")
    blog.run(COMMIT=1)
    blog.git("switch", "--quiet", "main")
    assert not blog.has_title
    blog.run()
    assert blog.has_title, "a branch that waits is no refusal"
    blog.git("reset", "--quiet", "--hard")
    blog.run(COMMIT=1)
    assert blog.has_title, "nor are changes that were thrown away"
    blog.git("reset", "--quiet", "--hard", "HEAD~1")
    blog.run()
    assert blog.has_title, "nor is a commit that was thrown away"
    blog.git("checkout", "--quiet", "--", "a.md")
    blog.git("merge", "--quiet", "refresh")
    blog.take_away()
    blog.run()
    assert blog.has_title, "nor is what nobody has committed"
    blog.take_away()
    blog.commit("Take it away")
    assert_not_offered(blog, blog.run())


def test_without_git_a_value_counts_as_taken_away_once_a_scan_has_seen_it(blog: Blog) -> None:
    blog.run()
    blog.take_away()
    blog.run()
    assert blog.has_title, "no scan has seen it"
    blog.run()
    blog.take_away()
    assert_not_offered(blog, blog.run())
    (blog.archive / "ledger.sqlite").unlink()
    (blog.seeds / DECISIONS).unlink()
    assert_not_offered(blog, blog.run())
    # A seed that was renamed is known by its address.
    blog.seed = blog.seed.rename(blog.seeds / "b.md")
    assert_not_offered(blog, blog.run())
    (blog.seeds / DECISIONS).unlink()
    assert_not_offered(blog, blog.run())


def test_nothing_is_inferred_from_dry_runs_replays_and_copies_elsewhere(blog: Blog, tmp_path: Path) -> None:
    blog.run(OUTPUT_DIR=tmp_path / "out")
    blog.run(DRY_RUN=1)
    warcs = blog.archive / "warc"
    blog.run(replay=warcs)
    assert blog.has_title
    for _ in range(2):
        blog.run(replay=warcs)
        blog.run(DRY_RUN=1)
    blog.take_away()
    blog.run(replay=warcs)
    assert blog.has_title
    blog.take_away()
    blog.run()
    assert blog.has_title
    assert blog.decisions() == []


def test_a_record_that_cannot_be_used_is_named_and_costs_nothing_else(blog: Blog) -> None:
    blog.archive.mkdir()
    (blog.archive / "offers.sqlite").write_bytes(b"no database at all, but long enough to be looked at" * 9)
    run = blog.run()
    assert blog.has_title
    assert f"{blog.archive / 'offers.sqlite'} cannot be used (file is not a database); " in run.stderr
