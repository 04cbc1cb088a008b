"""A crawl over ten times as many seeds: what it holds does not grow with them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from warcio.warcwriter import WARCWriter

from tests.conftest import ROOT
from tests.faults.fault import Fault, Figures
from tests.support.memory import peak_of_session
from tests.support.pages import add_page
from tests.support.servers import html

FEW, MANY = 10_000, 100_000
MAX_GROWTH_MEGABYTES = 25
"""That the peak may differ by: caches of SQLite and of names fill up, and are bounded. With less a busy machine's noise
fails, with more 280 bytes for each seed pass."""
SEEDS_PER_PAGE = 10


def _plant(folder: Path, count: int) -> None:
    for number in range(count):
        place = folder / "seeds" / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        address = f"https://nordblatt.example/news/{number // SEEDS_PER_PAGE}/the-old-bridge-is-open-again"
        text = f'---\norigin_url: "{address}"\ntitle: "The old bridge"\n---\n\n# The old bridge\n\nText {number}.\n'
        (place / f"{number:06}.md").write_text(text)
    page = html("The old bridge is open again", "The council opened the bridge on Monday, before the winter comes.")
    with (folder / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        for number in range(0, count // SEEDS_PER_PAGE, 20):
            add_page(writer, f"https://nordblatt.example/news/{number}/the-old-bridge-is-open-again", page)


def _peak(folder: Path, count: int) -> float:
    """Megabytes that the largest process of a crawl took."""
    _plant(folder, count)
    settings = {"SEEDS_DIR": "seeds", "REPLAY": "pages.warc.gz", "ARCHIVE_DIR": "archive", "RUN_DIR": "runs"}
    options = [word for name, value in settings.items() for word in ("-s", f"{name}={folder / value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", str(folder / "results.jsonl")]
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True, env=dict(os.environ)
        )
        peak = peak_of_session(process) / 1e6
    with (folder / "results.jsonl").open("rb") as results:
        if (found := sum(1 for _ in results)) != count:
            raise AssertionError(f"{found} results of {count} seeds, exit code {process.returncode}")
    return peak


def _run(tries: range, folder: Path) -> Figures:
    figures = Figures()
    for number in tries:
        peaks = []
        for count in (FEW, MANY):
            work = folder / f"{number}-{count}"
            work.mkdir()
            peaks.append(_peak(work, count))
        grown = peaks[1] - peaks[0]
        said = f"try {number}: {FEW} seeds took {peaks[0]:.0f} MB, {MANY} took {peaks[1]:.0f} MB"
        print(said, file=sys.stderr)
        is_flat = grown <= MAX_GROWTH_MEGABYTES
        figures += Figures(1, lost=int(not is_flat), megabytes=peaks[1], notes=() if is_flat else (said,))
    return figures


FAULTS = (
    Fault(
        "100,000 seeds",
        "a crawl over 10,000 seeds and one over 100,000, ten to a page, with their results and the folder of the run; "
        f"lost: the second one took more than {MAX_GROWTH_MEGABYTES} MB more",
        full=1,
        short=0,
        run=_run,
        tests=(
            "tests/crawl/test_frontier.py::test_a_large_frontier_costs_no_memory",
            "tests/crawl/test_frontier.py::test_a_scan_holds_no_seeds",
            "tests/ledger/test_ledger.py::test_a_large_collection_costs_no_memory",
        ),
    ),
)
