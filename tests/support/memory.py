"""How much memory a running command takes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def peak_of_session(process: subprocess.Popen[Any]) -> int:
    """Wait for a process that leads a session; the largest peak of resident memory (bytes) in that session.

    VmHWM is read while the processes run: what `wait4` gives begins with the memory of the process that started them.
    """
    return max(peaks_of_session(process))


def peaks_of_session(process: subprocess.Popen[Any]) -> tuple[int, int]:
    """Wait for a process that leads a session; its own peak (bytes), and the largest of the others in that session."""
    own = others = 0
    while process.poll() is None:
        for number, peak in _peaks(process.pid):
            own, others = (max(own, peak), others) if number == process.pid else (own, max(others, peak))
        time.sleep(0.05)
    return own, others


def largest_resident(session: int) -> int:
    """The largest peak of resident memory among the processes of a session, in bytes."""
    return max((peak for _, peak in _peaks(session)), default=0)


def _peaks(session: int) -> Iterator[tuple[int, int]]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                status = (process / "status").read_text()
                yield int(process.name), int(status.partition("VmHWM:")[2].split()[0]) * 1024
        except (OSError, IndexError, ValueError):
            continue  # it ended meanwhile
