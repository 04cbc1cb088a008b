"""The processes that read pages: forked from a server, spared the signals for the run, ended with it.

    run ─starts→ server, with all imported ─forks→ worker, worker, …

Why a server: docs/design.md D21; why no signal reaches them: D111.
"""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import sys
import tempfile
from functools import cache
from multiprocessing import forkserver, resource_tracker, util
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from types import ModuleType

from archiver.files.atomic import begin_folder, sweep_folders
from archiver.files.stop_signals import ignore_stop_signals, stop_signals_blocked

PRELOAD = f"{__package__}.worker_preload"
"""Imported once by the process that workers are forked from."""


_FOLDER_PREFIX = "seed-archiver-workers"
"""What the name of the folder begins with in which their server listens."""

_TRACKER_IS_SILENT = f"ignore::UserWarning:{resource_tracker.__name__}"
"""Where a run has ended where it stood, the tracker takes away what it has left, and need not say so."""


class WorkerProcess(ForkServerProcess):
    """A process that does not import the program's main module again: that would load Scrapy in every worker."""

    def start(self) -> None:
        """Start it; what it is to import is read from the main module of this process meanwhile."""
        start_server()
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = main

    def terminate(self) -> None:
        """End it by the one signal that it does not ignore."""
        self.kill()


class WorkerContext(ForkServerContext):
    """Makes such processes."""

    Process = WorkerProcess


def start_tracker() -> None:
    """Start the process that sees to what workers share, unless it runs; before the first of that is made."""
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = ",".join(filter(None, (before, _TRACKER_IS_SILENT)))
    try:
        with stop_signals_blocked():
            resource_tracker.ensure_running()
    finally:
        del os.environ["PYTHONWARNINGS"]
        if before is not None:
            os.environ["PYTHONWARNINGS"] = before


@cache
def make_listening_folder() -> None:
    """Have the socket that the server listens at in a folder that the next run removes, if this one is killed.

    `multiprocessing` puts it into a temporary folder of its own, which it asks `tempfile` for once.
    """
    there = Path(tempfile.gettempdir())
    sweep_folders(there, _FOLDER_PREFIX)
    _, folder = begin_folder(there, _FOLDER_PREFIX)  # locked until the process ends, however it ends
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        util.get_temp_dir()
    finally:
        tempfile.tempdir = before
    # By no fork, and behind the folder in it, which goes with the priority -100.
    util.Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=-101)


def start_server() -> None:
    """Start the process that workers are forked from, unless it runs; no signal for the run ever reaches it."""
    make_listening_folder()
    start_tracker()  # it lets two of them through again, to this thread
    with stop_signals_blocked():
        forkserver.ensure_running()


def part_from_run() -> None:
    """Take no signal that is for the run, and end when the server does; called by each worker once."""
    ignore_stop_signals()
    end_with_parent()


def end_with_parent() -> None:
    """Have the kernel end this process when the thread has ended that started it.

    The server does so with the run, however that ends, and the workers do with the server: by itself it would wait for
    them. Where there is no such call, they end when a page is read that nobody asks for any more.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def limit_memory(size: int) -> None:
    """Limit the data of this process to so many bytes. Raises OSError or ValueError where the system refuses that."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def available_cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS binds no process to cores
