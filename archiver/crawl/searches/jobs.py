"""Jobs of Save Page Now that are not finished: what this run has submitted, and what runs before it have.

ARCHIVE_DIR/save-page-now.jsonl   a line per job: its name, the page, the service, when it was submitted
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.files.atomic import open_replacement, sweep

logger = logging.getLogger(__name__)

JOBS_FILE = "save-page-now.jsonl"
_PREFIX = "save-page-now"
"""What files of dead processes are known by."""

_MAX_JOB_AGE = timedelta(days=2)
"""How long a job is asked about: copies are taken within minutes, and the service forgets its jobs. With less a weekend
without a run loses them, more ask about what nobody knows. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Job:
    """A copy that is being taken."""

    name: str
    """Under which the service knows it."""
    url: str
    """The page."""
    service: str
    """The address that it was submitted to."""
    at: str
    """When; ISO 8601, UTC."""

    @property
    def is_forgotten(self) -> bool:
        """Whether the service is not asked about it any more."""
        try:
            return datetime.now(UTC) - datetime.fromisoformat(self.at) > _MAX_JOB_AGE
        except (ValueError, TypeError):
            return True


class OpenJobs:
    """The unfinished jobs, those first that were asked about longest ago."""

    def __init__(self, file: Path | None) -> None:
        """`file` keeps them for the next run; None where nothing is kept."""
        self._file = file
        self._jobs: dict[str, Job] = {job.name: job for job in _read(file)} if file is not None else {}
        self._is_changed = False

    def __len__(self) -> int:
        return len(self._jobs)

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def add(self, name: str, url: str, service: str) -> None:
        """Note a job, so that it outlives this process."""
        job = Job(name, url, service, datetime.now(UTC).isoformat(timespec="seconds"))
        self._jobs[name] = job
        if self._file is None:
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab+") as stream:
                # A run that was killed may have left half a line.
                is_torn = stream.tell() > 0 and stream.seek(-1, os.SEEK_END) >= 0 and stream.read() != b"\n"
                stream.write(b"\n" * is_torn + _line(job).encode())
        except OSError as error:
            _warn(self._file, error)

    def postpone(self, job: Job) -> None:
        """Let a job be the last that is asked about again."""
        if self._jobs.pop(job.name, None) is not None:
            self._jobs[job.name] = job

    def finish(self, job: Job) -> None:
        """Ask about a job no more."""
        self._is_changed |= self._jobs.pop(job.name, None) is not None

    def close(self) -> None:
        """Leave the rest to the next run."""
        if self._file is None or not self._is_changed:
            return
        try:
            if not self._jobs:
                self._file.unlink(missing_ok=True)
                return
            sweep(self._file.parent, _PREFIX)
            with open_replacement(self._file, _PREFIX) as stream:
                stream.write("".join(map(_line, self)).encode())
        except OSError as error:
            _warn(self._file, error)


def _line(job: Job) -> str:
    return json.dumps(asdict(job)) + "\n"


def _read(file: Path) -> Iterator[Job]:
    """The jobs in a file; a line that was torn is left out."""
    names = {field.name for field in fields(Job)}
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    except OSError as error:
        _warn(file, error)
        return
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict) and names <= row.keys() and all(isinstance(row[name], str) for name in names):
            yield Job(**{name: row[name] for name in names})


def _warn(file: Path, error: OSError) -> None:
    logger.warning(
        "%s cannot be used (%s); copies that are still being taken will not be asked about again", file, error.strerror
    )
