"""Let the disk of a process fail, which was started with libfiu's library for POSIX.

That library (https://blitiri.com.ar/p/libfiu/) stands between the process and the C library, and asks here whether a
call is to fail. Counted are the calls that work for files of the archiver, by whoever makes them in its behalf: SQLite,
Python's own modules, the archiver itself. Pipes to its workers and to git are no disk.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import sys
import types
from pathlib import Path

PROGRAM = "from tests.faults.disk.inject import main; main()"
"""For a fork of `PreloadedScrapy`: `-c PROGRAM POINT ERRNO NUMBER ONCE LOG ARGS…` runs `scrapy ARGS…`.

From the NUMBERth call on all fail, or with ONCE (1, else 0) only that one. The file LOG tells how many were counted,
and how many failed.
"""

_OTHERS = ("multiprocessing", "pebble", "subprocess.py", "asyncio", "twisted", "logging", "importlib", "rich")
"""Parts of the names of modules whose reading and writing is none of a disk."""
_OURS = (f"{os.sep}archiver{os.sep}", "feedexport.py", "exporters.py")
_NO_FILES = ("archiver/crawl/extraction", "archiver/commands", "archiver/files/pipes.py")
"""Parts of ours that write to pipes and terminals only."""

_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_char_p, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_void_p),
    ctypes.POINTER(ctypes.c_uint),
)  # fmt: skip


class Injection:
    """Counts the calls of one kind, and lets some fail."""

    def __init__(self, errno: int, number: int, *, once: bool) -> None:
        self.count = self.failed = 0
        self._errno, self._number, self._once = errno, number, once
        self._callback = _Callback(self._decide)

    def enable(self, point: str) -> None:
        """Let libfiu ask from now on. Raises OSError for a point that it does not know."""
        library = ctypes.CDLL("libfiu.so.0")
        library.fiu_init(0)
        if library.fiu_enable_external(point.encode(), 1, ctypes.c_void_p(self._errno), 0, self._callback):
            raise OSError(f"libfiu does not know {point}")

    def _decide(self, *_: object) -> int:
        try:
            frame = sys._getframe(1)
        except ValueError:  # the interpreter is ending, and flushes what it has open
            return 0
        if not _is_disk(frame):
            return 0
        self.count += 1
        if self.count < self._number or (self._once and self.failed):
            return 0
        self.failed += 1
        return 1


def _is_disk(frame: types.FrameType | None) -> bool:
    """Whether a call was made on behalf of the archiver's files."""
    while frame is not None:
        name = frame.f_code.co_filename
        if any(part in name for part in _OTHERS):
            return False
        if any(part in name for part in _OURS):
            return not any(part in name for part in _NO_FILES)
        frame = frame.f_back
    return False


def main() -> None:
    """Run the command that `sys.argv` names."""
    _, point, errno, number, once, log, *arguments = sys.argv
    injection = Injection(int(errno), int(number), once=once == "1")
    sys.argv = ["scrapy", *arguments]
    injection.enable(point)
    try:
        runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    finally:
        Path(log).write_text(f"{injection.count} {injection.failed}")
