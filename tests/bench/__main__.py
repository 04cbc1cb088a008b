"""Speed, as ratios within one run; writes docs/benchmark.md.

usage: python -m tests.bench [FOLDER]     FOLDER is shared/acceptance; see its README

Extraction is timed page by page on one core, ours and the peers' in turn, so that a machine whose speed drifts slows
them alike. Peers that are not installed are left out (`requirements-bench-*.in` name them).
"""

from __future__ import annotations

import gc
import gzip
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module, metadata
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

import trafilatura
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.extract.article import extract
from archiver.models import Capture
from archiver.rules import SiteRules
from archiver.spiders.bangkokpost import BangkokPostSpider
from tests.bench.collections import measured as measured_collections
from tests.bench.conditional import compared
from tests.bench.crawling import crawled, pooled
from tests.bench.drift import compared_texts
from tests.bench.growth import measured, summary
from tests.bench.recording import Recording, recorded
from tests.bench.report import OURS, Archived, Timing, page
from tests.bench.reporting import reported

ROOT = Path(__file__).resolve().parents[2]
SETS: Mapping[str, Sequence[str]] = MappingProxyType(
    {"news": ("fundus", "scrapinghub", "trafeval"), "all kinds of sites": ("wcxb",), "no article": ("lists",)}
)
"""What is timed together: folders of pages by what they hold."""

Extractor = Callable[[Capture], object]


def main(folder: Path) -> int:
    """Time everything and write the page; 1 when there are no pages."""
    if not folder.is_dir():
        print(f"{folder} is not there: nothing was timed")
        return 1
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sets = {name: list(acceptance_pages(folder, *folders)) for name, folders in SETS.items()}
    generic = {name: timed(pages, {OURS: extract, **peers()}) for name, pages in sets.items()}
    pages = sets["news"]
    rules = BangkokPostSpider.rules
    own = list(fixture_pages(rules)) * 10
    ruled = timed(own, {OURS: lambda capture: extract(capture, rules), "trafilatura": by_trafilatura})
    growth = summary(measured())
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    report = page(
        generic,
        ruled,
        growth=growth,
        crawled=crawled(pages),
        pooled=pooled(pages),
        archive=archived(),
        kept=recording(pages),
        refreshed=compared().share,
        opening=reported(pages),
        texts=compared_texts(),
        collections=measured_collections(),
    )
    (ROOT / "docs" / "benchmark.md").write_text(report, encoding="utf-8")
    print(report)
    return 0


def acceptance_pages(folder: Path, *names: str) -> Iterator[Capture]:
    """Every page of some acceptance sets."""
    for truth in (folder / "pages" / name / "truth.jsonl" for name in names):
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
    for number, given in enumerate(pages[:1] + pages):
        if number == 1:
            # As workers do: whoever a collection of all that was imported falls to would pay for everybody's.
            gc.collect()
            gc.freeze()
        for name, extractor in extractors.items():
            start = time.process_time()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                try:
                    extractor(given)
                except Exception as error:  # noqa: BLE001  (a peer that fails on a page is a result)
                    print(f"{name} failed on {given.url}: {type(error).__name__}")
            if number:  # the first page warms up
                seconds[name] += time.process_time() - start
    return Timing(len(pages), seconds)


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


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "acceptance"))
