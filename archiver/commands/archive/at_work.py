"""Say now and then that a command is at work: one that reads many gigabytes has nothing to print until its end."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

LINE_SECONDS = 60.0
"""Seconds between two lines; with fewer a long work fills the screen, with more it seems to hang. Chosen, not
measured."""
_READ_BYTES = "rchar: "
"""What Linux calls the bytes that a process has read (https://docs.kernel.org/filesystems/proc.html)."""


@contextlib.contextmanager
def say_at_work(command: str, stream: TextIO, seconds: float = LINE_SECONDS) -> Iterator[None]:
    """Print a line so often while something is done, where somebody sees it in a terminal."""
    if not stream.isatty():
        yield
        return
    done, began = threading.Event(), time.monotonic()

    def tell() -> None:
        while not done.wait(seconds):
            minutes = round((time.monotonic() - began) / 60)
            print(f"{command}: at work for {minutes} min{_read_so_far()}", file=stream, flush=True)

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _read_so_far() -> str:
    """Return what this process has read since it began; empty where there is no /proc."""
    try:
        lines = Path("/proc/self/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return ""
    read = next((int(line.removeprefix(_READ_BYTES)) for line in lines if line.startswith(_READ_BYTES)), 0)
    return f", {read / 1e6:,.0f} MB read"
