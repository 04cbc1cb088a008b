"""What follows an answer of a web archive: the next question, or the items of the seeds that wait for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.crawl.crash import Step
from archiver.crawl.searches.fallback import ArchiveFallback, PendingSearch
from archiver.crawl.searches.shared import SharedAnswers
from archiver.downloader.recording.exchange import copied_record, copy_exchange
from archiver.downloader.recording.record import ANSWERED_AT
from archiver.downloader.services import answer_of, archive_request, failure_of
from archiver.errors import CaptureError, NotArchived, NotSaved, RunEnded
from archiver.models import Extraction, PageOutcome, SeedItem, Verdict
from archiver.wayback.endpoints import Answer
from archiver.wayback.search import Search

Emit = Callable[[int, PageOutcome], AsyncIterator[SeedItem]]
"""Hands out the items of an address whose outcome is settled."""
HandOn = Callable[..., AsyncIterator[Step]]
"""Hands on the steps of a callback, as `crash.survive_crashes` does."""


class SearchCallbacks:
    """The callbacks of questions to web archives."""

    def __init__(self, fallback: ArchiveFallback, emit: Emit, hand_on: HandOn) -> None:
        self._fallback = fallback
        self._emit = emit
        self._hand_on = hand_on
        self._shared = SharedAnswers()

    def close(self) -> None:
        """Drop what was kept for the searches of this run."""
        self._shared.close()

    async def on_response(self, response: Response, pending: PendingSearch) -> AsyncIterator[Step]:
        """A web archive's answer to a question of a search, or of several."""
        answer = answer_of(response)
        if pending.request.is_shared:
            await self._shared.add(pending.request.address, answer)
        parts = (
            (one.number, one.outcome.url, self._searched(response, self._known_answer(one) or answer, one))
            for one in self._askers(pending)
        )
        async for step in self._hand_on(*parts):
            yield step

    async def _searched(self, response: Response, answer: Answer, pending: PendingSearch) -> AsyncIterator[Step]:
        search = pending.search.after_response(answer)
        after = await self._fallback.advance(replace(pending, search=search))
        is_found = isinstance(after, PageOutcome) and after.extraction.article is not None and not after.is_cut
        try:
            await self._keep(search, response, is_found=is_found)
        except NotArchived as error:
            if isinstance(after, PageOutcome):
                after = replace(after, extraction=Extraction(Verdict.ERROR, f"{error}."))
        async for step in self.steps(pending.number, after):
            yield step

    async def _keep(self, search: Search, response: Response, *, is_found: bool) -> None:
        """Keep what was fetched under the address of its page: each record as it came, a copy that is the article.

        A copy that breaks off stays with what services answered: under its page's address it would pass for whole.
        """
        fetched_at = response.meta.get(ANSWERED_AT)
        if search.fetched is not None:
            await self._fallback.keep(copied_record(search.fetched))
        elif (copy := search.capture) is not None and not copy.is_cut and is_found and fetched_at is not None:
            await self._fallback.keep(copy_exchange(copy, response.url, fetched_at))

    async def _after(self, answer: Answer, pending: PendingSearch) -> PendingSearch | PageOutcome:
        return await self._fallback.advance(replace(pending, search=pending.search.after_response(answer)))

    async def on_failure(self, failure: Failure) -> AsyncIterator[Step]:
        """A question of a search, or of several, that got no answer."""
        if isinstance(failure.value, RunEnded):
            return  # the seeds are left for the next run, which searches anew
        pending: PendingSearch = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]  # set by Scrapy
        parts = ((one.number, one.outcome.url, self._not_searched(failure.value, one)) for one in self._askers(pending))
        async for step in self._hand_on(*parts):
            yield step

    async def _not_searched(self, error: BaseException | None, pending: PendingSearch) -> AsyncIterator[Step]:
        after: PendingSearch | PageOutcome
        if isinstance(error, NotSaved):
            after = self._fallback.give_up(pending, "")  # a replay asks nobody, and its user knows that
        else:
            why = failure_of(error or CaptureError("it failed"), pending.request)
            after = await self._fallback.advance(replace(pending, search=pending.search.after_failure(why)))
        async for step in self.steps(pending.number, after):
            yield step

    def _askers(self, pending: PendingSearch) -> Iterator[PendingSearch]:
        """The search that has asked, and those that wait for the same."""
        yield pending
        if pending.request.is_shared:
            yield from self._shared.settle(pending.request.address)

    async def steps(self, number: int, after: PendingSearch | PageOutcome) -> AsyncIterator[Step]:
        """What a search does next: its question, or the items of its seeds and a search that has waited for room."""
        while True:
            while isinstance(after, PendingSearch) and (answer := self._known_answer(after)) is not None:
                after = await self._after(answer, after)
            if isinstance(after, PendingSearch):
                if not self._joins(after):
                    yield self._question(after)
                return
            async for item in self._emit(number, after):
                yield item
            waiting = self._fallback.next_parked()
            if waiting is None:
                return
            number, after = waiting.number, waiting

    def _known_answer(self, pending: PendingSearch) -> Answer | None:
        return self._shared.known(pending) if pending.request.is_shared else None

    def _joins(self, pending: PendingSearch) -> bool:
        return pending.request.is_shared and self._shared.join(pending)

    def _question(self, pending: PendingSearch) -> Request:
        return archive_request(
            pending.request,
            callback=self.on_response,
            errback=self.on_failure,
            cb_kwargs={"pending": pending},
        )
