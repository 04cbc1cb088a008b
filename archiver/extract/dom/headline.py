"""Find the article's headline on its page, and what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from archiver.extract.dom.regions import Element, aside, text_of
from archiver.text.normalize import alnum_key

_MAX_HEADINGS = 40
"""Headings of a page that are compared with its title; with fewer a headline behind a menu of teasers is missed, more
cost time on pages of lists. Chosen, not measured."""
_MAX_LETTERS = 300
"""Characters of a heading; a longer one is no headline. Chosen, not measured."""
_MAX_TEXTS = 400
"""Texts of a page without an h1 that are compared with its title; with fewer a headline behind a menu is missed, more
cost time. Chosen, not measured."""
_MIN_TEXT_LETTERS = 20
"""Letters of such a text; with fewer a link to a section stands in the title. Chosen, not
measured."""
_MIN_KEY_LETTERS = 4
"""Letters of a heading that can be told from another one; with fewer a page's number stands in any title. Chosen, not
measured."""


def find_headline(headings: Iterable[Element], texts: Iterable[Element], titles: Iterable[str]) -> Element | None:
    """Return the heading of which most stands in one of the page's titles, else the first h1 that is not aside.

    The site's name is often a heading too, and stands in `<title>` beside the headline: the longer one wins. Where
    there is no such heading, one of the `texts` may be the headline, which some builders of sites write as a paragraph;
    an h2 is the last resort.
    """
    keys = [key for title in titles if (key := alnum_key(title))]
    known = list(islice(headings, _MAX_HEADINGS))
    readers: tuple[Callable[[], Element | None], ...] = (
        lambda: _most_titled(known, keys, _MIN_KEY_LETTERS),
        lambda: _first("h1", known),
        lambda: _most_titled(islice(texts, _MAX_TEXTS), keys, _MIN_TEXT_LETTERS),
        lambda: _first("h2", known),
    )
    return next((found for read in readers if (found := read()) is not None), None)


def _first(tag: str, headings: Iterable[Element]) -> Element | None:
    return next((one for one in headings if one.tag == tag and _key(one) and not aside(one)), None)


def _most_titled(elements: Iterable[Element], titles: Sequence[str], least: int) -> Element | None:
    best, longest = None, least - 1
    for element in elements:
        key = _key(element)
        if len(key) > longest and any(key in title for title in titles) and not _navigates(element):
            best, longest = element, len(key)
    return best


def _key(element: Element) -> str:
    return alnum_key(text_of(element, _MAX_LETTERS))


def _navigates(heading: Element) -> bool:
    return next(heading.iterancestors("nav", "aside"), None) is not None
