"""The folder of one run: made, found again, read line by line."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from archiver.errors import RunUnreadable
from archiver.files.atomic import open_replacement, try_lock
from archiver.runs.decoding import OnProblem, decode
from archiver.runs.head import RunHead
from archiver.runs.records import SeedRecord, decode_record
from archiver.runs.written import WrittenSeed, decode_written

HEAD, RESULTS, WRITTEN, REPORT, FEED = "run.json", "results.jsonl", "written.jsonl", "index.html", "feed.atom"
IDLE_LOG = "idle.log"
"""In the folder of runs: a line per run that had nothing to tell."""
UNFINISHED_FEED = "feed"
"""What the name of a feed begins with that is being written."""
OWN_FILES = frozenset({HEAD, RESULTS, WRITTEN, REPORT, FEED})
"""All that a folder of a run holds; one that holds anything else is never removed."""

_NAME = re.compile(r"\d{8}T\d{6}Z(?:-\d+)?")
_MAX_SAME_SECOND = 1_000
"""Runs that begin in one second in one folder; more are a loop that runs away. Chosen, not measured."""

Line = TypeVar("Line")


def _ignore(_: str) -> None:
    """Take no notice of what could not be read."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The folder of one run."""

    path: Path

    @classmethod
    def create(cls, runs_dir: Path, now: datetime) -> RunFolder:
        """Make the folder of a run that begins now; no other run has it. Raises OSError."""
        runs_dir.mkdir(parents=True, exist_ok=True)
        stem = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        for number in range(1, _MAX_SAME_SECOND):
            folder = cls(runs_dir / (stem if number == 1 else f"{stem}-{number}"))
            try:
                folder.path.mkdir()
            except FileExistsError:
                continue
            return folder
        raise FileExistsError(f"{runs_dir / stem} and {_MAX_SAME_SECOND - 2} more")

    @classmethod
    def open(cls, runs_dir: Path, name: str | None = None) -> RunFolder:
        """Return the run of this name, of this folder, or the newest. Raises RunUnreadable where there is none."""
        if name is None:
            newest = next(runs_of(runs_dir), None)
            if newest is None:
                raise RunUnreadable(
                    f"{runs_dir} holds no run; one is kept where ARCHIVE_DIR is, or in RUN_DIR where that is given"
                )
            return newest
        for path in (runs_dir / name, Path(name)):
            if (path / RESULTS).is_file():
                return cls(path)
        known = ", ".join(folder.name for folder, _ in zip(runs_of(runs_dir), range(3), strict=False))
        raise RunUnreadable(
            f"there is no run {name} in {runs_dir}" + (f"; the newest are {known}" if known else ", and no other")
        )

    @property
    def name(self) -> str:
        """The folder's own name, by which a run is called."""
        return self.path.name

    @property
    def report(self) -> Path:
        """Where the report is."""
        return self.path / REPORT

    def head(self, on_problem: OnProblem = _ignore) -> RunHead:
        """Return what run.json says; what the folder's name tells where it cannot be read."""
        try:
            found = json.loads((self.path / HEAD).read_bytes())
            return decode(RunHead, found, lambda problem: on_problem(f"{HEAD}: {problem}"))
        except (OSError, ValueError) as error:
            on_problem(f"{HEAD} cannot be read ({_reason(error)}); the head of the run is lost")
        return RunHead(version="", command="", started=self._started())

    def write_head(self, head: RunHead) -> None:
        """Put run.json in place, whole. Raises OSError."""
        self.replace(HEAD, (json.dumps(head.as_json(), ensure_ascii=False, indent=1) + "\n").encode())

    def replace(self, name: str, content: bytes) -> None:
        """Put a file in place, whole. Raises OSError."""
        with open_replacement(self.path / name, name) as stream:
            stream.write(content)

    def records(self, on_problem: OnProblem = _ignore) -> Iterator[SeedRecord]:
        """Return what the run did to each seed, in the order in which it was done; one at a time in memory."""
        return self._lines(RESULTS, decode_record, on_problem)

    def written(self, on_problem: OnProblem = _ignore) -> Iterator[WrittenSeed]:
        """Return what the run wrote in place, or was about to write when it was killed, in that order.

        A note that is void takes back the one before it of the same seed.
        """
        return self._lines(WRITTEN, lambda line, _: decode_written(line), on_problem)

    def is_running(self) -> bool:
        """Whether the process that writes the folder lives."""
        try:
            descriptor = os.open(self.path / RESULTS, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return not try_lock(descriptor)
        finally:
            os.close(descriptor)

    def _lines(self, name: str, read: Callable[[bytes, OnProblem], Line], on_problem: OnProblem) -> Iterator[Line]:
        try:
            stream = (self.path / name).open("rb")
        except FileNotFoundError:
            return
        except OSError as error:
            on_problem(f"{name} cannot be read ({_reason(error)})")
            return
        with stream:
            for number, line in enumerate(stream, start=1):
                where = f"{name}, line {number}"
                try:
                    yield read(line, lambda problem, where=where: on_problem(f"{where}: {problem}"))  # type: ignore[misc]
                except ValueError as error:
                    cut = "" if line.endswith(b"\n") else ", which was cut off"
                    on_problem(f"{where}{cut}: {_reason(error)}")

    def _started(self) -> str:
        if not _NAME.fullmatch(self.name):
            return ""
        return datetime.strptime(self.name[:16], "%Y%m%dT%H%M%S%z").isoformat().replace("+00:00", "Z")


def runs_of(runs_dir: Path) -> Iterator[RunFolder]:
    """Return the folders of runs, the newest first; nothing where there are none or they cannot be listed."""
    try:
        names = [entry.name for entry in os.scandir(runs_dir) if _NAME.fullmatch(entry.name)]
    except OSError:
        return
    for name in sorted(names, key=_order, reverse=True):
        if (runs_dir / name / RESULTS).is_file():
            yield RunFolder(runs_dir / name)


def _order(name: str) -> tuple[str, int]:
    stem, _, number = name.partition("-")
    return stem, int(number or 1)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return (error.strerror or type(error).__name__).lower()
    return "it is no JSON" if isinstance(error, json.JSONDecodeError | UnicodeDecodeError) else str(error)
