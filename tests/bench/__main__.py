"""Speed, as ratios within one run; writes docs/benchmark.md.

usage: python -m tests.bench [FOLDER]     FOLDER is shared/acceptance; see its README

Extraction is timed page by page on one core, ours and the peers' in turn, so that a machine whose speed drifts slows
them alike. Peers that are not installed are left out (`requirements-bench-*.in` name them).
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module, metadata
from io import BytesIO
from pathlib import Path

import trafilatura
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.extract.article import extract
from archiver.models import Capture
from archiver.rules import SiteRules
from archiver.spiders.bangkokpost import BangkokPostSpider
from tests.bench.conditional import compared
from tests.bench.crawling import COPIES, crawled, pooled
from tests.bench.recording import Recording, recorded

ROOT = Path(__file__).resolve().parents[2]
OURS = "this project"
REPORT = """# Benchmark

Made by `make bench`; the ratios count, the absolute figures are those of one machine on one day.

Extraction of {pages} real pages on one core: fields with evidence and Markdown here, text and metadata there.

| | pages per core-second | times our processor time |
|---|---|---|
{rows}

With a publisher's rules, on {ruled_pages} fixture pages: {ruled:.1f} times the speed of trafilatura.

The whole crawl from replay of an indexed archive on {cores} cores, {seeds} seeds, starting up included:
{crawled:.1f} pages per second, {share:.2f} times one core of extraction. The extracting processes alone, fed from
memory, reach {pooled:.2f} times.

An archive of {captures} captures: indexed in {indexed:.1f} s, a capture found in {lookup:.2f} ms (median).

A live crawl of {kept_pages} pages of {kilobytes:.0f} KB from a web site on loopback, {rounds} times with an archive and
{rounds} times without, in turn: keeping every answer changes its time by {slowdown:+.1%}, its processor time
by {work:+.1%} (medians).

A refresh of 1,000 unchanged pages of one nginx: {refreshed:.2f} of the requests per second of Scrapy alone.
"""

Extractor = Callable[[Capture], object]


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor seconds of each extractor for the same pages."""

    pages: int
    seconds: dict[str, float]


def main(folder: Path) -> int:
    """Time everything and write the page; 1 when there are no pages."""
    if not folder.is_dir():
        print(f"{folder} is not there: nothing was timed")
        return 1
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pages = list(acceptance_pages(folder))
    generic = timed(pages, {OURS: extract, **peers()})
    rules = BangkokPostSpider.rules
    own = list(fixture_pages(rules)) * 10
    ruled = timed(own, {OURS: lambda capture: extract(capture, rules), "trafilatura": by_trafilatura})
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    report = page(
        generic,
        ruled,
        crawled=crawled(pages),
        pooled=pooled(pages),
        archive=archived(),
        kept=recording(pages),
        refreshed=compared().share,
    )
    (ROOT / "docs" / "benchmark.md").write_text(report, encoding="utf-8")
    print(report)
    return 0


def acceptance_pages(folder: Path) -> Iterator[Capture]:
    """Every page of the acceptance sets."""
    for truth in sorted(folder.glob("pages/*/truth.jsonl")):
        for line in truth.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            yield capture(case["url"], gzip.decompress((truth.parent / case["page"]).read_bytes()))


def fixture_pages(rules: tuple[SiteRules, ...]) -> Iterator[Capture]:
    """The pages in fixtures/ that the rules cover, with as much around the article as a live page has."""
    for file in sorted((ROOT / "fixtures").rglob("capture.json")):
        described = json.loads(file.read_bytes())
        if described["status"] == 200 and any(rule.matches_host(described["url"].split("/")[2]) for rule in rules):
            at = datetime.fromisoformat(described["captured_at"])
            yield capture(described["url"], furnished(file.with_name("response.html").read_bytes()), at)


def furnished(body: bytes) -> bytes:
    """A written page brought to the size of a news site's: menus, teasers and scripts stand before its end."""
    menu = b"".join(b'<li class="menu-item"><a href="/section/%d">Section %d</a></li>' % (n, n) for n in range(200))
    teasers = b"".join(
        b'<div class="card teaser"><a href="/news/%d"><img src="/t/%d.jpg" alt=""><h3>Another headline, %d</h3></a>'
        b"<p>And what it is about, said in one sentence of some length.</p></div>" % (n, n, n)
        for n in range(60)
    )
    script = b"<script>window.data = [%s];</script>" % b",".join(b'{"id": %d, "seen": false}' % n for n in range(2000))
    return body.replace(b"</body>", b"<footer><ul>%s</ul></footer><aside>%s</aside>%s</body>" % (menu, teasers, script))


def capture(url: str, body: bytes, at: datetime = datetime(2025, 1, 1, tzinfo=UTC)) -> Capture:
    """A capture of a page."""
    return Capture(url, url, 200, (("Content-Type", "text/html; charset=utf-8"),), body, at, "archive")


def by_trafilatura(page: Capture) -> object:
    """What a user of trafilatura would call for the same result."""
    return trafilatura.extract(
        page.body.decode("utf-8", "replace"), url=page.url, output_format="markdown", with_metadata=True,
        include_images=True, include_links=True, include_formatting=True,
    )  # fmt: skip


def peers() -> dict[str, Extractor]:
    """The extractors that are installed."""

    def by_newspaper(page: Capture) -> object:
        newspaper = import_module("newspaper")
        config = newspaper.Config()
        config.fetch_images = False  # it would ask the sites for them
        article = newspaper.Article(page.url, config=config)
        article.download(input_html=page.body.decode("utf-8", "replace"))
        article.parse()
        return article.text

    def by_readability(page: Capture) -> object:
        document = import_module("readability").Document(page.body.decode("utf-8", "replace"))
        return document.title(), document.summary()

    found: dict[str, Extractor] = {"trafilatura": by_trafilatura}
    for package, extractor in (("newspaper4k", by_newspaper), ("readability-lxml", by_readability)):
        try:
            metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
        found[package] = extractor
    return found


def timed(pages: list[Capture], extractors: dict[str, Extractor]) -> Timing:
    """Time each extractor on all pages, page by page in turn."""
    seconds = dict.fromkeys(extractors, 0.0)
    for number, page in enumerate(pages[:1] + pages):
        for name, extractor in extractors.items():
            start = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    extractor(page)
                except Exception as error:  # noqa: BLE001  (a peer that fails on a page is a result)
                    print(f"{name} failed on {page.url}: {type(error).__name__}")
            if number:  # the first page warms up
                seconds[name] += time.process_time() - start
    return Timing(len(pages), seconds)


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive's figures."""

    captures: int
    indexed: float
    """Processor seconds to index it from its WARC."""
    lookup: float
    """Milliseconds to find and read one capture, the median."""


def archived(captures: int = 10_000, lookups: int = 500) -> Archived:
    """Time an archive of small pages, four captures to an address."""
    addresses = captures // 4
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        archive = Archive(Path(name))
        archive.warcs.mkdir()
        with (archive.warcs / "pages.warc.gz").open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            for number in range(captures):
                body = b"<p>Page %d of an archive, with a sentence of its own.</p>" % number * 40
                http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                date = {"WARC-Date": f"{2020 + number // addresses}-01-01T00:00:00Z"}
                record = writer.create_warc_record(
                    f"https://www.bench.example/news/{number % addresses}", "response",
                    payload=BytesIO(body), http_headers=http, warc_headers_dict=date,
                )  # fmt: skip
                writer.write_record(record)
        start = time.process_time()
        archive.refresh()
        indexed = time.process_time() - start
        seconds = []
        for number in range(lookups):
            url = f"https://www.bench.example/news/{number * 7919 % addresses}"
            start = time.perf_counter()
            found = archive.find(url, datetime(2021, 6, 1, tzinfo=UTC))
            seconds.append(time.perf_counter() - start)
            if found is None:
                sys.exit(f"{url} was not found in the archive")
        archive.close()
    return Archived(captures, indexed, statistics.median(seconds) * 1000)


def recording(pages: list[Capture]) -> Recording:
    """What keeping the answers costs a live crawl of pages of the usual size."""
    bodies = [page.body for page in pages if 50_000 < len(page.body) < 150_000]
    # A page that is met again would be kept as a reference to the first.
    return recorded(lambda number: bodies[number % len(bodies)] + b"<!-- copy %d -->" % number)


def page(
    generic: Timing,
    ruled: Timing,
    *,
    crawled: float,
    pooled: float,
    archive: Archived,
    kept: Recording,
    refreshed: float,
) -> str:
    """The report as Markdown."""
    return REPORT.format(
        pages=generic.pages,
        rows="\n".join(
            f"| {name} | {generic.pages / seconds:.1f} | {seconds / generic.seconds[OURS]:.2f} |"
            for name, seconds in sorted(generic.seconds.items(), key=lambda item: item[1])
        ),
        ruled_pages=ruled.pages,
        ruled=ruled.seconds["trafilatura"] / ruled.seconds[OURS],
        cores=os.cpu_count(),
        seeds=generic.pages * COPIES,
        crawled=crawled,
        share=crawled * generic.seconds[OURS] / generic.pages,
        pooled=pooled * generic.seconds[OURS] / generic.pages,
        captures=archive.captures,
        indexed=archive.indexed,
        lookup=archive.lookup,
        kept_pages=kept.pages,
        kilobytes=kept.kilobytes,
        rounds=kept.rounds,
        slowdown=kept.slowdown,
        work=kept.work,
        refreshed=refreshed,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "acceptance"))
