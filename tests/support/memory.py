"""How much memory a running command takes."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any


def peak_of_session(process: subprocess.Popen[Any]) -> int:
    """Wait for a process that leads a session; the largest peak of resident memory (bytes) in that session.

    VmHWM is read while the processes run: what `wait4` gives begins with the memory of the process that started them.
    """
    largest = 0
    while process.poll() is None:
        largest = max(largest, largest_resident(process.pid))
        time.sleep(0.05)
    return largest


def largest_resident(session: int) -> int:
    """The largest peak of resident memory among the processes of a session, in bytes."""
    largest = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int((process / "stat").read_text().rpartition(")")[2].split()[3]) == session:
                status = (process / "status").read_text()
                largest = max(largest, int(status.partition("VmHWM:")[2].split()[0]) * 1024)
        except (OSError, IndexError, ValueError):
            continue  # it ended meanwhile
    return largest
