"""Do what a person answered: the value goes into the seed, the answer into the file of decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import assert_never

from archiver.decisions import Answer, DecisionFile, Decisions, ReviewDecision
from archiver.decisions.offer_record import Offer
from archiver.errors import SeedChanged, SeedError
from archiver.repair.reviews.acceptance import accept_value
from archiver.review.notes import WrittenNotes
from archiver.review.queue import OpenOffer, SeedReader, open_offer
from archiver.seeds import Seed, read


@dataclass(frozen=True, slots=True)
class Done:
    """An answer that was carried out, with what takes it back."""

    offer: OpenOffer
    decision: ReviewDecision
    before: bytes
    after: bytes
    """The seed's bytes; those before where nothing was written."""


class Reviewer:
    """Carries out answers one by one; a seed is written before its answer is noted.

    No lock is held against runs: a seed is compared with what was read in the moment in which it is replaced, and so
    is it by a run (docs/design.md D72).
    """

    def __init__(self, seeds: SeedReader, file: DecisionFile, notes: WrittenNotes | None = None) -> None:
        """Raises DecisionsError where the answers of earlier days cannot be read."""
        self._seeds = seeds
        self._file = file
        self._notes = notes
        self.decisions: Decisions = file.read()
        self._done: defaultdict[str, list[Done]] = defaultdict(list)
        """By seed, the answers that hold, in their order."""

    def look(self, offer: OpenOffer) -> OpenOffer | None:
        """Return an offer against what its seed says in this moment; None where it waits no more. Raises SeedError."""
        _, seed = self._seeds.read(offer.seed)
        return open_offer(offer, seed, self._seeds, self.decisions)

    def count_waiting(self, offers: Iterable[OpenOffer]) -> int:
        """Return how many of the offers wait still, those of seeds that cannot be read among them."""
        return sum(map(self._waits, offers))

    def _waits(self, offer: OpenOffer) -> bool:
        try:
            return self.look(offer) is not None
        except SeedError:
            return True

    def says(self, offer: OpenOffer) -> str | None:
        """Return what the seed says in the offer's field in this moment. Raises SeedError."""
        return self._seeds.say(self._seeds.read(offer.seed)[1], offer.field)

    def check(self, path: str) -> None:
        """Raise SeedError for a seed that cannot be read, or that there is not."""
        self._seeds.read(path)

    def preview(self, offer: OpenOffer, value: str) -> tuple[bytes, bytes]:
        """Return the seed's bytes before and after a value would be written. Raises SeedError."""
        before, seed = self._seeds.read(offer.seed)
        return before, self._with_value(seed, offer, value)

    def answer(self, offer: OpenOffer, answer: Answer, value: str | None = None) -> Done:
        """Carry out an answer and note it.

        Raises SeedError and OffersError, nothing being written or noted, and DecisionsError.
        """
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
        if self._notes is not None and after != before:
            about = Offer(offer.seed, offer.url, offer.field, offer.digest)
            self._notes.before_write(about, seed, read(seed.path, after))
        self._seeds.store.write(offer.seed, before, after)
        own = value if answer is Answer.VALUE else None
        decision = ReviewDecision(offer.seed, offer.url, offer.field, offer.digest, answer, datetime.now(UTC), own)
        self._note(decision)
        done = Done(offer, decision, before, after)
        self._done[offer.seed].append(done)
        return done

    def take_back(self, done: Done) -> None:
        """Put a seed back as it was before an answer, and let the value wait again; later answers to the seed stand.

        Raises SeedError, the answer then stands, and DecisionsError.
        """
        chain = self._done[done.offer.seed]
        place = next(number for number, one in enumerate(chain) if one.decision is done.decision)
        last, content = chain[place], chain[place].before
        redone = []
        for one in chain[place + 1 :]:
            if one.before != last.after:
                raise _edited(self._seeds.store.display_path(one.offer.seed))
            before, content = content, self._again(one, content)
            redone.append(replace(one, before=before, after=content))
            last = one
        try:
            self._seeds.store.write(done.offer.seed, last.after, content)
        except SeedChanged:
            raise _edited(self._seeds.store.display_path(done.offer.seed)) from None
        chain[place:] = redone
        self._note(replace(done.decision, answer=Answer.OPEN, at=datetime.now(UTC), value=None))

    def _again(self, done: Done, content: bytes) -> bytes:
        """The bytes that an answer makes of other ones."""
        if done.before == done.after:
            return content
        seed = read(self._seeds.store.display_path(done.offer.seed), content)
        return self._with_value(seed, done.offer, done.decision.value or done.offer.change.new)

    def _with_value(self, seed: Seed, offer: OpenOffer, value: str) -> bytes:
        options = self._seeds.options
        return accept_value(seed, offer.field, value, options.policy, options.keys)

    def _note(self, decision: ReviewDecision) -> None:
        self._file.append([decision])
        self.decisions.add([decision])


def _edited(shown: str) -> SeedChanged:
    return SeedChanged(f"{shown} was changed by somebody else after the answer; take it back by hand")
