"""What the lines below the headline say: the date and the names that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element
from archiver.extract.fields import authors
from archiver.models import Candidate, Field
from archiver.text.dates import parse_date
from archiver.text.language_data import phrases
from archiver.text.phrase_patterns import alternatives

_MAX_BYLINE_LETTERS = 220
"""Characters; a longer text is a paragraph of the article, where the lines about it end. With fewer a long standfirst
ends them before the byline, with more names and dates of the article itself are taken. No measurement is on record."""
_MAX_TEXTS = 60
"""Texts after the headline that are looked at; with fewer a byline behind a bar of sharing buttons is missed, with more
a page without paragraphs is read to its end. No measurement is on record."""
_MAX_DEPTH = 50
"""Levels of elements below the one that is read; deeper text is not seen. It bounds the recursion: each level is a
Python frame. No measurement is on record."""
_SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "select", "option", "button"})
_CHANGED = re.compile(alternatives(phrases("date.changed")), re.IGNORECASE)
_SIGNED = re.compile(
    rf"^(?:\S+\s\S+\s)?{alternatives(phrases('byline.signatures'))}\b\s*:?\s+(?P<names>[^\d|]{{3,60}})$", re.IGNORECASE
)
_BY_ALONE = re.compile(rf"^{alternatives(phrases('byline.alone'))}\s*:?$", re.IGNORECASE)


def below_headline(page: Page) -> Iterator[Candidate]:
    """The first date and byline between the headline and the first paragraph; nothing when there is no headline."""
    heading = page.headline
    if heading is None:
        return
    dated = signed = False
    previous = ""
    for text in islice(_texts_after(heading), _MAX_TEXTS):
        if len(text) > _MAX_BYLINE_LETTERS:
            return
        if not dated and len(text) <= 120 and any(map(str.isdigit, text)):
            label = previous if not any(map(str.isdigit, previous)) else ""
            found = None if _CHANGED.search(label + text) else parse_date(text, page.language or "")
            if found:
                dated = True
                yield Candidate(Field.DATE, found, "visible:date")
        if not signed:
            match = _SIGNED.match(text)
            names = authors.people(match["names"] if match else text if _BY_ALONE.match(previous) else "")
            signed = bool(names)
            for name in names:
                if name[:1].isupper() or not name.isascii():
                    yield Candidate(Field.AUTHOR, name, "visible:byline")
        previous = text


def _texts_after(element: Element) -> Iterator[str]:
    """The texts that follow an element in page order, one for each run without markup."""
    node: Element | None = element
    while node is not None and node.tag != "body":
        yield from _nonblank(node.tail)
        for sibling in node.itersiblings():
            yield from _texts_in(sibling, 0)
            yield from _nonblank(sibling.tail)
        node = node.getparent()


def _texts_in(element: Element, depth: int) -> Iterator[str]:
    if element.tag in _SKIPPED or not isinstance(element.tag, str) or depth > _MAX_DEPTH:
        return
    yield from _nonblank(element.text)
    for child in element:
        yield from _texts_in(child, depth + 1)
        yield from _nonblank(child.tail)


def _nonblank(text: str | None) -> Iterator[str]:
    if text and (said := " ".join(text.split())):
        yield said
