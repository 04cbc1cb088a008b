"""Kills of what asks sites: crawl, refresh, `--commit`, OUTPUT_DIR, pictures."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.archive.archive import Archive
from archiver.archive.upkeep.verify import verify
from tests.faults.kills.tries import World
from tests.support.servers import Answer, Site, html

SEEDS = 6
TEXT = (
    "Ferry pilots on the northern route have asked the harbour office for a second lighthouse before the winter.",
    "Four boats touched the sandbank in one month, the pilots say, although nobody was hurt and no cargo was lost.",
    "The harbour office wants to measure the channel first and will answer them in spring, a clerk said on Friday.",
)
QUICK = {
    "PRIVATE_HOSTS": 1, "WAYBACK": 0, "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "RETRY_ENABLED": 0,
    "EXTRACT_WORKERS": 1, "CONCURRENT_REQUESTS_PER_DOMAIN": 3,
}  # fmt: skip
ARCHIVE = re.compile(
    r"archive/(lock|ledger\.sqlite|index\.sqlite|offers\.sqlite|warc/[\w-]+\.warc\.gz"
    r"|runs/(idle\.log|feed\.xml|[\dTZ-]+/(run\.json|results\.jsonl|written\.jsonl|index\.html)))"
)
"""All that an archive may hold while no run goes on."""


def title(number: int) -> str:
    return f"Ferry pilots ask for lighthouse number {number}"


def before(url: str) -> bytes:
    """A seed that lacks all."""
    return f'---\norigin_url: "{url}"\ntitle: ""\n---\n\n# \n'.encode()


def after(url: str, number: int) -> bytes:
    """What a crawl makes of it."""
    text = "\n\n".join(TEXT)
    return f'---\norigin_url: "{url}"\ntitle: "{title(number)}"\n---\n\n# {title(number)}\n\n{text}\n'.encode()


class CrawlWorld(World):
    """Seeds, and a site that has their pages; one seed shares its page with another, one's page is gone."""

    codes = frozenset({2})
    """The exit codes of the next run: what was missed before the kill is missed still."""

    def __init__(self, folder: Path, number: int) -> None:
        super().__init__(folder, number)
        self.seeds, self.archive, self.feed = folder / "seeds", folder / "archive", folder / "results.jsonl"
        self.seeds.mkdir()
        pages = {f"/news/{page}": Answer(html(title(page), *TEXT)) for page in range(SEEDS)}
        self.site = Site(pages)
        self.site.__enter__()
        self.states = {
            f"{page}.md": (before(self.site.url(f"/news/{page}")), after(self.site.url(f"/news/{page}"), page))
            for page in range(SEEDS)
        }
        self.states["shared.md"] = self.states["1.md"]
        gone = before(self.site.url("/news/gone"))
        self.states["gone.md"] = (gone, gone)
        for name, (content, _) in self.states.items():
            (self.seeds / name).write_bytes(content)
        self.told: list[dict[str, Any]] = []
        self.asked = 0

    def close(self) -> None:
        self.site.__exit__(None, None, None)

    def settings(self) -> dict[str, object]:
        return {**QUICK, "SEEDS_DIR": self.seeds, "ARCHIVE_DIR": self.archive}

    def words(self) -> list[str | Path]:
        return ["crawl", "seeds", *self.options(**self.settings()), "-o", self.feed]

    def may_stay(self, name: str) -> bool:
        known = name.startswith("seeds/") and name.removeprefix("seeds/") in self.states
        return known or name == "results.jsonl" or ARCHIVE.fullmatch(name) is not None

    # ---- What must hold ---------------------------------------------------------------------------------------------

    def killed(self) -> list[str]:
        self.told = results(self.feed)
        wrong = self.torn(self.seeds)
        for result in self.told:
            name = Path(result["path"]).name
            if result["outcome"] == "written" and (self.seeds / name).read_bytes() != self.states[name][1]:
                wrong.append(f"{name} is told as written, and is not")
        return wrong

    def torn(self, folder: Path) -> list[str]:
        """The seeds that are neither as they were nor as they are to be."""
        found = {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.startswith(".")}
        wrong = [f"{name} is torn" for name, content in found.items() if content not in self.states.get(name, ())]
        return wrong + [f"{name} is lost" for name in self.states if folder == self.seeds and name not in found]

    def recover(self) -> list[str]:
        was = [path for path in self.site.paths() if path != "/robots.txt"]
        self.site.asked.clear()
        was_complete = is_complete(self.archive / "ledger.sqlite", self.folder / "tmp")
        again = self.run(*self.words())
        wrong = [] if again.code in self.codes else [f"the next run ended with {again.code}: {again.stderr[-200:]}"]
        asked = [path for path in self.site.paths() if path != "/robots.txt"]
        named = {Path(result["path"]).name for result in self.told}
        # Of seeds that share a page none is finished before the last (docs/design.md D50).
        finished = {path_of(result) for result in self.told} - (
            set() if {"1.md", "shared.md"} <= named else {"/news/1"}
        )
        if not was_complete:
            wrong += [f"{path} was asked again" for path in sorted(finished & set(asked))]
        wrong += self.unfinished()
        wrong += archive_problems(self.archive, Counter(was + asked), [*self.told, *results(self.feed)])
        return wrong + ledger_problems(self.archive / "ledger.sqlite") + self.untold()

    def unfinished(self) -> list[str]:
        """The seeds that are not what they are to be in the end."""
        return [f"{name} is not repaired" for name, (_, content) in self.states.items()
                if (self.seeds / name).read_bytes() != content]  # fmt: skip

    def untold(self) -> list[str]:
        """The seeds of which no run has told."""
        folders = self.archive.glob("runs/*/results.jsonl")
        named = {Path(result["path"]).name for feed in (self.feed, *folders) for result in results(feed)}
        return [f"{name} has no result" for name in self.states if name not in named]


def results(feed: Path) -> list[dict[str, Any]]:
    """The results in a feed that are whole."""
    found = []
    for line in feed.read_bytes().splitlines() if feed.exists() else ():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def path_of(result: dict[str, Any]) -> str:
    return "/news/" + str(result["origin_url"]).rpartition("/")[2]


def archive_problems(folder: Path, asked: Counter[str], told: list[dict[str, Any]]) -> list[str]:
    """What is wrong with an archive that has recovered."""
    archive = Archive(folder)
    try:
        archive.refresh()
        wrong = [f"{damage.file}: {damage.reason}" for damage in verify(archive).damages]
        captures = archive.ask(lambda index: list(index.under("http")))
        there = Counter((one.url, one.captured_at, one.file, one.offset) for one in captures)
        wrong += [f"{url} is twice in the index" for (url, *_), count in there.items() if count > 1]
        counts = Counter("/news/" + one.url.rpartition("/")[2] for one in captures if "/news/" in one.url)
        wrong += [f"{path} has {count} captures and was asked {asked[path]} times"
                  for path, count in counts.items() if count > asked[path]]  # fmt: skip
        for result in told:
            if result["capture"] is not None and result["capture"]["origin"] == "live":
                at = datetime.fromisoformat(result["capture"]["captured_at"])
                if not any((one.url, one.captured_at) == (result["capture"]["url"], at) for one in captures):
                    wrong.append(f"the capture of {result['path']} is lost")
        return wrong
    finally:
        archive.close()


def is_complete(ledger: Path, spare: Path) -> bool:
    """Whether the last run had nothing left to do, so that the next one begins anew; looked up in a copy."""
    with tempfile.TemporaryDirectory(dir=spare) as folder:
        for file in ledger.parent.glob(f"{ledger.name}*"):
            shutil.copy(file, folder)
        with contextlib.closing(sqlite3.connect(Path(folder, ledger.name))) as database:
            try:
                last = database.execute("SELECT complete FROM run ORDER BY number DESC LIMIT 1").fetchone()
            except sqlite3.OperationalError:
                return False  # it was killed before there was a table
    return bool(last and last[0])


def ledger_problems(file: Path) -> list[str]:
    """What is wrong with a ledger that no run has open."""
    with contextlib.closing(sqlite3.connect(file)) as database:
        (sound,) = database.execute("PRAGMA integrity_check").fetchone()
        wrong = [] if sound == "ok" else [f"the ledger: {sound}"]
        double = database.execute(
            "SELECT count(*) FROM (SELECT 1 FROM visit GROUP BY address, at, run HAVING count(*) > 1)"
        )
        (count,) = double.fetchone()
        return wrong + ([f"{count} visits are twice in the ledger"] if count else [])


class OutputWorld(CrawlWorld):
    """The same, with the repaired seeds in a folder of their own."""

    def settings(self) -> dict[str, object]:
        return {**super().settings(), "OUTPUT_DIR": self.folder / "repaired"}

    def killed(self) -> list[str]:
        self.told = results(self.feed)
        target = self.folder / "repaired"
        wrong = [
            f"{name} was changed" for name, (old, _) in self.states.items() if (self.seeds / name).read_bytes() != old
        ]
        for result in self.told:
            name = Path(result["path"]).name
            if result["outcome"] == "written" and (target / name).read_bytes() != self.states[name][1]:
                wrong.append(f"{name} is told as written, and is not")
        return wrong + (self.torn(target) if target.exists() else [])

    def unfinished(self) -> list[str]:
        return [f"{name} is not written" for name, (old, new) in self.states.items()
                if old != new and (self.folder / "repaired" / name).read_bytes() != new]  # fmt: skip

    def may_stay(self, name: str) -> bool:
        return super().may_stay(name.replace("repaired/", "seeds/", 1))
