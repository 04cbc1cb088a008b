"""A command of scrapy that kills itself (SIGKILL) at one step of its work.

A step is a change that it makes on the disk: a file that is opened to be written, renamed, linked or removed, a write
past every buffer, an fsync, a statement to a database of its own, a process that it starts. Steps are counted, so that
kills spread over the work however long it takes to start, and a try can be made again. A kill comes before its step, in
the middle of a write, or some milliseconds after the step, while the next ones go on.
"""

from __future__ import annotations

import builtins
import functools
import io
import json
import multiprocessing
import os
import runpy
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

PROGRAM = "from tests.faults.kills.victim import main; main()"
"""For `python -c`."""

_FILE_EVENTS = frozenset({"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"})
"""Audit events of changes whose first argument is a path (https://docs.python.org/3/library/audit_events.html)."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_READING = ("SELECT", "PRAGMA", "EXPLAIN")


@dataclass(frozen=True, slots=True)
class Plan:
    """When a command is to die."""

    folder: str
    """What lies in it counts, and the command's temporary files go to its folder `tmp`."""
    at: int = 0
    """The step; 0 for never."""
    delay: float = 0
    """Seconds from the step to the kill."""
    is_torn: bool = False
    """Whether half of a write is done, where the step is one."""

    setup: str = ""
    """A program that is run before the command: it makes some number small."""

    def words(self, *command: str) -> list[str]:
        """What `scrapy` and `started_scrapy` take to run a command by this plan."""
        return ["-c", PROGRAM, json.dumps(asdict(self)), *command]

    @property
    def note(self) -> Path:
        """Where the command notes how many steps it made, and which processes it had started."""
        return Path(self.folder, "tmp", "victim.json")

    @property
    def pid(self) -> Path:
        """Where the command notes its process, for who else may kill it."""
        return Path(self.folder, "tmp", "pid")


class _Steps:
    """Counts the steps, and dies at one."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._lock = threading.Lock()
        self.count = 0
        self._is_dying = False

    def take(self, path: object = None, *, can_be_torn: bool = False) -> bool:
        """Count a step; whether the kill is to come in the middle of it. A path elsewhere is none."""
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        if isinstance(path, str | os.PathLike):
            path = os.fspath(path)
            if Path(path).is_absolute() and not path.startswith(self._plan.folder):
                return False
        elif path is not None:
            return False
        with self._lock:
            if self._is_dying:
                return False
            self.count += 1
            if self.count != self._plan.at:
                return False
            if self._plan.is_torn and can_be_torn:
                return True
            self._is_dying = True
        self.die()
        return False

    def die(self) -> None:
        """Kill the process, now or a little later."""
        self._is_dying = True
        self.write_note()
        if self._plan.delay:
            threading.Thread(target=_kill_after, args=[self._plan.delay], daemon=True).start()
        else:
            _kill_after(0)

    def write_note(self) -> None:
        """Note what was done, past the counting."""
        workers = [child.pid for child in multiprocessing.active_children()]
        descriptor = os.open(self._plan.note, os.O_WRONLY | os.O_CREAT, 0o600)
        os.write(descriptor, json.dumps({"steps": self.count, "workers": workers}).encode())
        os.close(descriptor)


def _kill_after(seconds: float) -> NoReturn:
    time.sleep(seconds)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def main() -> None:
    """Run the command whose words follow the plan."""
    plan = Plan(**json.loads(sys.argv[1]))
    os.environ["TMPDIR"] = tempfile.tempdir = str(plan.note.parent)
    steps = _Steps(plan)
    if plan.at:
        plan.pid.write_text(f"{os.getpid()}")
        _watch(steps)
    exec(plan.setup)  # noqa: S102  (the row's own)
    sys.argv = ["scrapy", *sys.argv[2:]]
    try:
        runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    finally:
        if plan.at:
            steps._is_dying = True
            steps.write_note()


def _watch(steps: _Steps) -> None:
    sys.addaudithook(functools.partial(_on_event, steps))
    fsync, connect, open_file = os.fsync, sqlite3.connect, io.open

    def counted_fsync(descriptor: int) -> None:
        steps.take()
        fsync(descriptor)

    class Connection(_CountedConnection):
        taken = steps

    class File(_CountedFile):
        taken = steps

    def counted_connect(database: Any, *args: Any, **kwargs: Any) -> Any:
        if database:  # not a private one that vanishes with the process
            kwargs.setdefault("factory", Connection)
        return connect(database, *args, **kwargs)

    def counted_open(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        if buffering == 0 and mode.strip("rb"):
            return File(file, mode)
        return open_file(file, mode, buffering, *args, **kwargs)

    for place, name, counted in (
        (os, "fsync", counted_fsync), (sqlite3, "connect", counted_connect),
        (io, "open", counted_open), (builtins, "open", counted_open),
    ):  # fmt: skip
        setattr(place, name, counted)


def _on_event(steps: _Steps, event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = args
        if flags & _WRITING:
            steps.take(path)
    elif event in _FILE_EVENTS:
        steps.take(args[0])
    elif event == "subprocess.Popen":
        steps.take()


class _CountedConnection(sqlite3.Connection):
    taken: _Steps

    def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
        if not sql.lstrip().upper().startswith(_READING):
            self.taken.take()
        return super().execute(sql, *args)

    def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:
        self.taken.take()
        return super().executemany(sql, *args)


class _CountedFile(io.FileIO):
    taken: _Steps

    def write(self, content: Any) -> int:
        if self.taken.take(can_be_torn=True):
            super().write(memoryview(content)[: len(content) // 2])
            self.taken.die()
        return super().write(content)
