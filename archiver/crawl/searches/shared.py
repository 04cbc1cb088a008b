"""Answers of web archives that many searches need: asked for once in a run, and given to each."""

from __future__ import annotations

from collections import OrderedDict

from archiver.crawl.searches.fallback import PendingSearch
from archiver.wayback.endpoints import Answer

_MAX_SHARED_ANSWERS = 16
"""Answers that are kept at once, those that were asked for longest ago given up first; each has as many bytes as a list
may have. With fewer an answer is asked for again while searches still need it, more cost memory. Chosen, not
measured."""


class SharedAnswers:
    """The answers to shared requests, and the searches that wait for one that is under way."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._waiting: dict[str, list[PendingSearch]] = {}

    def known(self, address: str) -> Answer | None:
        """Return the answer to a shared request; None where it has not come, or was given up."""
        answer = self._answers.get(address)
        if answer is not None:
            self._answers.move_to_end(address)
        return answer

    def join(self, pending: PendingSearch) -> bool:
        """Let a search wait for the answer to its request; False where nobody has asked yet, and it is to ask."""
        assert pending.search.request is not None
        waiting = self._waiting.get(pending.search.request.address)
        if waiting is None:
            self._waiting[pending.search.request.address] = []
            return False
        waiting.append(pending)
        return True

    def settle(self, address: str, answer: Answer | None) -> list[PendingSearch]:
        """Return the searches that wait for a request that is over; None for one without an answer, to be kept."""
        if answer is not None:
            self._answers[address] = answer
            if len(self._answers) > _MAX_SHARED_ANSWERS:
                self._answers.popitem(last=False)
        return self._waiting.pop(address, [])
