"""The file of decisions: read line by line, and only ever added to."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from archiver.decisions.decisions import Decisions, LineProblem, PlacedLine
from archiver.decisions.review_decision import ReviewDecision
from archiver.errors import DecisionsError
from archiver.files.atomic import sync_folder

DECISIONS = ".decisions.jsonl"
"""Its name in SEEDS_DIR; hidden, so that it is taken for no seed."""

_MERGE_MARKER = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
"""What git leaves where two branches changed the same lines (https://git-scm.com/docs/git-merge)."""


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """The decisions on the seeds below one folder."""

    seeds_dir: Path

    @property
    def file(self) -> Path:
        """Where it lies."""
        return self.seeds_dir / DECISIONS

    def read(self) -> Decisions:
        """Return what holds and what cannot be used; nothing where there is no file. Raises DecisionsError.

        A file that is there and cannot be read ends a run: without it, what was refused would be written.
        """
        try:
            descriptor = os.open(self.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError:
            return Decisions(self.file)
        except OSError as error:
            raise self._error("read", error) from None
        try:
            with open(descriptor, "rb") as stream:  # noqa: PTH123  (a descriptor, not a path)
                content = stream.read()
        except OSError as error:
            raise self._error("read", error) from None
        lines: list[PlacedLine] = []
        problems: list[LineProblem] = []
        for number, line in _numbered(content):
            try:
                lines.append(PlacedLine(number, _parse(line)))
            except ValueError as error:
                problems.append(LineProblem(self.file, number, str(error)))
        paths = {line.decision.path for line in lines}
        missing = {path for path in paths if not _exists(self.seeds_dir, path)}
        return Decisions.of(self.file, lines, missing, problems)

    def append(self, decisions: Iterable[ReviewDecision]) -> None:
        """Add decisions at the end; they are on the disk when this returns. Raises DecisionsError, nothing being added.

        Nothing that is there is written again, so that a kill at any moment leaves whole lines, and at most a torn one
        at the end, behind which the next one begins a line of its own.
        """
        text = "".join(decision.to_line() for decision in decisions).encode("utf-8", "replace")
        if not text:
            return
        try:
            with self._locked() as descriptor:
                size = os.fstat(descriptor).st_size
                torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                try:
                    _write_all(descriptor, b"\n" + text if torn else text)
                    os.fsync(descriptor)
                except OSError:
                    os.ftruncate(descriptor, size)
                    raise
            if size == 0:
                sync_folder(self.seeds_dir)
        except OSError as error:
            raise self._error("written", error) from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """Hold the file against others who add to it. Raises OSError."""
        while True:
            flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            descriptor = os.open(self.file, flags, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                if _is_at(self.file, descriptor):  # git puts another file in its place
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _error(self, done: str, error: OSError) -> DecisionsError:
        reason = (error.strerror or type(error).__name__).lower()
        return DecisionsError(
            f"{self.file} cannot be {done} ({reason}); make it a file that this user may read and write"
        )


def _numbered(content: bytes) -> Iterator[tuple[int, bytes]]:
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if bare := line.strip(b" \t\r"):
            yield number, bare


def _parse(line: bytes) -> ReviewDecision:
    """One line. Raises ValueError, whose message is a clause that says what is wrong and what to do."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8; correct or remove it") from None
    if _MERGE_MARKER.fullmatch(text):
        raise ValueError("it is a merge marker of git; remove it, the decisions of both sides may stay")
    try:
        return ReviewDecision.of_line(text)
    except ValueError as error:
        raise ValueError(f"it {error}; correct or remove it") from None


def _exists(folder: Path, path: str) -> bool:
    try:
        return (folder / path).is_file()
    except (OSError, ValueError):  # too long a name, or one with a NUL
        return False


def _is_at(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(file.lstat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
