"""What a robots.txt forbids, how fast it lets us be, and what its absence means; over real sockets."""

from __future__ import annotations

import gzip
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archiver.urls import host_of
from tests.conftest import Crawl, Run
from tests.support.pausing import NOTING, noted
from tests.support.servers import Answer, Site, html

PAGE = Answer(html("Ferry pilots ask for a second lighthouse", "Four boats touched the sandbank in one month. " * 8))
BOMB = Answer(gzip.compress(b"#" * 200_000), headers={"Content-Encoding": "gzip"})
QUICK = {"DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": 0, "RETRY_BACKOFF_BASE": 0.05, "WAYBACK": 0, "ARCHIVE": 0}


def visit(crawl: Crawl, seeds: Path, site: Site, count: int, **settings: Any) -> Run:
    for n in range(count):
        (seeds / f"{n}.md").write_text(f'---\norigin_url: "{site.url(f"/news/{n}")}"\ntitle: ""\n---\n\nText.\n')
    return crawl(seeds, replay=None, settings={**QUICK, **settings})


def site_of(robots: Answer, count: int = 5) -> Site:
    return Site({"/robots.txt": robots, **{f"/news/{n}": PAGE for n in range(count)}})


def verdicts(run: Run) -> set[str]:
    return {result["verdict"] for result in run.results}


@pytest.mark.parametrize("throttle", [0, 1])
@pytest.mark.parametrize(
    "rules",
    [
        b"User-agent: *\nCrawl-delay: 0.6\n",
        b"User-agent: *\nCrawl-delay: 9\n\nUser-agent: seed-archiver\nRequest-rate: 5/3\nCrawl-delay: 0.1\n",
    ],
    ids=["delay", "rate"],
)
def test_the_pace_of_a_robots_txt_is_kept_whatever_autothrottle_thinks(
    crawl: Crawl, seeds: Path, rules: bytes, throttle: int
) -> None:
    with site_of(Answer(rules)) as site:
        run = visit(
            crawl, seeds, site, 5, AUTOTHROTTLE_ENABLED=throttle, AUTOTHROTTLE_START_DELAY=0.01, PROGRESS_INTERVAL=1
        )
    assert verdicts(run) == {"article"}
    assert re.match(r"after \d+ s: \d of 5 seeds; ", run.stderr), "a run of three seconds says how far it is"
    times = [asked.at for asked in site.asked]
    assert len(times) == 6
    # The site notes when it reads a request, which may be late on a busy machine; half of the pace would fail both.
    assert times[-1] - times[0] >= 5 * 0.6 - 0.3
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.35


def test_a_host_that_wants_us_slower_than_a_run_can_be_is_not_asked(crawl: Crawl, seeds: Path) -> None:
    with site_of(Answer(b"User-agent: *\nDisallow: /news/0\nCrawl-delay: 7200\n")) as site:
        run = visit(crawl, seeds, site, 3)
    assert site.paths() == ["/robots.txt"]
    assert verdicts(run) == {"robots"}
    assert run.result("0.md")["detail"].endswith("may not be fetched, its robots.txt says; ask the site's owner.")
    assert run.result("1.md")["detail"] == (
        f"{site.url('/news/1')} is not asked: robots.txt of {host_of(site.url('/'))} wants 7200 seconds between two "
        "requests; raise CRAWL_DELAY_MAX, or ask the site's owner."
    )


@pytest.mark.parametrize(
    ("robots", "tries", "words"),
    [
        (Answer(b"", 503), 3, "/robots.txt answered 503, which forbids every page for now"),
        (Answer(b"", 429), 3, "/robots.txt answered 429, which forbids every page for now"),
        (Answer(b"", 503, {"Retry-After": "7200"}), 1, "asked for a longer wait than RETRY_BACKOFF_MAX"),
        (Answer(b"User-agent: *\n", length=99), 3, "/robots.txt: the answer was cut off"),
        (Answer(b"", delay=2), 3, "/robots.txt did not answer in time"),
        (Answer(b"a" * 200_000), 1, "/robots.txt is larger than DOWNLOAD_MAXSIZE"),
        (BOMB, 1, "/robots.txt unpacks to more than DOWNLOAD_MAXSIZE"),
    ],
    ids=["503", "429", "retry-after", "cut", "slow", "large", "bomb"],
)
def test_without_its_robots_txt_no_page_is_asked_for(
    crawl: Crawl, seeds: Path, robots: Answer, tries: int, words: str
) -> None:
    notes = {"EXTENSIONS": NOTING, "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_", "PAUSE_NOTES": seeds.parent / "notes"}
    with site_of(robots) as site:
        run = visit(crawl, seeds, site, 5, DOWNLOAD_TIMEOUT=0.5, DOWNLOAD_MAXSIZE=100_000, **notes)
    assert site.paths() == ["/robots.txt"] * tries
    assert verdicts(run) == {"blocked" if robots.status == 429 else "unreachable"}
    assert all(words in result["detail"] for result in run.results)
    assert all("the host is left alone until 2" in result["detail"] for result in run.results)
    assert [host for host, _ in noted(seeds.parent / "notes")] == [host_of(site.url("/"))]


@pytest.mark.parametrize(
    "robots",
    [
        Answer(b"User-agent: *\nDisallow: /\n", 404),
        Answer(b"User-agent: *\nDisallow: /\n", 403),
        Answer(b"", 302, {"Location": "/robots.txt"}),
    ],
    ids=["404", "403", "circle"],
)
def test_where_there_is_no_robots_txt_there_are_no_rules(crawl: Crawl, seeds: Path, robots: Answer) -> None:
    with site_of(robots) as site:
        run = visit(crawl, seeds, site, 2)
    assert verdicts(run) == {"article"}


def test_an_endless_robots_txt_is_read_up_to_its_last_whole_line(crawl: Crawl, seeds: Path) -> None:
    begin, end = b"User-agent: *\nDisallow: /news/1\n#", b"\nDisallow: /news/0000\nDisallow: /news/2\n"
    cut = len(b"\nDisallow: /news/0")
    padding = b"-" * (500 * 1024 - len(begin) - cut)
    with site_of(Answer(begin + padding + end)) as site:
        run = visit(crawl, seeds, site, 3)
    assert [run.result(f"{n}.md")["verdict"] for n in range(3)] == ["article", "robots", "article"]
    assert site.paths().count("/robots.txt") == 1
