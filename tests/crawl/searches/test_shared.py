"""Requests that many searches have in common, such as an archive's list of its collections: asked once in a run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.crawl.crash import Step
from archiver.crawl.searches.callbacks import SearchCallbacks
from archiver.crawl.searches.fallback import PendingSearch
from archiver.errors import HostPaused
from archiver.models import Extraction, PageOutcome, SeedItem, Verdict
from archiver.wayback.endpoints import Answer
from archiver.wayback.search import Search
from archiver.wayback.web_archive import ArchiveRequest, LostPage

COLLECTIONS = ArchiveRequest("captures", "https://a.example/collections", is_shared=True)


@dataclass(frozen=True)
class Asking:
    """A search that asks for what all ask for, then for its own."""

    url: str
    request: ArchiveRequest | None = COLLECTIONS
    said: str = ""
    capture: None = None

    fetched: None = None

    @property
    def page(self) -> LostPage:
        return LostPage(self.url, None, None)

    def after_response(self, answer: Answer) -> Asking:
        own = ArchiveRequest("copy", f"https://a.example/{self.url}")
        following = own if self.request is COLLECTIONS else None
        return replace(self, request=following, said=f"{self.said} {answer.status}")

    def after_failure(self, error: Exception) -> Asking:
        return replace(self, request=None, said=f"{self.said} {error}")


class Searches:
    """Stands in for the fallback: every search goes on until it asks nothing more."""

    async def advance(self, pending: PendingSearch) -> PendingSearch | PageOutcome:
        asking = cast("Asking", pending.search)
        return pending if asking.request else PageOutcome(pending.outcome.url, Extraction(Verdict.GONE, asking.said))

    def next_parked(self) -> None:
        return None


def callbacks() -> SearchCallbacks:
    async def emit(number: int, outcome: PageOutcome) -> AsyncIterator[SeedItem]:
        yield SeedItem(str(number), str(number), outcome)

    async def hand_on(*parts: tuple[int, str, AsyncIterator[Step]]) -> AsyncIterator[Step]:
        for _, _, steps in parts:
            async for step in steps:
                yield step

    return SearchCallbacks(cast("Any", Searches()), emit, hand_on)


def pending(number: int) -> PendingSearch:
    outcome = PageOutcome(f"p{number}", Extraction(Verdict.GONE))
    return PendingSearch(number, outcome, cast("Search", Asking(f"p{number}")))


async def every(steps: AsyncIterator[Step]) -> list[Any]:
    return [step async for step in steps]


@pytest.mark.parametrize("status", [200, 503])
def test_a_shared_request_is_asked_once_and_its_answer_given_to_each(status: int) -> None:
    async def run(asked: SearchCallbacks) -> None:
        (first,) = await every(asked.steps(1, pending(1)))
        assert first.url == COLLECTIONS.address
        assert await every(asked.steps(2, pending(2))) == []
        both = await every(asked.on_response(Response(first.url, status, request=first), **first.cb_kwargs))
        assert [step.url for step in both] == ["https://a.example/p1", "https://a.example/p2"]
        (third,) = await every(asked.steps(3, pending(3)))
        # What is no answer is asked for again.
        assert third.url == ("https://a.example/p3" if status == 200 else COLLECTIONS.address)

    with closing(callbacks()) as asked:
        asyncio.run(run(asked))


def test_each_search_learns_that_a_shared_request_failed_and_the_next_one_asks_again() -> None:
    async def run(asked: SearchCallbacks) -> None:
        (first,) = await every(asked.steps(1, pending(1)))
        await every(asked.steps(2, pending(2)))
        failure = Failure(HostPaused("Quiet."))  # type: ignore[no-untyped-call]
        failure.request = first  # type: ignore[attr-defined]
        items = await every(asked.on_failure(failure))
        assert [(item.path, item.page.extraction.detail) for item in items] == [("1", " Quiet."), ("2", " Quiet.")]
        (again,) = await every(asked.steps(3, pending(3)))
        assert isinstance(again, Request)

    with closing(callbacks()) as asked:
        asyncio.run(run(asked))
