"""Pages that break extractors: each costs at most its time limit and little memory, and the run goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from warcio.warcwriter import WARCWriter

from tests.conftest import ROOT
from tests.support.memory import peak_of_session
from tests.support.pages import add_page

PROSE = "The council met on Monday and decided to rebuild the old bridge before winter comes. "
ARTICLE = f"<h1>Bridge to be rebuilt</h1><article><p>{PROSE * 4}</p><p>{PROSE * 5}</p></article>"

HAZARDS: dict[str, Callable[[], str]] = {
    "links": lambda: (
        ARTICLE + "".join(f'<p><a href="/news/{n}">Another story, number {n}</a></p>' for n in range(110_000))
    ),
    "table": lambda: ARTICLE + "<table>" + "<tr><td>1</td><td>a cell</td></tr>" * 25_000 + "</table>",
    "text": lambda: f"<h1>Bridge to be rebuilt</h1><article><p>{PROSE * 120_000}</p></article>",
    "nested": lambda: ARTICLE + "<div>" * 20_000 + PROSE + "</div>" * 20_000,
    "identical": lambda: ARTICLE + f"<p>{PROSE}</p>" * 13_000,
    "unclosed": lambda: ARTICLE + "<b><i><a href='/x'>" * 5_000 + PROSE,
    "attributes": lambda: ARTICLE + "<p " + " ".join(f'data-a{n}="{n}"' for n in range(10_000)) + ">x</p>",
    "json": lambda: f'<script type="application/ld+json">{"[" * 50_000}</script>{ARTICLE}',
    "comments": lambda: ARTICLE + "<!-- x -->" * 100_000 + f"<p>{PROSE}</p>",
}


def crawl(work: Path) -> tuple[dict[str, dict[str, Any]], int]:
    """Crawl all hazards and an ordinary page last: results by name, the largest resident set (bytes)."""
    (work / "seeds").mkdir()
    with (work / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        pages = {name: page() for name, page in HAZARDS.items()} | {"ordinary": ARTICLE}
        for name, page in pages.items():
            url = f"https://nordblatt.example/bridge-to-be-rebuilt/{name}"
            add_page(writer, url, f"<html><head><title>Bridge to be rebuilt</title></head><body>{page}</body></html>")
            (work / "seeds" / f"{name}.md").write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n')
    folders = {"SEEDS_DIR": "seeds", "REPLAY": "pages.warc.gz", "ARCHIVE_DIR": "archive"}
    options = [part for setting, folder in folders.items() for part in ("-s", f"{setting}={work / folder}")]
    feed = work / "results.jsonl"
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", feed],
        cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    largest = peak_of_session(process)
    results = [json.loads(line) for line in feed.read_text().splitlines()]
    return {Path(result["path"]).stem: result for result in results}, largest


def test_a_hazard_ends_in_a_result_and_memory_is_bounded(tmp_path: Path) -> None:
    results, largest = crawl(tmp_path)
    assert results.keys() == {*HAZARDS, "ordinary"}
    for name, result in results.items():
        assert result["outcome"] == "written" or result["verdict"] in {"timeout", "too_large"}, (name, result["detail"])
        if result["outcome"] == "written":
            assert result["changes"][0]["new"] == "Bridge to be rebuilt", name
    assert results["ordinary"]["outcome"] == "written"
    assert 20e6 < largest < 500e6
