"""Pages that need a browser, as a user meets them: one run over all kinds, then its replays."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.browser.sites import PARAGRAPHS, TITLE, scripted_site
from tests.browser.traps import Trap
from tests.conftest import Run, scrapy
from tests.support.servers import Site

SECONDS = 20
"""BROWSER_TIMEOUT of the run over the pages that would never end; the others have more than they need, whatever else
the machine does."""
MEGABYTES = 900
"""BROWSER_MEMORY_MB of the runs."""

SEED = '---\norigin_url: "{url}"\ntitle: ""\nauthor: ""\ndate:\n---\n'


@dataclass(frozen=True)
class Rendered:
    """One run with a browser, and what it left."""

    folder: Path
    site: Site
    run: Run
    asked: tuple[str, ...]
    """The paths that the site was asked for."""
    caught: tuple[str, ...]

    def result(self, name: str) -> dict[str, Any]:
        return self.run.result(f"{name}.md")

    def body(self, name: str) -> str:
        """The text that a seed got."""
        return (self.folder / "seeds" / f"{name}.md").read_text("utf-8")


def _crawl(folder: Path, seeds: Path, *settings: str) -> Run:
    feed = folder / "results.jsonl"
    feed.unlink(missing_ok=True)
    # What a rendered page says is looked at here, and not what is sure enough to be written unattended.
    options = [word for setting in ("REVIEW_BELOW=0", *settings) for word in ("-s", setting)]
    done = scrapy(
        "crawl", "seeds", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={folder / 'archive'}", "-O", feed, *options,
        env={"PYTHONPATH": str(folder)},
    )  # fmt: skip
    results = [json.loads(line) for line in feed.read_text("utf-8").splitlines()] if feed.exists() else []
    return Run(done.code, done.stdout, done.stderr, results)


LIVE = ("WAYBACK=0", "SPIDER_MODULES=archiver.spiders,loopback", "DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=0")
LOOPBACK = """
from urllib.parse import urlsplit
from archiver.downloader import guard
from archiver.downloader.guard import PublicHostsMiddleware

guarded, trusted = PublicHostsMiddleware.process_request, guard.trusted_hosts
guard.trusted_hosts = lambda run: trusted(run) | {"127.0.0.1"}

async def process_request(self, request):
    if urlsplit(request.url).hostname != "127.0.0.1":
        await guarded(self, request)

PublicHostsMiddleware.process_request = process_request
"""
"""A module of spiders, without any, by which a run takes 127.0.0.1, where the pages lie, for a public host; every other
private one stays closed."""


WITHOUT_END = ("endless", "polling", "hungry")


def _seeds(folder: Path, site: Site) -> Path:
    seeds = folder / "seeds"
    seeds.mkdir()
    for path in site.pages:
        if path.startswith("/2024/"):
            (seeds / f"{path.removeprefix('/2024/')}.md").write_text(SEED.format(url=site.url(path)))
    return seeds


def _visit(folder: Path, leave_out: Callable[[str], bool], *limits: str) -> Iterator[Rendered]:
    """The pages of a site, visited with a browser, but for some."""
    with Trap() as trap, scripted_site(trap) as site:
        seeds = _seeds(folder, site)
        (folder / "loopback.py").write_text(LOOPBACK)
        for file in seeds.iterdir():
            if leave_out(file.stem):
                file.unlink()
        shutil.copytree(seeds, folder / "before")
        run = _crawl(folder, seeds, *LIVE, "BROWSER=auto", *limits)
        yield Rendered(folder, site, run, tuple(site.paths()), tuple(trap.caught))


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendered]:
    """All pages that come to an end."""
    yield from _visit(tmp_path_factory.mktemp("rendered"), WITHOUT_END.__contains__, "BROWSER_TIMEOUT=90")


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendered]:
    """Those that do not, with one that does."""
    kept = (*WITHOUT_END, "harbour-opens")
    limits = (f"BROWSER_TIMEOUT={SECONDS}", f"BROWSER_MEMORY_MB={MEGABYTES}")
    yield from _visit(tmp_path_factory.mktemp("limited"), lambda name: name not in kept, *limits)


def test_a_page_that_renders_itself_gives_all_its_fields(rendered: Rendered) -> None:
    result = rendered.result("harbour-opens")
    assert (result["outcome"], result["verdict"]) == ("written", "article")
    fields = {change["field"]: change["new"] for change in result["changes"]}
    assert (fields["title"], fields["author"], fields["date"]) == (TITLE, "Anna Berg", "2024-05-05T10:00:00Z")
    assert all(paragraph in rendered.body("harbour-opens") for paragraph in PARAGRAPHS)


def test_a_page_that_posts_for_its_text_gets_it(rendered: Rendered) -> None:
    assert PARAGRAPHS[0] in rendered.body("posted")
    assert rendered.site.posted == ["{story}"]


def test_a_page_whose_scripts_work_for_seconds_before_they_ask_is_waited_for(rendered: Rendered) -> None:
    assert PARAGRAPHS[0] in rendered.body("slow")


def test_text_in_shadow_roots_is_read_where_it_is_shown(rendered: Rendered) -> None:
    body = rendered.body("shadows")
    shown = (*PARAGRAPHS, "The next boats are expected on Monday", "Anna Berg reported from the harbour")
    places = [body.find(text) for text in shown]
    assert places == sorted(places)
    assert -1 not in places
    assert f"# {TITLE}" in body


def test_only_scripts_and_data_are_fetched_and_each_script_once(rendered: Rendered) -> None:
    assert not {"/style.css", "/icon.png", "/logo.png"} & set(rendered.asked)
    assert rendered.asked.count("/app.js") == 1
    assert rendered.asked.count("/2024/harbour-opens") == 1
    agents = {asked.headers["user-agent"] for asked in rendered.site.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("seed-archiver/")


def test_no_page_reaches_a_private_port(rendered: Rendered) -> None:
    said = rendered.body("ways-out")
    assert "wrote these lines" in said
    ways = (
        "fetch",
        "keepalive",
        "import",
        "xhr",
        "put",
        "websocket",
        "eventsource",
        "webtransport",
        "webrtc",
        "sharedworker",
        "window",
    )
    names = ("127.0.0.2", "localhost", "[::1]", "0.0.0.0", "inside.example")
    assert [f"{way} {name}" for way in ways for name in names if f"{way} {name} was refused" not in said] == []
    assert "serviceworker was refused; redirect was refused" in said
    assert rendered.caught == ()


def test_what_robots_txt_forbids_no_page_fetches(rendered: Rendered) -> None:
    assert "/closed/app.js" not in rendered.asked
    assert rendered.result("closed")["verdict"] == "empty"


def test_a_page_whose_scripts_never_pause_ends_in_time(limited: Rendered) -> None:
    result = limited.result("endless")
    assert (result["outcome"], result["verdict"]) == ("missed", "empty")
    assert f"did not pause for {SECONDS} s" in result["detail"]
    assert "BROWSER_TIMEOUT" in result["detail"]


def test_a_page_that_asks_for_ever_is_read_as_it_is_then(limited: Rendered) -> None:
    assert PARAGRAPHS[0] in limited.body("polling")
    assert sum(path.startswith("/never.json") for path in limited.asked) <= 150


def test_a_page_that_fills_memory_is_ended(limited: Rendered) -> None:
    result = limited.result("hungry")
    assert (result["outcome"], result["verdict"]) == ("missed", "empty")
    assert "BROWSER_MEMORY_MB" in result["detail"]


def test_the_other_pages_go_on_and_the_run_is_whole(rendered: Rendered, limited: Rendered) -> None:
    assert limited.result("harbour-opens")["outcome"] == "written"
    for one in (rendered, limited):
        assert len(one.run.results) == len(list((one.folder / "before").iterdir()))
        assert one.run.code == 2
        warned = [line for line in one.run.stderr.splitlines() if "without its sandbox" in line]
        assert one.run.stderr.splitlines() == warned
        assert bool(warned) == (os.geteuid() == 0)


def _records(folder: Path) -> list[tuple[str, dict[str, str]]]:
    found = []
    for file in (folder / "archive" / "warc").glob("*.warc.gz"):
        with file.open("rb") as stream:
            found += [(record.rec_type, dict(record.rec_headers.headers)) for record in ArchiveIterator(stream)]
    return found


def test_what_was_fetched_and_drawn_is_archived(rendered: Rendered) -> None:
    records = _records(rendered.folder)
    page, story = rendered.site.url("/2024/harbour-opens"), rendered.site.url("/story.json")
    (answer,) = [f for kind, f in records if kind in ("response", "revisit") and f["WARC-Target-URI"] == page]
    (document,) = [f for kind, f in records if kind == "conversion" and f["WARC-Target-URI"] == page]
    assert document["WARC-Refers-To"] == answer["WARC-Record-ID"]
    assert document["WARC-Rendered-By"].startswith("Chromium/")
    assert document["Content-Type"] == "text/html; charset=utf-8"
    kinds = {f.get("WARC-Resource-Type") for kind, f in records if kind == "response" and f["WARC-Target-URI"] == story}
    assert kinds == {"fetch"}


def _without_origin(run: Run) -> list[dict[str, Any]]:
    results = []
    for result in run.results:
        name = Path(result["path"]).name
        capture = {key: value for key, value in (result["capture"] or {}).items() if key != "origin"}
        results.append({**result, "path": name, "capture": capture})
    return sorted(results, key=lambda result: str(result["path"]))


@pytest.mark.parametrize("kind", ["archive", "file", "never"])
def test_a_replay_needs_no_browser_and_gives_the_same(rendered: Rendered, tmp_path: Path, kind: str) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(rendered.folder / "before", seeds)
    asked = len(rendered.site.asked)
    where = rendered.folder / "archive" / "warc" if kind == "file" else "archive"
    browser = ("BROWSER=never",) if kind == "never" else ("BROWSER=auto", "BROWSER_EXECUTABLE=/nowhere")
    shutil.copytree(rendered.folder / "archive", tmp_path / "archive")
    again = _crawl(tmp_path, seeds, f"REPLAY={where}", *browser)
    assert len(rendered.site.asked) == asked
    drawn = [result for result in _without_origin(rendered.run) if result["outcome"] == "written"]
    assert [result for result in _without_origin(again) if result["outcome"] == "written"] == drawn
    assert {file.name: file.read_bytes() for file in seeds.iterdir()} == {
        file.name: file.read_bytes() for file in (rendered.folder / "seeds").iterdir()
    }
