"""How much memory a browser and all its processes take, and which of them shows the page that takes most.

Linux only: elsewhere there is no /proc, and nothing is measured.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KILOBYTES = ("RssAnon:", "RssShmem:")
"""The lines of /proc/PID/status that count: what a process has for itself. The code of Chromium, 150 MB in each of its
processes, is on the machine once."""


@dataclass(frozen=True, slots=True)
class BrowserProcess:
    """One process of a browser."""

    pid: int
    bytes: int
    """Resident memory, without what is read from files."""
    is_renderer: bool
    """Whether it runs pages and their scripts."""


def processes_of(switch: str) -> tuple[BrowserProcess, ...]:
    """The processes of the browser that was started with a switch, the browser itself first; none once it is gone."""
    parents = dict(_parents())
    roots = [pid for pid in parents if switch in (line := _command(pid)) and not any(map(_is_type, line))]
    found = list(dict.fromkeys(roots))
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid and child not in found]
    return tuple(
        BrowserProcess(pid, _resident(pid), "--type=renderer" in _command(pid)) for pid in found if pid != os.getpid()
    )


def kill(process: BrowserProcess) -> None:
    """End a process of a browser at once; one that is gone is no error."""
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _is_type(word: str) -> bool:
    return word.startswith("--type=")


def _parents() -> Iterator[tuple[int, int]]:
    for folder in _PROC.glob("[0-9]*"):
        try:
            yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue  # it ended meanwhile


def _command(pid: int) -> list[str]:
    """The words of a command line; Chromium's own processes write theirs as one word."""
    try:
        line = (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return []
    return line.replace("\0", " ").split()


def _resident(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(_KILOBYTES))
