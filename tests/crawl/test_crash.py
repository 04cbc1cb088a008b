"""A bug in what follows an answer: it costs its own seeds, and is named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archiver.settings import EXTENSIONS, ITEM_PIPELINES
from tests.conftest import GIVEN_SEED, Crawl
from tests.support.servers import Answer, Site, html

PAGE = Answer(html("Ferry pilots ask for a second lighthouse", "Four boats touched the sandbank in one month. " * 8))

_SPIDER = """
from archiver.crawl import callbacks, crash
from archiver.crawl.spider import SeedSpider

original = callbacks.CrawlCallbacks._finalize


async def _finalize(self, number, outcome):
    if outcome.url.endswith("/broken"):
        raise LookupError("no such thing")
    async for step in original(self, number, outcome):
        yield step


class Broken(SeedSpider):
    name = "broken"
    every_host = True

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        callbacks.CrawlCallbacks._finalize = _finalize
        return super().from_crawler(crawler, *args, **kwargs)


class Stopped(SeedSpider):
    name = "stopped"
    every_host = True

    async def _start(self):
        count = 0
        async for step in super()._start():
            if count == 1:
                raise LookupError("no such thing")
            count += 1
            yield step
"""


def plant(folder: Path, name: str, url: str) -> None:
    (folder / f"{name}.md").write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n\nText.\n', encoding="utf-8")


def spiders(folder: Path) -> dict[str, str]:
    """Environment and settings of a run with the broken spiders."""
    (folder / "broken_spiders.py").write_text(_SPIDER, encoding="utf-8")
    return {"PYTHONPATH": str(folder)}


def test_a_crash_is_named_with_its_place_and_costs_its_own_seeds(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({"/broken": PAGE, "/news/1": PAGE}) as site:
        plant(seeds, "a", site.url("/broken"))
        plant(seeds, "b", site.url("/broken"))
        plant(seeds, "c", site.url("/news/1"))
        settings = {"SPIDER_MODULES": "broken_spiders", "DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": 0}
        run = crawl(seeds, "broken", replay=None, settings=settings, env=spiders(tmp_path), crashes=True)
    assert run.code == 2
    found = {Path(result["path"]).name: result["verdict"] for result in run.results}
    assert (len(run.results), found) == (3, {"a.md": "error", "b.md": "error", "c.md": "article"})
    detail = run.result("a.md")["detail"]
    assert detail == run.result("b.md")["detail"]
    before, place, after = detail.partition("archiver/crawl/callbacks.py:")
    assert before == f"{site.url('/broken')}: the archiver crashed (LookupError: no such thing; "
    assert place
    assert after.partition(")")[2] == "; run again, and report this if it stays so."
    assert "LookupError: no such thing" in run.stderr
    assert re.search(r"missed: error +2", run.stdout)


def test_a_crash_before_the_requests_is_named_by_all_that_had_no_turn(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    with Site({f"/news/{n}": PAGE for n in range(3)}) as site:
        for n in range(3):
            plant(seeds, str(n), site.url(f"/news/{n}"))
        settings = {"SPIDER_MODULES": "broken_spiders", "DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": 0}
        run = crawl(seeds, "stopped", replay=None, settings=settings, env=spiders(tmp_path), crashes=True)
    assert run.code == 1
    why = "Nothing more was asked for: the archiver crashed (LookupError: no such thing"
    assert sorted(result["verdict"] for result in run.results) == ["article", "not_reached", "not_reached"]
    assert {result["detail"].partition(";")[0] for result in run.results if result["verdict"] == "not_reached"} == {why}
    assert run.stderr.splitlines()[-1].startswith(f"scrapy crawl: {why}")


BROKEN_PARTS = """
from scrapy import signals

class Extension:
    @classmethod
    def from_crawler(cls, crawler):
        extension = cls()
        crawler.signals.connect(extension.spider_closed, signals.spider_closed)
        return extension
    async def spider_closed(self):
        raise LookupError("no such thing")

class Pipeline:
    def process_item(self, item):
        return item
    def close_spider(self):
        raise LookupError("no such thing")
    open_spider = close_spider

class Closing(Pipeline):
    open_spider = None
    def open_spider(self):
        pass
"""


@pytest.mark.parametrize(
    ("setting", "part"), [("EXTENSIONS", "Extension"), ("ITEM_PIPELINES", "Pipeline"), ("ITEM_PIPELINES", "Closing")]
)
def test_a_run_of_which_a_part_crashed_does_not_end_with_0(
    crawl: Crawl, seeds: Path, tmp_path: Path, setting: str, part: str
) -> None:
    (tmp_path / "broken_parts.py").write_text(BROKEN_PARTS)
    (seeds / "a.md").write_bytes(GIVEN_SEED.read_bytes())
    known = {"EXTENSIONS": EXTENSIONS, "ITEM_PIPELINES": ITEM_PIPELINES}[setting]
    settings = {setting: json.dumps({**known, f"broken_parts.{part}": 500})}
    run = crawl(seeds, settings=settings, env={"PYTHONPATH": str(tmp_path)})
    assert run.code == 1
    assert run.stderr.splitlines()[-1].startswith("scrapy crawl: A part of the run did not do its work: the archiver ")
    assert "LookupError: no such thing" in run.stderr
