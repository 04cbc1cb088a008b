"""What a live run keeps of packed pages and of services' answers, and that a replay makes the same of it."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest

from tests.archive.test_recording import check, records
from tests.conftest import Crawl, scrapy, tree
from tests.crawl.searches.test_fallback import PAGE, cdx, endpoints, memento, plant
from tests.crawl.test_live import QUICK
from tests.support.servers import Answer, Site

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "zstd": zstd.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_packed_page_is_kept_as_it_came_and_replayed(crawl: Crawl, seeds: Path, tmp_path: Path, packing: str) -> None:
    body = PACKINGS[packing](PAGE)
    answer = Answer(body, headers={"Content-Type": "text/html; charset=utf-8", "Content-Encoding": packing})
    with Site({"/news/a": answer}) as site:
        seed = plant(seeds, "a", site.url("/news/a"))
        before = seed.read_bytes()
        live = crawl(seeds, replay=None, settings=QUICK)
    (block,) = [block for kind, _, block in records(tmp_path / "archive") if kind == "response" and body in block]
    assert f"Content-Encoding: {packing}\r\n".encode() in block
    # `warcio check` 1.8.1 unpacks what it checks, and breaks off on brotli's own decompressor.
    if packing != "br":
        check(tmp_path / "archive")
    assert scrapy("archive", "check", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}").code == 0
    after = seed.read_bytes()
    seed.write_bytes(before)
    replayed = crawl(seeds, replay=Path("archive"))
    assert live.result("a.md")["outcome"] == replayed.result("a.md")["outcome"] == "written"
    assert seed.read_bytes() == after


def test_a_repair_from_a_web_archive_is_replayed_without_it(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({}) as site, Site({}) as service:
        url = site.url("/news/lost")
        service.pages[f"/cdx/{url}"] = cdx(("20241112041056", url, "A"))
        service.pages[f"/web/20241112041056id_/{url}"] = memento(PAGE)
        seed = plant(seeds, "lost", url)
        before = seed.read_bytes()
        settings = {**endpoints(service), "ARCHIVE_URL_KEY": "archive_url"}
        live = crawl(seeds, replay=None, settings=settings)
    kept = {fields["WARC-Target-URI"] for kind, fields, _ in records(tmp_path / "archive") if kind == "response"}
    assert {url, service.url(f"/cdx/{url}"), service.url(f"/web/20241112041056id_/{url}")} <= kept
    after = tree(seeds)
    seed.write_bytes(before)
    replayed = crawl(seeds, replay=Path("archive"), settings=settings)
    assert (live.code, replayed.code) == (0, 0)
    assert live.result("lost.md")["capture"]["origin"] == replayed.result("lost.md")["capture"]["origin"] == "wayback"
    assert tree(seeds) == after != {"lost.md": before}


def test_what_save_page_now_answers_is_kept_apart_and_without_the_keys(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    page = Answer(PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
    with Site({"/news/a": page}) as site, Site({"/save": Answer(b'{"job_id": "x"}')}) as service:
        plant(seeds, "a", site.url("/news/a"))
        settings = {**endpoints(service), "SAVE_PAGE_NOW": 1, "SAVE_PAGE_NOW_URL": service.url("/save")}
        env = {"SAVE_PAGE_NOW_ACCESS_KEY": "an-access-key", "SAVE_PAGE_NOW_SECRET_KEY": "a-secret-key"}
        quick = {"SAVE_PAGE_NOW_PER_MINUTE": 60_000, "SAVE_PAGE_NOW_WAIT": 0}
        run = crawl(seeds, replay=None, settings={**settings, **quick}, env=env)
    assert run.code == 0
    assert len(service.posted) == 1
    found = records(tmp_path / "archive")
    by_room = [
        {fields.get("WARC-Target-URI") for _, fields, _ in records(tmp_path / "archive" / room)}
        for room in ("warc", "services")
    ]
    assert [service.url("/save") in addresses for addresses in by_room] == [False, True]
    assert [site.url("/news/a") in addresses for addresses in by_room] == [True, False]
    assert not any(b"a-secret-key" in block or b"an-access-key" in block for _, _, block in found)


def test_a_crawl_goes_on_in_a_new_file_when_one_is_full(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({f"/news/{number}": Answer(PAGE + b"<!-- %d -->" % number) for number in range(6)}) as site:
        for number in range(6):
            plant(seeds, f"{number}", site.url(f"/news/{number}"))
        run = crawl(seeds, replay=None, settings={**QUICK, "WARC_MAX_BYTES": 2000})
    assert run.code == 0
    assert len(list((tmp_path / "archive" / "warc").iterdir())) > 2
    check(tmp_path / "archive")
    again = crawl(seeds, replay=Path("archive"), settings={"DRY_RUN": 1})
    assert [result["verdict"] for result in again.results] == ["article"] * 6


@pytest.mark.parametrize("target", [b"/news/caf\xe9", "/news/caf\xe9".encode()], ids=["latin-1", "utf-8"])
def test_a_redirect_to_an_address_that_is_not_ascii_is_replayed(crawl: Crawl, seeds: Path, target: bytes) -> None:
    # The server writes its headers in Latin-1.
    moved = Answer(b"", 301, {"Location": target.decode("latin-1")})
    with Site({"/news/a": moved}) as site:
        for path in ("/news/caf%E9", "/news/caf%C3%A9"):
            site.pages[path] = Answer(PAGE, headers={"Content-Type": "text/html; charset=utf-8"})
        seed = plant(seeds, "a", site.url("/news/a"))
        before = seed.read_bytes()
        live = crawl(seeds, replay=None, settings=QUICK).result("a.md")
        site.pages["/news/a"] = Answer(b"", 404)
        seed.write_bytes(before)
        lost = crawl(seeds, replay=None, settings={**QUICK, "WAYBACK": 0}).result("a.md")
    seed.write_bytes(before)
    replayed = crawl(seeds, replay=Path("archive"), args={"at": "2000-01-01"}).result("a.md")
    assert [one["outcome"] for one in (live, lost, replayed)] == ["written"] * 3
    assert live["capture"]["url"] == lost["capture"]["url"] == replayed["capture"]["url"]
