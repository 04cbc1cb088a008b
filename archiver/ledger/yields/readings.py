"""What one reading of a page yielded: which place gave each field, how long the body was, which selectors matched."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from archiver.models import Extraction, Field, SelectorUse, Verdict

FIELDS = (Field.TITLE, Field.DESCRIPTION, Field.IMAGE, Field.AUTHOR, Field.DATE, Field.CATEGORY)
"""The fields whose places are noted, the body apart. A language stands in the markup's first line or nowhere."""
MAX_SELECTORS_PER_PAGE = 60
"""Selectors of one page that are noted; with fewer those of a publisher with many are missing, more make the ledger
large. The publishers of this project have 25 at most."""
_MAX_PLACE_LETTERS = 40
"""Characters of a place's name; with fewer `meta:` names look alike, more make the ledger large. Chosen, not
measured."""
_NO_TEXT = frozenset({Verdict.EMPTY, Verdict.NOT_ARTICLE})
"""Verdicts on an answer that is there and holds no article: its body has fallen to nothing."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What one reading of a page yielded."""

    places: Mapping[Field, str] | None
    """The source of each field that was found; None where the page held no article to take fields from."""
    body: int | None
    """Characters of the body's Markdown; None where that says nothing, as behind a wall."""
    selectors: Mapping[str, bool] = field(default_factory=dict)
    """Whether each selector of the publisher's rules that was asked served: `author .byline a` and the like."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "selectors", MappingProxyType(dict(self.selectors)))
        if self.places is not None:
            object.__setattr__(self, "places", MappingProxyType(dict(self.places)))


def reading_of(extraction: Extraction) -> PageReading | None:
    """Return what an extraction yielded; None where its answer says nothing about how the host marks up articles."""
    if (article := extraction.article) is None:
        return PageReading(None, 0) if extraction.verdict in _NO_TEXT else None
    places = {field: _place(article.choices[field].source) for field in FIELDS if field in article.choices}
    body = len(article.body) if extraction.verdict is Verdict.ARTICLE else None
    return PageReading(places, body, _selectors(extraction.uses))


def _place(source: str) -> str:
    return "_".join(source.replace(",", " ").split())[:_MAX_PLACE_LETTERS]


def _selectors(uses: Iterable[SelectorUse]) -> dict[str, bool]:
    """Which selectors served. One that another of the same field stood in for has served too: no value is missing."""
    asked = tuple(uses)
    # The era of the page's own time is asked first; what the others do not find there says nothing.
    own = [use for use in asked if use.era == asked[0].era][:MAX_SELECTORS_PER_PAGE]
    found = {use.field for use in own if use.matched and use.field in set(Field)}
    return {f"{use.field} {use.selector}": use.matched or use.field in found for use in own}
