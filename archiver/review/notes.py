"""Tell the record of written values what a review writes, and what an undo lets be written again.

So a value that a person accepted, and that somebody takes away later, is not written again (docs/design.md D69).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import TracebackType

from archiver.config.run_settings import RunSettings
from archiver.decisions import digest_of
from archiver.decisions.offer_record import Offer, OfferRecord
from archiver.models import Change
from archiver.repair.reviews.acceptance import HEADING
from archiver.repair.reviews.refusals import Refusals, digest_in
from archiver.seeds import Seed


class WrittenNotes:
    """The record in ARCHIVE_DIR; where nothing is kept, nothing is noted. Methods raise OffersError."""

    def __init__(self, options: RunSettings) -> None:
        self._options = options
        has_archive = options.archive and options.archive_dir.is_dir()
        self._record = OfferRecord.open(options.archive_dir, writable=True) if has_archive else None
        self._refusals = Refusals(options.seeds, options.keys, self._record)

    def __enter__(self) -> WrittenNotes:
        """Hold the record open."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Let go of it."""
        self._refusals.close()
        if self._record is not None:
            self._record.close()

    def before_write(self, offer: Offer, before: Seed, after: Seed) -> None:
        """Note what a seed is about to get in the offer's field, and in its heading with the title."""
        if self._record is None:
            return
        keys = self._options.keys
        written = [
            offer._replace(field=field, digest=digest_in(after, field, keys))
            for field in dict.fromkeys((offer.field, HEADING))
            if digest_in(before, field, keys) != digest_in(after, field, keys)
        ]
        self._record.note_written(written, time.time(), self._refusals.head() or "")

    def forget(self, path: str, url: str, changes: Iterable[Change]) -> None:
        """Let values that were put back be written again."""
        if self._record is not None:
            self._record.forget(
                Offer(path, url, change.field, digest_of(change.field, change.new)) for change in changes
            )
