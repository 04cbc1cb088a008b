"""Kill a crawl over and over, and count what that costs.

usage: python -m tests.bench.kills [KILLS]

Each time the crawl is killed (SIGKILL) at a random moment and started again. Prints how many seeds, ledgers and WARCs
were damaged, how many captures are missing, and how many addresses were fetched again although their result was told.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from archiver.archive.archive import Archive
from tests.support.servers import Answer, Site, html

ROOT = Path(__file__).resolve().parents[2]
SEEDS_PER_KILL = 30
"""So many that the crawl is not done before the last kill."""
TITLE = "Ferry pilots ask for a second lighthouse"
PAGE = Answer(
    html(TITLE, *["They have asked the harbour office for it before the winter, a clerk said."] * 4), delay=0.03
)
SETTINGS = {
    "PRIVATE_HOSTS": 1, "WAYBACK": 0, "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
}  # fmt: skip


def main(kills: int) -> int:
    """Print the figures; 1 when one of them is not what it must be."""
    moments = random.Random(7)  # noqa: S311  (moments, not secrets)
    with tempfile.TemporaryDirectory(prefix="kills-") as name:
        seeds, archive, feed = Path(name, "seeds"), Path(name, "archive"), Path(name, "results.jsonl")
        seeds.mkdir()
        feed.touch()
        pages = [f"/news/{number}" for number in range(kills * SEEDS_PER_KILL)]
        with Site(dict.fromkeys(pages, PAGE)) as site:
            for number, page in enumerate(pages):
                (seeds / f"{number:05}.md").write_text(f'---\norigin_url: "{site.url(page)}"\ntitle: ""\n---\n\n# \n')
            before = {file: file.read_bytes() for file in seeds.iterdir()}
            named = {"SEEDS_DIR": seeds, "ARCHIVE_DIR": archive, **SETTINGS}
            options = [part for key, value in named.items() for part in ("-s", f"{key}={value}")]
            command = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-o", str(feed)]
            finished: set[str] = set()
            again = torn = 0
            for _ in range(kills):
                site.was_asked.clear()
                site.asked.clear()
                with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL) as run:
                    site.was_asked.wait(60)
                    time.sleep(moments.uniform(0, 0.7))
                    os.killpg(run.pid, signal.SIGKILL)
                again += len(finished & set(site.paths()))
                finished |= told(feed)
                torn += sum(file.read_bytes() != old and not is_whole(file) for file, old in before.items())
                torn += not ledger_is_sound(archive / "ledger.sqlite")
            last = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode
            lost = missing(archive, [site.url(page) for page in finished])
        damaged = sum(not passes(file) for file in (archive / "warc").iterdir())
        whole = sum(map(is_whole, before))
    print(f"{kills} kills, {len(finished)} of {len(before)} seeds finished before the last of them")
    print(f"{torn} torn seeds or ledgers, {damaged} WARCs fail the check, {lost} captures lost, {again} fetched again")
    print(f"the run that was let be: exit code {last}, {whole} seeds repaired in all")
    return int(any((torn, damaged, lost, again, last)) or whole != len(before))


def told(feed: Path) -> set[str]:
    """The pages whose result is in the feed."""
    pages = set()
    for line in feed.read_text(encoding="utf-8").splitlines():
        try:
            result = json.loads(line)
        except ValueError:
            continue  # the kill tore it
        if result["outcome"] == "written":
            pages.add("/news/" + result["origin_url"].rpartition("/")[2])
    return pages


def is_whole(file: Path) -> bool:
    """True for a seed that has all of its repair."""
    content = file.read_text(encoding="utf-8")
    return f'title: "{TITLE}"' in content and f"# {TITLE}" in content and content.endswith("\n")


def ledger_is_sound(file: Path) -> bool:
    """True when SQLite finds nothing wrong with the ledger."""
    database = sqlite3.connect(file)
    try:
        return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    finally:
        database.close()


def missing(folder: Path, urls: list[str]) -> int:
    """How many addresses have no capture in the archive."""
    archive = Archive(folder)
    archive.refresh()
    count = sum(not any(capture.status == 200 for capture in archive.captures(url)) for url in urls)
    archive.close()
    return count


def passes(file: Path) -> bool:
    """True when `warcio check` has nothing to say against a WARC."""
    command = [sys.executable, "-m", "warcio.cli", "check", str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
