"""What a run counts: Scrapy's names for robots.txt, our own for the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from archiver import settings as ours
from archiver.extensions.report import RunReport
from archiver.models import CaptureReference, Change, Outcome, Result, Verdict
from archiver.spiders.seeds import AllSeedsSpider
from tests.conftest import ROOT, Crawl
from tests.support.counting import COUNTING
from tests.support.servers import Answer, Site, html

PAGE = Answer(html("Ferry pilots ask for a second lighthouse", "Four boats touched the sandbank in one month. " * 8))


def test_robots_retries_and_pauses_are_counted(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    rules = Answer(b"User-agent: *\nDisallow: /private/\n")
    with Site({"/robots.txt": rules, "/news/0": Answer(b"", 500), "/news/1": PAGE, "/private/0": PAGE}) as site:
        for n, path in enumerate(("/news/0", "/news/1", "/private/0")):
            (seeds / f"{n}.md").write_text(f'---\norigin_url: "{site.url(path)}"\ntitle: ""\n---\n\nText.\n')
        settings = {
            "DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": 0, "RETRY_BACKOFF_BASE": 0.05, "RETRY_TIMES": 4,
            "ARCHIVE": 0, "EXTENSIONS": COUNTING, "KNOWN_SETTING_PREFIXES": "STATS_",
            "STATS_FILE": tmp_path / "stats.json",
        }  # fmt: skip
        crawl(seeds, replay=None, settings=settings)
    stats = json.loads((tmp_path / "stats.json").read_text(encoding="utf-8"))
    assert {name.removeprefix("robotstxt/"): stats[name] for name in stats if name.startswith("robotstxt/")} == {
        "request_count": 1, "response_count": 1, "response_status_count/200": 1, "forbidden": 1,
    }  # fmt: skip
    assert len(stats["robots"]) == 1
    retries = site.paths().count("/news/0") - 1
    assert retries > 1
    assert stats["archiver/retries"] == retries
    assert 0 < stats["archiver/pauses"] <= retries + 1


@pytest.mark.parametrize(
    ("origin", "status", "name"),
    [
        ("archive", 200, "archive_hits"), ("wayback", 200, "wayback_hits"), ("arquivo", 200, "wayback_hits"),
        ("live", 304, "not_modified"),
    ],
)  # fmt: skip
def test_copies_and_unchanged_pages_are_counted(origin: str, status: int, name: str) -> None:
    crawler = Crawler(AllSeedsSpider)
    crawler.settings.setmodule(ours)
    stats = crawler.stats = MemoryStatsCollector(crawler)
    capture = CaptureReference("https://a.example/", status, "2026-01-01T00:00:00+00:00", "0" * 64, origin)
    report = RunReport(crawler)
    for one in (capture, None):
        report.seed_result(Result("a.md", "https://a.example/", Outcome.UNCHANGED, Verdict.ARTICLE, "", capture=one))
    assert {stat: count for stat, count in stats.get_stats().items() if "_" in stat} == {f"archiver/{name}": 1}


def test_seeds_with_a_value_that_waits_are_counted() -> None:
    crawler = Crawler(AllSeedsSpider)
    crawler.settings.setmodule(ours)
    stats = crawler.stats = MemoryStatsCollector(crawler)
    report = RunReport(crawler)
    two = (Change("title", "", "A", "h1"), Change("heading", "", "A", "h1"))
    for proposed in (two, ()):
        report.seed_result(
            Result("a.md", "https://a.example/", Outcome.UNCHANGED, Verdict.ARTICLE, "", proposed=proposed)
        )
    assert stats.get_stats() == {"archiver/unchanged": 2, "archiver/waiting": 1}


def test_every_stat_is_listed_in_the_docs() -> None:
    text = (ROOT / "docs" / "stats.md").read_text(encoding="utf-8")
    for name in (
        "retries",
        "pauses",
        "hosts_paused",
        "archive_hits",
        "wayback_hits",
        "not_modified",
        "written",
        "waiting",
    ):
        assert f"`archiver/{name}`" in text
