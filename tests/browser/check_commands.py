"""What later runs and other commands make of pages that a browser rendered."""

from __future__ import annotations

import json
from pathlib import Path

from archiver.ledger import LedgerReader
from tests.browser.sites import APP, HTML, JSON, PARAGRAPHS, SCRIPT, TITLE, shell
from tests.conftest import Crawl, scrapy
from tests.ledger.test_refresh import Conditional
from tests.support.servers import Answer, Site

BROWSER = {"BROWSER": "auto", "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0}
CORRECTED = "Correction: the works took two years and a half, and not two years, as was said here at first on Sunday."


def _story(*paragraphs: str) -> Answer:
    return Answer(json.dumps({"title": TITLE, "paragraphs": paragraphs}).encode(), headers=JSON)


def _visits(folder: Path, url: str) -> list[tuple[str, str | None]]:
    reader = LedgerReader.open(folder / "ledger.sqlite")
    assert reader is not None
    visits = [(str(visit.verdict), visit.payload) for visit in reader.visits(url)]
    reader.close()
    return visits


def test_a_shell_that_did_not_change_is_rendered_again_and_a_lost_ledger_is_told_by_the_documents(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    page = shell("/app.js")
    pages = {
        "/2024/harbour-opens": Answer(page.body, headers={**HTML, "ETag": '"shell"'}),
        "/app.js": Answer(APP, headers=SCRIPT),
        "/story.json": _story(*PARAGRAPHS),
    }
    with Conditional(pages) as site:
        url = site.url("/2024/harbour-opens")
        (seeds / "a.md").write_text(f'---\norigin_url: "{url}"\ntitle: ""\nauthor: ""\ndate:\n---\n')
        first = crawl(seeds, replay=None, settings=BROWSER)
        site.pages["/story.json"] = _story(*PARAGRAPHS, CORRECTED)
        second = crawl(seeds, replay=None, settings=BROWSER)
        # To one that names the ETag the server would have said that the shell is as it was.
        of_page = [asked.headers for asked in site.asked if asked.path == "/2024/harbour-opens"]
        assert [("if-none-match" in headers) for headers in of_page] == [False, False]
    assert first.result("a.md")["outcome"] == "written"
    assert (second.result("a.md")["verdict"], second.result("a.md")["drift"]) == ("article", "seed-truncated")
    folder = tmp_path / "archive"
    known = _visits(folder, url)
    assert [verdict for verdict, _ in known] == ["article", "article"]
    assert len({payload for _, payload in known}) == 2
    shown = scrapy("archive", "show", url, "--markdown", "-s", f"ARCHIVE_DIR={folder}")
    assert CORRECTED in shown.stdout
    (folder / "ledger.sqlite").unlink()
    told = scrapy("archive", "ledger", "-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={folder}")
    assert (told.code, told.stderr) == (0, "")
    assert _visits(folder, url) == known


def test_one_page_becomes_a_fixture_with_what_a_browser_made_of_it(tmp_path: Path) -> None:
    target = tmp_path / "fixtures" / "paper" / "harbour"
    live = ("-s", "PRIVATE_HOSTS=1", "-s", "ARCHIVE=0", "-s", "BROWSER=auto", "-s", "DOWNLOAD_DELAY=0")
    pages = {
        "/2024/harbour-opens": shell("/app.js"),
        "/app.js": Answer(APP, headers=SCRIPT),
        "/story.json": _story(*PARAGRAPHS),
    }
    with Site(pages) as site:
        run = scrapy("capture", site.url("/2024/harbour-opens"), target, *live, "-s", "LOG_LEVEL=INFO")
    assert "'archiver/rendered': 1," in run.stderr
    assert (run.code, run.stdout) == (0, f"{target}\n")
    assert (target / "response.html").read_bytes() == pages["/2024/harbour-opens"].body
    assert PARAGRAPHS[0] in (target / "rendered.html").read_text("utf-8")
    told = scrapy("try", target)
    assert (told.code, told.stderr) == (0, "")
    assert f"title: {TITLE}" in told.stdout


def test_no_browser_runs_where_the_extra_is_installed_and_nobody_asks(crawl: Crawl, seeds: Path) -> None:
    with Site({"/2024/harbour-opens": shell("/app.js"), "/app.js": Answer(APP, headers=SCRIPT)}) as site:
        (seeds / "a.md").write_text(f'---\norigin_url: "{site.url("/2024/harbour-opens")}"\ntitle: ""\n---\n')
        run = crawl(seeds, replay=None, settings={"LOG_LEVEL": "INFO"})
    assert run.result("a.md")["verdict"] == "empty"
    assert site.paths() == ["/robots.txt", "/2024/harbour-opens"]
    assert "playwright" not in run.stderr
