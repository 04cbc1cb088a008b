"""The report of a large run: its size, the time to open it against the bare data, the time to filter.

Chromium is driven by the Python that BROWSER_PYTHON names, which has playwright; `make bench` sets it.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from archiver.extract.article import extract
from archiver.models import Capture, Change, Outcome, Result, Verdict
from archiver.report import write_report
from archiver.report.blocks import to_island
from archiver.report.rows import detail, row
from archiver.runs import RunFolder, SeedRecord
from tests.report.samples import contested, missed, write_run

ROOT = Path(__file__).resolve().parents[2]
SEEDS = 10_000
ROUNDS = 5
"""How often each page is opened, in turn."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Figures of the report; times are medians."""

    seeds: int
    megabytes: float
    opened: float
    """Milliseconds from the start of loading until the list stands."""
    bare: float
    """Milliseconds until a page that holds the same data as JSON, and nothing else, has parsed them."""
    chip: float
    """Milliseconds that a filter takes until its list is drawn."""
    search: float
    """Milliseconds that a search takes; the first one, which makes its index, and later ones are mixed."""


def reported(pages: Sequence[Capture]) -> Opening | None:
    """Measure the report of a run that gave bodies to most seeds; None where there is no playwright."""
    python = os.environ.get("BROWSER_PYTHON")
    if python is None:
        return None
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = write_run(Path(name) / "runs", _records(pages))
        report = write_report(folder)
        bare = _bare(folder, Path(name) / "bare.html")
        words = [python, "-m", "tests.bench.opening", str(report), str(bare), str(ROUNDS)]
        done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
        return Opening(SEEDS, report.stat().st_size / 1e6, **json.loads(done.stdout))


def _records(pages: Sequence[Capture]) -> Iterator[SeedRecord]:
    articles = [extraction.article for extraction in map(extract, pages) if extraction.article is not None]
    for number in range(SEEDS):
        seed = f"{number % 300}/{number}.md"
        if number % 4 == 0:
            yield contested(seed)
            continue
        if number % 13 == 0:
            yield missed(seed, f"host{number % 200}.example")
            continue
        article, page = articles[number % len(articles)], pages[number % len(pages)]
        changes = [
            Change(field.value, "", choice.value, choice.source, choice.witnesses)
            for field, choice in article.choices.items()
        ]
        added = "\n".join(f"+{line}" for line in article.body.split("\n"))
        result = Result(
            f"posts/{seed}", page.url, Outcome.WRITTEN, Verdict.ARTICLE,
            changes=(*changes, Change("body", "", article.body, "page")), capture=page.reference(),
        )  # fmt: skip
        yield SeedRecord(seed, result, patch=f"--- a/{seed}\n+++ b/{seed}\n@@ -5,1 +5,90 @@\n ---\n{added}")


def _bare(folder: RunFolder, file: Path) -> Path:
    """A page with what the report holds, and a script that parses it."""
    data = [[row(record), detail(record)] for record in folder.records()]
    file.write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><script type="application/json" id="data">{to_island(data)}</script>'
        "<script>window.data = JSON.parse(document.getElementById('data').textContent);"
        'document.documentElement.dataset.ready = "1";</script>',
        encoding="utf-8",
    )
    return file
