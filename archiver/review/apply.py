"""Do what a person answered: the value goes into the seed, the answer into the file of decisions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

from archiver.decisions import Answer, DecisionFile, Decisions, ReviewDecision
from archiver.errors import SeedChanged
from archiver.repair.acceptance import accept_value
from archiver.review.queue import Offer, SeedReader, open_offer
from archiver.seeds import Seed


@dataclass(frozen=True, slots=True)
class Done:
    """An answer that was carried out, with what takes it back."""

    offer: Offer
    decision: ReviewDecision
    before: bytes
    after: bytes
    """The seed's bytes; those before where nothing was written."""


class Reviewer:
    """Carries out answers one by one; a seed is written before its answer is noted.

    No lock is held against runs: a seed is compared with what was read in the moment in which it is replaced, and so
    is it by a run (docs/design.md D75).
    """

    def __init__(self, seeds: SeedReader, file: DecisionFile) -> None:
        """Raises DecisionsError where the answers of earlier days cannot be read."""
        self._seeds = seeds
        self._file = file
        self.decisions: Decisions = file.read()

    def look(self, offer: Offer) -> Offer | None:
        """Return an offer against what its seed says in this moment; None where it waits no more. Raises SeedError."""
        _, seed = self._seeds.read(offer.seed)
        return open_offer(offer, seed, self._seeds, self.decisions)

    def check(self, path: str) -> None:
        """Raise SeedError for a seed that cannot be read, or that there is not."""
        self._seeds.read(path)

    def preview(self, offer: Offer, value: str) -> tuple[bytes, bytes]:
        """Return the seed's bytes before and after a value would be written. Raises SeedError."""
        before, seed = self._seeds.read(offer.seed)
        return before, self._with_value(seed, offer, value)

    def answer(self, offer: Offer, answer: Answer, value: str | None = None) -> Done:
        """Carry out an answer and note it. Raises SeedError, nothing being written or noted, and DecisionsError."""
        before, seed = self._seeds.read(offer.seed)
        if self._seeds.say(seed, offer.field) != offer.change.old:
            raise SeedChanged(f"{seed.path} says something else for {offer.field} by now; look at it again")
        after = before
        match answer:
            case Answer.ACCEPT:
                after = self._with_value(seed, offer, offer.change.new)
            case Answer.VALUE:
                after = self._with_value(seed, offer, value or "")
            case Answer.KEEP | Answer.OPEN:
                pass
            case _:
                assert_never(answer)
        self._seeds.store.write(offer.seed, before, after)
        own = value if answer is Answer.VALUE else None
        decision = ReviewDecision(offer.seed, offer.url, offer.field, offer.digest, answer, datetime.now(UTC), own)
        self._note(decision)
        return Done(offer, decision, before, after)

    def take_back(self, done: Done) -> None:
        """Put a seed back as it was before an answer, and let the value wait again.

        Raises SeedError, the answer then stands, and DecisionsError.
        """
        self._seeds.store.write(done.offer.seed, done.after, done.before)
        self._note(replace(done.decision, answer=Answer.OPEN, at=datetime.now(UTC), value=None))

    def _with_value(self, seed: Seed, offer: Offer, value: str) -> bytes:
        options = self._seeds.options
        return accept_value(seed, offer.field, value, options.policy, options.keys)

    def _note(self, decision: ReviewDecision) -> None:
        self._file.append([decision])
        self.decisions.add([decision])
