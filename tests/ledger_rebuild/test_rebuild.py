"""`scrapy archive ledger`: what the ledger knew is known again from the captures alone."""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.files.lock import run_lock
from archiver.ledger import LedgerReader
from archiver.ledger.state import VisitRecord
from tests.conftest import Run, scrapy, tree
from tests.crawl.test_live import PAGE, QUICK, moved
from tests.ledger.test_refresh import CHANGED, ETAG, STAMPED, Conditional, age, refresh, seed
from tests.ledger.test_renewal import _newer
from tests.support.servers import Answer, Site, html

DEFAULTS = {**QUICK, "EXTRACT_WORKERS": 1, "RETRY_ENABLED": 1, "RETRY_BACKOFF_BASE": 0.01, "HOST_BREAKER_FAILURES": 0}
OFFERS = "/offers/this-week"
SLUGS = ("old-bridge-closes-early", "market-hall-wins-prize", "school-choir-tours-coast", "winter-ferry-is-late")
MOVED, THERE = "/news/ferry-pilots-lighthouse", "/news/2025/ferry-pilots-lighthouse"
NOW, A_MINUTE = datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=1)
KINDS = (
    "plain", "stamped", "changing", "never", "leaving", "blocked", "shy", "flaky", "down", "circle", "walled", "script",
    "packed",
)  # fmt: skip


class Sly(Site):
    """Leads from every address to its offers."""

    def answer_to(self, path: str, headers: Any) -> Answer | None:
        return PAGE if path == OFFERS else moved(OFFERS)


class Town(Conditional):
    """A site with every kind of answer; some change from visit to visit."""

    def __init__(self) -> None:
        wall = html("Behind the wall", "One open sentence for all who pass by here today.", head=(
            '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Behind the wall",'
            '"isAccessibleForFree":false}</script>'))  # fmt: skip
        super().__init__({
            "/news/plain": PAGE, "/news/stamped": STAMPED, "/news/leaving": STAMPED, THERE: STAMPED,
            "/news/changing": Answer(PAGE.body, 200, {**ETAG, "ETag": '"first"'}),
            MOVED: Answer(b"", 301, {"Location": THERE}), "/news/circle": moved("/news/circle"),
            "/news/blocked": Answer(b"not for you", 403), "/news/shy": Answer(b"busy", 429, {"Retry-After": "0"}),
            "/news/down": Answer(b"", 503), "/news/walled": Answer(wall, 200, ETAG),
            "/news/script": moved("data:text/html,hello"), OFFERS: PAGE,
            "/news/packed": Answer(gzip.compress(PAGE.body), 200, {**ETAG, "Content-Encoding": "gzip"}),
            **{f"/news/{slug}": moved(OFFERS) for slug in SLUGS},
        })  # fmt: skip
        self.flaky = 0

    def answer_to(self, path: str, headers: Any) -> Answer | None:
        if path == "/news/flaky":
            self.flaky += 1
            return Answer(b"", 503) if self.flaky % 2 else STAMPED
        return super().answer_to(path, headers)

    def passes(self) -> None:
        """Some days go by."""
        self.pages["/news/changing"] = Answer(CHANGED, 200, {**ETAG, "ETag": '"second"'})
        self.pages["/news/leaving"] = Answer(b"", 410)
        self.pages["/news/blocked"] = PAGE


def archive(seeds: Path, action: str = "ledger", *args: str) -> Run:
    run = scrapy("archive", action, *args, "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={seeds.parent / 'archive'}")
    assert "Traceback" not in run.stderr
    return run


def said(seeds: Path, *command: str, folder: Path) -> Any:
    run = scrapy(*command, "--json", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={folder}")
    assert not run.stderr
    return json.loads(run.stdout)


@dataclass(frozen=True)
class Row:
    """An address as the ledger has it."""

    wanted: int
    state: str
    since: int | None
    failures: int
    target: str | None
    visits: int
    urgency: int
    due: int
    incomplete: int
    published: int | None
    todo: int


def addresses(folder: Path) -> dict[str, Row]:
    database = sqlite3.connect(folder / "ledger.sqlite")
    rows = database.execute(
        "SELECT url, wanted, state, since, failures, target, visits, urgency, due, incomplete, published, "
        "(SELECT sum(todo) FROM seed WHERE address = number) FROM address"
    ).fetchall()
    database.close()
    return {row[0]: Row(*row[1:]) for row in rows}


@dataclass
class Years:
    """A collection that was visited three times, and a copy of its archive as the runs left it."""

    seeds: Path
    site: Town
    before: Path


@pytest.fixture(scope="module")
def _years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Years]:
    seeds = tmp_path_factory.mktemp("years") / "seeds"
    seeds.mkdir()
    site, sly = Town(), Sly({})
    with site, sly:
        for slug in SLUGS[:2]:
            seed(seeds, f"sly-{slug}", sly.url(f"/news/{slug}"))
        for name in KINDS:
            seed(seeds, name, site.url(f"/news/{name}"))
        seed(seeds, "moved", site.url(MOVED))
        # Asked for by itself, and led to by the four below.
        seed(seeds, "offers", site.url(OFFERS))
        for slug in SLUGS:
            seed(seeds, slug, site.url(f"/news/{slug}"))
        named = {**DEFAULTS, "ROBOTSTXT_OBEY": 0, "SEEDS_DIR": seeds, "ARCHIVE_DIR": seeds.parent / "archive"}
        options = [part for name, value in named.items() for part in ("-s", f"{name}={value}")]
        for number in range(3):
            assert scrapy("crawl", "seeds", *options).code == 2
            if number == 1:
                site.passes()
        before = seeds.parent / "before"
        shutil.copytree(seeds.parent / "archive", before)
        yield Years(seeds, site, before)


@pytest.fixture
def years(_years: Years, tmp_path: Path) -> Years:
    """The same, to be spoilt."""
    shutil.copytree(_years.seeds, tmp_path / "seeds")
    shutil.copytree(_years.before, tmp_path / "archive")
    return Years(tmp_path / "seeds", _years.site, _years.before)


def visits(folder: Path, url: str) -> list[VisitRecord]:
    reader = LedgerReader.open(folder / "ledger.sqlite")
    assert reader is not None
    found = reader.visits(url)
    reader.close()
    return found


def told(visit: VisitRecord) -> bool:
    """Whether a capture tells of it."""
    return visit.status is not None and visit.origin == "live"


def assert_same(found: list[VisitRecord], expected: list[VisitRecord]) -> None:
    # Of two requests for one page in one run nobody can say which was a redirect's; they are a second or two apart.
    assert [replace(visit, at=NOW) for visit in found] == [replace(visit, at=NOW) for visit in expected]
    assert all(abs(one.at - other.at) < A_MINUTE for one, other in zip(found, expected, strict=True))


def asked_of(site: Town) -> list[tuple[str, str | None, str | None]]:
    return sorted(
        (one.path, one.headers.get("if-none-match"), one.headers.get("if-modified-since")) for one in site.asked
    )


def test_a_lost_ledger_is_drawn_from_the_captures_alone(years: Years) -> None:
    folder, before = years.seeds.parent / "archive", years.before
    for file in folder.glob("ledger.sqlite*"):
        file.unlink()
    run = archive(years.seeds)
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout.startswith("21 addresses, 60 visits, drawn from an archive of ")
    assert run.stdout.count("\n") == 1
    known, again = addresses(before), addresses(folder)
    assert known.keys() == again.keys()
    for url, record in known.items():
        assert_same(visits(folder, url), [visit for visit in visits(before, url) if told(visit)])
        if url.endswith("/news/circle"):
            assert again[url].visits == 0, "what came to nothing left nothing"
            continue
        at = (record.due - again[url].due, (record.since or 0) - (again[url].since or 0))
        assert max(map(abs, at)) < 300, url
        assert replace(again[url], due=0, since=0, visits=0) == replace(record, due=0, since=0, visits=0)
    was, now = said(years.seeds, "status", folder=before), said(years.seeds, "status", folder=folder)
    assert (now["states"], now["missing"], now["complete"]) == (was["states"], was["missing"], was["complete"])
    assert now["due"] == was["due"] + 1
    assert (now["last_run"]["command"], now["last_run"]["visits"]) == ("archive ledger", 60)
    doubted = [visit.detail for url in again if url.endswith(SLUGS[0]) for visit in visits(folder, url)]
    assert sum("an address that cannot exist" in detail for detail in doubted) == 3, "the probe was found again"
    # The next visit asks as it would have asked.
    age(years.seeds)
    other = years.seeds.parent / "other"
    shutil.copytree(years.seeds, other / "seeds")
    shutil.copytree(before, other / "archive")
    age(other / "seeds")
    asked = []
    for seeds in (years.seeds, other / "seeds"):
        years.site.asked.clear()
        years.site.flaky = 1
        refresh(seeds, **DEFAULTS)
        asked.append(asked_of(years.site))
    assert asked[0] == asked[1]
    assert {path for path, etag, since in asked[0] if etag and since} >= {"/news/stamped", MOVED, THERE}


def test_a_damaged_ledger_is_put_aside_and_drawn_anew(years: Years) -> None:
    folder = years.seeds.parent / "archive"
    ledger = folder / "ledger.sqlite"
    content = ledger.read_bytes()
    torn = content[:4096] + b"\xff" * (len(content) - 4096)
    ledger.write_bytes(torn)
    complaint = scrapy("status", "-s", f"SEEDS_DIR={years.seeds}", "-s", f"ARCHIVE_DIR={folder}")
    assert complaint.code == 1
    assert "run `scrapy archive ledger`" in complaint.stderr
    run = archive(years.seeds)
    assert (run.code, run.stderr) == (0, "")
    (aside,) = folder.glob("ledger.sqlite.before-*")
    assert run.stdout.endswith(f"; the damaged one is now {aside}\n")
    assert aside.read_bytes() == torn
    url = years.site.url("/news/changing")
    assert visits(folder, url) == visits(years.before, url)
    assert len({visit.text for visit in visits(folder, url)}) == 2


def test_from_a_whole_ledger_is_kept_what_no_capture_tells(years: Years) -> None:
    folder = years.seeds.parent / "archive"
    (years.seeds / "nowhere.md").write_text("---\ntitle: ''\n---\n")
    (years.seeds / "broken.md").write_text("---\norigin_url: 'http://'\n---\n")
    run = archive(years.seeds)
    assert (run.code, run.stderr) == (2, "")
    assert "; the one before is now " in run.stdout
    assert run.stdout.endswith("; unusable seeds: 1 (see scrapy audit)\n")
    for url, record in addresses(years.before).items():
        assert_same(visits(folder, url), visits(years.before, url))
        found = addresses(folder)[url]
        assert abs(found.due - record.due) < 300, url
        assert replace(found, due=0, since=0) == replace(record, due=0, since=0)


def test_a_damaged_record_is_named_and_seeds_that_are_gone_are_left_out(years: Years) -> None:
    folder, url = years.seeds.parent / "archive", years.site.url("/news/plain")
    captures = [json.loads(line) for line in archive(years.seeds, "list", url, "--json").stdout.splitlines()]
    last = folder / "warc" / captures[-1]["file"]
    content = bytearray(last.read_bytes())
    content[captures[-1]["offset"] + captures[-1]["length"] // 2] ^= 0xFF
    last.write_bytes(content)
    (years.seeds / "stamped.md").unlink()
    (folder / "ledger.sqlite").unlink()
    run = archive(years.seeds)
    assert run.code == 2
    assert run.stderr.count("\n") == 1
    assert f"{last}: the record at byte {captures[-1]['offset']} is damaged" in run.stderr
    assert run.stdout.startswith("20 addresses, 56 visits, ")
    assert [visit.at for visit in visits(folder, url)] == [visit.at for visit in visits(years.before, url)][:-1]
    assert years.site.url("/news/stamped") not in addresses(folder)


def test_while_a_run_is_on_nothing_is_drawn(years: Years) -> None:
    before = tree(years.seeds.parent / "archive")
    with run_lock(years.seeds.parent / "archive", datetime.now(UTC)):
        run = archive(years.seeds)
    assert (run.code, run.stdout, run.stderr.count("\n")) == (75, "", 1)
    assert "another run (process" in run.stderr
    after = tree(years.seeds.parent / "archive")
    assert after["ledger.sqlite"] == before["ledger.sqlite"]
    assert not [name for name in after if ".before-" in name or ".new" in name]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda folder: shutil.rmtree(folder / "archive"), "holds no archive"),
        (lambda folder: shutil.rmtree(folder / "seeds"), "does not exist"),
        (lambda folder: _newer(folder / "archive" / "ledger.sqlite"), "newer version of this program"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(years: Years, spoil: Callable[[Path], None], sentence: str) -> None:
    folder = years.seeds.parent
    spoil(folder)
    before = {name: content for name, content in tree(folder).items() if "ledger" in name}
    run = archive(folder / "seeds")
    assert (run.code, run.stdout, run.stderr.count("\n")) == (1, "", 1)
    assert sentence in run.stderr
    assert {name: content for name, content in tree(folder).items() if "ledger" in name} == before
