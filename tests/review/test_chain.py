"""Runs, what a person does about them, and further runs: a "no" lasts, and a "yes" is written once."""

from __future__ import annotations

import json
from pathlib import Path

from tests.conftest import Crawl, Run, collection, scrapy, tree


def seeds_in(folder: Path) -> dict[str, bytes]:
    return {name: content for name, content in tree(folder).items() if not name.startswith(".")}


def places(tmp_path: Path, seeds: Path) -> list[str]:
    named = {"SEEDS_DIR": seeds, "ARCHIVE_DIR": tmp_path / "archive", "RUN_DIR": tmp_path / "runs"}
    return [word for name, folder in named.items() for word in ("-s", f"{name}={folder}")]


def offers(run: Run) -> set[tuple[str, str]]:
    return {(result["path"], offer["field"]) for result in run.results for offer in result["proposed"]}


def test_what_was_undone_is_not_written_again_unless_it_is_forgotten(crawl: Crawl, tmp_path: Path, seeds: Path) -> None:
    before = seeds_in(collection(seeds))
    own = {"RUN_DIR": tmp_path / "runs"}
    where = places(tmp_path, seeds)
    first = crawl(seeds, settings=own)
    written = seeds_in(seeds)
    assert written != before
    run = scrapy("undo", *where, "last")
    assert (run.code, run.stderr, seeds_in(seeds)) == (0, "", before)
    again = crawl(seeds, settings=own)
    assert seeds_in(seeds) == before
    assert not any(result["changes"] for result in again.results)
    # What waited before waits on: it was not written, so that nothing of it was put back.
    assert offers(again) == offers(first)
    (seeds / ".decisions.jsonl").unlink()
    crawl(seeds, settings=own)
    assert seeds_in(seeds) == written
    assert scrapy("undo", *where, "--forget", "last").code == 0
    assert seeds_in(seeds) == before
    crawl(seeds, settings=own)
    assert seeds_in(seeds) == written


def test_what_waited_is_written_as_a_run_would_and_asked_once(crawl: Crawl, tmp_path: Path, seeds: Path) -> None:
    copy = collection(tmp_path / "copy")
    fields = ("title", "author", "date", "description", "image", "language")
    crawl(copy, settings={"REVIEW_BELOW": 0, "FIELD_POLICY": json.dumps(dict.fromkeys(fields, "refresh"))})
    collection(seeds)
    policy = json.dumps(dict.fromkeys(fields, "review"))
    own = {"RUN_DIR": tmp_path / "runs", "FIELD_POLICY": policy, "REVIEW_BELOW": 0}
    where = places(tmp_path, seeds)
    first = crawl(seeds, settings=own)
    waiting = sum(bool(result["proposed"]) for result in first.results)
    assert waiting
    run = scrapy("review", *where, "--accept-all")
    assert run.code == 0
    assert run.stdout.endswith("0 kept, 0 still wait\n")
    assert seeds_in(seeds) == seeds_in(copy)
    again = crawl(seeds, settings=own)
    assert not any(result["changes"] or result["proposed"] for result in again.results)
    assert seeds_in(seeds) == seeds_in(copy)
