"""What a run knows of people's decisions, and what it notes for later runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice

from archiver.config.run_settings import RunSettings
from archiver.decisions import Answer, DecisionFile, ReviewDecision, digest_of
from archiver.decisions.offer_record import Offer, OfferRecord
from archiver.decisions.review_decision import TAKEN_AWAY
from archiver.errors import ArchiverError, DecisionsError, OffersError
from archiver.models import Change
from archiver.repair.repair import Repair
from archiver.repair.reviews.answers import Answers
from archiver.repair.reviews.refusals import Refusals, digest_in
from archiver.seeds import Seed

logger = logging.getLogger(__name__)

_MAX_NAMED_LINES = 20
"""Lines of the file of decisions that a run names; more would hide what else it says. Chosen, not measured."""


class Reviews:
    """The decisions on all seeds, with those that people made without a word.

    Only a live run that writes in place notes anything: of a dry run, a replay or copies in OUTPUT_DIR nothing can be
    taken away. All of them heed the file of decisions and the history.
    """

    def __init__(self, options: RunSettings) -> None:
        """Raises DecisionsError."""
        self._options = options
        self._notes = options.is_recording and not options.dry_run and options.output is None
        self._lock = threading.Lock()
        self._file = DecisionFile(options.seeds)
        self.decisions = self._file.read()
        self._displaced = set(self.decisions.displaced_urls)
        for problem in self.decisions.problems[:_MAX_NAMED_LINES]:
            logger.warning("%s", problem)
        if (more := len(self.decisions.problems) - _MAX_NAMED_LINES) > 0:
            logger.warning("%s: %d more lines are of no use.", self.decisions.file, more)
        self._record: OfferRecord | None = None
        try:
            self._record = OfferRecord.open(options.archive_dir, writable=self._notes)
        except OffersError as error:
            self._go_on_without(error)
        self._refusals = Refusals(options.seeds, options.keys, self._record, by_scans=self._notes)

    def _go_on_without(self, error: ArchiverError) -> None:
        logger.warning("%s.", error)
        self._record = None
        self._refusals = Refusals(self._options.seeds, self._options.keys)

    # ---- While the seeds are read -----------------------------------------------------------------------------------

    def to_be_read(self, seeds_of: Callable[[str], list[str]]) -> frozenset[str]:
        """The seeds that a scan has to `meet` though they have not changed; `seeds_of` names those of an address."""
        displaced = (path for url in self._displaced for path in seeds_of(url))
        unseen: list[str] = []
        if self._notes and self._record is not None:
            try:
                unseen = self._record.unseen_paths()
            except OffersError as error:
                self._go_on_without(error)
        return frozenset((*self.decisions.open_paths(), *displaced, *unseen))

    def meet(self, path: str, url: str, seed: Seed) -> datetime | None:
        """Take notice of a seed that lies there: of its address, and of what earlier runs wrote to it.

        Returns when a person last spoke of a value that it does not have, and might get.
        """
        self._displaced.discard(url)
        self._note_seen(path, url, seed)
        now = datetime.now(UTC)
        spoken = (said.at for said in self.decisions.of_seed(path, url) if self._is_to_do(said, seed))
        # A time to come would have the page asked for in every run until then.
        return max((at for at in spoken if at <= now), default=None)

    def _is_to_do(self, said: ReviewDecision, seed: Seed) -> bool:
        wanted = said.offered if said.value is None else digest_of(said.field, said.value)
        return said.answer is not Answer.KEEP and digest_in(seed, said.field, self._options.keys) != wanted

    def _note_seen(self, path: str, url: str, seed: Seed) -> None:
        if not self._notes or self._record is None:
            return
        try:
            written = self._record.unseen(path)
            met = [
                Offer(path, url, field, digest)
                for field, digest in written
                if digest_in(seed, field, self._options.keys) == digest
            ]
            if met:
                self._record.note_seen(met, time.time())
        except OffersError as error:
            self._go_on_without(error)

    def name_gone_seeds(self) -> None:
        """Name the lines of seeds that are gone, once all seeds were met."""
        for problem in islice(self.decisions.gone(self._displaced), _MAX_NAMED_LINES):
            logger.warning("%s", problem)

    # ---- When a seed is held against its page -----------------------------------------------------------------------

    def repair(self, path: str, url: str, work: Callable[[Answers], Repair]) -> Repair:
        """Repair a seed as people want it; `work` does it by their answers. In any thread."""
        answers = Answers.of(self.decisions, path, url)
        done = work(answers)
        refused: dict[str, ReviewDecision] = {}
        while found := self._find_refused(path, url, done, refused):
            refused |= {said.field: said for said in found}
            done = work(answers.with_decisions(refused))
        if refused:
            with self._lock:
                self.decisions.add(refused.values())
            if self._notes:
                self._append(refused.values())
        return done

    def _find_refused(
        self, path: str, url: str, done: Repair, known: Mapping[str, ReviewDecision]
    ) -> list[ReviewDecision]:
        """The values that would be written or proposed, and that somebody took away before."""
        changes = [change for change in (*done.changes, *done.proposed) if change.field not in known]
        try:
            with self._lock:
                return list(self._refused(path, url, changes))
        except OffersError as error:
            self._go_on_without(error)
            return []

    def _refused(self, path: str, url: str, changes: Iterable[Change]) -> Iterator[ReviewDecision]:
        for change in changes:
            offer = Offer(path, url, change.field, digest_of(change.field, change.new))
            at = self._refusals.taken_away_at(offer)
            said = self.decisions.last(path, url, change.field)
            if at is None or (said is not None and _is_about(said, change) and said.at.timestamp() >= at):
                continue  # a person has spoken since
            # A person's own value stood in for what the page offers; it is of that offer that no is said now.
            offered = said.offered if said is not None and said.value == change.new else offer.digest
            now = datetime.now(UTC)
            yield ReviewDecision(path, url, change.field, offered, Answer.KEEP, now, why=TAKEN_AWAY)

    def _append(self, refused: Iterable[ReviewDecision]) -> None:
        try:
            self._file.append(refused)
        except DecisionsError as error:
            logger.warning("%s.", error)

    def before_write(self, path: str, url: str, done: Repair) -> None:
        """Note what is about to be written to a seed, in the place where it lies. In any thread."""
        if not self._notes or self._record is None:
            return
        offers = [Offer(path, url, change.field, digest_of(change.field, change.new)) for change in done.changes]
        try:
            self._record.note_written(offers, time.time(), self._refusals.head() or "")
        except OffersError as error:
            self._go_on_without(error)

    def after_repair(self, path: str, url: str, done: Repair) -> None:
        """Note what waits for a person. In any thread."""
        if not self._notes or self._record is None:
            return
        offers = [Offer(path, url, change.field, digest_of(change.field, change.new)) for change in done.proposed]
        try:
            self._record.note_waiting(path, offers)
        except OffersError as error:
            self._go_on_without(error)

    def close(self) -> None:
        """Let go of the files."""
        self._refusals.close()
        if self._record is not None:
            self._record.close()


def _is_about(said: ReviewDecision, change: Change) -> bool:
    """Whether a person spoke of this value, or gave it."""
    return said.value == change.new if said.value is not None else said.offered == digest_of(change.field, change.new)
