"""Alarms, as a user meets them: a publisher changes the markup of all pages between two runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

from archiver.ledger import LedgerReader
from archiver.ledger.yields.alarms import Alarm
from tests.conftest import Crawl, Run, scrapy
from tests.crawl.test_live import QUICK
from tests.support.servers import Answer, Site

DEFAULTS = {**QUICK, "EXTRACT_WORKERS": 1}
HTML = {"Content-Type": "text/html; charset=utf-8"}
TOWNS = (
    "Aldby", "Bergen", "Corran", "Dunmore", "Elvik", "Farsund", "Garve", "Halden", "Invik", "Jura", "Korsnes", "Lista",
    "Molde", "Narvik",
)  # fmt: skip
STAFF = ("Ada Quell", "Bert Holm", "Cora Lind")


def page(number: int, *, renamed: bool = False) -> bytes:
    """An article of a publisher of ours: eleven of fourteen are signed, two of them in their metadata too."""
    town = TOWNS[number]
    author = STAFF[number % 3] if number < 11 else ""
    meta = f'<meta name="author" content="{author}">' if number in {4, 9} else ""
    byline = f'<p class="byline"><a class="author">{author}</a></p>' if author else ""
    markup = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<title>{town} builds a new pier for its ferries</title>{meta}</head><body>
<nav class="breadcrumb"><a href="/">Home</a> <a href="/coast">Coast</a></nav>
<h1 class="headline">{town} builds a new pier for its ferries</h1>
<article class="article-body">
<p class="text">The council of {town} has decided to build a new pier for its ferries before the coming winter.</p>
<p class="text">The old pier of {town} was damaged by two storms in one month, and cars could not be put across.</p>
<p class="text">Work is to begin in spring, the harbour office said, and it will cost {number + 3} million crowns.</p>
<p class="text">Until then the ferries of {town} land at the fish market, where only people on foot are taken.</p>
</article>{byline}</body></html>"""
    if renamed:
        markup = re.sub(r'class="([^"]*)"', lambda old: f'class="c{sum(map(ord, old[1])):x}"', markup)
    return markup.encode()


def serve(site: Site, *, renamed: bool) -> None:
    for number in range(14):
        site.pages[f"/news/{number}"] = Answer(page(number, renamed=renamed), headers=HTML)


def plant(folder: Path, name: str, url: str) -> Path:
    file = folder / f"{name}.md"
    file.write_text(f'---\norigin_url: "{url}"\ntitle: ""\nauthor: ""\n---\n\nText.\n', encoding="utf-8")
    return file


def alarms(run: Run) -> list[str]:
    return [line for line in run.stdout.splitlines() if line.startswith("alarm")]


def test_renamed_classes_raise_an_alarm_within_five_pages_and_nothing_doubtful_is_written(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    where = ("-s", f"SEEDS_DIR={seeds}", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}")
    with Site({}) as site:
        serve(site, renamed=False)
        files = {number: plant(seeds, f"{number:02}", site.url(f"/news/{number}")) for number in range(14)}
        good = crawl(seeds, replay=None, settings=DEFAULTS)
        assert alarms(good) == []
        assert sum('author: ""' not in file.read_text() for file in files.values()) == 11
        whole = files[9].read_text()
        files[9].write_text(re.sub(r'(title|author): ".+"', r'\1: ""', whole))

        serve(site, renamed=True)
        site.pages["/told"] = Answer(b"ok")
        bad = crawl(seeds, replay=None, settings=DEFAULTS, env={"NOTIFY": site.url("/told").replace("http:", "json:")})
        (line,) = alarms(bad)
        host = site.url("").removeprefix("http://")
        assert f"alarm  {host}: its pages yield less" in json.loads(site.posted[0])["message"]
        assert line.startswith(f"alarm  {host}: no author on the last 3 pages that had one before (from class:byline)")
        assert "no category on" in line
        assert "look at it with `scrapy try http://" in line
        # The pages come in the order of their numbers; those after the alarm are in doubt.
        assert sum(result["doubts"][0].startswith(f"{host}: no author") for result in bad.results) >= 9
        assert [change["source"] for change in bad.result("09.md")["proposed"]] == ["meta:author"]
        assert (seeds / "09.md").read_text() == whole.replace('author: "Ada Quell"', 'author: ""')

        drawn = scrapy("archive", "ledger", *where)
        assert drawn.code == 0
        assert [alarm.aspect for alarm in standing(tmp_path)] == ["author", "category"]

        serve(site, renamed=False)
        again = crawl(seeds, replay=None, settings={**DEFAULTS, "REPORT_BRIEF": 1})
        assert alarms(again) == []
        assert f"{host}: the pages yield again: author; its alarm has ended" in again.stdout
        assert standing(tmp_path) == []
        assert (seeds / "09.md").read_text() == whole


def standing(folder: Path) -> list[Alarm]:
    ledger = LedgerReader.open(folder / "archive" / "ledger.sqlite")
    assert ledger is not None
    found = ledger.alarms()
    ledger.close()
    return found
