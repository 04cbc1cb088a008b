"""How much memory a browser and all its processes take, and which of them shows the page that takes most.

Linux only: elsewhere there is no /proc, and nothing is measured.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KILOBYTES = ("RssAnon:", "RssShmem:")
"""The lines of /proc/PID/status that count: what a process has for itself. The code of Chromium, 150 MB in each of its
processes, is on the machine once."""

_UNUSED_DATA_BYTES = 600 * 1024 * 1024
"""Bytes that a process of Chromium takes and does not use, which the kernel counts as its data all the same. With fewer
pages fail below BROWSER_MEMORY_MB, with more they get further above it. Found with a page that fills memory under a
limit of 900 MB: it got 280."""


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


def limit_data(process: BrowserProcess, most_bytes: int) -> None:
    """Let a process, and those that it starts, use no more memory than so much; one that is gone is no error."""
    size = most_bytes + _UNUSED_DATA_BYTES
    with contextlib.suppress(OSError, ValueError, AttributeError):  # no Linux, or a system that refuses it
        resource.prlimit(process.pid, resource.RLIMIT_DATA, (size, size))


def kill(process: BrowserProcess) -> None:
    """End a process of a browser at once; one that is gone is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGKILL)


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
