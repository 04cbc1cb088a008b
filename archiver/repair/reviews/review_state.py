"""How the reviews of a collection stand, offline: what waits for a person, and what people said."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from archiver.decisions import Answer, DecisionFile, ReviewDecision
from archiver.decisions.offer_record import Offer, OfferRecord
from archiver.errors import OffersError
from archiver.repair.diff import Keys
from archiver.repair.reviews.refusals import digest_in
from archiver.seeds import Seed


class ReviewState:
    """The file of decisions, and what the last visits of seeds proposed."""

    def __init__(self, seeds_dir: Path, archive_dir: Path, keys: Keys) -> None:
        """Raises DecisionsError."""
        self.decisions = DecisionFile(seeds_dir).read()
        self.problem: OffersError | None = None
        """Why it is not known what waits."""
        self._keys = keys
        self._waiting: defaultdict[str, list[Offer]] = defaultdict(list)
        try:
            if (record := OfferRecord.open(archive_dir, writable=False)) is not None:
                for offer in record.waiting():
                    self._waiting[offer.path].append(offer)
                record.close()
        except OffersError as error:
            self.problem = error

    def waiting(self, path: str, url: str, seed: Seed) -> list[str]:
        """Return the fields of a seed whose values wait: nobody has answered, and the seed has them not."""
        return [offer.field for offer in self._waiting.get(path, ()) if self._is_open(offer, path, url, seed)]

    def _is_open(self, offer: Offer, path: str, url: str, seed: Seed) -> bool:
        said = self.decisions.find(path, url, offer.field)
        is_answered = said is not None and said.offered == offer.digest
        return offer.url == url and not is_answered and digest_in(seed, offer.field, self._keys) != offer.digest

    def refused(self, path: str, url: str) -> list[ReviewDecision]:
        """Return the decisions by which a seed is left as it is."""
        return [said for said in self.decisions.of_seed(path, url) if said.answer is Answer.KEEP]
