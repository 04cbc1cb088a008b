"""Against a real web archive's server: what it says, and the crawl over real sockets through it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.archive.archive import Archive
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter
from tests.conftest import FIXTURES, GIVEN_SEED, Crawl, tree
from tests.support.pages import fixtures_as_warc
from tests.support.pywb import Pywb, asked, lost
from tests.support.servers import Answer, html

URL = json.loads(GIVEN_SEED.with_name("capture.json").read_bytes())["url"]
QUICK = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0}
CASES = sorted(path.parent for path in FIXTURES.glob("bangkokpost/*/before.md"))


@pytest.fixture(scope="module")
def pywb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pywb]:
    """The pages of fixtures/, served."""
    work = tmp_path_factory.mktemp("pywb")
    fixtures_as_warc(work / "pages.warc.gz", FIXTURES)
    with Pywb([work / "pages.warc.gz"], work / "server") as server:
        yield server


def test_captures_are_found_and_given_as_recorded(pywb: Pywb) -> None:
    status, headers, body = asked(f"{pywb.cdx}?url={URL}&output=json")
    assert (status, headers["Content-Type"]) == (200, "text/x-ndjson")
    (line,) = body.splitlines()
    capture = json.loads(line)
    assert {"urlkey", "timestamp", "url", "mime", "status", "digest", "length", "offset", "filename"} <= set(capture)
    assert (capture["url"], capture["status"], capture["timestamp"]) == (URL, "200", "20241112050000")
    # Raw, the nearest is given at once, under its own time.
    status, headers, body = asked(pywb.raw.format(timestamp="20200101000000", url=URL))
    assert (status, headers["Memento-Datetime"]) == (200, "Tue, 12 Nov 2024 05:00:00 GMT")
    assert body == GIVEN_SEED.with_name("response.html").read_bytes()
    assert asked(f"{pywb.cdx}?url=https://never.example/&output=json")[2] == b""
    assert asked(pywb.raw.format(timestamp="20200101000000", url="https://never.example/"))[0] == 404


def test_a_live_crawl_through_the_proxy_repairs_as_a_replay_does(pywb: Pywb, crawl: Crawl, seeds: Path) -> None:
    for case in CASES:
        shutil.copyfile(case / "before.md", seeds / f"{case.name}.md")
    run = crawl(seeds, "bangkokpost", replay=None, settings=QUICK, env=pywb.as_proxy())
    assert (run.code, run.stderr) == (0, "")
    assert {result["capture"]["origin"] for result in run.results} == {"live"}
    assert tree(seeds) == {f"{case.name}.md": (case / "after.md").read_bytes() for case in CASES}


def test_a_certificate_that_nobody_vouches_for_is_refused(pywb: Pywb, crawl: Crawl, seeds: Path) -> None:
    shutil.copyfile(GIVEN_SEED, seeds / "a.md")
    env = {name: value for name, value in pywb.as_proxy().items() if name != "SSL_CERT_FILE"}
    run = crawl(seeds, replay=None, settings=QUICK, env=env)
    assert (run.code, run.result("a.md")["verdict"]) == (2, "unreachable")
    assert (seeds / "a.md").read_bytes() == GIVEN_SEED.read_bytes()


def test_what_a_site_has_lost_is_in_the_archive(tmp_path: Path) -> None:
    page, gone = html("A ferry", "It sailed."), Answer(b"<title>Not found</title>", 404)
    with lost({"/news/1": page}, {"/news/1": gone}, tmp_path) as (site, archive):
        settings = archive.as_wayback()
        url = site.url("/news/1")
        assert asked(url)[0] == 404
        listing = settings["WAYBACK_CDX"].format(url=site.url("/news/"), match="prefix", limit="10")
        found = [json.loads(line) for line in asked(listing)[2].splitlines()]
        assert [(one["url"], one["timestamp"]) for one in found] == [(url, "20250101000000")]
        status, _, body = asked(settings["WAYBACK_RAW"].format(timestamp=found[0]["timestamp"], url=url))
        assert (status, body) == (200, page)


def test_the_newest_capture_of_an_unchanged_page_shows_the_page(tmp_path: Path) -> None:
    page, url = html("The ferry pilots' harbour", "It was drawn in 1887."), "https://p.example/harbour"
    first, later = datetime(2025, 3, 1, 10, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "one"\r\n\r\n'
    request = b"GET /harbour HTTP/1.1\r\nHost: p.example\r\n\r\n"
    with closing(Archive(tmp_path / "archive")) as archive:
        for kept in (
            Exchange(url, first, 200, "text/html", request, head, page),
            Exchange(url, later, 304, "", request, b"HTTP/1.1 304 Not Modified\r\n\r\n", b"", validators=('"one"', "")),
        ):
            writer = ArchiveWriter(archive, {}, 1 << 30)
            writer.keep(kept)
            writer.close()
        with Pywb(archive.files(), tmp_path / "server") as server:
            listed = [json.loads(line) for line in asked(f"{server.cdx}?url={url}&output=json")[2].splitlines()]
            assert [one["timestamp"] for one in listed] == ["20250301100000", "20260301100000"]
            status, headers, body = asked(server.raw.format(timestamp="20260301100000", url=url))
    assert (status, headers["Memento-Datetime"], body) == (200, "Sun, 01 Mar 2026 10:00:00 GMT", page)
