"""Suspects that are parts of an article for where they stand: side by side with others of their name, or around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from archiver.extract.body.boilerplate import Kind
from archiver.extract.dom.regions import Element

MIN_HEADED_SHARE = 0.25
"""Share of the text of a page above which an element with the headline is the article, whatever it is called; lower,
and a banner with the headline in it comes along, higher, and a `newsletter-post` above a thread is lost. At 0.1 one
page of 675 is worse than at 0.25."""
MIN_ROW_SHARE = 0.5
"""Share of the text of a page above which suspects of one name that stand side by side are parts of the article; lower,
and rows of teasers come along, higher, and an article whose sections are called `toc` or `widget` is lost. At 0.4 over
the whole page two of 675 pages were worse."""
Row = tuple[Element | None, str]
"""Elements of one class below one parent."""


def around_headline(root: Element) -> frozenset[Element]:
    """The elements that hold the page's first headline: what they are called does not make them boilerplate."""
    headline = next((heading for heading in root.iter("h1") if "".join(heading.itertext()).strip()), None)
    return frozenset() if headline is None else frozenset(headline.iterancestors())


def row_weights(suspects: Mapping[Element, Kind], weight: Mapping[Element, int]) -> Counter[Row]:
    """The text of all suspects of one name that stand side by side: builders name the parts of an article alike."""
    rows: Counter[Row] = Counter()
    for suspect, kind in suspects.items():
        if kind is Kind.SUSPECT and suspect.get("class"):
            rows[row_of(suspect)] += weight[suspect]
    return rows


def row_of(suspect: Element) -> Row:
    """What a suspect has in common with those beside it that are named alike."""
    return suspect.getparent(), suspect.get("class") or ""
