"""Answers of web archives that many searches need: asked for once in a run, and given to each."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from http import HTTPStatus

from archiver.crawl.searches.fallback import PendingSearch
from archiver.wayback.commoncrawl.shared import SharedLists
from archiver.wayback.endpoints import Answer

_ANSWERS = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})
"""Statuses of what is an answer, also to the searches to come; 404 is how an index says that it has nothing."""


class SharedAnswers:
    """The answers to shared requests, and the searches that wait for one that is under way."""

    def __init__(self) -> None:
        self._lists = SharedLists()
        self._waiting: dict[str, list[PendingSearch]] = {}

    def known(self, pending: PendingSearch) -> Answer | None:
        """Return what the answer to its shared request says to a search; None where it has not come."""
        page = pending.search.page
        return self._lists.find(pending.request.address, page.prefix or page.url)

    def join(self, pending: PendingSearch) -> bool:
        """Let a search wait for the answer to its request; False where nobody has asked yet, and it is to ask."""
        waiting = self._waiting.get(pending.request.address)
        if waiting is None:
            self._waiting[pending.request.address] = []
            return False
        waiting.append(pending)
        return True

    async def add(self, address: str, answer: Answer) -> None:
        """Keep the answer to a shared request for the rest of the run; one that is none is for those that wait."""
        if answer.status in _ANSWERS:
            # Without room on the disk each search reads the whole answer, and later ones ask again.
            with contextlib.suppress(sqlite3.Error):
                await asyncio.to_thread(self._lists.add, address, answer)

    def settle(self, address: str) -> list[PendingSearch]:
        """Return the searches that wait for a request that is over, and let the next one ask again."""
        return self._waiting.pop(address, [])

    def close(self) -> None:
        """Drop what was kept."""
        self._lists.close()
