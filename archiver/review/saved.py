"""Carry out decisions that a report has saved, or that its page sends: each is held against what waits now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from archiver.decisions import Answer, ReviewDecision
from archiver.errors import SeedChanged, SeedError
from archiver.review.apply import Done, Reviewer
from archiver.review.queue import OpenOffer

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


class DecisionReader:
    """Carries out decisions that somebody made elsewhere."""

    def __init__(self, offers: Iterable[OpenOffer], reviewer: Reviewer) -> None:
        self._waiting: Mapping[OfferKey, OpenOffer] = {(offer.seed, offer.field): offer for offer in offers}
        self._reviewer = reviewer
        self._done: dict[OfferKey, Done] = {}

    def apply(self, decision: ReviewDecision) -> Applied:
        """Carry out one decision, if it is about what is offered now; one that was carried out before is done.

        What was decided here before on the same value is taken back first. Raises DecisionsError where an answer
        cannot be noted.
        """
        key = (decision.path, decision.field)
        noted = self._reviewer.decisions.find(decision.path, decision.url, decision.field)
        if noted is not None and _is_same(noted, decision):
            return Applied(decision)
        try:
            if key in self._done:
                self._reviewer.take_back(self._done[key])
                del self._done[key]
            if decision.answer is Answer.OPEN:
                return Applied(decision)
            if decision.answer is Answer.ACCEPT and self._is_written(key):
                return Applied(decision)  # a heading is filled with its title
            offer = self._find(key)
            if offer.digest != decision.offered:
                raise SeedChanged(f"another value is offered for {decision.field} of {decision.path} by now")
            self._done[key] = self._reviewer.answer(offer, decision.answer, decision.value)
        except SeedError as error:
            return Applied(decision, None, str(error).rstrip("."))
        return Applied(decision, self._done[key])

    def _is_written(self, key: OfferKey) -> bool:
        """Whether the seed has what was offered. Raises SeedError."""
        known = self._waiting.get(key)
        return known is not None and self._reviewer.says(known) == known.change.new

    def _find(self, key: OfferKey) -> OpenOffer:
        """The offer as it is now. Raises SeedError where there is none."""
        path, field = key
        known = self._waiting.get(key)
        if known is None:
            self._reviewer.check(path)
        offer = self._reviewer.look(known) if known is not None else None
        if offer is None:
            raise SeedChanged(f"nothing waits for {field} of {path}; `review --list` shows what does")
        return offer

    @property
    def done(self) -> Iterable[Done]:
        """The answers that hold of those that were carried out here."""
        return self._done.values()


def _is_same(one: ReviewDecision, other: ReviewDecision) -> bool:
    return replace(one, at=other.at, why="") == replace(other, why="")
