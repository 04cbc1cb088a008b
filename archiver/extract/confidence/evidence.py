"""What speaks for a chosen value and what against it: the kinds of places that agree, and those that differ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from archiver.models import Alternative, Choice, Field

_TITLE_KINDS = {"h2": "heading", "h1": "heading", "headline": "heading", "part": "heading"}
_SHOWN = {"visible": "shown", "class": "shown", "rel": "shown", "time": "shown"}
_KINDS = {Field.TITLE: _TITLE_KINDS, Field.AUTHOR: _SHOWN, Field.DATE: _SHOWN, Field.IMAGE: {"link": "meta"}}
_NO_PLACES = frozenset({"slug", "body", "seed", "rules"})
"""What is no place of its own: witnesses beside the page's places, and rules, which find what a place says."""


# A site's pages have the same few dozen sources.
@lru_cache(maxsize=512)
def kind_of(source: str, field: Field) -> str:
    """Return the kind of place that a source is: places of one kind are filled from one value.

    >>> kind_of("visible:byline", Field.AUTHOR), kind_of("rel:author", Field.AUTHOR), kind_of("meta:lead", Field.AUTHOR)
    ('shown', 'shown', 'meta')
    """
    first = source.partition(":")[0]
    if field is Field.IMAGE and source.startswith("meta:og:image"):
        return "og"
    return _KINDS.get(field, {}).get(first, first)


def kinds_of(sources: Iterable[str], field: Field) -> frozenset[str]:
    """Return the kinds of places among some sources."""
    return frozenset([kind_of(source, field) for source in sources]) - _NO_PLACES


@dataclass(frozen=True)
class Evidence:
    """A choice as the features look at it."""

    field: Field
    choice: Choice
    headline: str = ""
    """The text of the page's headline as readers see it; empty where the page has none."""

    @cached_property
    def sources(self) -> frozenset[str]:
        """The source and the witnesses."""
        return frozenset((self.choice.source, *self.choice.witnesses))

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of places that agree on the value."""
        return kinds_of(self.sources, self.field)

    def agrees(self, *prefixes: str) -> bool:
        """Whether a source that begins so says the same."""
        return any(source.startswith(prefixes) for source in self.sources)

    def rivals(self, *prefixes: str) -> list[Alternative]:
        """Return the other values that a source with such a beginning offers; all where none is named."""
        if not prefixes:
            return list(self.choice.alternatives)
        return [other for other in self.choice.alternatives if _is_from(other, prefixes)]


def _is_from(other: Alternative, prefixes: tuple[str, ...]) -> bool:
    return any(source.startswith(prefixes) for source in (other.source, *other.witnesses))
