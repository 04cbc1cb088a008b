"""A scan that goes by what it remembers of files finds what a scan that reads all of them finds."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver.config.meaning import meaning_digest
from archiver.config.run_settings import RunSettings
from archiver.crawl.scan import ScanCallbacks, scan
from archiver.ledger import Ledger, SeedDone, VisitWrite
from archiver.ledger.state import VisitRecord
from archiver.models import Verdict
from archiver.seeds.store import SeedStore

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLOCK = timedelta(seconds=10)
"""What the clock is set on or back by; on, it makes a file that was only just written look as if it were old."""
STEPS = 40
URLS = tuple(f"https://a.example/news/{number}" for number in range(5))


_QUESTIONS = {
    """SELECT path, (SELECT url FROM address WHERE number = address), missing, published, todo FROM seed
    WHERE address IS NOT NULL ORDER BY path""",
    "SELECT url, wanted, incomplete, published, state, visits, urgency, due FROM address ORDER BY url",
}
"""What two ledgers must agree on."""
_FAULTS = """
SELECT url FROM address LEFT JOIN (
    SELECT address AS named, max(missing <> '') AS lacks, min(published) AS first FROM seed
    WHERE address IS NOT NULL GROUP BY address
) ON number = named
WHERE wanted <> (named IS NOT NULL) OR incomplete <> coalesce(lacks, 0) OR (first IS NOT NULL AND first <> published)
    OR urgency <> CASE WHEN coalesce(lacks, 0) THEN 0 WHEN visits THEN 2 ELSE 1 END
"""
"""The addresses that are not as all of their seeds say."""


def _text(draw: random.Random) -> str:
    return draw.choice(
        [
            f'---\norigin_url: "{draw.choice(URLS)}"\ntitle: "{draw.choice(["", "One", "Two"])}"\ntags: [a, b]\n---\n',
            f'---\norigin_url: {draw.choice(URLS)}#part\ntitle: Two\ndate: 2024-0{draw.randint(1, 9)}-01\n---\n',
            f'---\nlink: "{draw.choice(URLS)}"\n---\n',
            "---\ntitle: [\n---\n",
            "No front matter.\n",
        ]
    )  # fmt: skip


class _Folder:
    """A folder of seeds under a clock that is set on and back, and two ledgers that follow it."""

    def __init__(self, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seeds = work / "seeds"
        (self.seeds / "sub").mkdir(parents=True)
        self.offset = CLOCK
        real = time.time_ns
        monkeypatch.setattr(
            "archiver.seeds.store.time.time_ns", lambda: real() + int(self.offset.total_seconds() * 1e9)
        )
        self.read: list[str] = []
        read = SeedStore.read_stamped

        def noted(store: SeedStore, path: str) -> tuple[bytes, bytes | None]:
            self.read.append(path)
            return read(store, path)

        monkeypatch.setattr(SeedStore, "read_stamped", noted)
        self.options = RunSettings.read(Settings({"SEEDS_DIR": str(self.seeds)}), with_places=False)
        self.ledgers = [Ledger.open(work / name / "ledger.sqlite") for name in ("remembers", "reads")]

    def follow(self, ledger: Ledger, attention: tuple[str, ...] | None) -> list[str]:
        """Scan into a ledger; the results of seeds that were refused."""
        refused: list[str] = []
        known = ledger.known_files(meaning_digest(self.options), attention)
        callbacks = ScanCallbacks(
            lambda result: refused.append(result.path),
            without_address=lambda path, stamp: ledger.note_without_address(path, stamp, known),
        )
        ledger.follow(scan(SeedStore.open(self.seeds), self.options, callbacks, whole=True, known=known), NOW, known)
        return refused

    def both(self) -> None:
        """Follow with and without a memory, and compare."""
        remembers, reads = self.ledgers
        self.follow(remembers, ())
        self.follow(reads, None)
        for question in _QUESTIONS:
            assert remembers._all(question) == reads._all(question)
        assert remembers._all(_FAULTS) == []

    def visit(self, draw: random.Random) -> None:
        """Let a run visit an address and finish its seeds, with what they lack or something else."""
        url = draw.choice(URLS)
        visit = VisitRecord(NOW, draw.choice([Verdict.ARTICLE, Verdict.GONE]), 200)
        for ledger in self.ledgers:
            done = tuple(SeedDone(path, ("title",) if len(path) % 2 else ()) for path in ledger.seeds(url))
            ledger.record([VisitWrite(url, visit, done)], NOW)


def _changes(folder: _Folder, draw: random.Random) -> Iterator[Callable[[], object]]:
    place = folder.seeds / draw.choice(["", "sub"]) / f"{draw.randint(0, 3)}.md"
    other = folder.seeds / draw.choice(["", "sub"]) / f"{draw.randint(0, 3)}.md"
    yield partial(place.write_text, _text(draw), encoding="utf-8")
    if place.is_file() and not place.is_symlink():
        yield partial(_edit_behind_its_time, place)
        yield place.unlink
        yield partial(os.utime, place)
        yield partial(place.chmod, draw.choice([0o600, 0o644]))
        yield partial(place.replace, other)
        yield partial(shutil.copy2, place, place.with_name("copy.md"))
    if not place.is_symlink() and not place.exists() and place.name != "0.md":
        yield partial(place.symlink_to, "0.md")
    yield partial(setattr, folder, "offset", draw.choice([-CLOCK, CLOCK]))
    keys = {**folder.options.keys, "source": draw.choice([("origin_url",), ("link", "origin_url")])}
    yield partial(setattr, folder, "options", replace(folder.options, keys=keys))
    yield partial(folder.visit, draw)


def _edit_behind_its_time(place: Path) -> None:
    """Put other bytes of the same length into a file and set its time back, as some tools do."""
    status, text = place.stat(), place.read_text(encoding="utf-8")
    place.write_text(text.replace("One", "Eno").replace("Two", "   "), encoding="utf-8")
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_whatever_happens_to_the_seeds_a_scan_that_remembers_finds_what_one_that_reads_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, folder = random.Random(1), _Folder(tmp_path, monkeypatch)  # noqa: S311
    for _ in range(STEPS):
        draw.choice(list(_changes(folder, draw)))()
        time.sleep(0.005)  # longer than the steps in which a kernel counts the times of files
        folder.both()


def test_what_has_not_changed_is_not_read_and_what_was_just_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _Folder(tmp_path, monkeypatch)
    for number, text in enumerate((f'---\norigin_url: "{URLS[0]}"\n---\n', "No front matter.\n")):
        (folder.seeds / "sub" / f"{number}.md").write_text(text, encoding="utf-8")
    ledger = folder.ledgers[0]
    for offset, reads in ((timedelta(0), 2), (CLOCK, 2), (CLOCK, 0)):
        folder.read.clear()
        folder.offset = offset
        folder.follow(ledger, ())
        assert len(folder.read) == reads
    before = ledger._database.total_changes
    folder.follow(ledger, ())
    assert ledger._database.total_changes == before, "nothing has changed, and nothing is written"
    folder.follow(ledger, ("sub/0.md",))
    assert folder.read == ["sub/0.md"]
    assert ledger._all("SELECT url FROM address WHERE wanted") == [(URLS[0],)]
    (folder.seeds / "sub" / "0.md").write_text(f'---\norigin_url: "{URLS[1]}"\n---\n', encoding="utf-8")
    folder.follow(ledger, ())
    assert ledger._all("SELECT url FROM address WHERE wanted") == [(URLS[1],)]
