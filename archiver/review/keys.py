"""Single keys and lines from a terminal."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from types import TracebackType
from typing import TextIO

_ESCAPE = "\x1b"
_SEQUENCE_SECONDS = 0.05
"""Seconds in which the rest of a key comes that is more than one character, such as an arrow; with fewer its letters
pass for keys of their own over a slow line, with more Escape is slow. Chosen, not measured."""
_MAX_SEQUENCE_BYTES = 32
"""Bytes of such a key; more are other keys. Chosen, not measured."""


class Keys:
    """Gives a terminal's keys as they are pressed, without Return, until it is left."""

    def __init__(self, stream: TextIO = sys.stdin) -> None:
        self._descriptor = stream.fileno()
        self._before: list[int | list[bytes | int]] = []

    def __enter__(self) -> Keys:
        """Let keys come one by one; raises OSError where there is no terminal any more."""
        self._before = termios.tcgetattr(self._descriptor)
        tty.setcbreak(self._descriptor)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Leave the terminal as it was found."""
        self._restore()

    def read(self) -> str:
        """Return the next key; empty once nobody can press any. An arrow or the like is Escape."""
        taken = b""
        while True:
            try:
                piece = os.read(self._descriptor, 1)
            except OSError:  # the terminal was closed
                return ""
            if not piece:
                return ""
            taken += piece
            try:
                key = taken.decode()
            except UnicodeDecodeError as error:
                if error.reason == "unexpected end of data":
                    continue
                return "?"
            if key == _ESCAPE:
                self._drop_sequence()
            return key

    def _drop_sequence(self) -> None:
        if select.select([self._descriptor], [], [], _SEQUENCE_SECONDS)[0]:
            os.read(self._descriptor, _MAX_SEQUENCE_BYTES)

    @contextlib.contextmanager
    def lines(self) -> Iterator[None]:
        """Let whole lines be typed and edited, or another program have the terminal."""
        self._restore()
        try:
            yield
        finally:
            tty.setcbreak(self._descriptor)

    def _restore(self) -> None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
