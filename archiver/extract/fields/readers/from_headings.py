"""What a page's headings and its `<title>` say: headlines, and parts of them that other places may confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.extract.fields.site import SEPARATOR
from archiver.models import Candidate, Field
from archiver.text.letters import letters_key
from archiver.text.normalize import words

_MAX_HEADINGS = 6
"""Main headings that are read; one fewer loses the sixth where logos and dialogues are the first five, more cost time
on pages of teasers. No measurement is on record."""
_MIN_LINE_WORDS = 3
"""Words of a line that may be a headline; with fewer sections and labels are, too, with more short headlines are lost.
On the acceptance pages 3 to 5 give the same titles, 2 leaves a section's name in one."""
_MAX_LINE_LETTERS = 300
"""Characters of a line of the text that is compared with `<title>`, those of the longest headline; more cost time, with
fewer a headline of just this length is not found. No measurement is on record."""
_MAX_PARTS = 10
"""Elements within a heading; one fewer loses the kicker of a heading with this many marked words, a heading with more
is a box of the page. No measurement is on record."""
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


def from_headings(page: Page) -> Iterator[Candidate]:
    """`<h1>`, `<title>`, and what a class calls the headline."""
    places = page.regions
    for heading in _visible_headings(list(islice((h for h in places.h1 if not aside(h)), _MAX_HEADINGS))):
        yield Candidate(Field.TITLE, text_of(heading), "h1")
        for part in _parts(heading):
            yield Candidate(Field.TITLE, part, "h1:part")
    for title in places.titles[:1]:
        yield Candidate(Field.TITLE, text_of(title), "title")
    if not places.h1 and not page.article_data and "og:title" not in page.meta:
        yield from _title_in_text(page)
    for heading in islice((h for h in places.headlines if h.tag not in ("title", "meta") and not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "headline")
    for heading in islice((h for h in places.h2 if not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "h2")


def _title_in_text(page: Page) -> Iterator[Candidate]:
    """The part of `<title>` that stands in the text as a line of its own; none where two do: one may be a section."""
    title = " ".join(text_of(page.regions.titles[0]).split()) if page.regions.titles else ""
    parts = {letters_key(part): part for part in SEPARATOR.split(title) if len(words(part)) >= _MIN_LINE_WORDS}
    body = page.tree.find("body")
    if body is None or not parts or len(SEPARATOR.split(title)) == 1:
        return
    lines = (
        line
        for element in body.iter()
        for line in (element.text, element.tail)
        if line and len(line) <= _MAX_LINE_LETTERS
    )
    shown = {key for line in lines if (key := letters_key(line)) in parts}
    if len(shown) == 1:
        yield Candidate(Field.TITLE, parts[shown.pop()], "text")


def _parts(heading: Element) -> Iterator[str]:
    """A heading's text without its first and last element, or one of them: a kicker, a date, a second line."""
    while len(heading) == 1 and not (heading.text or "").strip() and not (heading[0].tail or "").strip():
        heading = heading[0]
    if len(heading) > _MAX_PARTS:
        return
    texts = [heading.text or "", *(text for child in heading for text in (text_of(child, 400), child.tail or ""))]
    texts = [text.strip() for text in texts if text.strip()]
    runs = (texts[1:], texts[:-1], texts[1:-1]) if len(texts) > 1 else ()
    yield from (" ".join(run) for run in runs if run)


def _visible_headings(headings: Sequence[Element]) -> Sequence[Element]:
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
