"""One fault that is tried again and again, and what came of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MAX_NOTES = 20
"""Sentences that are kept of a fault: enough to find the cause, too few to fill a file."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of some tries of a fault."""

    tries: int = 0
    lost: int = 0
    """What was there, or was told, and is not: seeds, captures, results, commits; what is torn or left over too."""
    leaked: int = 0
    """What got where it must not: connections, requests, writes outside, wrong bytes."""
    megabytes: float = 0
    """The most that the main process of a run took; 0 where none was looked at."""
    worker_megabytes: float = 0
    """The most that an extracting process took; 0 where none was looked at."""
    seconds: float = 0
    """The longest that one try took."""
    notes: tuple[str, ...] = ()
    """What was lost or leaked, a sentence each, with the number of the try that shows it again."""

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.tries + other.tries, self.lost + other.lost, self.leaked + other.leaked,
            max(self.megabytes, other.megabytes), max(self.worker_megabytes, other.worker_megabytes),
            max(self.seconds, other.seconds), (*self.notes, *other.notes)[:MAX_NOTES],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table."""

    name: str
    counts: str
    """What one try is, and what of it counts as lost or leaked."""
    full: int
    """Tries of `make faults`."""
    short: int
    """Tries of `make test`; 0 where its `tests` show the same."""
    run: Callable[[range, Path], Figures]
    """Make some tries in an empty folder; the number of a try decides all that is random in it."""
    batch: int = 1
    """Tries between two times at which the state is written down: so many are lost when the suite is stopped."""
    max_megabytes: float = 300
    """Of the main process."""
    max_worker_megabytes: float = 512
    max_seconds: float = 0
    """Of one try; 0 where nothing is promised."""
    tests: tuple[str, ...] = ()
    """Tests of `make test` that show the same, as pytest names them."""

    def complaints(self, figures: Figures) -> list[str]:
        """What of the figures is not what it must be, a sentence each."""
        said = [f"{self.name}: {number} {what} in {figures.tries} tries"
                for what, number in (("lost", figures.lost), ("leaked", figures.leaked)) if number]  # fmt: skip
        for what, value, most in (
            ("MB in the main process", figures.megabytes, self.max_megabytes),
            ("MB in a worker", figures.worker_megabytes, self.max_worker_megabytes),
            ("s for one try", figures.seconds, self.max_seconds or float("inf")),
        ):
            if value > most:
                said.append(f"{self.name}: {value:.1f} {what}, and {most:.0f} at most is promised")
        return said + [f"{self.name}: {note}" for note in figures.notes if said]


def all_faults() -> tuple[Fault, ...]:
    """Return the faults of every module of `rows`, in the order of its name."""
    package = importlib.import_module("tests.faults.rows")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(fault for name in names for fault in importlib.import_module(f"tests.faults.rows.{name}").FAULTS)
