"""Servers of the worst sort, all in one run, with the time limits that the program has."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from tests.conftest import ROOT
from tests.crawl.test_live import plant
from tests.faults.fault import Fault, Figures
from tests.faults.hostile import WAYS
from tests.support.memory import peaks_of_session

SERVERS = 120
_LARGE = tuple(name for name in WAYS if "31 MB" in name or "just below" in name)
"""Asked of several servers, so that many large answers come at once."""


@contextmanager
def hostile(names: list[str]) -> Iterator[list[str]]:
    """The addresses of servers that are as hostile as their names say."""
    command = [sys.executable, "-m", "tests.faults.hostile", json.dumps(names)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as serving:
        assert serving.stdout is not None
        yield json.loads(serving.stdout.readline())
        serving.terminate()


def _visit_all(tries: range, folder: Path) -> Figures:
    return sum((_visit(number, folder / str(number)) for number in tries), Figures())


def _visit(number: int, folder: Path) -> Figures:
    """One crawl over all servers, in an order that the number decides."""
    names = [*WAYS, *(_LARGE * SERVERS)[: SERVERS - len(WAYS)]]
    names.sort(key=lambda name: sha256(f"{number} {name}".encode()).digest())
    seeds, feed = folder / "seeds", folder / "results.jsonl"
    seeds.mkdir(parents=True)
    with hostile(names) as addresses:
        for at, address in enumerate(addresses):
            plant(seeds, f"{at:03}", address)
        given = {"SEEDS_DIR": seeds, "ARCHIVE_DIR": folder / "archive", "PRIVATE_HOSTS": 1, "WAYBACK": 0}
        options = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
        began = time.monotonic()
        command = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", str(feed)]
        with (folder / "stderr").open("wb") as stderr:
            running = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True
            )
            main, worker = peaks_of_session(running)
    notes = []
    results = Counter(Path(json.loads(line)["path"]).stem for line in feed.read_text().splitlines())
    notes += [f"try {number}: {results[f'{at:03}']} results for {name}" for at, name in enumerate(names)
              if results[f"{at:03}"] != 1]  # fmt: skip
    said = (folder / "stderr").read_text(errors="replace")
    if running.returncode != 2:
        notes.append(f"try {number}: exit code {running.returncode}")
    if "Traceback" in said:
        notes.append(f"try {number}: a traceback: {said[said.index('Traceback') :][:500]}")
    megabyte = 1024 * 1024
    return Figures(
        1, lost=len(notes), megabytes=main / megabyte, worker_megabytes=worker / megabyte,
        seconds=time.monotonic() - began, notes=tuple(notes),
    )  # fmt: skip


FAULTS = (
    Fault(
        "hostile servers",
        f"one run over {SERVERS} servers, each hostile in one way, with the default time limits; a seed without its "
        "one result, a traceback or a wrong exit code is lost",
        full=1,
        short=0,
        run=_visit_all,
        tests=(
            "tests/downloader/test_heads.py::test_an_answer_whose_head_never_ends_is_given_up",
            "tests/downloader/test_large_answers.py::test_large_answers_are_read_and_kept_and_take_little_memory",
        ),
    ),
)
