"""Suspects that are parts of an article for where they stand: side by side with others of their name, or around it."""

from __future__ import annotations

from collections.abc import Mapping

from archiver.extract.body.boilerplate.kinds import Kind, kind_of
from archiver.extract.dom.regions import Element

MIN_HEADED_SHARE = 0.25
"""Share of the text of a page above which an element with the headline is the article, whatever it is called; lower,
and a banner with the headline in it comes along, higher, and a `newsletter-post` above a thread is lost. At 0.1 one
page of 675 is worse than at 0.25."""
MIN_ROW_SHARE = 0.5
"""Share of the text of a page above which suspects of one name that stand side by side are parts of the article; lower,
and rows of teasers come along, higher, and an article whose sections are called `toc` or `widget` is lost. At 0.4 over
the whole page two of 675 pages were worse."""
Row = tuple[Element, str]
"""Elements of one class below one parent."""


def row_weight(suspect: Element, weight: Mapping[Element, int], rows: dict[Row, int]) -> int:
    """The text of all suspects of one name that stand side by side: builders name the parts of an article alike.

    `rows` remembers it by row.
    """
    parent, name = suspect.getparent(), suspect.get("class")
    if parent is None or not name:
        return 0
    row = parent, name
    if row not in rows:
        alike = (sibling for sibling in parent if sibling in weight and sibling.get("class") == name)
        rows[row] = sum(weight[sibling] for sibling in alike if kind_of(sibling) is Kind.SUSPECT)
    return rows[row]
