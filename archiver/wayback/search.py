"""The search for a lost page in several web archives, one after the other, as a value.

    Search.begin ─▶ request ─after_response / after_failure─▶ Search ─▶ … ─▶ capture ─judged─▶ after_refusal ─▶ …

Nothing is fetched here. A search ends when `request` and `capture` are both None. Why a value: docs/design.md D32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archiver.models import Capture, Verdict
from archiver.wayback.endpoints import FIRST, Answer
from archiver.wayback.web_archive import ArchiveRequest, ArchiveSearch, Conclusion, FetchedRecord, LostPage, WebArchive

WORTH_A_SEARCH = frozenset(
    {
        Verdict.GONE,
        Verdict.SOFT_404,
        Verdict.REDIRECTED_HOME,
        Verdict.NOT_ARTICLE,
        Verdict.MOVED,
        Verdict.BLOCKED,
        Verdict.UNREACHABLE,
        Verdict.TIMEOUT,
        Verdict.EMPTY,
    }
)
"""The verdicts after which an archive is asked: the article is not at its address, or not for us.

Not `robots`: the publisher does not want programs to read the page, wherever a copy lies. Not `walled`: the article is
there. Not `not_html` and `too_large`: a copy would be the same. Not `error` and `not_saved`: the fault is on our side.
"""


@dataclass(frozen=True, slots=True)
class Search:
    """One page's search, at one moment of it."""

    page: LostPage
    others: tuple[WebArchive, ...]
    """The archives that are asked yet."""
    closed: frozenset[str] = frozenset()
    """The names of archives that have said before that they hand out nothing of this address."""
    archive: str = ""
    """The name of the archive that is asked."""
    current: ArchiveSearch | None = None
    """The search in that archive; None before the first and after the last."""
    reasons: tuple[str, ...] = ()
    """Why the archives that were asked did not help, a sentence each."""
    conclusions: tuple[tuple[str, Conclusion], ...] = ()
    """What the archives whose search is over say of the page, by name."""

    @classmethod
    def begin(cls, archives: Sequence[WebArchive], page: LostPage, closed: frozenset[str] = frozenset()) -> Search:
        """Return a search that asks the first of some archives first, and none of those that are closed to it."""
        return cls(page, tuple(archives), closed)._in_turn()

    @property
    def request(self) -> ArchiveRequest | None:
        """What to ask next."""
        return self.current.request if self.current else None

    @property
    def capture(self) -> Capture | None:
        """What was found, to be judged; an article ends the search, else call `after_refusal`."""
        return self.current.capture if self.current else None

    @property
    def fetched(self) -> FetchedRecord | None:
        """What the last answer was, where it was a record that is to be kept as it came."""
        return self.current.fetched if self.current else None

    @property
    def is_settled(self) -> bool:
        """Whether each archive has answered whatever it was asked, and none has a usable copy."""
        return bool(self.conclusions) and all(said is not Conclusion.UNANSWERED for _, said in self.conclusions)

    @property
    def refused_by(self) -> tuple[str, ...]:
        """The archives that said in this search that they hand out nothing of the address."""
        refusing = [name for name, said in self.conclusions if said is Conclusion.REFUSED]
        return tuple(name for name in refusing if name not in self.closed)

    def after_response(self, answer: Answer) -> Search:
        """The search after an answer."""
        assert self.current is not None
        return replace(self, current=self.current.after_response(answer))._in_turn()

    def after_failure(self, error: Exception) -> Search:
        """The search after a question without an answer; HostPaused ends it in the archive that was asked."""
        assert self.current is not None
        return replace(self, current=self.current.after_failure(error))._in_turn()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> Search:
        """The search after its capture turned out not to be the article."""
        assert self.current is not None
        return replace(self, current=self.current.after_refusal(verdict, detail))._in_turn()

    def summary(self) -> str:
        """What became of a search without success, for a result's detail."""
        return " ".join(self.reasons)

    def _in_turn(self) -> Search:
        """The search in the next archive, where that in the present one is over."""
        search = self
        while search.request is None and search.capture is None:
            if (over := search.current) is not None:
                search = search._conclude(over.conclusion, over.reasons or (f"{search._who} has no copy of it.",))
            if not search.others:
                return search
            following, *others = search.others
            search = replace(search, archive=following.name, others=tuple(others))
            if following.name in self.closed:
                said = f"{search._who} keeps this page closed, as it said before; it is asked again in some weeks."
                search = search._conclude(Conclusion.REFUSED, (said,))
            else:
                search = replace(search, current=following.search(search.page))
        return search

    def _conclude(self, conclusion: Conclusion, reasons: tuple[str, ...]) -> Search:
        conclusions = (*self.conclusions, (self.archive, conclusion))
        return replace(self, current=None, reasons=(*self.reasons, *reasons), conclusions=conclusions)

    @property
    def _who(self) -> str:
        return "The web archive" if self.archive == FIRST else f"The web archive {self.archive}"
