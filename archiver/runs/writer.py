"""Write the folder of a run while it goes on: a line per seed, the head at both ends."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archiver.files.atomic import sweep, try_lock
from archiver.models import Outcome, Result
from archiver.runs.folder import IDLE_LOG, OWN_FILES, REPORT, RESULTS, UNFINISHED_FEED, WRITTEN, RunFolder, runs_of
from archiver.runs.head import KILLED, RunHead
from archiver.runs.records import SeedRecord
from archiver.runs.written import WrittenSeed

_MAX_IDLE_BYTES = 64 * 1024
"""Bytes of the log of idle runs before its older half is dropped: about a month of runs every hour. Chosen, not
measured."""


class RunWriter:
    """Holds the files of one run open. Every method raises OSError where the disk does; the run goes on without."""

    def __init__(self, folder: RunFolder, head: RunHead) -> None:
        self.folder = folder
        self.head = head
        self._counts: Counter[str] = Counter()
        self._results = _create(folder.path / RESULTS)
        # Whoever finds it unlocked knows that the process which wrote it is gone.
        try_lock(self._results.fileno())
        self._written: BinaryIO | None = None
        self._lock = threading.Lock()
        try:
            folder.write_head(head)
        except BaseException:
            self.close()
            raise

    def add(self, record: SeedRecord) -> None:
        """Write the line of a seed."""
        self._count(record)
        _write(self._results, record.to_json())

    def pass_over(self, result: Result) -> None:
        """Count a seed that the run did not come to; no line tells of it, since there may be thousands."""
        self._counts[result.verdict.value] += 1

    def add_written(self, note: WrittenSeed) -> None:
        """Write what a seed is before it is replaced; in any thread."""
        with self._lock:
            if self._written is None:
                self._written = _create(self.folder.path / WRITTEN)
            _write(self._written, note.to_json())

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to tell."""
        return is_idle(self._counts)

    def finish(self, head: RunHead) -> RunHead:
        """Write the head with the counts; returns it."""
        self.head = replace(head, counts=dict(self._counts))
        self.folder.write_head(self.head)
        return self.head

    def close(self) -> None:
        """Let the files go."""
        for stream in (self._results, self._written):
            if stream is not None:
                stream.close()

    def _count(self, record: SeedRecord) -> None:
        for name in names_of(record):
            self._counts[name] += 1


def names_of(record: SeedRecord) -> tuple[str, ...]:
    """Return the counts of a head that a seed belongs to."""
    result = record.result
    return (
        result.outcome.value,
        *(("waiting",) if result.proposed else ()),
        *(("doubtful",) if result.doubts and result.outcome is not Outcome.MISSED else ()),
    )


def is_idle(counts: Counter[str]) -> bool:
    """Whether a run with these counts has nothing to tell."""
    return not any(counts[name] for name in ("written", "missed", "waiting", "doubtful"))


def _create(file: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
    return open(os.open(file, flags, 0o666), "ab", buffering=0)  # noqa: PTH123  (a descriptor, kept open)


def _write(stream: BinaryIO, line: str) -> None:
    # In one go and past every buffer: a run that is killed leaves whole lines, but for the last one at most.
    content = memoryview((line + "\n").encode("utf-8", "surrogatepass"))
    while content:
        content = content[stream.write(content) :]


def discard(folder: RunFolder) -> bool:
    """Remove the folder of a run, if it holds nothing but files of ours. Raises OSError."""
    names = {entry.name for entry in os.scandir(folder.path)}
    if any(name not in OWN_FILES and not _is_part(name) for name in names):
        return False
    for name in names:
        (folder.path / name).unlink()
    folder.path.rmdir()
    return True


def _is_part(name: str) -> bool:
    return name.endswith(".part") and any(name.startswith(f".{own}-") for own in OWN_FILES)


def note_idle(runs_dir: Path, head: RunHead) -> None:
    """Add a line for a run that had nothing to tell. Raises OSError."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    file = runs_dir / IDLE_LOG
    counted = ", ".join(f"{count} {name}" for name, count in sorted(head.counts.items())) or "no seeds"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(f"{head.started} {head.command}: {counted}, {head.seconds or 0:.0f} s\n")
    if file.stat().st_size > _MAX_IDLE_BYTES:
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(lines[len(lines) // 2 :]))


def remove_old_runs(runs_dir: Path, keep: int) -> None:
    """Remove the oldest runs beyond so many; 0 keeps all. One that goes on, or cannot be removed, stays."""
    if not keep:
        return
    for number, folder in enumerate(runs_of(runs_dir)):
        if number >= keep and not folder.is_running():
            with contextlib.suppress(OSError):
                discard(folder)


def repair_ended_runs(runs_dir: Path) -> list[RunFolder]:
    """Give the runs that were killed a head that says so, with what was done; returns those with something to tell.

    One that was killed when it had its head, and was making its report, is among them.
    """
    repaired = []
    sweep(runs_dir, UNFINISHED_FEED)
    for folder in runs_of(runs_dir):
        if folder.is_running():
            continue
        is_torn = [name for name in OWN_FILES if sweep(folder.path, name)]
        head = folder.head()
        with contextlib.suppress(OSError):
            if head.ended is None:
                is_new = close_killed_run(folder, head) is not None
            elif is_idle(Counter(head.counts)):
                is_new = not discard(folder)
            else:
                is_new = bool(is_torn) or not (folder.path / REPORT).exists()
            if is_new:
                repaired.append(folder)
    return repaired


def close_killed_run(folder: RunFolder, head: RunHead, *, discards: bool = True) -> RunHead | None:
    """Write the head of a run that was killed; None where it had nothing to tell and was removed. Raises OSError."""
    counts: Counter[str] = Counter()
    for record in folder.records():
        counts.update(names_of(record))
    # What was written and not told of is in no result.
    is_untold = any(not note.is_void for note in folder.written())
    if discards and is_idle(counts) and not is_untold and discard(folder):
        return None
    at = datetime.fromtimestamp((folder.path / RESULTS).stat().st_mtime, UTC)
    ended = replace(head, ended=iso(at), reason=KILLED, counts=dict(counts))
    folder.write_head(ended)
    return ended


def iso(at: datetime) -> str:
    """Return a time as the files of a run have it."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
