"""What becomes of a seed's body, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.models import Change
from archiver.repair.reviews.answers import DECISION


@dataclass(frozen=True, slots=True)
class BodyDecision:
    """What becomes of a seed's body."""

    text: str | None = None
    """The new one; None when the seed's stays."""
    changes: tuple[Change, ...] = ()
    proposed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    """`body` and `heading`, where a person wants the seed's own."""


def accepted_change(change: Change) -> Change:
    """A change that a person accepted; the place its value came from is a witness."""
    return replace(change, source=DECISION, witnesses=(change.source, *change.witnesses))
