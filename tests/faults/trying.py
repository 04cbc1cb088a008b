"""Tries of one kind, one after the other, and what came of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.fault import Figures


@dataclass(frozen=True, slots=True)
class Harm:
    """What one try did, a sentence each."""

    lost: tuple[str, ...] = ()
    leaked: tuple[str, ...] = ()


def try_each(tries: range, one: Callable[[int], Harm]) -> Figures:
    """Make the tries; an error that comes out of one counts as lost."""
    figures = Figures()
    for number in tries:
        began = time.monotonic()
        try:
            harm = one(number)
        except Exception as error:  # noqa: BLE001  (whatever comes out of a try is what is looked for)
            harm = Harm(lost=(f"{type(error).__name__}: {error}",))
        notes = tuple(f"try {number}: {said}"[:300] for said in (*harm.lost, *harm.leaked))
        figures += Figures(
            1, len(harm.lost), len(harm.leaked), seconds=time.monotonic() - began, notes=notes,
        )  # fmt: skip
    return figures
