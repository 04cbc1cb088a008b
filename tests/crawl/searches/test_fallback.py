"""Pages that their site no longer has: taken from what was kept, from a web archive, or from the seed itself."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.ledger.reader import LedgerReader
from archiver.ledger.state import State, url_state
from archiver.models import Verdict
from tests.conftest import Crawl, tree
from tests.crawl.test_live import QUICK, TEXT, TITLE
from tests.extract.verdict.test_not_article import stories
from tests.support.pages import add_page
from tests.support.servers import Answer, Site, html

SLUG = "ferry-pilots-ask-for-second-lighthouse"
PAGE = html(TITLE, *TEXT)
AT = "Tue, 12 Nov 2024 04:10:56 GMT"
CONSENT = html(
    "Before you continue", "We and our partners store cookies. Accept all or manage your choices to continue."
)
CAPTCHA = (
    b"<html><head><title>Just a moment...</title></head><body><script>window._cf_chl_opt={}</script></body></html>"
)
LIST = f"<html><head><title>World</title></head><body><main><h1>World</h1>{stories(24)}</main></body></html>".encode()
SOFT_404 = html("Page not found", "Sorry, the page that you are looking for does not exist any more.")
ARCHIVE = {**QUICK, "WAYBACK": 1, "WAYBACK_CDX_PER_MINUTE": 60_000, "WAYBACK_COPIES_PER_SECOND": 1000}
NOT_THERE = Answer(b"nothing here", 404)


def memento(body: bytes, status: int = 200, at: str = AT) -> Answer:
    return Answer(body, status, {"Content-Type": "text/html; charset=utf-8", "Memento-Datetime": at})


def cdx(*captures: tuple[str, str, str]) -> Answer:
    """The Internet Archive's list; each capture is (timestamp, url, digest)."""
    rows = [["timestamp", "original", "statuscode", "digest"], *([at, url, "200", key] for at, url, key in captures)]
    return Answer(json.dumps(rows if captures else []).encode(), 200, {"Content-Type": "application/json"})


def plant(folder: Path, name: str, url: str, *, body: str = "Text.", date: str = "2024-11-12") -> Path:
    file = folder / f"{name}.md"
    file.write_text(f'---\norigin_url: "{url}"\ntitle: ""\ndate: {date}\n---\n\n{body}\n', encoding="utf-8")
    return file


def endpoints(archive: Site) -> dict[str, Any]:
    return {
        **ARCHIVE,
        "WAYBACK_CDX": archive.url("/cdx/{url}"),
        "WAYBACK_RAW": archive.url("/web/{timestamp}id_/{url}"),
    }


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (NOT_THERE, "gone"), (Answer(b"", 410), "gone"), (Answer(SOFT_404), "soft_404"), (Answer(PAGE, 403), "blocked"),
        (Answer(CAPTCHA, 200, {"Content-Type": "text/html"}), "blocked"),
        (Answer(b"", 302, {"Location": "/"}), "redirected_home"),
        (Answer(b"busy", 500), "unreachable"), (None, "unreachable"),
    ],
)  # fmt: skip
def test_a_lost_page_is_taken_from_a_web_archive(
    crawl: Crawl, seeds: Path, tmp_path: Path, answer: Answer | None, verdict: str
) -> None:
    home = Answer(html("The Harbour Gazette", "Front page."))
    with Site({"/": home}) as site, Site({}) as archive, socket.create_server(("127.0.0.1", 0)) as closed:
        url = site.url(f"/news/{SLUG}")
        if answer is None:
            url = f"http://127.0.0.1:{closed.getsockname()[1]}/news/{SLUG}"
            closed.close()
        else:
            site.pages[f"/news/{SLUG}"] = answer
        archive.pages[f"/cdx/{url}"] = cdx(("20241112041056", url, "A"), ("20300101000000", url, "B"))
        archive.pages[f"/web/20241112041056id_/{url}"] = memento(PAGE)
        seed = plant(seeds, "lost", url)
        alone = crawl(seeds, replay=None, settings={**ARCHIVE, "WAYBACK": 0, "DRY_RUN": 1}).result("lost.md")
        result = crawl(seeds, replay=None, settings=endpoints(archive)).result("lost.md")
    assert (alone["outcome"], alone["verdict"]) == ("missed", verdict)
    assert (result["outcome"], result["verdict"]) == ("written", "article"), result
    assert f'title: "{TITLE}"' in seed.read_text("utf-8")
    assert result["capture"]["origin"] == "wayback"
    assert result["capture"]["url"] == archive.url(f"/web/20241112041056/{url}")
    assert result["capture"]["captured_at"] == "2024-11-12T04:10:56Z"
    assert "/robots.txt" not in archive.paths()
    # From then on it is the page's own capture; what the archive was asked lies elsewhere.
    with closing(Archive(tmp_path / "archive")) as kept:
        kept.refresh()
        (copy,) = (one for one in kept.captures(url) if one.file.startswith("copied-"))
        recorded = kept.record(copy)
        assert not [one for one in kept.index.under("http") if one.url.startswith(archive.url("/"))]
    assert recorded is not None
    assert (recorded.status, recorded.body) == (200, PAGE)
    assert recorded.source == archive.url(f"/web/20241112041056id_/{url}")


@pytest.mark.parametrize("copy", [memento(b"gone", 404), memento(CONSENT), memento(CAPTCHA), Answer(PAGE)])
def test_nothing_is_taken_from_an_archive_that_has_no_article(crawl: Crawl, seeds: Path, copy: Answer) -> None:
    with Site({}) as site, Site({}) as archive:
        url = site.url("/news/lost")
        archive.pages[f"/cdx/{url}"] = cdx(("20241112041056", url, "A"))
        archive.pages[f"/web/20241112041056id_/{url}"] = copy
        plant(seeds, "lost", url)
        before = tree(seeds)
        run = crawl(seeds, replay=None, settings=endpoints(archive))
    assert (run.code, tree(seeds)) == (2, before)
    assert run.result("lost.md")["verdict"] == "gone"
    assert "20241112041056" in run.result("lost.md")["detail"]


@pytest.mark.parametrize(
    ("listing", "said"),
    [
        (cdx(), "has no copy"), (Answer(b"<html>busy</html>"), "is a web page"), (Answer(b""), "is empty"),
        (Answer(b'[["timestamp","original"],["2024'), "breaks off"), (Answer(b"[" * 100), "breaks off"),
        (Answer(b" " * 5_000_000), "is longer than"), (Answer(b"no", 403), "answered 403"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_the_reason(crawl: Crawl, seeds: Path, listing: Answer, said: str) -> None:
    with Site({}) as site, Site({}) as archive:
        url = site.url("/news/lost")
        archive.pages[f"/cdx/{url}"] = listing
        plant(seeds, "lost", url)
        result = crawl(seeds, replay=None, settings=endpoints(archive)).result("lost.md")
    assert (result["outcome"], result["verdict"]) == ("missed", "gone")
    assert said in result["detail"]


def test_what_was_kept_goes_before_a_web_archive(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({}) as site, Site({}) as archive:
        moved, url = site.url("/news/moved"), site.url("/news/kept")
        warc = tmp_path / "archive" / "warc" / "earlier.warc.gz"
        warc.parent.mkdir(parents=True)
        with warc.open("wb") as stream:
            writer = WARCWriter(stream, gzip=True)
            add_page(writer, url, PAGE, date="2024-11-13T00:00:00Z")
            add_page(writer, url, SOFT_404, date="2025-06-01T00:00:00Z")
            add_page(writer, url, b"gone", status="404 Not Found", date="2026-01-01T00:00:00Z")
            add_page(
                writer,
                moved,
                b"",
                status="301 Moved Permanently",
                headers=(("Location", url),),
                date="2024-11-13T00:00:01Z",
            )
        plant(seeds, "kept", url, date="2025-05-30")
        plant(seeds, "moved", moved)
        run = crawl(seeds, replay=None, settings=endpoints(archive))
    for name in ("kept.md", "moved.md"):
        result = run.result(name)
        assert (result["outcome"], result["verdict"]) == ("written", "article"), result
        assert (result["capture"]["origin"], result["capture"]["captured_at"]) == ("archive", "2024-11-13T00:00:00Z")
        assert "kept on 2024-11-13" in result["detail"]
    assert archive.asked == []


def test_the_seed_is_the_last_witness(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/flaky": Answer(b"", delay=4)}) as site, Site({}) as archive:
        seed = plant(seeds, "own", site.url(f"/news/{SLUG}"), body=f"# \n\n{TITLE}\n\nText.")
        plant(seeds, "silent", site.url("/news/a-slug-of-other-words"), body=f"{TITLE}\n\nText.")
        plant(seeds, "flaky", site.url("/news/flaky"), body=f"{TITLE}\n\nText.")
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        silent = f"http://127.0.0.1:{port}/news/{SLUG}"
        plant(seeds, "asked", silent, body=f"{TITLE}\n\nText.")
        archive.pages[f"/cdx/{silent}"] = cdx()
        plant(seeds, "unasked", silent + "?unasked", body=f"{TITLE}\n\nText.")
        run = crawl(seeds, replay=None, settings={**endpoints(archive), "DOWNLOAD_TIMEOUT": 1})
    assert (run.result("asked.md")["outcome"], run.result("asked.md")["verdict"]) == ("written", "unreachable")
    assert run.result("unasked.md")["outcome"] == "missed"
    own = run.result("own.md")
    assert (own["outcome"], own["verdict"]) == ("written", "gone")
    assert [(change["field"], change["source"]) for change in own["changes"]] == [
        ("title", "seed"),
        ("heading", "seed"),
    ]
    assert own["changes"][0]["witnesses"] == ["slug"]
    assert f'title: "{TITLE}"' in seed.read_text("utf-8")
    assert f"# {TITLE}\n\nText." in seed.read_text("utf-8")
    assert run.result("silent.md")["outcome"] == "missed"
    assert run.result("flaky.md")["verdict"] == "timeout"
    assert run.result("flaky.md")["outcome"] == "missed"


def test_a_list_in_an_articles_place_is_lost_and_a_copy_that_is_one_passed_over(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    listed = Answer(LIST, 200, {"Content-Type": "text/html; charset=utf-8"})
    with Site({"/news/only-lists": listed, "/news/one-article": listed}) as site, Site({}) as archive:
        lists, article = site.url("/news/only-lists"), site.url("/news/one-article")
        archive.pages[f"/cdx/{lists}"] = cdx(("20241112041056", lists, "A"))
        archive.pages[f"/cdx/{article}"] = cdx(("20241112041056", article, "A"), ("20241201041056", article, "B"))
        for url in (lists, article):
            archive.pages[f"/web/20241112041056id_/{url}"] = memento(LIST)
        archive.pages[f"/web/20241201041056id_/{article}"] = memento(PAGE)
        kept, repaired = plant(seeds, "kept", lists), plant(seeds, "repaired", article)
        before = kept.read_bytes()
        run = crawl(seeds, replay=None, settings=endpoints(archive))
    result = run.result("kept.md")
    assert (result["outcome"], result["verdict"], kept.read_bytes()) == ("missed", "not_article", before)
    assert "looks like a list of 24 stories" in result["detail"]
    assert "is not the article (not_article)" in result["detail"]
    assert "not_article" in run.stdout
    assert run.result("repaired.md")["outcome"] == "written"
    assert f'title: "{TITLE}"' in repaired.read_text("utf-8")
    ledger = LedgerReader.open(tmp_path / "archive" / "ledger.sqlite")
    assert ledger is not None
    visits = ledger.visits(lists)
    ledger.close()
    assert [visit.verdict for visit in visits] == [Verdict.NOT_ARTICLE]
    assert url_state(lists, visits, datetime.now(UTC)).state is State.FAILING


def test_more_searches_than_run_at_once_all_end(crawl: Crawl, seeds: Path) -> None:
    many = 150
    with Site({}) as site, Site({}) as archive:
        for number in range(many):
            url = site.url(f"/news/{number}")
            plant(seeds, f"s{number:03}", url)
            if number % 2:
                archive.pages[f"/cdx/{url}"] = cdx(("20241112041056", url, "A"))
                archive.pages[f"/web/20241112041056id_/{url}"] = memento(PAGE)
        quick = {"CONCURRENT_REQUESTS_PER_DOMAIN": 16}
        run = crawl(seeds, replay=None, settings={**endpoints(archive), **quick})
    assert len(run.results) == many
    assert sum(result["outcome"] == "written" for result in run.results) == many // 2
    assert len([path for path in archive.paths() if path.startswith("/cdx/")]) == many


def test_the_copy_is_named_in_the_seed_when_a_setting_asks(crawl: Crawl, seeds: Path) -> None:
    with Site({}) as site, Site({}) as archive:
        url = site.url("/news/lost")
        archive.pages[f"/cdx/{url}"] = cdx(("20241112041056", url, "A"))
        archive.pages[f"/web/20241112041056id_/{url}"] = memento(PAGE)
        seed = plant(seeds, "lost", url)
        crawl(seeds, replay=None, settings={**endpoints(archive), "ARCHIVE_URL_KEY": "archive_url"})
        assert f'archive_url: "{archive.url(f"/web/20241112041056/{url}")}"' in seed.read_text("utf-8")
