"""Looking again: conditional requests, what is due, one run at a time, and going on where a run was ended."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from archiver.runs import RunFolder
from tests.conftest import Crawl, Run, scrapy, started_scrapy, tree
from tests.crawl.test_live import PAGE, QUICK, TEXT, plant
from tests.support.servers import Answer, Site, html

ETAG = {"Content-Type": "text/html; charset=utf-8", "ETag": '"one"', "Last-Modified": "Tue, 12 Nov 2024 04:10:56 GMT"}
STAMPED = Answer(PAGE.body, 200, ETAG)
CHANGED = html("Ferry pilots get their second lighthouse", "It will be built in spring.", *TEXT)
DEFAULTS = {**QUICK, "EXTRACT_WORKERS": 1}


class Conditional(Site):
    """Answers 304 to whoever names the right ETag."""

    def answer_to(self, path: str, headers: Any) -> Answer | None:
        page = self.pages.get(path)
        if page is not None and page.headers.get("ETag") and headers.get("if-none-match") == page.headers["ETag"]:
            return Answer(b"", 304, {"ETag": page.headers["ETag"]})
        return None


def refresh(seeds: Path, *args: str, **settings: Any) -> Run:
    archive, feed = seeds.parent / "archive", seeds.parent / "refreshed.jsonl"
    feed.unlink(missing_ok=True)
    named = {**DEFAULTS, "SEEDS_DIR": seeds, "ARCHIVE_DIR": archive, **settings}
    options = [part for name, value in named.items() for part in ("-s", f"{name}={value}")]
    run = scrapy("refresh", *args, *options, "-O", str(feed))
    lines = feed.read_text("utf-8").splitlines() if feed.exists() else []
    return Run(run.code, run.stdout, run.stderr, [json.loads(line) for line in lines])


def age(seeds: Path) -> None:
    """Let every address be due."""
    with sqlite3.connect(seeds.parent / "archive" / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE address SET due = 0")
    ledger.close()


def seed(folder: Path, name: str, url: str) -> Path:
    file = folder / f"{name}.md"
    file.write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n\n# \n\nText.\n', encoding="utf-8")
    return file


def test_an_unchanged_page_is_neither_read_nor_written_again(crawl: Crawl, seeds: Path) -> None:
    with Conditional({"/news/stamped": STAMPED, "/news/plain": PAGE}) as site:
        seed(seeds, "stamped", site.url("/news/stamped"))
        seed(seeds, "plain", site.url("/news/plain"))
        first = crawl(seeds, replay=None, settings=DEFAULTS)
        assert {result["outcome"] for result in first.results} == {"written"}
        done, stamps = tree(seeds), {file: file.stat().st_mtime_ns for file in seeds.iterdir()}
        site.asked.clear()
        # A worker that is asked for anything would take too long.
        second = crawl(seeds, replay=None, settings={**DEFAULTS, "EXTRACT_TIMEOUT": 0.0001})
        asked = {request.path: request.headers for request in site.asked}
    assert asked["/news/stamped"]["if-none-match"] == '"one"'
    assert asked["/news/stamped"]["if-modified-since"] == "Tue, 12 Nov 2024 04:10:56 GMT"
    assert [result["outcome"] for result in second.results] == ["unchanged"] * 2
    assert second.result("stamped.md")["capture"]["status"] == 304
    assert second.result("stamped.md")["verdict"] == "article"
    assert "as it was on" in second.result("plain.md")["detail"]
    assert tree(seeds) == done
    assert {file: file.stat().st_mtime_ns for file in seeds.iterdir()} == stamps
    assert second.code == 0


def test_a_seed_that_waits_is_not_left_waiting_by_a_304(crawl: Crawl, seeds: Path) -> None:
    with Conditional({"/news/stamped": STAMPED}) as site:
        first = seed(seeds, "first", site.url("/news/stamped"))
        crawl(seeds, replay=None, settings=DEFAULTS)
        whole = first.read_bytes()
        first.write_bytes(whole.replace(b'title: "Ferry pilots ask for a second lighthouse"', b'title: ""'))
        seed(seeds, "second", site.url("/news/stamped"))
        run = crawl(seeds, replay=None, settings=DEFAULTS)
    assert {result["outcome"] for result in run.results} == {"written"}
    assert first.read_bytes() == whole
    assert first.read_bytes() == (seeds / "second.md").read_bytes()


def test_a_changed_page_is_read_again(crawl: Crawl, seeds: Path) -> None:
    with Conditional({"/news/a": STAMPED}) as site:
        file = seed(seeds, "a", site.url("/news/a"))
        crawl(seeds, replay=None, settings=DEFAULTS)
        site.pages["/news/a"] = Answer(CHANGED, 200, {**ETAG, "ETag": '"two"'})
        same = crawl(seeds, replay=None, settings=DEFAULTS).result("a.md")
        renewed = crawl(seeds, replay=None, settings=DEFAULTS, args={"refresh": "title"}).result("a.md")
    assert (same["outcome"], same["drift"]) == ("unchanged", "diverged")
    assert renewed["outcome"] == "written"
    assert "get their second lighthouse" in file.read_text("utf-8")


def test_refresh_takes_what_is_due_and_is_quiet_when_nothing_changed(seeds: Path) -> None:
    with Conditional({f"/news/{n}": STAMPED for n in range(4)}) as site:
        for n in range(4):
            seed(seeds, str(n), site.url(f"/news/{n}"))
        first = refresh(seeds)
        assert (first.code, first.stdout) == (0, "4 written, 0 unchanged, 0 missed\n")
        site.asked.clear()
        with contextlib.closing(sqlite3.connect(seeds.parent / "archive" / "ledger.sqlite")) as ledger, ledger:
            ledger.execute("UPDATE run SET ended = NULL, complete = 0")
        told = refresh(seeds)
        assert {(result["outcome"], result["verdict"]) for result in told.results} == {("unchanged", "article")}
        assert (len(told.results), site.asked) == (4, []), "a run that was killed has told nobody what it visited"
        again = refresh(seeds)
        assert (again.code, again.stdout, again.stderr, site.asked, again.results) == (0, "", "", [], [])
        age(seeds)
        few = refresh(seeds, "--limit", "3")
        assert (few.code, few.stdout, len(few.results)) == (0, "", 3)
        assert len([path for path in site.paths() if path != "/robots.txt"]) == 3
        ahead = refresh(seeds, "--due", "2999-01-01")
        assert len(ahead.results) == 4
        site.pages["/news/2"] = Answer(b"", 410)
        age(seeds)
        gone = refresh(seeds)
        # What was kept of it stands in for it.
        assert (gone.code, gone.stdout, gone.stderr) == (0, "", "")
        (result,) = (result for result in gone.results if result["capture"]["status"] == 200)
        assert (result["outcome"], result["capture"]["origin"]) == ("unchanged", "archive")
        assert "410" in result["detail"]
        seed(seeds, "never", site.url("/news/never"))
        gone = refresh(seeds)
    assert gone.code == 2
    counts, missed, reason = gone.stdout.splitlines()
    assert counts == "0 written, 0 unchanged, 1 missed (1 gone)"
    assert missed == "1 newly missed, 0 missed as before"
    assert reason.startswith(f"newly missed  {seeds}/never.md: ")


def test_a_mail_names_what_is_newly_missed_and_counts_what_was_missed_before(seeds: Path) -> None:
    with Conditional({"/news/old": Answer(b"", 410), "/news/shut": Answer(b"", 403)}) as site:
        for name in ("old", "shut", *(f"lost{number:02}" for number in range(23))):
            seed(seeds, name, site.url(f"/news/{name}"))
        first = refresh(seeds).stdout.splitlines()
        assert first[0] == "0 written, 0 unchanged, 25 missed (1 blocked, 24 gone)"
        assert first[1] == "25 newly missed, 0 missed as before"
        assert len([line for line in first if line.startswith(f"newly missed  {seeds}/")]) == 20
        assert first[-1] == "newly missed  … and 5 more; -O results.jsonl lists all of them"
        age(seeds)
        # The same dead links again are no news; how such a page says that it is not there may change.
        site.pages["/news/lost00"] = Answer(b"<title>404 Not found</title><h1>Page not found</h1>", 200)
        again = refresh(seeds)
        assert (again.code, again.stdout, again.stderr, len(again.results)) == (2, "", "", 25)
        assert again.result("lost00.md")["verdict"] == "soft_404"
        age(seeds)
        site.pages["/news/old"] = Answer(b"", 403)
        last = refresh(seeds).stdout.splitlines()
    assert last[:2] == [
        "0 written, 0 unchanged, 25 missed (2 blocked, 22 gone, 1 soft_404)",
        "1 newly missed, 24 missed as before (1 blocked, 22 gone, 1 soft_404)",
    ]
    (named,) = last[2:]
    assert named.startswith(f"newly missed  {seeds}/old.md: ")


def test_a_mail_names_what_newly_waits_for_a_person(seeds: Path) -> None:
    policy = {"FIELD_POLICY": '{"title": "review", "image": "keep", "description": "keep"}'}
    with Conditional({"/news/a": PAGE}) as site:
        seed(seeds, "a", site.url("/news/a"))
        first = refresh(seeds, **policy).stdout.splitlines()
        assert first == ["0 written, 1 unchanged, 0 missed, 1 waiting", f"newly waiting  {seeds}/a.md (title, heading)"]
        # The page is another file and the same article, which is read again and offers nothing new.
        age(seeds)
        site.pages["/news/a"] = Answer(PAGE.body + b"<!-- 2 -->")
        again = refresh(seeds, **policy)
        assert (again.stdout, len(again.results[0]["proposed"])) == ("", 2)
        age(seeds)
        site.pages["/news/a"] = Answer(PAGE.body.replace(b"second lighthouse", b"third lighthouse"))
        assert "newly waiting" in refresh(seeds, **policy).stdout


def test_a_refresh_of_some_seeds_knows_of_all(seeds: Path) -> None:
    with Conditional({f"/news/{n}": STAMPED for n in range(4)}) as site:
        for n in range(4):
            seed(seeds, str(n), site.url(f"/news/{n}"))
        some = refresh(seeds, "-a", "only=1.md,2.md,3.md", "-a", "missing=title", "--limit", "2")
        assert (some.code, some.stdout, len(some.results)) == (0, "2 written, 0 unchanged, 0 missed\n", 2)
        assert not {Path(result["path"]).name for result in some.results} & {"0.md"}
        # The limit counts what is taken, and the ledger has heard of the seeds that were not.
        rest = refresh(seeds)
        assert (rest.code, len(rest.results)) == (0, 2)


def test_a_long_refresh_leaves_the_rest_for_the_next(seeds: Path) -> None:
    with Conditional({f"/news/{n}": Answer(PAGE.body, 200, ETAG, delay=0.5) for n in range(12)}) as site:
        for n in range(12):
            seed(seeds, f"{n:02}", site.url(f"/news/{n}"))
        first = refresh(seeds, "--max-minutes", "0.00001")
        assert (first.code, first.results, first.stdout) == (0, [], "")
        assert len(refresh(seeds).results) == 12


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--limit", "0"), "--limit 0 leaves nothing to do"), (("--due", "soon"), "--due soon is no time"),
        (("-a", "refresh=title"), "-a refresh= is no argument of `scrapy refresh`; the arguments are only=, missing=,"),
        (("-s", "ARCHIVE=0"), "leave REPLAY and ARCHIVE=0 out"),
    ],
)  # fmt: skip
def test_what_a_refresh_cannot_do(seeds: Path, args: tuple[str, ...], said: str) -> None:
    run = refresh(seeds, *args)
    assert run.code == 1
    assert said in run.stderr
    assert "Traceback" not in run.stderr


def test_a_second_run_on_an_archive_says_so_and_exits_75(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/slow": PAGE}) as site:
        site.may_answer.clear()
        plant(seeds, "slow", site.url("/news/slow"))
        named = {**DEFAULTS, "SEEDS_DIR": seeds, "ARCHIVE_DIR": seeds.parent / "archive"}
        options = [part for name, value in named.items() for part in ("-s", f"{name}={value}")]
        with started_scrapy("crawl", "seeds", *options) as running:
            assert site.was_asked.wait(60)
            second = crawl(seeds, replay=None, settings=DEFAULTS)
            assert second.code == 75
            assert f"process {running.pid}" in second.stderr
            site.may_answer.set()
            assert running.wait(60) == 0
    assert "lighthouse" in (seeds / "slow.md").read_text("utf-8")


@pytest.mark.parametrize("damage", ["not a ledger at all" * 100, None])
def test_a_ledger_that_cannot_be_used_is_one_sentence(crawl: Crawl, seeds: Path, damage: str | None) -> None:
    ledger = seeds.parent / "archive" / "ledger.sqlite"
    ledger.parent.mkdir()
    if damage:
        ledger.write_text(damage)
    else:
        with sqlite3.connect(ledger) as database:
            database.execute("PRAGMA user_version = 1000")
        database.close()
    with Site({"/news/a": PAGE}) as site:
        plant(seeds, "a", site.url("/news/a"))
        before = tree(seeds)
        run = crawl(seeds, replay=None, settings=DEFAULTS)
    assert (run.code, site.asked, tree(seeds)) == (1, [], before)
    assert run.stderr.count("\n") == 1
    assert "ledger.sqlite" in run.stderr


def test_many_addresses_that_lead_to_one_page_are_soft_404s(crawl: Crawl, seeds: Path) -> None:
    slugs = ("old-bridge-closes-early", "market-hall-wins-prize", "school-choir-tours-coast", "winter-ferry-is-late")
    with Site({"/offers/this-week": PAGE}) as site:
        for number, slug in enumerate(slugs):
            site.pages[f"/news/{slug}"] = Answer(b"", 302, {"Location": "/offers/this-week"})
            seed(seeds, str(number), site.url(f"/news/{slug}"))
        run = crawl(seeds, replay=None, settings=DEFAULTS)
        probes = [path for path in site.paths() if path.startswith("/news/") and path[6:] not in slugs]
        assert len(probes) == 1
        # The host is honest about what it does not have, but the seeds have another text.
        assert [result["verdict"] for result in run.results] == ["soft_404"] * 4
    with Site({"/offers/this-week": PAGE}) as sly:
        for file in seeds.iterdir():
            file.unlink()

        class Everything(dict[str, Answer]):
            def get(self, path: str, default: Any = None) -> Any:
                return PAGE if path == "/offers/this-week" else Answer(b"", 302, {"Location": "/offers/this-week"})

        sly.pages = Everything()
        for number, slug in enumerate(slugs):
            seed(seeds, str(number), sly.url(f"/news/{slug}"))
        before = tree(seeds)
        run = crawl(seeds, replay=None, settings={**DEFAULTS, "ROBOTSTXT_OBEY": 0})
    assert [result["verdict"] for result in run.results] == ["soft_404"] * 4
    assert tree(seeds) == before


@pytest.mark.parametrize(("status", "written"), [(301, True), (308, True), (302, False)])
def test_a_move_is_written_to_the_seed_only_when_a_setting_asks(
    crawl: Crawl, seeds: Path, status: int, written: bool
) -> None:
    with Site({"/news/2025/ferry-pilots-lighthouse": PAGE}) as site:
        old, new = site.url("/news/ferry-pilots-lighthouse"), site.url("/news/2025/ferry-pilots-lighthouse")
        site.pages["/news/ferry-pilots-lighthouse"] = Answer(b"", status, {"Location": new})
        file = seed(seeds, "moved", old)
        # The permalink of the site that is built stays what it is.
        told = file.read_text("utf-8").replace("origin_url:", "origin_url: /2025/a-permalink/\nsource_url:")
        file.write_text(told, encoding="utf-8")
        crawl(seeds, replay=None, settings=DEFAULTS)
        assert f'source_url: "{old}"\n' in file.read_text("utf-8")
        shown = scrapy(
            "history", str(file), "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}"
        )
        assert "2025/ferry" in shown.stdout
        before = file.read_text("utf-8")
        # What has not changed is not read again; the setting is new.
        settings = {**DEFAULTS, "FOLLOW_MOVES": 1, "ARCHIVE_DIR": seeds.parent / "another"}
        result = crawl(seeds, replay=None, settings=settings).result("moved.md")
    after = before.replace(old, new) if written else before
    assert file.read_text("utf-8") == after
    assert [(change["field"], change["source"]) for change in result["changes"]] == [
        ("source_url", "redirect")
    ] * written


def test_a_host_that_wants_quiet_is_left_alone_in_the_next_run_too(crawl: Crawl, seeds: Path) -> None:
    busy = Answer(b"busy", 429, {"Retry-After": "3600"})
    with Site({"/news/a": busy, "/news/b": PAGE}) as site:
        seed(seeds, "a", site.url("/news/a"))
        settings = {**DEFAULTS, "RETRY_ENABLED": 1}
        assert crawl(seeds, replay=None, settings=settings).result("a.md")["verdict"] == "blocked"
        site.asked.clear()
        seed(seeds, "b", site.url("/news/b"))
        again = crawl(seeds, replay=None, settings=settings)
        assert site.asked == []
    assert {result["outcome"] for result in again.results} == {"missed"}
    assert {result["verdict"] for result in again.results} <= {"blocked", "unreachable"}


@pytest.mark.parametrize("where", ["archive", None])
def test_a_page_that_was_found_unchanged_is_replayed_from_when_it_came(
    crawl: Crawl, seeds: Path, where: str | None
) -> None:
    with Conditional({"/news/stamped": STAMPED}) as site:
        file = seed(seeds, "stamped", site.url("/news/stamped"))
        broken = file.read_bytes()
        crawl(seeds, replay=None, settings=DEFAULTS)
        repaired = file.read_bytes()
        assert crawl(seeds, replay=None, settings=DEFAULTS).result("stamped.md")["capture"]["status"] == 304
    file.write_bytes(broken)
    result = crawl(seeds, replay=Path(where or seeds.parent / "archive")).result("stamped.md")
    assert (result["outcome"], result["capture"]["status"]) == ("written", 200)
    assert file.read_bytes() == repaired != broken


FULL = """
from archiver.errors import SeedUnwritable
from archiver.seeds.store import SeedStore

def write(self, path, before, after):
    raise SeedUnwritable(f"{path} cannot be written (no space left on device); make room and run again")

SeedStore.write = write
"""
"""A module of spiders, without any, by which a disk is full."""


def test_a_seed_that_could_not_be_written_is_due_at_once_and_its_page_asked_for_in_full(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    (tmp_path / "full.py").write_text(FULL)
    with Conditional({"/news/stamped": STAMPED}) as site:
        file = seed(seeds, "stamped", site.url("/news/stamped"))
        disk = {"SPIDER_MODULES": "archiver.spiders,full"}
        run = crawl(seeds, replay=None, settings={**DEFAULTS, **disk}, env={"PYTHONPATH": str(tmp_path)})
        assert (run.code, run.result("stamped.md")["outcome"]) == (2, "missed")
        assert "no space left on device" in run.result("stamped.md")["detail"]
        assert 'title: ""' in file.read_text()
        # It was noted before it was tried, and the note was taken back.
        assert [note.is_void for note in RunFolder.open(tmp_path / "archive" / "runs").written()] == [False, True]
        time.sleep(1.1)  # what a run could not do is due from the next second on
        again = refresh(seeds)
        assert (again.code, again.result("stamped.md")["outcome"]) == (0, "written")
        assert 'title: ""' not in file.read_text()
        assert "if-none-match" not in site.asked[-1].headers
        time.sleep(1.1)
        assert refresh(seeds).results == []
