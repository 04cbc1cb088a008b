"""Say which pages hold their article only once their scripts have run."""

from __future__ import annotations

from archiver.extract.dom.page import Page
from archiver.extract.verdict.matching import volume
from archiver.models import Verdict

_MIN_TEXT_LETTERS = 60
"""Letters below which a body is next to none, as in `verdict.page`: a line of copyright below an empty page has 30 to
50. With fewer a page that shows nothing but this line is taken for whole, with more a browser runs for short notices,
and brings nothing. No measurement is on record."""

_SETTLED = frozenset({Verdict.SOFT_404, Verdict.REDIRECTED_HOME, Verdict.BLOCKED, Verdict.MOVED, Verdict.WALLED})
"""Verdicts that the page itself gives in words; no script would change them."""


def needs_scripts(page: Page, verdict: Verdict, markdown: str) -> bool:
    """Whether a page has scripts, was not refused, and offers next to no text without them.

    `markdown` is the body that was found, in the elements or in the page's own data.
    """
    if verdict in _SETTLED or volume(markdown.strip()) >= _MIN_TEXT_LETTERS:
        return False
    return next(page.tree.iter("script"), None) is not None
