"""What asks this program to stop, and how the processes that it starts are spared it.

Ctrl-C, `timeout`, systemd and a terminal that closes send their signal to every process of a run. Which of them end,
and when, this process alone decides (docs/design.md D111).
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""From Ctrl-C, from who ends a service, and from a terminal that closes."""


@contextlib.contextmanager
def stop_signals_blocked() -> Iterator[None]:
    """Let this thread, and the processes that it starts meanwhile, take no such signal; other threads take it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def ignore_stop_signals() -> None:
    """Let this process end by other means only."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
