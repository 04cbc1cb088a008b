"""`make million`: what it costs to look at archives of 10,000, 100,000 and 1,000,000 captures.

Ends with exit code 1 where a floor is missed.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archiver.archive.archive import Archive
from tests.million.making import HOST, address, make, real_address

ROOT = Path(__file__).resolve().parents[2]
COUNTS = (10_000, 100_000, 1_000_000)
MAX_MEGABYTES = 200
"""Of a command's process, at its most."""
MAX_LOOKUP_MILLISECONDS = 1.0
"""Of finding and reading the newest capture of an address, the median of some hundred."""
MAX_GROWTH = 1.5
"""How many times the memory of the smallest archive the largest may take."""
COMMANDS = {
    "list": ["list"],
    "list --json": ["list", "--json"],
    "stats": ["stats"],
    "export of one host": ["export", "part.wacz", "--only", f"{HOST}/"],
}


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one command."""

    seconds: float
    """Of processor time."""
    megabytes: float
    """At its most."""


def main() -> int:
    """Measure, print a table, name what missed its floor."""
    rows: dict[str, list[str]] = {}
    faults: list[str] = []
    memory: dict[str, list[float]] = {}
    for count in COUNTS:
        with tempfile.TemporaryDirectory(prefix="million-") as name:
            folder = Path(name) / "archive"
            start = time.process_time()
            real = make(folder, count)
            _add(rows, "made, per capture", f"{(time.process_time() - start) / count * 1e6:.0f} µs")
            size = (folder / "index.sqlite").stat().st_size
            _add(rows, "index, per capture", f"{size / count:.0f} bytes")
            for what, arguments in COMMANDS.items():
                cost = run(arguments, folder, Path(name))
                _add(rows, what, f"{cost.seconds:.1f} s, {cost.megabytes:.0f} MB")
                memory.setdefault(what, []).append(cost.megabytes)
                if cost.megabytes > MAX_MEGABYTES:
                    faults.append(f"{what} of {count:,} captures takes {cost.megabytes:.0f} MB")
            for what, milliseconds in lookups(folder, count, real).items():
                _add(rows, what, f"{milliseconds:.2f} ms")
                if "refresh" not in what and milliseconds > MAX_LOOKUP_MILLISECONDS:
                    faults.append(f"{what} takes {milliseconds:.2f} ms among {count:,} captures")
    for what, (first, *_, last) in memory.items():
        if last > MAX_GROWTH * first:
            faults.append(f"{what} takes {last / first:.1f} times the memory of a hundredth")
    print(f"| captures | {' | '.join(f'{count:,}' for count in COUNTS)} |")
    print("|---" * (len(COUNTS) + 1) + "|")
    for what, cells in rows.items():
        print(f"| {what} | {' | '.join(cells)} |")
    for fault in faults:
        print(f"missed: {fault}", file=sys.stderr)
    return bool(faults)


def _add(rows: dict[str, list[str]], what: str, cell: str) -> None:
    rows.setdefault(what, []).append(cell)
    print(f"{what}: {cell}", file=sys.stderr)


def run(arguments: list[str], archive: Path, folder: Path) -> Cost:
    """Run `scrapy archive` in a folder, its output thrown away."""
    command = [sys.executable, "-m", "scrapy", "archive", *arguments, "-s", f"ARCHIVE_DIR={archive}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SCRAPY_SETTINGS_MODULE": "archiver.settings"}
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)} ended with exit code {child.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)


def lookups(folder: Path, count: int, real: int) -> dict[str, float]:
    """Milliseconds of some questions."""
    archive = Archive(folder)
    archive.refresh()
    pages = range(0, count * 4 // 5, max(1, count // 500))
    found = {
        "the captures of an address": [_timed(lambda page=page: archive.captures(address(page))) for page in pages],  # type: ignore[misc]
        "an address's newest page, read": [
            _timed(lambda number=number: archive.find(real_address(number)))  # type: ignore[misc]
            for number in range(0, real, max(1, real // 200))
        ],
        "refresh of unchanged files": [_timed(archive.refresh) for _ in range(5)],
    }
    archive.close()
    return {what: statistics.median(times) for what, times in found.items()}


def _timed(question: Callable[[], object]) -> float:
    start = time.perf_counter()
    answer = question()
    assert answer is None or answer
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    sys.exit(main())
