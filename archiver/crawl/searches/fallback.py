"""Pages that are not to be had from their site: what this archive has kept, then what web archives have.

PageOutcome(gone) ─start─▶ PageOutcome(article) | PendingSearch ─request→ answer ─advance─▶ PendingSearch | PageOutcome

Which pages, and where first: docs/design.md D33, docs/design.md D40.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pickle
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from scrapy.settings import Settings

from archiver.archive.archive import Archive
from archiver.archive.lookup import find_copies
from archiver.archive.warc.records import CopiedRecord, Exchange
from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.parts import as_part
from archiver.crawl.extraction.reader import PageReader
from archiver.crawl.waiting_seeds import WaitingSeeds
from archiver.downloader.recording.payload import decode_response, rendering_of
from archiver.errors import CaptureError
from archiver.ledger.soft404 import shares_words
from archiver.models import Article, Capture, DriftKind, Extraction, PageOutcome, Verdict
from archiver.repair.diff import drift
from archiver.wayback.candidates import is_same_place
from archiver.wayback.search import WORTH_A_SEARCH, Search
from archiver.wayback.web_archive import ArchiveRequest, LostPage

_MAX_SEARCHES = 64
"""Searches under way; the others wait on disk, since a web archive answers slower than sites lose pages. With fewer a
slow archive is asked less than it allows, more cost memory. No measurement is on record."""

_MIN_SEEDS_SHARING = 5
"""Addresses of one host in a run from which on an archive that can is asked for all of them at once: such a list costs
Common Crawl's index about as much as four pages do. With fewer a list of thousands is asked for a page or two, with
more as many questions are asked as there are seeds. Chosen, not measured."""

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
    cut: PageOutcome | None = None
    """What there is when nothing better is found: the beginning of the page."""

    @property
    def request(self) -> ArchiveRequest:
        """What is to be asked next."""
        assert self.search.request is not None
        return self.search.request


class ArchiveCopies:
    """The copies in this archive."""

    def __init__(self, archive: Archive, settings: Settings) -> None:
        """`settings` say how large a page may unpack."""
        self._archive = archive
        self._archive.max_body_bytes = settings.getint("DOWNLOAD_MAXSIZE") or None
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
        """The captures that may stand in for an outcome, likeliest first; what it was found in is not among them."""
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
        reader: PageReader,
        waiting: WaitingSeeds,
        keep: KeepCopy,
    ) -> None:
        """`kept` is None where there is nothing, or where it is not to be asked."""
        self.keep = keep
        self._kept_pages = kept
        self._web_archives = options.web_archives.in_turn
        self._tries = options.tries
        self.reader = reader
        self._waiting, self._frontier = waiting, waiting.frontier
        self._asks_all = options.due is None
        """Whether every address on the frontier is asked in this run."""
        self._under_way = 0

    @staticmethod
    def is_lost(outcome: PageOutcome) -> bool:
        """True for an outcome that a copy from an archive would better."""
        return outcome.extraction.verdict in WORTH_A_SEARCH

    async def start(
        self,
        number: int,
        outcome: PageOutcome,
        wanted: datetime | None,
        cut: PageOutcome | None = None,
        closed: frozenset[str] = frozenset(),
    ) -> PageOutcome | PendingSearch | None:
        """The article from this archive, or a search in web archives, or the outcome where neither is to be had.

        `wanted` is when the article was published, where that is known, `cut` the beginning of the page, which goes
        before nothing; `closed` names the archives that hand out nothing of this address. None: the search waits to
        be the `next_parked`.
        """
        kept = await self._search_archive(outcome, wanted)
        if kept is not None and kept.is_cut:
            kept, cut = None, cut or kept
        if kept is not None or not self._web_archives:
            return kept or _or_cut(outcome, cut)
        start = self._frontier.shared_start(outcome.url, _MIN_SEEDS_SHARING) if self._asks_all else None
        page = LostPage.of(outcome.url, wanted, self.reader.rules, start)
        search = Search.begin(self._web_archives, page, closed)
        lost = PendingSearch(number, outcome, search, cut)
        if search.request is None:
            return _without_copy(lost, search.summary())
        if self._under_way >= _MAX_SEARCHES:
            self._frontier.defer(pickle.dumps(lost))
            return None
        self._under_way += 1
        return lost

    async def advance(self, lost: PendingSearch) -> PageOutcome | PendingSearch:
        """What an answered search comes to: the article, the next question, or why there is no copy."""
        search = lost.search
        while (capture := search.capture) is not None:
            found = await self.reader.extract(capture)
            if found.article is None:
                search = search.after_refusal(found.verdict, found.detail)
            elif await self._is_other(lost, capture, found.article):
                search = search.after_refusal(Verdict.SOFT_404, f"It is of {capture.url}, another article.")
            elif capture.is_cut:
                # Its fields are better than nothing, and another copy may be whole.
                cut = lost.cut or await _cut_outcome(lost.outcome, capture, found, f"Taken from {capture.snapshot}.")
                lost, search = replace(lost, cut=cut), search.after_refusal(found.verdict)
            else:
                self._under_way -= 1
                taken = await _substitute(lost.outcome, capture, found, f"Taken from {capture.snapshot}.")
                return replace(taken, refused_by=search.refused_by)
        if search.request is not None:
            return replace(lost, search=search)
        return self.give_up(replace(lost, search=search), search.summary())

    async def _is_other(self, lost: PendingSearch, capture: Capture, article: Article) -> bool:
        """Whether a copy that redirects led to is of another article than the one that is lost (D90)."""
        page = lost.search.page
        if is_same_place(capture.url, page.url):
            return False
        if page.rules is not None and page.rules.article_id(capture.url) == page.rules.article_id(page.url):
            return False
        said = await asyncio.to_thread(_compare, self._waiting.bodies(lost.number), article)
        return said == {DriftKind.DIVERGED} if said else not shares_words(page.url, capture.url)

    def give_up(self, lost: PendingSearch, reason: str) -> PageOutcome:
        """The outcome of a search that brought nothing, with the reason; an empty one says nothing."""
        self._under_way -= 1
        return _without_copy(lost, reason)

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
        cut = None
        while (capture := await asyncio.to_thread(next, captures, None)) is not None:
            extraction = await self.reader.extract(capture)
            if extraction.article is not None:
                said = f"Taken from {capture.snapshot or f'what was kept on {capture.captured_at:%Y-%m-%d}'}."
                if not capture.is_cut:
                    return await _substitute(outcome, capture, extraction, said)
                cut = cut or await _cut_outcome(outcome, capture, extraction, said)
        return cut


def apart(outcome: PageOutcome, cut: PageOutcome | None) -> tuple[PageOutcome, PageOutcome | None]:
    """The outcome of a live page that breaks off, as if nothing had come, and what came; others as they are."""
    if not outcome.is_cut or outcome.extraction.article is None or outcome.capture is None:
        return outcome, cut
    if outcome.capture.origin != "live":
        return outcome, cut
    missed = Extraction(Verdict.UNREACHABLE, f"{outcome.url}: the answer was cut off; run again.")
    return PageOutcome(outcome.url, missed), outcome


def _or_cut(outcome: PageOutcome, cut: PageOutcome | None) -> PageOutcome:
    """The beginning of the page in the place of an outcome without one, and both reasons."""
    if cut is None:
        return outcome
    said = " ".join(filter(None, (outcome.extraction.detail, cut.extraction.detail)))
    return replace(cut, extraction=replace(cut.extraction, detail=said), nowhere=outcome.nowhere, instead_of=outcome)


def _without_copy(lost: PendingSearch, reason: str) -> PageOutcome:
    extraction, search = lost.outcome.extraction, lost.search
    detail = " ".join(filter(None, (extraction.detail, reason)))
    outcome = replace(
        lost.outcome, extraction=replace(extraction, detail=detail), nowhere=search.is_settled,
        refused_by=search.refused_by,
    )  # fmt: skip
    return _or_cut(outcome, lost.cut)


def _compare(bodies: Iterable[str], article: Article) -> set[DriftKind]:
    """How the texts of some seeds differ from that of an article."""
    return {kind for body in bodies if (kind := drift(body, article.body)) is not None}


async def _cut_outcome(outcome: PageOutcome, capture: Capture, extraction: Extraction, said: str) -> PageOutcome:
    """The outcome with the beginning of a page in the place of what the site gave; it goes before nothing."""
    found = await _substitute(outcome, capture, extraction, said)
    detail = f"{said} {extraction.detail}".rstrip()
    return replace(found, extraction=replace(extraction, detail=detail), is_cut=True)


async def _substitute(outcome: PageOutcome, capture: Capture, extraction: Extraction, said: str) -> PageOutcome:
    """The outcome with a copy in the place of what the site gave, and both reasons."""
    reference = await asyncio.to_thread(capture.reference)
    extraction = as_part(extraction, "only this page was looked for in the archive")
    detail = " ".join(filter(None, (outcome.extraction.detail, said, extraction.detail)))
    return PageOutcome(outcome.url, replace(extraction, detail=detail), reference, instead_of=outcome)
