"""Articles over several pages: each page is asked for in turn, and the texts are joined.

PageOutcome(page one) ─begin─▶ PendingParts ─request→ answer ─after_page─▶ PendingParts | PageOutcome(all)

What cannot be had is said: docs/design.md D65.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.downloader.failures import explain
from archiver.extract.body.parts import continues, join
from archiver.models import Article, Extraction, PageOutcome, Verdict


@dataclass(frozen=True, slots=True)
class PendingParts:
    """One address while the pages are asked for on which its article goes on."""

    number: int
    """The address on the frontier."""
    outcome: PageOutcome
    """What its first page gave."""
    articles: tuple[Article, ...]
    """What was taken of each page so far."""
    asked: tuple[str, ...]
    """The addresses of the pages after the first, in turn; the last is asked for."""

    @property
    def request(self) -> str:
        """The address that is asked for."""
        return self.asked[-1]


class Parts:
    """Joins the pages of articles."""

    def __init__(self, max_parts: int) -> None:
        """`max_parts` is MAX_PARTS."""
        self._max_parts = max_parts

    def begin(self, number: int, outcome: PageOutcome) -> PendingParts | PageOutcome:
        """The outcome of an article on one page, or what is to be asked for next."""
        extraction = outcome.extraction
        if extraction.article is None or extraction.next_part is None:
            return outcome
        pending = PendingParts(number, outcome, (extraction.article,), ())
        return self._ask(pending, extraction.next_part)

    def after_page(self, pending: PendingParts, found: Extraction) -> PendingParts | PageOutcome:
        """What a page comes to that was asked for: the next one, or the article as far as its pages go."""
        if found.verdict is Verdict.NOT_ARTICLE:
            return _finish(pending)  # the pages of a list are counted
        if found.article is None or found.verdict is not Verdict.ARTICLE:
            return _finish(pending, f"it gave no article (verdict {found.verdict})")
        if not found.article.body:
            return _finish(pending, "it gave no text")
        if not continues(pending.articles, found.article):
            return _finish(pending)
        pending = replace(pending, articles=(*pending.articles, found.article))
        if found.next_part is None or found.next_part in pending.asked or found.next_part == pending.outcome.url:
            return _finish(pending)
        return self._ask(pending, found.next_part)

    def after_failure(self, pending: PendingParts, error: BaseException) -> PageOutcome:
        """The article as far as its pages could be had."""
        return _finish(pending, explain(error, pending.request).detail.rstrip("."))

    def _ask(self, pending: PendingParts, address: str) -> PendingParts | PageOutcome:
        pending = replace(pending, asked=(*pending.asked, address))
        if len(pending.asked) < self._max_parts:
            return pending
        return _finish(pending, f"MAX_PARTS={self._max_parts} asks for no more")


def as_part(extraction: Extraction, reason: str) -> Extraction:
    """An extraction of one page of several, which says so."""
    if extraction.next_part is None:
        return extraction
    said = f"The text is only a part of the article, which goes on at {extraction.next_part}: {reason}."
    return replace(extraction, detail=" ".join(filter(None, (extraction.detail, said))), next_part=None)


def _finish(pending: PendingParts, reason: str = "") -> PageOutcome:
    """The outcome with the text of all pages; `reason` is why the last one that was meant is not among them."""
    extraction = pending.outcome.extraction
    joined = replace(extraction, article=join(pending.articles), next_part=pending.request if reason else None)
    return replace(pending.outcome, extraction=as_part(joined, reason))
