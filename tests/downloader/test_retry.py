"""Asking again: how often, after which wait, and when not."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import Response

from archiver.downloader.waits import retry_after
from tests.conftest import Crawl
from tests.support.servers import Answer, Site, html

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
PAGE = Answer(html("Ferry pilots ask for a second lighthouse", "Four boats touched the sandbank in one month. " * 8))
QUICK = {"DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_BACKOFF_BASE": 0.05, "WAYBACK": 0}


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        (None, None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    headers = {} if value is None else {"Retry-After": value}
    assert retry_after(Response("https://a.example/", status=503, headers=headers), NOW) == seconds


def seed(folder: Path, site: Site) -> None:
    (folder / "a.md").write_text(f'---\norigin_url: "{site.url("/news/pilots")}"\ntitle: ""\n---\n\nText.\n')


def waits(site: Site) -> list[float]:
    """Seconds between the requests for the page."""
    at = [asked.at for asked in site.asked if asked.path == "/news/pilots"]
    return [later - earlier for earlier, later in pairwise(at)]


def test_a_failing_page_is_asked_for_three_times_with_growing_waits(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/pilots": Answer(b"", 500)}) as site:
        seed(seeds, site)
        run = crawl(seeds, replay=None, settings={**QUICK, "RETRY_BACKOFF_BASE": 0.4})
    first, second = waits(site)
    assert first >= 0.4
    assert second >= 0.8
    assert (run.code, run.stderr) == (2, "")
    assert run.results[0]["verdict"] == "unreachable"


def test_a_host_that_says_when_is_asked_then(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/pilots": Answer(b"", 503, {"Retry-After": "1"})}) as site:
        seed(seeds, site)
        crawl(seeds, replay=None, settings={**QUICK, "RETRY_TIMES": 1})
    (wait,) = waits(site)
    assert wait >= 1


def test_a_host_that_wants_a_long_wait_is_left_alone(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/pilots": Answer(b"", 429, {"Retry-After": "3600"})}) as site:
        seed(seeds, site)
        run = crawl(seeds, replay=None, settings=QUICK)
    assert waits(site) == []
    assert site.paths().count("/news/pilots") == 1
    assert run.results[0]["verdict"] == "blocked"


def test_a_page_that_comes_back_is_taken(crawl: Crawl, seeds: Path) -> None:
    with Site({"/news/pilots": Answer(b"", 500)}) as site:

        def recover() -> None:
            site.was_asked.wait(60)
            site.pages["/news/pilots"] = PAGE

        recovery = threading.Thread(target=recover)
        recovery.start()
        seed(seeds, site)
        run = crawl(seeds, replay=None, settings={**QUICK, "RETRY_BACKOFF_BASE": 0.5})
        recovery.join()
    assert (run.code, run.results[0]["outcome"]) == (0, "written")
    assert len(waits(site)) == 1
