"""What a page's headings and its `<title>` say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.models import Candidate, Field

_MAX_HEADINGS = 6
"""Main headings that are read; one fewer loses the sixth where a page has logos and boxes for the first five, more cost
time on pages of teasers. No measurement is on record."""
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def from_headings(page: Page) -> Iterator[Candidate]:
    """`<h1>`, `<title>`, and what a class calls the headline."""
    places = page.regions
    for heading in _shown([h for h in places.h1 if not aside(h)])[:_MAX_HEADINGS]:
        yield Candidate(Field.TITLE, text_of(heading), "h1")
        for part in _parts(heading):
            yield Candidate(Field.TITLE, part, "h1:part")
    for title in places.titles[:1]:
        yield Candidate(Field.TITLE, text_of(title), "title")
    for heading in islice((h for h in places.headlines if h.tag not in ("title", "meta") and not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "headline")
    for heading in islice((h for h in places.h2 if not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "h2")


def _parts(heading: Element) -> Iterator[str]:
    """A heading's text without its first, and without its last element: a kicker, a date, a second line."""
    while len(heading) == 1 and not (heading.text or "").strip() and not (heading[0].tail or "").strip():
        heading = heading[0]
    texts = [heading.text or "", *(text for child in heading for text in (text_of(child), child.tail or ""))]
    texts = [text.strip() for text in texts if text.strip()]
    if len(texts) > 1:
        yield " ".join(texts[1:])
        yield " ".join(texts[:-1])


def _shown(headings: Sequence[Element]) -> Sequence[Element]:
    """The headings that readers see; the hidden ones where there is no other, for a script may show them later."""
    around = [(heading, list(heading.iterancestors())) for heading in headings]
    own = [(heading, ancestors) for heading, ancestors in around if not any(map(_is_foreign, ancestors))]
    return [heading for heading, ancestors in own if not any(map(_is_hidden, (heading, *ancestors)))] or [
        heading for heading, _ in own
    ]


def _is_foreign(element: Element) -> bool:
    """True for a dialogue over the page, and for what a translation service leaves in a page that is saved."""
    return element.tag == "dialog" or element.get("role") == "dialog" or "skiptranslate" in (element.get("class") or "")


def _is_hidden(element: Element) -> bool:
    return "hidden" in element.attrib or bool(_NO_DISPLAY.search(element.get("style") or ""))
