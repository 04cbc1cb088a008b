"""Carry out decisions that a report has saved, or that its page sends: each is held against what waits now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from archiver.decisions import Answer, ReviewDecision
from archiver.errors import SeedError
from archiver.review.apply import Done, Reviewer
from archiver.review.queue import Offer

OfferKey = tuple[str, str]
"""A seed's path and a field."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of one decision."""

    decision: ReviewDecision
    done: Done | None = None
    """None where it could not be carried out, or had been before."""
    clause: str = ""
    """Why it could not, as a sentence that names the seed."""


def read_saved(lines: Iterable[bytes], problems: list[str]) -> list[ReviewDecision]:
    """Return the last decision on each field of each seed; lines that are none go to `problems`."""
    found: dict[OfferKey, ReviewDecision] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            decision = ReviewDecision.of_line(line.decode())
        except UnicodeDecodeError:
            problems.append(f"line {number} is not UTF-8; save the decisions again")
        except ValueError as error:
            problems.append(f"line {number} {error}; correct or remove it")
        else:
            found[decision.path, decision.field] = decision
    return [decision for decision in found.values() if decision.answer is not Answer.OPEN]


def apply_decision(decision: ReviewDecision, waiting: Mapping[OfferKey, Offer], reviewer: Reviewer) -> Applied:
    """Carry out one decision, if it is about what is offered now; one that was carried out before is done.

    Raises DecisionsError where it cannot be noted.
    """
    noted = reviewer.decisions.find(decision.path, decision.url, decision.field)
    if noted is not None and _is_same(noted, decision):
        return Applied(decision)
    about = f"{decision.field} of {decision.path}"
    try:
        known = waiting.get((decision.path, decision.field))
        if known is None:
            reviewer.check(decision.path)
        offer = reviewer.look(known) if known is not None else None
        if offer is None:
            return Applied(decision, None, f"nothing waits for {about}; `review --list` shows what does")
        if offer.digest != decision.offered:
            return Applied(decision, None, f"another value is offered for {about} by now; look at it again")
        return Applied(decision, reviewer.answer(offer, decision.answer, decision.value))
    except SeedError as error:
        return Applied(decision, None, str(error).rstrip("."))


def _is_same(one: ReviewDecision, other: ReviewDecision) -> bool:
    return replace(one, at=other.at, why="") == replace(other, why="")
