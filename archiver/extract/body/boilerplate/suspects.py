"""Suspects that are parts of an article for where they stand: side by side with others of their name, or around it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import islice

from archiver.extract.body.boilerplate.kinds import Kind, is_named_after, kind_of, suspect_name
from archiver.extract.dom.regions import Element

MIN_HEADED_SHARE = 0.25
"""Share of the text of a page above which an element with the headline is the article, whatever it is called; lower,
and a banner with the headline in it comes along, higher, and a `newsletter-post` above a thread is lost. At 0.1 one
page of 675 is worse than at 0.25."""
_MIN_ROW_SHARE = 0.5
"""Share of the text of a page above which suspects of one name that stand side by side are parts of the article; lower,
and rows of teasers come along, higher, and an article whose sections are called `toc` or `widget` is lost. At 0.4 over
the whole page two of 675 pages were worse."""
_MIN_SECTIONS_SHARE = 0.4
"""The same for several suspects that are as long as sections; lower, and dialogs behind a page come along."""
_MIN_SECTIONS = 3
"""Suspects side by side that may be sections; with two a box and the dialog behind it are. No measurement is on
record."""
_MIN_SECTION_LETTERS = 500
"""Letters that sections hold on average; with fewer rows of teasers are sections, with more short reviews are none. No
measurement is on record."""
_MAX_BLOCK_LEVELS = 8
"""Levels between a suspect of a row and what is named after it; with fewer parts of parts are lost, more only cost time
where elements nest without end. No measurement is on record."""


class Rows:
    """The suspects of one name that stand side by side and are parts of the article: builders name parts alike."""

    def __init__(self, weight: Mapping[Element, int], total: int) -> None:
        """`weight` is the text of each element before boilerplate is taken away, `total` that of the page."""
        self._weight = weight
        self._total = total
        self._names: dict[Element, frozenset[str]] = {}
        self._parts: dict[Element, str] = {}

    def are_around(self, suspect: Element) -> bool:
        """True for one of such a row, and for what is named after the one around it."""
        if suspect.get("role"):
            return False
        parent, name = suspect.getparent(), suspect_name(suspect)
        if parent is None or not name:
            return False
        if parent not in self._names:
            self._names[parent] = self._names_in(parent)
        if name in self._names[parent]:
            self._parts[suspect] = name
            return True
        around = islice(suspect.iterancestors(), _MAX_BLOCK_LEVELS) if self._parts else ()
        block = next((self._parts[above] for above in around if above in self._parts), None)
        return block is not None and is_named_after(suspect, block)

    def _names_in(self, parent: Element) -> frozenset[str]:
        """The names of the rows below an element that are parts of the article."""
        lengths: dict[str, list[int]] = {}
        for child in parent:
            if child in self._weight and (name := suspect_name(child)) and kind_of(child) is Kind.SUSPECT:
                lengths.setdefault(name, []).append(self._weight[child])
        return frozenset(name for name, row in lengths.items() if self._hold_text(row))

    def _hold_text(self, lengths: Collection[int]) -> bool:
        length = sum(lengths)
        is_long = len(lengths) >= _MIN_SECTIONS and length > _MIN_SECTION_LETTERS * len(lengths)
        return length > (_MIN_SECTIONS_SHARE if is_long else _MIN_ROW_SHARE) * self._total
