"""What web archives answer in practice, all of it in one crawl: recovered or named rightly, and never a wrong page."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive.archive import Archive
from archiver.ledger import Ledger
from tests.conftest import Crawl
from tests.crawl.searches.test_fallback import ARCHIVE, CONSENT, PAGE, SLUG, memento, plant
from tests.crawl.test_live import TEXT, TITLE
from tests.support.servers import Answer, Site, html

AT = "20241112041056"
OTHER_PAGE = html(
    "Orchestra opens its season",
    *["The orchestra opened its season with a work that nobody had heard before. " * 3] * 4,
)
HOME = html("The Harbour Gazette", "Front page.")
BLOCKED = Answer(b"org.archive.wayback.exception.AdministrativeAccessControlException: Blocked Site Error", 403)
BUSY = Answer(b"busy", 503)
SECONDS_BETWEEN_LISTS = 0.05


class WebArchive(Site):
    """A web archive: lists at `/cdx/ADDRESS`, copies at `/web/TIMESTAMPid_/ADDRESS`, TimeMaps at `/map/ADDRESS`."""

    def lists(self, url: str, *rows: tuple[str, str, str, int], key: str = "") -> None:
        """List captures, each as (timestamp, address, status, length); `key` is how the list goes on."""
        table: list[list[str]] = [["timestamp", "original", "mimetype", "statuscode", "digest", "length"]]
        for at, address, status, length in rows:
            mime = "warc/revisit" if status == "-" else "text/html"
            table.append([at, address, mime, status, f"{at}{length}", str(length)])
        self.pages[f"/cdx/{url}?x=1"] = Answer(json.dumps([*table, *([[], [key]] if key else [])]).encode())

    def has(self, url: str, body: bytes, at: str = AT, **headers: str) -> None:
        """Hand out a copy."""
        found = memento(body)
        self.pages[f"/web/{at}id_/{url}"] = Answer(body, 200, {**found.headers, **headers})

    def redirects(self, url: str, target: str, at: str = AT) -> None:
        """Hand out an archived redirect."""
        headers = {**memento(b"").headers, "Location": self.url(f"/web/{at}id_/{target}")}
        self.pages[f"/web/{at}id_/{url}"] = Answer(b"", 301, headers)

    def settings(self, name: str) -> dict[str, Any]:
        """An entry of WEB_ARCHIVES."""
        pace = {"lists_per_minute": 60 / SECONDS_BETWEEN_LISTS, "copies_per_second": 100, "tries": 3}
        return {"name": name, "kind": "cdx", "cdx": self.url("/cdx/{url}?x=1"), "raw": self.raw, **pace}

    @property
    def raw(self) -> str:
        return self.url("/web/{timestamp}id_/{url}")


@dataclass(frozen=True)
class Lost:
    """A site that has lost its pages, and three archives; what one does not know of, it has not."""

    site: Site
    first: WebArchive
    second: WebArchive
    maps: WebArchive

    def page(self, name: str) -> str:
        url = self.site.url(f"/news/{name}")
        self.first.lists(url)
        self.second.lists(url)
        self.maps.pages[f"/map/{url}"] = Answer(b"no mementos", 404)
        return url

    def map(self, url: str, of: str) -> None:
        """Let a TimeMap in answer to one address name a copy of another, at the second archive."""
        shown = self.second.url(f"/web/{AT}/{of}")
        self.maps.pages[f"/map/{url}"] = Answer(
            f'<{of}>; rel="original",\n<{shown}>; rel="memento"; datetime="Tue, 12 Nov 2024 04:10:56 GMT"'.encode()
        )


def found(lost: Lost) -> Iterator[tuple[str, str]]:
    """Pages that one of the archives has, each in another way; by name, with their addresses."""
    site, first, second, named = lost.site, lost.first, lost.second, lost.page
    yield "slug-changed", (url := named(SLUG))
    new = site.url(f"/news/{SLUG}-by-spring")
    first.lists(url, (AT, url, "301", 500))
    first.redirects(url, new)
    first.has(new, PAGE)

    yield "revisit", (url := named("revisit"))
    first.lists(url, (AT, url, "-", 400))
    first.has(url, PAGE)

    yield "walls", (url := named("walls"))
    walls = [f"2024110{day}000000" for day in range(1, 5)]
    first.lists(url, *((at, url, "200", 3000 + number) for number, at in enumerate(walls)), (AT, url, "200", 9000))
    for number, at in enumerate(walls):
        first.has(url, CONSENT + b"<!--%d-->" % number, at)
    first.has(url, PAGE)

    yield "cut", (url := named("cut"))
    first.lists(url, (AT, url, "200", 9000))
    first.has(url, PAGE, **{"X-Archive-Orig-Content-Length": "99999"})

    yield "web-page", (url := named("web-page"))
    first.pages[f"/cdx/{url}?x=1"] = Answer(b"<html>We are moving.</html>")
    second.lists(url, (AT, url, "200", 9000))
    second.has(url, PAGE)

    yield "goes-on", (url := named("goes-on"))
    first.lists(url, ("20100101000000", url, "404", 100), key="com%2Cx%29+1")
    first.pages[f"/cdx/{url}?x=1&resumeKey=com%2Cx%29+1"] = Answer(
        json.dumps([["timestamp", "original", "statuscode"], [AT, url, "200"]]).encode()
    )
    first.has(url, PAGE)

    yield "memento", (url := named("memento"))
    lost.map(url, url)
    second.has(url, PAGE, Link=f'<{url}>; rel="original"')


def missed(lost: Lost) -> Iterator[tuple[str, str]]:
    """Pages that no archive hands out; of some it hands out others."""
    site, first, second, maps, named = lost.site, lost.first, lost.second, lost.maps, lost.page
    yield "nothing", named("nothing")

    yield "busy", (url := named("busy"))
    first.pages[f"/cdx/{url}?x=1"] = BUSY

    yield "closed", (url := named("closed"))
    first.pages[f"/cdx/{url}?x=1"] = BLOCKED

    yield "unknown-archive", (url := named("unknown-archive"))
    listed = {"uri": f"https://unknown.example/{AT}/{url}", "datetime": "2024-11-12T04:10:56Z"}
    maps.pages[f"/map/{url}"] = Answer(json.dumps({"original_uri": url, "mementos": {"list": [listed]}}).encode())

    # Each of these would be a wrong page.
    yield "redirect-elsewhere", (url := named("redirect-elsewhere"))
    first.lists(url, (AT, url, "302", 500))
    first.redirects(url, site.url("/news/orchestra"))
    first.has(site.url("/news/orchestra"), OTHER_PAGE)

    yield "redirect-home", (url := named("redirect-home"))
    first.lists(url, (AT, url, "302", 500))
    first.redirects(url, site.url("/"))
    first.has(site.url("/"), HOME)

    yield "copy-of-another", (url := named("copy-of-another"))
    first.lists(url, (AT, url, "200", 9000))
    first.has(url, OTHER_PAGE, Link=f'<{site.url("/news/orchestra")}>; rel="original"')

    yield "map-of-another", (url := named("map-of-another"))
    other = site.url("/news/orchestra")
    lost.map(url, other)
    second.has(other, OTHER_PAGE)


RECOVERED = {
    "slug-changed": "wayback", "revisit": "wayback", "walls": "wayback", "cut": "wayback", "web-page": "second",
    "goes-on": "wayback", "memento": "maps",
}  # fmt: skip
SAID = {
    "nothing": "The web archive has no copy of it. The web archive second has no copy of it. The web archive maps has",
    "busy": "cannot be had, the archive answered 503; run again later",
    "closed": "the archive keeps this page closed (403)",
    "unknown-archive": "There are copies at unknown.example, but how they are had as they were archived is not known",
    "redirect-elsewhere": "is not the article (soft_404). It is of ",
    "redirect-home": "is not the article (",
    "copy-of-another": "is a copy of another page",
    "map-of-another": "is of another page",
}


@pytest.fixture
def lost() -> Iterator[Lost]:
    first, second, maps = WebArchive({}), WebArchive({}), WebArchive({})
    with Site({"/": Answer(HOME)}) as site, first, second, maps:
        yield Lost(site, first, second, maps)


def test_what_archives_have_is_recovered_and_what_they_lack_is_named(
    crawl: Crawl, seeds: Path, tmp_path: Path, lost: Lost
) -> None:
    first, second, maps = lost.first, lost.second, lost.maps
    urls = {**dict(found(lost)), **dict(missed(lost))}
    for name, url in urls.items():
        plant(seeds, name, url, body="\n\n".join(TEXT), date="2024-11-01")
    mapping = {"name": "maps", "kind": "timemap", "timemap": maps.url("/map/{url}"), "raw": second.raw}
    quick = {"lists_per_minute": 6000, "copies_per_second": 100}
    settings = {
        **ARCHIVE, "WAYBACK_CDX": first.url("/cdx/{url}?x=1"), "WAYBACK_RAW": first.raw,
        "WEB_ARCHIVES": json.dumps([second.settings("second"), {**mapping, **quick}]),
    }  # fmt: skip
    run = crawl(seeds, replay=None, settings=settings)
    results = {name: run.result(f"{name}.md") for name in urls}
    recovered = {name: result for name, result in results.items() if result["outcome"] == "written"}
    assert {name: result["capture"]["origin"] for name, result in recovered.items()} == RECOVERED
    for name in recovered:
        assert f'title: "{TITLE}"' in (seeds / f"{name}.md").read_text("utf-8")
    assert {name for name in urls if name not in recovered} == SAID.keys()
    for name, said in SAID.items():
        assert (results[name]["verdict"], said in results[name]["detail"]) == ("gone", True), results[name]

    with closing(Archive(tmp_path / "archive")) as kept:
        kept.refresh(again=True)
        statuses = {name: {capture.status for capture in kept.captures(urls[name])} for name in ("revisit", "cut")}
    assert statuses == {"revisit": {200, 404}, "cut": {404}}, "what breaks off is not kept as its page"

    # One request a page and list, but for the list that goes on; no copy twice; each service at its own pace.
    asked = Counter(archive.url(path) for archive in (first, second, maps) for path in archive.paths())
    assert set(asked.values()) == {1}
    assert sum(path.startswith("/cdx/") for path in first.paths()) == len(urls) + 1
    walls = [path for path in first.paths() if path.endswith("/news/walls") and path.startswith("/web/")]
    assert len(walls) == 2
    times = [one.at for one in second.asked if one.path.startswith("/cdx/")]
    # For a page of which the first has the beginning only, the others are asked for a whole one.
    assert len(times) == len(urls) - sum(origin == "wayback" for origin in RECOVERED.values()) + 1
    assert times[-1] - times[0] >= (len(times) - 1) * SECONDS_BETWEEN_LISTS * 0.9

    # What is closed for good is not asked again soon, what was weather is; nor is a service that asked for a pause.
    before = len(first.asked), len(second.asked)
    ledger = Ledger.open(tmp_path / "archive" / "ledger.sqlite")
    ledger.pause(f"lists@{second.url('').removeprefix('http://')}", datetime.now(UTC) + timedelta(hours=1))
    ledger.close()
    settings["WEB_ARCHIVES"] = json.dumps([second.settings("second")])
    first.lists(urls["busy"], (AT, urls["busy"], "200", 9000))
    first.has(urls["busy"], PAGE)
    again = crawl(seeds, replay=None, settings=settings, args={"only": "busy.md,closed.md"})
    assert again.result("busy.md")["outcome"] == "written"
    assert "keeps this page closed, as it said before" in again.result("closed.md")["detail"]
    assert "was to be left alone until" in again.result("closed.md")["detail"]
    assert not [path for path in first.paths()[before[0] :] if "closed" in path]
    assert len(second.asked) == before[1]
