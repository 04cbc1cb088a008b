"""Pages that are not to be had from their site: what this archive has kept, then what a web archive has.

PageOutcome(gone) ─start─▶ PageOutcome(article) | PendingSearch ─request→ answer ─advance─▶ PendingSearch | PageOutcome

Which pages, and where first: docs/design.md D33, docs/design.md D40.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pickle
import threading
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.lookup import find_copies
from archiver.archive.warc.records import CopiedRecord, Exchange
from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.parts import as_part
from archiver.crawl.extraction.reader import PageReader
from archiver.crawl.frontier import Frontier
from archiver.downloader.payload import decode_response, rendering_of
from archiver.errors import CaptureError
from archiver.models import Capture, Extraction, PageOutcome
from archiver.rules import SiteRules
from archiver.wayback.search import WORTH_A_SEARCH, Search

_MAX_SEARCHES = 64
"""Searches under way; the others wait on disk, since a web archive answers slower than sites lose pages. With fewer a
slow archive is asked less than it allows, more cost memory. No measurement is on record."""


KeepCopy = Callable[[Exchange | CopiedRecord], Awaitable[None]]
"""Keeps the copy of a page in the archive. Raises NotArchived."""


@dataclass(frozen=True, slots=True)
class PendingSearch:
    """One address while a copy of its page is looked for in a web archive."""

    number: int
    """The address on the frontier."""
    outcome: PageOutcome
    """What the site itself gave."""
    search: Search


class ArchiveCopies:
    """The copies in this archive."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        """`settings` say how large a page may unpack."""
        self._archive = archive
        self._settings = settings
        self._lock = threading.Lock()
        self._is_fresh = False

    @classmethod
    def of_run(cls, options: RunSettings, settings: Settings) -> ArchiveCopies | None:
        """What earlier runs have kept; None where there is nothing, and in a replay of other saved pages."""
        if options.replay and not options.replays_archive:
            return None
        archive = Archive(options.archive_dir)
        return cls(archive, settings) if archive.warcs.is_dir() else None

    def copies(self, outcome: PageOutcome, wanted: datetime | None) -> Iterator[Capture]:
        """The captures that may stand in for a outcome, likeliest first; what it was found in is not among them."""
        # The same bytes under another status may be the article: what is found here has the status 200.
        refused = outcome.capture.sha256 if outcome.capture and outcome.capture.status == 200 else None
        for capture in self._captures(outcome.url, wanted):
            if capture.reference().sha256 != refused:
                yield capture

    def earlier(self, url: str, before: datetime) -> Iterator[Capture]:
        """The captures of an address from before a time, the newest first."""
        return self._captures(url, before, before)

    def _captures(self, url: str, wanted: datetime | None, before: datetime | None = None) -> Iterator[Capture]:
        with self._lock:
            if not self._is_fresh:
                self._archive.refresh()
            self._is_fresh = True
        for answer in find_copies(self._archive, url, wanted, before):
            with contextlib.suppress(CaptureError):
                capture = replace(decode_response(answer, self._settings), requested_url=url)
                if (document := self._archive.find_rendering(answer.url, answer.captured_at)) is not None:
                    yield rendering_of(document, capture)
                yield capture


class ArchiveFallback:
    """Looks for copies of lost pages and judges them by the rules that hold for any page."""

    def __init__(
        self,
        options: RunSettings,
        kept: ArchiveCopies | None,
        rules: tuple[SiteRules, ...],
        reader: PageReader,
        frontier: Frontier,
    ) -> None:
        """`kept` is None where there is nothing, or where it is not to be asked."""
        self.keep: KeepCopy = _keep_nothing
        self._kept_pages = kept
        self._wayback = options.wayback
        self._tries = options.tries
        self._rules = rules
        self.reader = reader
        self._frontier = frontier
        self._under_way = 0

    @staticmethod
    def is_lost(outcome: PageOutcome) -> bool:
        """True for a outcome that a copy from an archive would better."""
        return outcome.extraction.verdict in WORTH_A_SEARCH

    async def start(
        self, number: int, outcome: PageOutcome, wanted: datetime | None
    ) -> PageOutcome | PendingSearch | None:
        """The article from this archive, or a search in a web archive, or the outcome where neither is to be had.

        `wanted` is when the article was published, where that is known. None: the search waits for its `turn`.
        """
        kept = await self._search_archive(outcome, wanted)
        if kept is not None or self._wayback is None:
            return kept or outcome
        search = Search.begin(self._wayback, outcome.url, wanted, self._rules, self._tries)
        lost = PendingSearch(number, outcome, search)
        if self._under_way >= _MAX_SEARCHES:
            self._frontier.defer(pickle.dumps(lost))
            return None
        self._under_way += 1
        return lost

    async def advance(self, lost: PendingSearch) -> PageOutcome | PendingSearch:
        """What an answered search comes to: the article, the next question, or why there is no copy."""
        search = lost.search
        while search.capture is not None:
            found = await self.reader.extract(search.capture)
            if found.article is not None:
                self._under_way -= 1
                said = f"Taken from {search.capture.snapshot}."
                return await _substitute(lost.outcome, search.capture, found, said)
            search = search.after_refusal(found.verdict, found.detail)
        if search.request is not None:
            return replace(lost, search=search)
        return self.give_up(replace(lost, search=search), search.summary())

    def give_up(self, lost: PendingSearch, reason: str) -> PageOutcome:
        """The outcome of a search that brought nothing, with the reason; an empty one says nothing."""
        self._under_way -= 1
        extraction = lost.outcome.extraction
        detail = " ".join(filter(None, (extraction.detail, reason)))
        return replace(lost.outcome, extraction=replace(extraction, detail=detail), nowhere=lost.search.listed)

    def next_parked(self) -> PendingSearch | None:
        """The next search that waits, when there is room for it."""
        if self._under_way >= _MAX_SEARCHES:
            return None
        parked = self._frontier.next_deferred()
        if parked is None:
            return None
        self._under_way += 1
        lost = pickle.loads(parked)  # noqa: S301  (from the run's own private database)
        assert isinstance(lost, PendingSearch)
        return lost

    async def _search_archive(self, outcome: PageOutcome, wanted: datetime | None) -> PageOutcome | None:
        if self._kept_pages is None:
            return None
        captures = itertools.islice(self._kept_pages.copies(outcome, wanted), self._tries)
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            extraction = await self.reader.extract(capture)
            if extraction.article is not None:
                said = f"Taken from {capture.snapshot or f'what was kept on {capture.captured_at:%Y-%m-%d}'}."
                return await _substitute(outcome, capture, extraction, said)
        return None


async def _keep_nothing(_: Exchange | CopiedRecord) -> None:
    """Stand in where nothing is archived."""


async def _substitute(outcome: PageOutcome, capture: Capture, extraction: Extraction, said: str) -> PageOutcome:
    """The outcome with a copy in the place of what the site gave, and both reasons."""
    reference = await asyncio.to_thread(capture.reference)
    extraction = as_part(extraction, "only this page was looked for in the archive")
    detail = " ".join(filter(None, (outcome.extraction.detail, said, extraction.detail)))
    return PageOutcome(outcome.url, replace(extraction, detail=detail), reference, instead_of=outcome)
