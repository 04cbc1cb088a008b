"""What a collection costs by its size: audit, status, and refresh with nothing or one seed in a hundred due.

usage: python -m tests.bench.collections [SEEDS ...]

Processor time and bytes are those of the whole command with its processes; they compare within one run only.
"""

from __future__ import annotations

import math
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archiver.ledger import LEDGER, KnownSeed, Ledger, SeedDone, VisitWrite
from archiver.ledger.state import VisitRecord
from archiver.models import Verdict
from tests.support.servers import Answer, Site

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
FOLDERS = 144
HOSTS = 50
DUE_EVERY = 100
"""One seed in so many has its source on the server, and is due in the last command."""
START_UP = "scrapy list"
"""The command that shows what starting up costs."""
_SENTENCE = "The harbour office said that the lock would be closed until the water had fallen below the mark. "
_SETTINGS = {
    "PRIVATE_HOSTS": 1, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cost:
    """What one command took."""

    processor: float
    """Seconds of the command and its processes."""
    memory: float
    """Megabytes of the largest process at its peak."""
    written: float
    """Megabytes that reached the disk's cache, as /proc/PID/io counts them."""


Costs = Mapping[str, Mapping[int, Cost]]
"""By command, and then by the number of seeds."""


class _Unchanged(Site):
    """A site whose pages are as they were."""

    def answer_to(self, path: str, headers: Mapping[str, str]) -> Answer | None:
        return None if path == "/robots.txt" else Answer(status=304)


def measured(sizes: Sequence[int] = SIZES) -> Costs:
    """Run each command on a collection of each size."""
    costs: dict[str, dict[int, Cost]] = {}
    for seeds in sizes:
        for name, cost in _of_size(seeds):
            costs.setdefault(name, {})[seeds] = cost
            print(f"{seeds:>9,}  {_row(name, cost)}", flush=True)
    return costs


def _of_size(seeds: int) -> Iterator[tuple[str, Cost]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as name, _Unchanged({}) as site:
        work = Path(name)
        known = list(_write_seeds(work / "seeds", seeds, site))
        yield START_UP, _run(work, "list")
        yield "status, no ledger", _run(work, "status")
        yield "audit, no archive", _run(work, "audit")
        _write_ledger(work / "archive" / LEDGER, known)
        yield "audit, first", _run(work, "audit")
        yield "audit, again", _run(work, "audit")
        yield "refresh, first", _run(work, "refresh")
        yield "refresh, nothing due", _run(work, "refresh")
        yield "status", _run(work, "status")
        _make_due(work / "archive" / LEDGER, site)
        yield "refresh, 1 % due", _run(work, "refresh")


def _write_seeds(folder: Path, seeds: int, site: Site) -> Iterator[KnownSeed]:
    """Seeds of 3 KB with lists in their front matter, one in three of them without a title."""
    for number in range(FOLDERS):
        (folder / f"{number:03}").mkdir(parents=True)
    for number in range(seeds):
        path = f"{number % FOLDERS:03}/{number:07}.md"
        host = f"https://www.site-{number % HOSTS}.example"
        url = site.url(f"/news/{number}") if number % DUE_EVERY == 0 else f"{host}/news/{number}/of-the-harbour"
        title = "" if number % 3 == 0 else f"Report {number} of the harbour office"
        text = (
            f'---\norigin_url: "{url}"\ntitle: "{title}"\ndate: 2023-{number % 12 + 1:02}-11T04:10:56.812Z\n'
            f'tags: [world, asia]\ncategories:\n  - News\n  - Harbour\nauthor: "A. Clerk"\n'
            f'image: "{host}/images/{number}.jpg"\ndescription: "{_SENTENCE.strip()}"\n---\n\n# {title}\n\n'
        )
        text += f"{number}. {_SENTENCE * 4}\n\n" * 7
        (folder / path).write_text(text, encoding="utf-8")
        yield KnownSeed(path, url, () if title else ("heading", "title"))


def _write_ledger(file: Path, known: Sequence[KnownSeed]) -> None:
    """A ledger in which all of them were visited a moment ago."""
    now = datetime.now(UTC)
    ledger = Ledger.open(file)
    ledger.follow(known, now)
    run = ledger.begin("crawl seeds", "", now).number
    digest = "5d41402abc4b2a76b9719d911017c592" * 2
    visit = VisitRecord(now, Verdict.ARTICLE, 200, payload=digest, text=digest, etag='"1"')
    ledger.record((VisitWrite(one.url, visit, (SeedDone(one.path, one.missing),)) for one in known), now, run)
    ledger.end(run, now, complete=True)
    ledger.close()


def _make_due(file: Path, site: Site) -> None:
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("UPDATE address SET due = 0 WHERE url LIKE ?", (site.url("/%"),))
    database.close()


def _run(work: Path, *command: str) -> Cost:
    """Run one command; ends the bench where it fails."""
    settings = {"SEEDS_DIR": work / "seeds", "ARCHIVE_DIR": work / "archive", **_SETTINGS}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    words = [sys.executable, "-m", "scrapy", *command, *options]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        # Still readable, for it has not been waited for; with what its own children wrote.
        counted = dict(line.split(": ") for line in Path(f"/proc/{process.pid}/io").read_text().splitlines())
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 2}:
        sys.exit(f"{command} ended with exit code {process.returncode}")
    written = int(counted["write_bytes"]) - int(counted["cancelled_write_bytes"])
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, max(0, written) / 1e6)


def growth(costs: Mapping[int, Cost], idle: Mapping[int, Cost]) -> float:
    """The exponent by which processor time beside starting up grows from the last but one size to the last."""
    small, large = sorted(costs)[-2:]
    before, after = (max(costs[size].processor - idle[size].processor, 0.05) for size in (small, large))
    return math.log(after / before) / math.log(large / small)


def table(costs: Costs) -> Iterator[str]:
    """The rows of a Markdown table."""
    sizes = sorted(next(iter(costs.values())))
    yield "| command | " + " | ".join(f"{size:,} seeds: s, MB, MB written" for size in sizes) + " |"
    yield "|---" * (len(sizes) + 1) + "|"
    for name, by_size in costs.items():
        cells = (f"{cost.processor:.2f}, {cost.memory:.0f}, {cost.written:.1f}" for cost in by_size.values())
        yield f"| {name} | " + " | ".join(cells) + " |"


def _row(name: str, cost: Cost) -> str:
    return f"{name:24} {cost.processor:8.2f} s {cost.memory:7.0f} MB {cost.written:8.2f} MB written"


def main(sizes: Sequence[int]) -> None:
    """Print the figures."""
    costs = measured(sizes)
    print("\n".join(table(costs)))
    largest = max(sizes)
    list_cost, refresh = costs[START_UP][largest], costs["refresh, nothing due"][largest]
    print(f"refresh, nothing due: {refresh.processor / list_cost.processor:.1f} times starting up")
    if len(sizes) > 1:
        for name, by_size in costs.items():
            print(f"{name}: grows with the power of {growth(by_size, costs[START_UP]):.2f} beside starting up")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)
