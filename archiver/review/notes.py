"""Tell the record of written values what a review writes, and what an undo lets be written again.

So a value that a person accepted, and that somebody takes away later, is not written again (docs/design.md D72).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from types import TracebackType

from archiver.config.run_settings import RunSettings
from archiver.decisions import digest_of
from archiver.decisions.offer_record import Offer, OfferRecord
from archiver.models import Change, Field
from archiver.repair.acceptance import HEADING
from archiver.repair.refusals import Refusals, digest_in
from archiver.seeds import Seed


class WrittenNotes:
    """The record in ARCHIVE_DIR; where there is no such folder, nothing is noted. Methods raise OffersError."""

    def __init__(self, options: RunSettings) -> None:
        self._options = options
        has_archive = options.archive_dir.is_dir()
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

    def before_write(self, path: str, url: str, field: str, after: Seed) -> None:
        """Note the value that a seed is about to get in a field, and in its heading with the title."""
        if self._record is None:
            return
        fields = (field, HEADING) if field == Field.TITLE else (field,)
        offers = [Offer(path, url, name, digest_in(after, name, self._options.keys)) for name in fields]
        self._record.note_written(offers, time.time(), self._refusals.head() or "")

    def forget(self, path: str, url: str, changes: Iterable[Change]) -> None:
        """Let values that were put back be written again."""
        if self._record is not None:
            self._record.forget(
                Offer(path, url, change.field, digest_of(change.field, change.new)) for change in changes
            )
