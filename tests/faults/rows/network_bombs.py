"""Archives from elsewhere that unpack to a thousand times their size, taken in and replayed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT
from tests.crawl.test_live import plant
from tests.faults.bombs import write_archives
from tests.faults.fault import Fault, Figures
from tests.support.memory import peaks_of_session

_UNPACKED_MEGABYTES = 600
"""Megabytes that each archive unpacks to."""
KINDS = 12


def _open_all(tries: range, folder: Path) -> Figures:
    bombs = folder / "bombs"
    bombs.mkdir()
    files = write_archives(bombs, _UNPACKED_MEGABYTES)
    assert len(files) == KINDS
    return sum((_open(number, files[number % KINDS], folder / str(number)) for number in tries), Figures())


def _open(number: int, bomb: Path, folder: Path) -> Figures:
    """Import an archive, replay what is in it, and replay the file itself."""
    (folder / "seeds").mkdir(parents=True)
    plant(folder / "seeds", "a", "http://bomb.example/a")
    shared = ["-s", f"ARCHIVE_DIR={folder / 'archive'}", "-s", f"SEEDS_DIR={folder / 'seeds'}"]
    commands = [["archive", "import", str(bomb)], ["crawl", "seeds", "-s", "REPLAY=archive"]]
    commands.append(["crawl", "seeds", "-s", f"REPLAY={bomb}"])
    notes, largest, worker, longest = [], 0, 0, 0.0
    for command in commands:
        began = time.monotonic()
        with (folder / "said").open("wb") as said:
            running = subprocess.Popen(
                [sys.executable, "-m", "scrapy", *command, *shared], cwd=ROOT, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
            peaks = peaks_of_session(running)
        largest, worker = max(largest, peaks[0]), max(worker, peaks[1])
        longest = max(longest, time.monotonic() - began)
        text = (folder / "said").read_text(errors="replace")
        if running.returncode not in {0, 1, 2} or "Traceback" in text:
            notes.append(f"try {number}, {bomb.name}, {command[0]}: exit code {running.returncode}: {text[-300:]}")
    megabyte = 1024 * 1024
    return Figures(1, len(notes), 0, largest / megabyte, worker / megabyte, longest, tuple(notes))


FAULTS = (
    Fault(
        "archive bombs",
        f"one of {KINDS} archives that unpack to {_UNPACKED_MEGABYTES} MB, imported and replayed; a traceback or a "
        "command that is killed is lost",
        full=KINDS,
        short=0,
        run=_open_all,
        batch=KINDS,
        tests=(
            "tests/archive/test_bombs.py::test_a_head_without_end_is_damage",
            "tests/archive/test_bombs.py::test_a_large_chunk_is_read_in_pieces",
            "tests/archive/test_bombs.py::test_a_packed_file_that_asks_for_too_much_memory_is_refused",
            "tests/archive/test_bombs.py::test_of_a_page_that_is_too_large_no_more_is_read_than_shows_it",
        ),
    ),
)
