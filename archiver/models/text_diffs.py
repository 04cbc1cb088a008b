"""How the text of a page and that of a seed differ, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.models.outcomes import DriftKind

Span = tuple[int, int]
"""Where a piece of a text begins and ends, in characters."""


@dataclass(frozen=True, slots=True)
class ParagraphPair:
    """A paragraph of the seed and the one of the page that it became, both as plain text.

    Where paragraphs were split or joined, a side has several, with a line break between them.
    """

    old: str | None
    """The seed's; None for a paragraph that only the page has."""
    new: str | None
    """The page's; None for a paragraph that only the seed has."""
    removed: tuple[Span, ...] = ()
    """The words of `old` that `new` has not; none where one of both is missing."""
    added: tuple[Span, ...] = ()
    """The words of `new` that `old` has not."""
    cosmetic: bool = False
    """Whether what differs counts for nothing: a caption, a credit, a label, text that only flows otherwise."""


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A number, date, name or quote that differs."""

    kind: Literal["number", "date", "name", "quote"]
    old: str | None
    """None for one that only the page has."""
    new: str | None
    """None for one that only the seed has."""


@dataclass(frozen=True, slots=True)
class TextDiff:
    """The paragraphs of two texts side by side, in the order of both, and what of importance changed."""

    kind: DriftKind
    pairs: tuple[ParagraphPair, ...]
    facts: tuple[ChangedFact, ...] = ()
