"""A run that is asked to stop: what is under way is finished, nothing else is begun, nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import Crawl, started_scrapy, tree
from tests.crawl.test_live import PAGE, QUICK, TITLE, plant
from tests.support.preloaded import Command
from tests.support.servers import Answer, Site

PROGRAM = (
    "import runpy, sys; from archiver.downloader import run_end; run_end.MAX_FINISHING_SECONDS = 1;"
    "sys.argv[0] = 'scrapy'; runpy.run_module('scrapy', run_name='__main__', alter_sys=True)"
)
"""`scrapy`, which gives answers under way one second."""
COUNT = 24
NEVER = 60.0
"""Seconds that nobody waits for."""


def words(seeds: Path, folder: Path, **settings: object) -> list[str]:
    given = {**QUICK, "CONCURRENT_REQUESTS_PER_DOMAIN": 3, "SEEDS_DIR": seeds, "ARCHIVE_DIR": folder / "archive"}
    options = (part for name, value in (given | settings).items() for part in ("-s", f"{name}={value}"))
    return ["crawl", "seeds", *options, "-O", str(folder / "results.jsonl")]


@contextlib.contextmanager
def started(*args: str, errors: Path) -> Iterator[Command]:
    with errors.open("wb") as stderr, started_scrapy("-c", PROGRAM, *args, stderr=stderr) as run:
        assert isinstance(run, Command)
        yield run


def asked_for(site: Site, path: str) -> None:
    end = time.monotonic() + 30
    while path not in site.paths():
        assert time.monotonic() < end, site.paths()
        time.sleep(0.01)


def results(folder: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / "results.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_a_run_and_loses_nothing(seeds: Path, tmp_path: Path, sent: signal.Signals) -> None:
    pages = {f"/news/{n:02}": Answer(PAGE.body, delay=0.1) for n in range(COUNT)}
    pages["/news/01"] = Answer(PAGE.body, delay=NEVER)
    pages["/news/02"] = Answer(b"", 503)  # asked for again, after a wait
    pages["/news/07"] = Answer(b"", 302, {"Location": "/news/moved"})
    with Site(pages) as site:
        for path in pages:
            plant(seeds, path[-2:], site.url(path))
        before = tree(seeds)
        patient = words(seeds, tmp_path, RETRY_ENABLED=1, RETRY_BACKOFF_BASE=NEVER)
        with started(*patient, errors=tmp_path / "errors") as run:
            asked_for(site, "/news/05")
            os.kill(run.pid, sent)
            if sent is not signal.SIGINT:
                os.kill(run.pid, sent)  # as `timeout` does: to its child, and to the group that it is in
            assert run.wait(30) == 1
        asked = site.paths()
    assert "/news/11" not in asked
    assert asked.count("/news/02") == 1
    told = results(tmp_path)
    assert sorted(result["path"] for result in told) == sorted(str(file) for file in seeds.iterdir())
    assert {(result["outcome"], result["verdict"]) for result in told} == {
        ("written", "article"), ("missed", "not_reached"),
    }  # fmt: skip
    after, written = tree(seeds), {Path(result["path"]).name for result in told if result["outcome"] == "written"}
    assert {name for name in after if after[name] != before[name]} == written
    assert {"00.md", "03.md"} <= written <= {f"{path[-2:]}.md" for path in asked} - {"01.md", "02.md"}
    assert all(TITLE.encode() in after[name] for name in written)
    (head,) = (tmp_path / "archive" / "runs").glob("*/run.json")
    told_of = {"written": len(written), "not_reached": COUNT - len(written)}
    assert json.loads(head.read_text())["counts"].items() >= told_of.items()
    assert len((head.parent / "results.jsonl").read_text().splitlines()) == len(written)
    (line,) = (tmp_path / "errors").read_text().splitlines()
    assert line.startswith("scrapy crawl: stopping: nothing more is asked for, ")


def visited(ledger: Path) -> set[str]:
    """The paths of the addresses that a ledger has visits of."""
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        rows = database.execute("SELECT url FROM address WHERE number IN (SELECT address FROM visit)").fetchall()
    return {urlsplit(url).path for (url,) in rows}


def test_a_second_ctrl_c_ends_a_run_at_once_and_the_next_one_goes_on(seeds: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "archive" / "ledger.sqlite"
    pages = {f"/news/{n:02}": Answer(PAGE.body, delay=0.05) for n in range(COUNT)}
    pages["/news/06"] = Answer(PAGE.body, delay=NEVER)
    with Site(pages) as site:
        for path in pages:
            plant(seeds, path[-2:], site.url(path))
        with started(*words(seeds, tmp_path), errors=tmp_path / "errors") as run:
            asked_for(site, "/news/06")
            while not visited(ledger):
                time.sleep(0.01)
            os.kill(run.pid, signal.SIGINT)
            while not (tmp_path / "errors").read_text():
                time.sleep(0.01)
            os.kill(run.pid, signal.SIGINT)
            assert run.wait(30) == 130
        said = (tmp_path / "errors").read_text().splitlines()
        assert len(said) == 1
        known, asked = visited(ledger), site.paths()
        site.pages["/news/06"] = PAGE
        with started(*words(seeds, tmp_path), errors=tmp_path / "errors") as run:
            assert run.wait(60) == 0
        again = Counter(site.paths()[len(asked) :])
    assert all(TITLE.encode() in content for content in tree(seeds).values())
    assert not known & again.keys()
    assert {count for path, count in again.items() if path != "/robots.txt"} == {1}
    with contextlib.closing(sqlite3.connect(ledger)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert not [file for file in tmp_path.rglob("*") if file.suffix in {".open", ".part"}]


def test_what_a_run_did_not_reach_does_not_bury_what_it_missed(crawl: Crawl, seeds: Path) -> None:
    for number in range(80):
        plant(seeds, f"{number:02}", f"https://paper.example/news/{number}")
    run = crawl(seeds, settings={"CLOSESPIDER_ITEMCOUNT": 1})
    missed = {result["verdict"] for result in run.results}
    assert (run.code, len(run.results), missed) == (1, 80, {"not_saved", "not_reached"})
    count = sum(result["verdict"] == "not_reached" for result in run.results)
    assert re.search(rf"^not reached +{count}$", run.stdout, re.MULTILINE)
    assert re.search(rf"^missed: not_saved +{80 - count}$", run.stdout, re.MULTILINE)
    assert "was ended before" not in run.stdout
