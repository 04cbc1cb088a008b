"""Kill what rewrites an archive, and the export, over and over, and count what that costs.

usage: python -m tests.bench.upkeep_kills [KILLS]

For each of compact, remove, prune and export a real command is killed (SIGKILL) at so many random moments of its work,
each time on a fresh copy of the same archive. Then the next command opens it (`archive list`), and it is counted how
many captures are lost, how many show twice, how many files are torn, and how much is left over.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter
from tests.conftest import pytest_unconfigure, scrapy, started_scrapy

RUNS, PAGES, BODY_BYTES = 16, 10, 3_000
"""Chosen so that most of the time of each command is its work on files."""
HOST = "https://paper.example"
VICTIM = f"{HOST}/page/7"
FIRST = datetime(2020, 1, 1, tzinfo=UTC)
ACTIONS = {
    "compact": ["compact"],
    "remove": ["remove", VICTIM, "--reason", "a test", "--yes"],
    "prune": ["prune", "--keep", "first,last"],
    "export": ["export", "all.wacz"],
}


def main(kills: int) -> int:
    """Print the figures of each command; 1 when one of them is not what it must be."""
    moments = random.Random(7)  # noqa: S311  (moments, not secrets)
    is_well = True
    with tempfile.TemporaryDirectory(prefix="upkeep-kills-") as name:
        made = Path(name, "made")
        fill(made)
        before = found_in(made)
        for action, words in ACTIONS.items():
            whole = Path(name, "whole")
            shutil.copytree(made, whole)
            assert scrapy("archive", "list", "-s", f"ARCHIVE_DIR={whole}").code == 0  # the first one starts more slowly
            started = time.monotonic()
            assert scrapy(*options(whole, words)).code == 0
            length = time.monotonic() - started
            after = found_in(whole)
            shutil.rmtree(whole)
            counts = dict.fromkeys(("done", "lost", "twice", "torn", "left over"), 0)
            for _ in range(kills):
                folder = Path(name, "killed")
                shutil.copytree(made, folder)
                with started_scrapy(*options(folder, words)) as command:
                    time.sleep(moments.uniform(0, length))
                    command.kill()
                    command.wait(60)
                for key, value in judge(folder, before, after, action == "export").items():
                    counts[key] += value
                shutil.rmtree(folder)
            print(f"{action}: {kills} kills within {length:.1f} s, {counts}", flush=True)
            is_well = is_well and not any(value for key, value in counts.items() if key != "done")
    return int(not is_well)


def fill(folder: Path) -> None:
    """Write the files of many runs: pages that change now and then, and two addresses with equal pages."""
    folder.mkdir()
    archive = Archive(folder)
    made = random.Random(3)  # noqa: S311
    bodies = [[made.randbytes(BODY_BYTES) for _ in range(4)] for _ in range(PAGES)]
    for number in range(RUNS):
        writer = ArchiveWriter(archive, {"software": "test"}, 10**9)
        for page in range(PAGES):
            # Every tenth page is that of its neighbour.
            body = bodies[page - (page % 10 == 8)][number // 4]
            at = FIRST + timedelta(days=number, seconds=page)
            head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
            url = f"{HOST}/page/{page}"
            writer.keep(Exchange(url, at, 200, "text/html", b"GET / HTTP/1.1\r\n\r\n", head, body))
        writer.close()
    archive.refresh()
    archive.close()


def options(folder: Path, words: list[str]) -> list[str]:
    """A command on an archive."""
    words = [str(folder / word) if word.endswith(".wacz") else word for word in words]
    return ["archive", *words, "-s", f"ARCHIVE_DIR={folder}"]


def found_in(folder: Path) -> dict[tuple[str, datetime], bytes | None]:
    """Every page of an archive by address and time, as it is read."""
    archive = Archive(folder)
    archive.refresh()
    found = {}
    for capture in archive.ask(lambda index: list(index.under("http"))):
        answer = archive.read(capture)
        found[capture.url, capture.captured_at] = answer.body if answer is not None else None
    archive.close()
    return found


def judge(
    folder: Path,
    before: dict[tuple[str, datetime], bytes | None],
    after: dict[tuple[str, datetime], bytes | None],
    is_export: bool,
) -> dict[str, int]:
    """Let the next command open an archive, and count what is wrong with it."""
    listed = scrapy("archive", "list", "-s", f"ARCHIVE_DIR={folder}")
    exported = folder / "all.wacz"
    is_torn = exported.exists() and zipfile.ZipFile(exported).testzip() is not None
    found = found_in(folder)
    archive = Archive(folder)
    captures = archive.ask(lambda index: [(one.url, one.captured_at) for one in index.under("http")])
    torn = len(verify(archive).damages)
    names = {file.name for file in archive.files()}
    archive.close()
    is_done = found.keys() == after.keys() and before.keys() != after.keys()
    expected = after if is_done else before
    there = {file.name for file in folder.rglob("*") if file.is_file() and not file.name.startswith("index.sqlite")}
    return {
        "done": int(exported.exists() if is_export else is_done or len(names) == 1),
        "lost": sum(found.get(place) != body for place, body in expected.items()),
        "twice": len(captures) - len(set(captures)) + len(found.keys() - expected.keys()),
        "torn": torn + int(listed.code != 0) + int(is_torn),
        "left over": len(there - names - {"lock", "removed.jsonl", "all.wacz"}),
    }


if __name__ == "__main__":
    try:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
    finally:
        pytest_unconfigure()
