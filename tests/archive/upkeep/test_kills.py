"""A process that is killed at any step of an upkeep: what the next command finds.

Each step is one at which the disk changes. What is there then is copied, as a killed process would leave it: no lock
is held on a copy. `make faults` kills real processes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.archive.archive import Archive
from archiver.archive.recovery import recover
from archiver.archive.upkeep.compact import compact
from archiver.archive.upkeep.prune import choose, parse_keep, prune
from archiver.archive.upkeep.removal import remove, search
from archiver.archive.upkeep.tombstones import Tombstone, Tombstones
from archiver.archive.upkeep.verify import verify
from archiver.report.cleaning import end_removals
from tests.archive.upkeep.made import SITE, Visit, answers, fill
from tests.archive.upkeep.test_rewriting import same

NOW = datetime(2026, 11, 26, tzinfo=UTC)
URLS = [f"{SITE}/{name}" for name in "abc"]


def _compact(archive: Archive) -> None:
    compact(archive, 1 << 20)


def _prune(archive: Archive) -> None:
    prune(archive, choose(archive, parse_keep("last"), lambda capture: False))


def _remove(archive: Archive) -> None:
    tombstone = Tombstone(URLS[0], False, NOW, "wrong")
    remove(archive, tombstone, search(archive, tombstone))


@pytest.mark.parametrize("upkeep", [_compact, _prune, _remove])
def test_whatever_is_left_the_next_command_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upkeep: Callable[[Archive], None]
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    visits = [Visit(url, day, 200, day % 2, "digest") for day in range(4) for url in URLS]
    snapshots: list[Path] = []

    def copied(act: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **kwargs: Any) -> Any:
            snapshots.append(tmp_path / f"{len(snapshots)}")
            shutil.copytree(folder, snapshots[-1])
            return act(*args, **kwargs)

        return step

    with closing(fill(folder, [(visits[n : n + 3], n != 6, False) for n in range(0, len(visits), 3)])) as archive:
        before = answers(archive, URLS)
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", copied(os.fsync))
            for name in ("rename", "unlink", "replace"):
                patched.setattr(Path, name, copied(getattr(Path, name)))
            upkeep(archive)
        end_removals(folder, folder / "runs")
        after = answers(archive, URLS)
    assert len(snapshots) > 10
    assert set(after) <= set(before)
    done = [_left(snapshot, before, after) for snapshot in snapshots]
    with closing(Archive(folder)) as archive:
        assert verify(archive).damages == ()
    # From some step on it is done, and it never goes back.
    assert done == sorted(done)
    assert (done[0], done[-1]) == (False, True)


def _left(folder: Path, before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Whether the upkeep is done in what a killed process left, by what the next command makes of it."""
    recover(folder / "warc")
    end_removals(folder, folder / "runs")
    with closing(Archive(folder)) as archive:
        archive.refresh()
        found = answers(archive, URLS)
        assert set(found) in (set(before), set(after))
        assert all(same(answer, before[place]) for place, answer in found.items())
        names = {file.name for file in archive.files()}
        counts = [len(archive.captures(url)) for url in URLS]
        assert counts == [sum(place[0] == url for place in found) for url in URLS]
        is_done = any("-c1" in name for name in names)
        assert is_done == (set(found) == set(after)) or set(before) == set(after)
    there = {file.name for file in folder.rglob("*") if file.is_file()}
    assert there - names <= {"index.sqlite", "lock", "removed.jsonl"}
    assert (Tombstones.read(folder).of(URLS[0]) is not None) == (is_done and URLS[0] not in {url for url, _ in found})
    return is_done
