"""What a page said when it was captured before: the base by which a body is brought up (docs/design.md D70)."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta

from archiver.crawl.extraction.reader import PageReader
from archiver.crawl.searches.fallback import ArchiveCopies
from archiver.models import DriftKind, PageOutcome
from archiver.repair.diff import drift

_MAX_CAPTURES = 5
"""Captures that are looked at for one with another text; with fewer an edit that several runs have met has no base, nor
has a page that was down for weeks, with more a page that never changed costs time. Chosen, not measured."""


class EarlierTexts:
    """The texts of earlier captures in this archive."""

    def __init__(self, kept: ArchiveCopies | None, reader: PageReader) -> None:
        """`kept` is None where there is no archive, or where it is not to be asked."""
        self._kept = kept
        self._reader = reader

    async def before(self, outcome: PageOutcome) -> str | None:
        """Return the Markdown of the article before its last edit; None where no earlier capture has an article.

        That is the last capture that says something else than the page. Where none does, the page has not changed, and
        what it says is what it said.
        """
        article = outcome.extraction.article
        if self._kept is None or outcome.capture is None or article is None:
            return None
        unchanged: str | None = None
        # Captures are dated in whole seconds in the archive.
        at = datetime.fromisoformat(outcome.capture.captured_at).replace(microsecond=0)
        captures = itertools.islice(self._kept.earlier(outcome.url, at + timedelta(seconds=1)), _MAX_CAPTURES)
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            if capture.captured_at >= at and capture.reference().sha256 == outcome.capture.sha256:
                continue  # the page itself
            earlier = (await self._reader.extract(capture)).article
            if earlier is None or not earlier.body:
                continue
            if drift(earlier.body, article.body) not in {DriftKind.SAME, DriftKind.COSMETIC}:
                return earlier.body
            unchanged = unchanged or earlier.body
        return unchanged
