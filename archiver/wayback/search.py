"""The search for a lost page in a web archive, as a value: what to ask next, and what came of it.

    Search.begin ─▶ request ─after_response / after_failure─▶ Search ─▶ … ─▶ capture ─judged─▶ after_refusal ─▶ …

Nothing is fetched here. A search ends when `request` and `capture` are both None. Why a value: docs/design.md D32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from archiver.errors import CdxError, HostPaused, MementoError
from archiver.models import Capture, CdxEntry, Verdict
from archiver.rules import SiteRules
from archiver.urls import hostname
from archiver.wayback.cdx import nearest, of_address, of_article, parse_cdx, snapshot_of
from archiver.wayback.endpoints import Answer, Snapshot, Wayback
from archiver.wayback.memento import copy_in

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

_MAX_HOPS = 4
"""Redirects that one copy may lead through; with fewer a copy behind a moved address is lost, more cost requests to the
archive. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """One request to a web archive."""

    kind: Literal["captures", "copy"]
    """Which of the archive's two services answers, each with its own limits."""
    address: str


@dataclass(frozen=True, slots=True)
class Search:
    """One page's search, at one moment of it."""

    wayback: Wayback
    url: str
    """The seed's source address."""
    wanted: datetime | None
    """When the article was published, as far as known; aware."""
    rules: SiteRules | None
    """The publisher's, for the identity of its articles."""
    tries: int
    """Copies that may still be asked for."""
    request: ArchiveRequest | None = None
    """What to ask next."""
    capture: Capture | None = None
    """What was found, to be judged; an article ends the search, else call `after_refusal`."""
    reasons: tuple[str, ...] = ()
    """Why it did not go better so far, a sentence each."""
    listed: bool = False
    """Whether the archive has said which captures it has."""
    _waiting: tuple[CdxEntry, ...] = ()
    _seen: frozenset[str] = frozenset()
    _under: str | None = None
    """The beginning of addresses that is still to be asked for."""
    _asked: Snapshot | None = None
    _hops: int = 0

    @classmethod
    def begin(
        cls, wayback: Wayback, url: str, wanted: datetime | None, rules: Sequence[SiteRules], tries: int
    ) -> Search:
        """A search that asks for the exact address first; `rules` are those of every known publisher."""
        host = hostname(url)
        known = next((era for era in rules if era.matches_host(host) and era.article_prefix(url)), None)
        under = known.article_prefix(url) if known else None
        first = ArchiveRequest("captures", wayback.captures_of(url))
        return cls(wayback, url, wanted, known, tries, first, _under=under)

    def after_response(self, answer: Answer) -> Search:
        """The search after an answer."""
        assert self.request is not None
        try:
            if self.request.kind == "captures":
                return self._list(parse_cdx(self.request.address, answer))
            assert self._asked is not None
            found = copy_in(self.wayback, self._asked, self.url, answer)
        except (CdxError, MementoError) as error:
            return self.after_failure(error)
        if isinstance(found, Capture):
            return replace(self, request=None, capture=found)
        if self._hops >= _MAX_HOPS or found == self._asked:
            return self.after_failure(MementoError(f"{self.request.address} redirects without end."))
        return replace(self._ask(found), _hops=self._hops + 1)

    def after_failure(self, error: Exception) -> Search:
        """The search after a question that brought nothing usable; after a list, or HostPaused, it ends."""
        assert self.request is not None
        after = replace(self, request=None, reasons=(*self.reasons, str(error)))
        return after if self.request.kind == "captures" or isinstance(error, HostPaused) else after._go_on()

    def after_refusal(self, verdict: Verdict, detail: str = "") -> Search:
        """The search after its capture turned out not to be the article."""
        assert self.capture is not None
        said = f"The copy at {self.capture.snapshot} is not the article ({verdict}). {detail}".strip()
        return replace(self, capture=None, reasons=(*self.reasons, said))._go_on()

    def _list(self, captures: list[CdxEntry]) -> Search:
        exact = self.request == ArchiveRequest("captures", self.wayback.captures_of(self.url))
        if exact or self.rules is None:
            captures = of_address(captures, self.url)
        else:
            captures = of_article(captures, self.url, self.rules)
        fresh = [found for found in nearest(captures, self.wanted) if _key(found) not in self._seen]
        return replace(self, request=None, listed=True, _waiting=tuple(fresh))._go_on()

    def _go_on(self) -> Search:
        if self._waiting and self.tries > 0:
            first, *others = self._waiting
            seen = self._seen | {_key(first)}
            after = replace(self, tries=self.tries - 1, _waiting=tuple(others), _seen=seen, _hops=0)
            return after._ask(snapshot_of(first))
        address = self.wayback.captures_under(self._under) if self._under and self.tries > 0 else None
        question = ArchiveRequest("captures", address) if address else None
        return replace(self, request=question, _waiting=(), _under=None)

    def _ask(self, snapshot: Snapshot) -> Search:
        return replace(self, request=ArchiveRequest("copy", self.wayback.copy_of(snapshot)), _asked=snapshot)

    def summary(self) -> str:
        """What became of a search without success, for a result's detail."""
        return " ".join(self.reasons) or "The web archive has no copy of it."


def _key(capture: CdxEntry) -> str:
    """What makes two captures one try: the payload, or where the archive names none, the snapshot."""
    return capture.digest or f"{capture.captured_at:%Y%m%d%H%M%S} {capture.url}"
