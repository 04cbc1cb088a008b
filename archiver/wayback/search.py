"""The search for a lost page in several web archives, one after the other, as a value.

    Search.begin ─▶ request ─after_response / after_failure─▶ Search ─▶ … ─▶ capture ─judged─▶ after_refusal ─▶ …

Nothing is fetched here. A search ends when `request` and `capture` are both None. Why a value: docs/design.md D32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from archiver.models import Capture, Verdict
from archiver.rules import SiteRules
from archiver.wayback.endpoints import FIRST, Answer
from archiver.wayback.web_archive import ArchiveRequest, ArchiveSearch, Conclusion, LostPage, WebArchive

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
    archive: str
    """The name of the archive that is asked."""
    current: ArchiveSearch
    """The search in that archive."""
    others: tuple[WebArchive, ...] = ()
    """The archives that are asked after it."""
    earlier: tuple[str, ...] = ()
    """Why the archives before it did not help, a sentence each."""
    conclusions: tuple[tuple[str, Conclusion], ...] = ()
    """What the archives whose search is over say of the page, by name."""

    @classmethod
    def begin(
        cls,
        archives: Sequence[WebArchive],
        url: str,
        wanted: datetime | None,
        rules: Sequence[SiteRules],
        shared_start: str | None = None,
    ) -> Search:
        """Return a search that asks the first of some archives first; `rules` are those of every known publisher."""
        page = LostPage.of(url, wanted, rules, shared_start)
        first, *others = archives
        return cls(page, first.name, first.search(page), tuple(others))._in_turn()

    @property
    def request(self) -> ArchiveRequest | None:
        """What to ask next."""
        return self.current.request

    @property
    def capture(self) -> Capture | None:
        """What was found, to be judged; an article ends the search, else call `after_refusal`."""
        return self.current.capture

    @property
    def is_settled(self) -> bool:
        """Whether each archive has answered whatever it was asked, and none has a usable copy."""
        return bool(self.conclusions) and all(said is not Conclusion.UNANSWERED for _, said in self.conclusions)

    def after_response(self, answer: Answer) -> Search:
        """The search after an answer."""
        return replace(self, current=self.current.after_response(answer))._in_turn()

    def after_failure(self, error: Exception) -> Search:
        """The search after a question without an answer; HostPaused ends it in the archive that was asked."""
        return replace(self, current=self.current.after_failure(error))._in_turn()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> Search:
        """The search after its capture turned out not to be the article."""
        return replace(self, current=self.current.after_refusal(verdict, detail))._in_turn()

    def _in_turn(self) -> Search:
        """The search in the next archive, where that in the present one is over."""
        search = self
        while search.request is None and search.capture is None:
            search = replace(search, conclusions=(*search.conclusions, (search.archive, search.current.conclusion)))
            if not search.others:
                return search
            following, *others = search.others
            search = replace(
                search, archive=following.name, current=following.search(search.page), others=tuple(others),
                earlier=(*search.earlier, *search._reasons()),
            )  # fmt: skip
        return search

    def summary(self) -> str:
        """What became of a search without success, for a result's detail."""
        return " ".join((*self.earlier, *self._reasons()))

    def _reasons(self) -> tuple[str, ...]:
        who = "The web archive" if self.archive == FIRST else f"The web archive {self.archive}"
        return self.current.reasons or (f"{who} has no copy of it.",)
