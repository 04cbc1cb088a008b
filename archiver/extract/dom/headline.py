"""Find the article's headline on its page, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable

from archiver.extract.dom.regions import Element, aside, text_of
from archiver.text.normalize import alnum_key

_MAX_HEADINGS = 40
"""Headings of a page that are compared with its title; with fewer a headline behind a menu of teasers is missed, more
cost time on pages of lists. Chosen, not measured."""
_MAX_LETTERS = 300
"""Characters of a heading; a longer one is no headline. Chosen, not measured."""
_MIN_KEY_LETTERS = 4
"""Letters of a heading that can be told from another one; with fewer a page's number stands in any title. Chosen, not
measured."""


def find_headline(headings: Iterable[Element], titles: Iterable[str]) -> Element | None:
    """Return the heading of which most stands in one of the page's titles, else the first h1 or h2 that is not aside.

    The site's name is often a heading too, and stands in `<title>` beside the headline: the longer one wins.
    """
    keys = [key for title in titles if (key := alnum_key(title))]
    best, best_length, first = None, 0, None
    for number, heading in enumerate(headings):
        if number >= _MAX_HEADINGS:
            break
        key = alnum_key(text_of(heading, _MAX_LETTERS))
        if not key:
            continue
        is_titled = len(key) >= _MIN_KEY_LETTERS and any(key in title for title in keys)
        if is_titled and len(key) > best_length and not _navigates(heading):
            best, best_length = heading, len(key)
        if first is None and heading.tag in ("h1", "h2") and not aside(heading):
            first = heading
    return best if best is not None else first


def _navigates(heading: Element) -> bool:
    return next(heading.iterancestors("nav", "aside"), None) is not None
