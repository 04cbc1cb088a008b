"""Lost pages that Common Crawl has: recovered byte for byte, kept as they came, within the service's limits."""

from __future__ import annotations

import json
from pathlib import Path

from scrapy.exceptions import DownloadCancelledError
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.archive.archive import Archive
from archiver.config.web_archives import parse_web_archives
from archiver.downloader.services import NOT_ARCHIVED, archive_request, failure_of
from archiver.wayback.web_archive import ArchiveRequest
from tests.conftest import Crawl
from tests.crawl.searches.test_fallback import PAGE, cdx, memento, plant
from tests.crawl.test_live import QUICK
from tests.support.commoncrawl import FILE, CommonCrawlFiles, CommonCrawlSite
from tests.support.servers import Answer, Site

CRAWL = "CC-MAIN-2024-46"
AFTER = (CRAWL, "CC-MAIN-2024-51", "CC-MAIN-2025-05")
"""The crawls from the day of the seeds on."""


def settings(service: CommonCrawlSite, other: Site) -> dict[str, object]:
    archive = {
        "name": "commoncrawl", "kind": "commoncrawl", "index": service.url(""), "data": service.url(""),
        "lists_per_minute": 60_000, "copies_per_second": 1000,
    }  # fmt: skip
    after = {
        "name": "other", "kind": "cdx", "cdx": other.url("/cdx/{url}"), "raw": other.url("/web/{timestamp}id_/{url}"),
        "lists_per_minute": 60_000, "copies_per_second": 1000,
    }  # fmt: skip
    return {**QUICK, "WAYBACK": 0, "WEB_ARCHIVES": json.dumps([archive, after])}


def test_lost_pages_of_a_publisher_are_recovered_with_one_question_a_crawl_and_kept_as_they_came(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    files = CommonCrawlFiles()
    with Site({}) as site, Site({}) as other, CommonCrawlSite(files) as service:
        urls = [site.url(f"/news/{number}") for number in range(10)]
        lines = [files.add_page(CRAWL, url, PAGE + b"<!-- %d -->" % number) for number, url in enumerate(urls)]
        lines[3]["truncated"] = lines[4]["truncated"] = "length"
        other.pages[f"/cdx/{urls[4]}"] = cdx(("20241112041056", urls[4], "A"))
        other.pages[f"/web/20241112041056id_/{urls[4]}"] = memento(PAGE)
        lines[5]["digest"] = "A" * 32
        lines[6]["offset"] = "1"
        lines[7]["filename"] = "crawl-data/whole.warc.gz"
        service.pages["/crawl-data/whole.warc.gz"] = Answer(bytes(1_000_000))
        lines[8]["filename"] = "crawl-data/page.warc.gz"
        service.pages["/crawl-data/page.warc.gz"] = Answer(b"<html>busy</html>", 206)
        files.lines[CRAWL].pop(9)
        for number, url in enumerate(urls):
            plant(seeds, str(number), url)
        run = crawl(seeds, replay=None, settings=settings(service, other))
        asked, paths = service.questions(), service.paths()
        snapshot = service.url(f"/{CRAWL}-index?url=")
    results = {Path(result["path"]).stem: result for result in run.results}
    assert [name for name, result in sorted(results.items()) if result["outcome"] == "written"] == list("01234")
    assert results["0"]["capture"]["origin"] == "commoncrawl"
    assert results["0"]["capture"]["url"].startswith(snapshot)
    # What is cut gives fields, where no archive has the page whole.
    assert [results[name]["capture"]["origin"] for name in "34"] == ["commoncrawl", "other"]
    assert "is not whole." in results["3"]["detail"]
    assert results["3"]["detail"].count("The server answered 404") == 1
    said = (
        "do not match the digest",
        "cannot be unpacked",
        "and nothing of it was taken",
        "another range",
        "no copy of",
    )
    for name, sentence in zip("56789", said, strict=True):
        assert sentence in results[name]["detail"], results[name]["detail"]
    # The list of crawls once, and each of the few crawls once for all ten seeds.
    assert asked == ["collinfo.json", *(f"{name} {site.url('/news/')}*" for name in AFTER)]
    assert len([path for path in paths if path.startswith("/crawl-data/")]) == 9
    assert "/robots.txt" not in paths
    archive = Archive(tmp_path / "archive")
    archive.refresh()
    assert not [entry for entry in archive.captures(urls[3]) if entry.status == 200], "it would pass for whole"
    for number in range(3):
        (kept,) = [entry for entry in archive.captures(urls[number]) if entry.status == 200]
        content = (archive.warcs / kept.file).read_bytes()[kept.offset : kept.offset + kept.length]
        start = int(lines[number]["offset"])
        assert content == files.data[start : start + int(lines[number]["length"])]
    archive.close()
    # What was fetched once is not asked for again.
    with Site({}) as nobody:
        again = crawl(seeds, replay="archive", settings={"WAYBACK": 0, "WEB_ARCHIVES": "commoncrawl"})
    assert (again.result("0.md")["outcome"], again.result("0.md")["verdict"]) == ("unchanged", "article")
    assert nobody.paths() == []


def test_the_index_is_asked_one_question_a_second_at_most_and_one_at_a_time() -> None:
    given = Settings()
    given.setmodule(ours)
    given.setdict({"WEB_ARCHIVES": "commoncrawl"}, priority="cmdline")
    limits = {service.slot: service for service in parse_web_archives(given).services}
    lists = limits["lists@index.commoncrawl.org"]
    assert (lists.delay >= 1, lists.concurrency) == (True, 1)
    assert limits["copies@data.commoncrawl.org"].delay >= 1


def test_a_whole_file_is_refused_by_its_size_and_a_part_is_no_answer_for_the_archive() -> None:
    ranged = ArchiveRequest(
        "copy", f"https://data.example/{FILE}", "data.example", (("Range", "bytes=5-9"),), max_bytes=70_000
    )
    request = archive_request(ranged)
    assert (request.meta["download_maxsize"], request.meta[NOT_ARCHIVED]) == (70_000, True)
    assert request.headers["Range"] == b"bytes=5-9"
    sentence = str(failure_of(DownloadCancelledError(), ranged))
    assert sentence == f"https://data.example/{FILE} is longer than 70000 bytes, and nothing of it was taken."
    listed = archive_request(ArchiveRequest("captures", "https://index.example/x", max_bytes=9))
    assert (listed.meta["download_maxsize"], NOT_ARCHIVED in listed.meta) == (9, False)
