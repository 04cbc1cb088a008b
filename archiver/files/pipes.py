"""Let a command go on when nobody reads what it prints any more, as in `scrapy audit | head`.

What is printed then goes nowhere: seeds are repaired, locks given back and exit codes what they would have been. The
same holds where standard output is a file on a full disk, but for the exit code: who wanted the file does not have it.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Output(io.FileIO):
    """A standard stream; what its reader does not take any more is written to the null device."""

    is_read = True
    failure: OSError | None = None
    """Why not all was written; None where its reader went away."""

    def write(self, data: ReadableBuffer) -> int:
        try:
            return super().write(data)
        except OSError as error:
            self.is_read = False
            if not isinstance(error, BrokenPipeError):
                self.failure = error
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self.fileno())
            os.close(nothing)
            return super().write(data)


def survive_closed_pipes() -> None:
    """Replace standard output and standard error by streams that need no reader.

    A stream that is not the process's own, as in tests, is left alone; one that was closed before the start gives way
    to the null device.
    """
    if sys.stdout is sys.__stdout__:
        sys.stdout = _without_reader(sys.stdout, 1)
    if sys.stderr is sys.__stderr__:
        sys.stderr = _without_reader(sys.stderr, 2)


def is_output_read() -> bool:
    """Return whether somebody may still read standard output, as far as was seen when it was written to last."""
    raw = _raw_output()
    return raw is None or raw.is_read


def output_failure() -> OSError | None:
    """Return why not all of standard output could be written; None where it was, or its reader went away."""
    raw = _raw_output()
    if raw is None:
        return None
    sys.stdout.flush()
    return raw.failure


def _raw_output() -> _Output | None:
    buffer = getattr(sys.stdout, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    return raw if isinstance(raw, _Output) else None


def _without_reader(stream: io.TextIOWrapper | None, descriptor: int) -> io.TextIOWrapper:
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    stream.flush()
    raw = _Output(descriptor, "w", closefd=False)
    # With `python -u` there is no buffer between the two.
    is_buffered = isinstance(stream.buffer, io.BufferedIOBase)
    return io.TextIOWrapper(
        io.BufferedWriter(raw) if is_buffered else raw,
        stream.encoding, stream.errors, line_buffering=stream.line_buffering, write_through=stream.write_through,
    )  # fmt: skip
