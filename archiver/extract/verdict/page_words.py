"""What a page that is no article says of itself, for whoever wonders why a seed was missed."""

from __future__ import annotations

from archiver.extract.dom.page import Page
from archiver.extract.verdict.matching import page_text
from archiver.models import Capture, PageWords, Verdict

_MAX_BYTES = 1_000_000
"""Bytes of a page that is read for these words alone; error pages have some tens of thousands, and reading a larger one
would cost more than its words are worth."""
_MAX_LETTERS = 300
"""Characters of each; a sentence or two."""
_MIN_LINE_LETTERS = 20
"""Characters of a line that says something; with fewer the first link of a menu is taken, with more "Access denied
here." is not."""
_WORDLESS = frozenset({Verdict.NOT_HTML, Verdict.EMPTY, Verdict.TOO_LARGE})


def words_of_answer(capture: Capture, verdict: Verdict) -> PageWords | None:
    """Return the words of an answer that was judged before it was parsed; None where it has none."""
    if verdict in _WORDLESS or not 0 < len(capture.body) <= _MAX_BYTES:
        return None
    page = Page.of(capture)
    return words_of_page(page) if page is not None else None


def words_of_page(page: Page) -> PageWords | None:
    """Return the title of a page and the first line that says something beside it; None where it has neither."""
    title = " ".join(page.tree.findtext(".//title", "").split())
    lines = page_text(page.tree).split("\n")
    said = [line for line in lines if line != title]
    line = next((line for line in said if len(line) >= _MIN_LINE_LETTERS), next(iter(said), ""))
    return PageWords(title[:_MAX_LETTERS], line[:_MAX_LETTERS]) if title or line else None
