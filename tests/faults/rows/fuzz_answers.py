"""Runs over a server whose answers are broken."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import verify
from archiver.errors import SeedError
from archiver.seeds import read
from tests.conftest import ROOT, scrapy
from tests.faults.fault import Fault, Figures
from tests.faults.fuzz.answers import fuzzing_server

MIN_MEASURED = 50
"""Addresses from which on a run is a process of its own, whose memory is looked at."""
_SETTINGS = {
    "PRIVATE_HOSTS": 1, "WAYBACK": 0, "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0,
    "RETRY_TIMES": 1, "RETRY_BACKOFF_BASE": 0.01, "RETRY_BACKOFF_MAX": 1, "CRAWL_DELAY_MAX": 1,
}  # fmt: skip
_SEED = '---\norigin_url: "http://127.0.0.1:{port}/news/{number}"\ntitle: ""\n---\n\nText {number}.\n'


def run(tries: range, folder: Path) -> Figures:
    """Make one run over the addresses of all tries."""
    seeds, feed = folder / "seeds", folder / "results.jsonl"
    seeds.mkdir()
    is_measured = len(tries) >= MIN_MEASURED
    given = {**_SETTINGS, "SEEDS_DIR": seeds, "ARCHIVE_DIR": folder / "archive"}
    given["DOWNLOAD_TIMEOUT"] = 4 if is_measured else 1
    options = [word for name, value in given.items() for word in ("-s", f"{name}={value}")]
    before = {}
    with fuzzing_server(tries) as ports:
        for number, port in ports.items():
            before[number] = _SEED.format(port=port, number=number)
            (seeds / f"{number}.md").write_text(before[number])
        began = time.monotonic()
        code, log, megabytes = _crawl([*options, "-O", str(feed)], folder, measured=is_measured)
        seconds = time.monotonic() - began
    results = [json.loads(line) for line in feed.read_text().splitlines()]
    lost = list(_lost(tries, code, log, results, folder))
    leaked = [note for number in tries for note in _leaked(number, before[number], seeds / f"{number}.md")]
    return Figures(len(tries), len(lost), len(leaked), megabytes, seconds=seconds, notes=(*lost, *leaked))


def _crawl(options: list[str], folder: Path, *, measured: bool) -> tuple[int, str, float]:
    """The exit code of a run, what it wrote to standard error, and the most that its main process took (MB)."""
    if not measured:
        done = scrapy("crawl", "seeds", *options)
        return done.code, done.stderr, 0
    command, most, log = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options], 0, folder / "stderr"
    with log.open("wb") as stderr:
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True)
        while running.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                status = Path(f"/proc/{running.pid}/status").read_text()
                most = max(most, int(status.partition("VmHWM:")[2].split()[0]))
            time.sleep(0.1)
    return running.returncode, log.read_text(errors="replace"), most / 1024


def _lost(tries: range, code: int, log: str, results: list[dict[str, Any]], folder: Path) -> Iterator[str]:
    name = f"run {tries.start} to {tries.stop}"
    if code not in {0, 2}:
        yield f"{name}: exit code {code}: {log[-300:]}"
    if "Traceback" in log:
        yield f"{name}: a traceback: {log[log.index('Traceback') :][:1500]}"
    told = Counter(int(Path(result["path"]).stem) for result in results)
    yield from (f"address {number}: {told[number]} results" for number in tries if told[number] != 1)
    yield from (f"{result['path']}: {result['detail'][:300]}" for result in results if "crash" in result["detail"])
    with contextlib.closing(Archive(folder / "archive")) as archive:
        yield from (f"{name}: {damage}" for damage in verify(archive).damages)


def _leaked(number: int, before: str, file: Path) -> Iterator[str]:
    """What became of a seed that should not have."""
    after = file.read_text()
    if after == before:
        return
    try:
        title = str(read(file.name, after.encode()).text("title"))
    except SeedError as error:
        yield f"address {number}: {error}"
        return
    if before.replace('title: ""', f"title: {json.dumps(title, ensure_ascii=False)}") != after:
        yield f"address {number}: more than the title changed: {after!r:.300}"
    if str(number) not in title:
        yield f"address {number}: the title is {title!r:.100}"


FAULTS = (
    Fault(
        name="broken answers",
        counts="one address in a run over 250, each answered by broken bytes, robots.txt too (time: of a run); lost: a"
        " result, a record that cannot be read, a traceback, another exit code than 0 or 2; leaked: bytes of a seed"
        " that should not have changed, another page's title",
        full=5_000,
        short=10,
        run=run,
        batch=250,
    ),
)
