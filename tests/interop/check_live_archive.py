"""What a live run keeps, over real sockets: a replay of it gives the same seeds, and other programs can read it."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from tests.conftest import FIXTURES, Crawl, scrapy, tree
from tests.crawl.searches.test_fallback import CAPTCHA, CONSENT, PAGE, SLUG, SOFT_404, plant
from tests.crawl.test_live import TEXT
from tests.support.pages import add_page, fixtures_as_warc
from tests.support.pywb import Pywb, asked, checked, lost
from tests.support.servers import Answer, Site, html

QUICK = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
CASES = sorted(path.parent for path in FIXTURES.glob("bangkokpost/*/before.md"))


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a crawl to which the pages of fixtures/ are the web."""
    fixtures_as_warc(tmp_path / "pages.warc.gz", FIXTURES)
    with Pywb([tmp_path / "pages.warc.gz"], tmp_path / "proxy") as server:
        yield server.as_proxy()


def test_a_live_run_is_kept_and_replayed_to_the_same_bytes(
    proxied: dict[str, str], crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    for case in CASES:
        shutil.copyfile(case / "before.md", seeds / f"{case.name}.md")
    again = tmp_path / "again"
    shutil.copytree(seeds, again)
    live = crawl(seeds, "bangkokpost", replay=None, settings=QUICK, env=proxied)
    assert (live.code, live.stderr) == (0, "")
    archive = tmp_path / "archive"
    replayed = crawl(again, "bangkokpost", replay=Path("archive"))
    assert (replayed.code, replayed.stderr) == (0, "")
    assert {result["capture"]["origin"] for result in replayed.results} == {"archive"}
    assert tree(again) == tree(seeds) == {f"{case.name}.md": (case / "after.md").read_bytes() for case in CASES}
    warcs = sorted((archive / "warc").iterdir())
    assert [file.name.endswith(".warc.gz") for file in warcs] == [True]
    checked("warcio", "check", *warcs)
    with Pywb(warcs, tmp_path / "server") as server:
        for result in live.results:
            status, _, body = asked(server.raw.format(timestamp="20260101000000", url=result["capture"]["url"]))
            assert status == 200
            (page,) = (file for file in FIXTURES.glob("*/*/response.html") if file.read_bytes() == body)
            assert page.parent.parent.name == "bangkokpost"


def test_what_a_real_archive_still_has_is_recovered_and_what_is_none_is_not(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    """Each way to lose a page; an archive that has only a wall, or nothing, gives nothing."""
    now = {
        "/news/soft": Answer(SOFT_404), "/news/refused": Answer(PAGE, 403), "/news/captcha": Answer(CAPTCHA),
        "/news/walled": Answer(b"", 404), "/news/home": Answer(b"", 302, {"Location": "/"}),
        "/": Answer(html("Gazette", "Front.")),
    }  # fmt: skip
    lost_in = dict.fromkeys(("gone", "soft", "refused", "captcha", "home"), PAGE)
    saved = {f"/news/{name}": page for name, page in {**lost_in, "walled": CONSENT}.items()}
    with lost(saved, now, tmp_path / "lost") as (site, archive):
        for name in (*lost_in, "walled", "never"):
            plant(seeds, name, site.url(f"/news/{name}"))
        before = tree(seeds)
        settings = {
            **QUICK, **archive.as_wayback(), "PRIVATE_HOSTS": 1, "WAYBACK": 1, "WAYBACK_CDX_PER_MINUTE": 6000,
        }  # fmt: skip
        run = crawl(seeds, replay=None, settings=settings)
    for name in lost_in:
        result = run.result(f"{name}.md")
        assert (result["outcome"], result["verdict"]) == ("written", "article"), result
        assert (result["capture"]["origin"], result["capture"]["captured_at"]) == ("wayback", "2025-01-01T00:00:00Z")
    for name in ("walled", "never"):
        assert (run.result(f"{name}.md")["outcome"], run.result(f"{name}.md")["verdict"]) == ("missed", "gone")
        assert tree(seeds)[f"{name}.md"] == before[f"{name}.md"]
    # Each copy is its page's own capture from then on, for whoever knows nothing of the web archive.
    kept, at = Archive(tmp_path / "archive"), f"ARCHIVE_DIR={tmp_path / 'archive'}"
    with closing(kept):
        kept.refresh(again=True)
        addresses = {capture.url for capture in kept.index.under("http")}
        (copy,) = (one for one in kept.captures(site.url("/news/gone")) if one.status == 200)
        recorded = kept.record(copy)
    assert all(url.startswith(site.url("/")) for url in addresses)
    assert recorded is not None
    assert (recorded.body, recorded.source) == (PAGE, archive.raw.format(timestamp="20250101000000", url=copy.url))
    assert next((tmp_path / "archive" / "services").glob("*.warc.gz"))
    checked("warcio", "check", *(tmp_path / "archive").rglob("*.warc.gz"))
    shown = scrapy("archive", "show", site.url("/news/gone"), "-s", at)
    assert (shown.stdout.encode(), shown.code) == (PAGE, 0)
    assert shown.stderr.startswith("scrapy archive show: the page as of 2025-01-01T00:00:00Z; ")
    assert shown.stderr.endswith(" it answered 404.\n")
    written = tree(seeds)
    for name, content in before.items():
        (seeds / name).write_bytes(content)
    replayed = crawl(seeds, replay=Path("archive"), settings={"WAYBACK": 0})
    assert tree(seeds) == written
    assert {name: replayed.result(f"{name}.md")["capture"] for name in lost_in} == {
        name: run.result(f"{name}.md")["capture"] for name in lost_in
    }


def test_a_host_that_is_no_more_is_recovered_from_a_real_archive(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    url, saved = "http://vanished.invalid/news/page", tmp_path / "saved.warc.gz"
    with saved.open("wb") as out:
        add_page(WARCWriter(out, gzip=True), url, PAGE)
    plant(seeds, "page", url)
    with Pywb([saved], tmp_path / "server") as archive:
        settings = {**QUICK, **archive.as_wayback(), "PRIVATE_HOSTS": 1, "WAYBACK": 1}
        result = crawl(seeds, replay=None, settings=settings).result("page.md")
    assert (result["outcome"], result["verdict"], result["capture"]["origin"]) == ("written", "article", "wayback")
    assert "host's name is not known" in result["detail"]


def test_what_a_real_archive_lists_besides_whole_pages_is_recovered(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    """A slug that changed, a revisit, walls with a counter; by the list of captures, and by TimeMap."""
    saved, digest = (
        tmp_path / "saved.warc.gz",
        "sha1:" + base64.b32encode(hashlib.sha1(PAGE, usedforsecurity=False).digest()).decode(),
    )
    with Site({}) as site:
        old, new, again, walled = (site.url(f"/news/{name}") for name in (SLUG, f"{SLUG}-now", "again", "walled"))
        with saved.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            add_page(writer, old, b"", status="301 Moved Permanently", headers=(("Location", new),))
            add_page(writer, new, PAGE, date="2025-02-01T00:00:00Z")
            kind = {"warc_headers_dict": {"WARC-Date": "2025-01-01T00:00:00Z"}}
            writer.write_record(writer.create_revisit_record(again, digest, new, "2025-02-01T00:00:00Z", **kind))
            for day in range(1, 5):
                add_page(writer, walled, CONSENT + b"<!--%d-->" % day, date=f"2025-01-0{day}T00:00:00Z")
            add_page(writer, walled, PAGE, date="2025-01-20T00:00:00Z")
        for name, url in (("old", old), ("again", again), ("walled", walled)):
            plant(seeds, name, url, body="\n\n".join(TEXT), date="2025-01-01")
        other = tmp_path / "other"
        shutil.copytree(seeds, other)
        with Pywb([saved], tmp_path / "server") as archive:
            settings = {**QUICK, "PRIVATE_HOSTS": 1, "ARCHIVE": 0, "WAYBACK_COPIES_PER_SECOND": 100}
            run = crawl(seeds, replay=None, settings={**settings, **archive.as_wayback(), "WAYBACK": 1})
            entry = {
                "name": "map", "kind": "timemap", "timemap": archive.cdx.replace("/cdx", "/timemap/link/{url}"),
                "raw": archive.raw, "copies_per_second": 100,
            }  # fmt: skip
            mapped = crawl(other, replay=None, settings={**settings, "WEB_ARCHIVES": json.dumps([entry])})
    for done, origin in ((run, "wayback"), (mapped, "map")):
        for name in ("old", "again", "walled"):
            result = done.result(f"{name}.md")
            assert (result["outcome"], result["capture"]["origin"]) == ("written", origin), result
