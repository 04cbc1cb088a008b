"""What a person answers to a value that is offered, as a decision that lasts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from archiver.decisions import Answer, ReviewDecision, digest_of
from archiver.models import Change


def keep_decisions(seed: str, url: str, changes: Iterable[Change], why: str) -> list[ReviewDecision]:
    """Return what says of each change that the seed is to stay as it is."""
    at = datetime.now(UTC)
    return [
        ReviewDecision(seed, url, change.field, digest_of(change.field, change.new), Answer.KEEP, at, None, why)
        for change in changes
    ]
