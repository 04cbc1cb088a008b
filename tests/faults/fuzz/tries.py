"""Tries of one function over a range of numbers, on every core, each with a limit of its own time."""

from __future__ import annotations

import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from types import FrameType

from tests.faults.fault import Figures

MIN_POOLED = 500
"""Tries from which on processes are worth their start."""
SLICES = 8
"""Parts of a range for each core: with fewer one core waits for the other at the end."""
MAX_TRY_SECONDS = 20.0
"""Of processor time; a try that needs more is stopped, and counts as lost."""

Try = Callable[[int], str]
"""Makes the try of a number; returns an empty text, or what went wrong: `leaked: …` for bytes that are wrong."""


class _Stopped(BaseException):
    """A try took too long."""


def run_tries(one: Try, tries: range) -> Figures:
    """Make the tries of a range, on all cores where there are many of them."""
    if len(tries) < MIN_POOLED:
        return _run(one, tries)
    count = len(os.sched_getaffinity(0))
    size = -(-len(tries) // (count * SLICES))
    parts = [tries[at : at + size] for at in range(0, len(tries), size)]
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        return sum(pool.map(partial(_run_pooled, one), parts), Figures())


def _run_pooled(one: Try, tries: range) -> Figures:
    figures = _run(one, tries)
    return figures + Figures(megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _run(one: Try, tries: range) -> Figures:
    lost, leaked, longest, notes = 0, 0, 0.0, list[str]()
    for number in tries:
        start = time.process_time()
        try:
            with _limited():
                fault = one(number)
        except _Stopped:
            fault = f"it took more than {MAX_TRY_SECONDS:g} s"
        except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
            fault = f"{type(error).__name__}: {error} ({_place(error)})"
        longest = max(longest, time.process_time() - start)
        if fault:
            leaked += fault.startswith("leaked: ")
            lost += not fault.startswith("leaked: ")
            notes.append(f"try {number}: {fault}"[:400])
    return Figures(len(tries), lost, leaked, seconds=longest, notes=tuple(notes))


def _place(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno}"


@contextmanager
def _limited() -> Iterator[None]:
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, MAX_TRY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(_: int, __: FrameType | None) -> None:
    raise _Stopped
