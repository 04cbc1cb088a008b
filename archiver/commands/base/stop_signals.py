"""What Ctrl-C and its like do to a command: end it by an exit code and a sentence, at any moment.

    SIGINT, SIGTERM, SIGHUP ─▶ the command ends, 128 + number ─▶ a second one ends the process where it stands, 130
                            ─▶ or: the run is asked to end, 1

Why the second one is told from an echo of the first: docs/design.md D110.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

from archiver.files.stop_signals import STOP_SIGNALS

EXIT_AT_ONCE = 130
"""Of a process that was told twice; what a shell says of one that Ctrl-C has ended."""

_MAX_ECHO_SECONDS = 1.0
"""Seconds in which a further SIGTERM or SIGHUP counts as the same: `timeout` sends two, to its child and then to the
group, and so do shells that close. With fewer such a run would end at once, with more who means it has to wait."""
_CLEAR_LINE = b"\r\x1b[K"
"""To the line's beginning, and what stands there away (ECMA-48, EL)."""
_SHOW_CURSOR = b"\x1b[?25h"
"""What a progress bar that is never taken away has hidden (ECMA-48, DECTCEM)."""


class StopSignals:
    """Takes the signals that ask a command to stop, from its beginning to its end."""

    def __init__(self, name: str, *, code: int | None, leaves_interrupts: bool) -> None:
        """`name` begins the sentence, `code` is the exit code where it is none of the signal's.

        `leaves_interrupts`: what Ctrl-C does the command says by itself, as KeyboardInterrupt.
        """
        self._name = name
        self._code = code
        self._left = signal.SIGINT if leaves_interrupts else None
        self._first: float | None = None
        self._asks: Callable[[], object] | None = None

    def install(self) -> None:
        """End the command when one comes; what a parent has this process ignore stays ignored."""
        for number in STOP_SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler if number == self._left else self._on_signal)

    @property
    def was_sent(self) -> bool:
        """Whether one has come."""
        return self._first is not None

    def ask(self, how: Callable[[], object]) -> None:
        """From now on let the first one call this, and go on; at once where it has come already."""
        self._asks = how
        for number in (signal.SIGINT, signal.SIGTERM):  # as Scrapy has it: a run in the background can be ended, too
            signal.signal(number, self._on_signal)
        if self.was_sent:
            how()

    def say(self, clause: str) -> None:
        """Write a line to the terminal, below what a progress bar shows; `print` may be what was interrupted."""
        begin = _CLEAR_LINE if os.isatty(2) else b""
        with contextlib.suppress(OSError):
            os.write(2, begin + f"{self._name}: {clause}.\n".encode())

    def _on_signal(self, number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if self._first is None:
            self._first = now
            if self._asks is None:
                self.say("stopped")
                raise SystemExit(128 + number if self._code is None else self._code)
            self._asks()
        elif number == signal.SIGINT or now - self._first > _MAX_ECHO_SECONDS:
            _end_at_once()


def _end_at_once() -> NoReturn:
    """End this process where it stands: files are whole at any moment, and the next run deals with what is left."""
    if os.isatty(2):
        with contextlib.suppress(OSError):
            os.write(2, _SHOW_CURSOR)
    os._exit(EXIT_AT_ONCE)
