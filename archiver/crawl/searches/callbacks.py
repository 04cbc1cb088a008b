"""What follows an answer of a web archive: the next question, or the items of the seeds that wait for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.crawl.crash import Step
from archiver.crawl.searches.fallback import ArchiveFallback, PendingSearch
from archiver.downloader.exchange import copy_exchange
from archiver.downloader.record import ANSWERED_AT
from archiver.downloader.services import answer_of, archive_request, failure_of
from archiver.errors import CaptureError, NotArchived, NotSaved
from archiver.models import Capture, Extraction, PageOutcome, SeedItem, Verdict

Emit = Callable[[int, PageOutcome], AsyncIterator[SeedItem]]
"""Hands out the items of an address whose outcome is settled."""
HandOn = Callable[..., AsyncIterator[Step]]
"""Hands on the steps of a callback, as `crash.survive_crashes` does."""


class SearchCallbacks:
    """The callbacks of questions to a web archive."""

    def __init__(self, fallback: ArchiveFallback, emit: Emit, hand_on: HandOn) -> None:
        self._fallback = fallback
        self._emit = emit
        self._hand_on = hand_on

    async def on_response(self, response: Response, pending: PendingSearch) -> AsyncIterator[Step]:
        """A web archive's answer to a question of a search."""
        async for step in self._hand_on((pending.number, pending.outcome.url, self._searched(response, pending))):
            yield step

    async def _searched(self, response: Response, pending: PendingSearch) -> AsyncIterator[Step]:
        search = pending.search.after_response(answer_of(response))
        after = await self._fallback.advance(replace(pending, search=search))
        if search.capture is not None and isinstance(after, PageOutcome) and after.extraction.article is not None:
            after = await self._keep_copy(search.capture, response, after)
        async for step in self._after_search(pending.number, after):
            yield step

    async def _keep_copy(self, copy: Capture, response: Response, found: PageOutcome) -> PageOutcome:
        """The outcome, once the copy that it was taken from is kept under the address of its page."""
        fetched_at = response.meta.get(ANSWERED_AT)
        try:
            if fetched_at is not None:
                await self._fallback.keep(copy_exchange(copy, response.url, fetched_at))
        except NotArchived as error:
            return replace(found, extraction=Extraction(Verdict.ERROR, f"{error}."))
        return found

    async def on_failure(self, failure: Failure) -> AsyncIterator[Step]:
        """A question of a search that got no answer."""
        pending: PendingSearch = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]  # set by Scrapy
        steps = self._not_searched(failure.value, pending)
        async for step in self._hand_on((pending.number, pending.outcome.url, steps)):
            yield step

    async def _not_searched(self, error: BaseException | None, pending: PendingSearch) -> AsyncIterator[Step]:
        after: PendingSearch | PageOutcome
        if isinstance(error, NotSaved):
            after = self._fallback.give_up(pending, "")  # a replay asks nobody, and its user knows that
        else:
            assert pending.search.request is not None
            why = failure_of(error or CaptureError("it failed"), pending.search.request)
            after = await self._fallback.advance(replace(pending, search=pending.search.after_failure(why)))
        async for step in self._after_search(pending.number, after):
            yield step

    async def _after_search(self, number: int, after: PendingSearch | PageOutcome) -> AsyncIterator[Step]:
        if isinstance(after, PendingSearch):
            yield self.question(after)
            return
        async for item in self._emit(number, after):
            yield item
        if (waiting := self._fallback.next_parked()) is not None:
            yield self.question(waiting)

    def question(self, pending: PendingSearch) -> Request:
        """Return the request that a search asks next."""
        assert pending.search.request is not None
        return archive_request(
            pending.search.request,
            callback=self.on_response,
            errback=self.on_failure,
            cb_kwargs={"pending": pending},
        )
