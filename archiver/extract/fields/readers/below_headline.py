"""What the lines below the headline say: the date and the names that a reader sees."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, text_of
from archiver.extract.fields import authors
from archiver.extract.fields.readers.from_byline import leads_to_profile
from archiver.models import Candidate, Field
from archiver.text.dates import days_between, parse_date
from archiver.text.language_data import phrases
from archiver.text.months import month_number
from archiver.text.normalize import alnum_key
from archiver.text.phrase_patterns import alternatives

_MAX_BYLINE_LETTERS = 220
"""Characters; a longer text is a paragraph of the article, where the lines about it end. With fewer a long standfirst
ends them before the byline, with more names and dates of the article itself are taken. No measurement is on record."""
_MAX_DATE_LETTERS = 60
"""Characters of a line that holds a date; a longer one is a sentence that mentions a day: with 120 one page of 500 had
the day of an event for its own."""
_MAX_HEADLINE_LETTERS = 300
"""Characters of the headline; a longer one is cut. Chosen, not measured."""
_MAX_TEXTS = 60
"""Texts after the headline that are looked at; with fewer a byline behind a bar of sharing buttons is missed, with more
a page without paragraphs is read to its end. No measurement is on record."""
_MIN_PROSE_LETTERS = 80
"""Characters of a line that is a sentence and no part of a byline. Chosen, not measured."""
_MAX_PROSE_LINES = 3
"""Such lines before the article has begun: a standfirst, a caption, a notice. With one fewer no figure changes, with
two fewer a byline below a caption and a standfirst is lost (1 page of 300), with more the names in its text count."""
_MAX_DEPTH = 50
"""Levels of elements below the one that is read; deeper text is not seen. It bounds the recursion: each level is a
Python frame. No measurement is on record."""
_MAX_LINES_TO_DATE = 2
"""Lines from a name to the date below it; with one fewer a job between the two hides the name. Of the names found so
on 250 pages whose author is known, 44 of 48 are right with 2, and 5 of 8 at the third."""
_MAX_LINES_TO_PROFILE = 3
"""The same, above or below the date, for a name that is linked to a profile. Measured on the same pages: 71 of 75."""
_MAX_LINES_ABOVE = 8
"""Lines above the headline in which a date is looked for where none is below it; with fewer one behind the section and
its icons is missed (1 page of 500), with more the site's own header is read. Chosen, then measured."""
_MAX_LEVELS_ABOVE = 4
"""Elements around the headline within which those lines stand; with one fewer 1 page of 500 loses its date."""
_SKIPPED = frozenset({"script", "style", "noscript", "template", "svg", "select", "option", "button"})
_CHANGED = re.compile(alternatives(phrases("date.changed")), re.IGNORECASE)
_SIGNATURE = alternatives(
    (*phrases("byline.signatures"), *(text for text in phrases("byline.openings") if " " in text))
)
_SIGNED = re.compile(
    rf"^(?:\S+\s\S+\s)?{_SIGNATURE}\b\s*:?\s+(?P<names>[^\d|•·]{{3,80}}?)\s*"
    rf"(?:$|[|•·,–—-]\s|\s(?:{alternatives(phrases('date.openings'))}\s[^\d]*)?\d)",
    re.IGNORECASE,
)
_BY_ALONE = re.compile(rf"^{alternatives(phrases('byline.alone'))}\s*:?$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_PARTS = re.compile(r"\s*[|•·–—]\s*|\s+-\s+|,\s+")


@dataclass(frozen=True, slots=True)
class _Line:
    """A run of text without markup."""

    text: str
    element: Element
    """The element that it stands in."""


def below_headline(page: Page) -> Iterator[Candidate]:
    """The first date and byline between the headline and the first paragraph; nothing when there is no headline."""
    if page.headline is None:
        return
    lines = list(_lines_about(page.headline))
    if date := _first_date(lines, page) or _date_above(page, page.headline):
        yield Candidate(Field.DATE, date, "visible:date")
    if names := _signed_names(lines, page.language or ""):
        yield from (Candidate(Field.AUTHOR, name, "visible:byline") for name in names)
    elif (at := _date_line(lines, page)) is not None:
        title = alnum_key(text_of(page.headline, _MAX_HEADLINE_LETTERS))
        for name in islice(_names_beside(lines, at, title), 1):
            yield Candidate(Field.AUTHOR, name, "visible:name")


def _lines_about(heading: Element) -> Iterator[_Line]:
    prose = 0
    for line in islice(_lines_after(heading), _MAX_TEXTS):
        prose += len(line.text) >= _MIN_PROSE_LETTERS
        if len(line.text) > _MAX_BYLINE_LETTERS or prose > _MAX_PROSE_LINES:
            return
        yield line


def _date_above(page: Page, heading: Element) -> str | None:
    """The date directly above the headline; not the day of the capture, with which a site's header greets."""
    lines = list(islice(_lines_before(heading), _MAX_LINES_ABOVE))
    found = _first_date(lines, page)
    captured = page.capture.captured_at.date().isoformat()
    return found if found and days_between(found, captured) > 1 else None


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _date_in(line: _Line, page: Page) -> str | None:
    if len(line.text) > _MAX_DATE_LETTERS or not _has_digit(line.text):
        return None
    return parse_date(line.text, page.language or "", year=page.address_year)


def _date_line(lines: Sequence[_Line], page: Page) -> int | None:
    return next((at for at, line in enumerate(lines) if _date_in(line, page)), None)


def _first_date(lines: Sequence[_Line], page: Page) -> str | None:
    """The first date that is not said to be that of a change."""
    previous = ""
    for line in lines:
        label = "" if _has_digit(previous) else previous
        if not _dates_change(label + line.text) and (found := _date_in(line, page)):
            return found
        previous = line.text
    return None


def _dates_change(text: str) -> bool:
    """True when the first date in a text is said to be that of a change."""
    return bool(_CHANGED.search(_DIGIT.split(text, maxsplit=1)[0]))


def _signed_names(lines: Sequence[_Line], language: str) -> Sequence[str]:
    """The names of the first line that is a signature: behind `by`, in the same line or in the next."""
    previous = ""
    for line in lines:
        match = _SIGNED.match(line.text)
        text = match["names"] if match else line.text if _BY_ALONE.match(previous) else ""
        names = [name for name in authors.people(_without_month(text, language)) if _may_be_name(name)]
        if names:
            return names
        previous = line.text
    return ()


def _without_month(text: str, language: str) -> str:
    """The text without the month at its end, which belongs to a date behind it."""
    head, _, last = text.rpartition(" ")
    return head if head and month_number(last.rstrip("."), language) else text


def _may_be_name(name: str) -> bool:
    return name[:1].isupper() or not name.isascii()


def _names_beside(lines: Sequence[_Line], at: int, title: str) -> Iterator[str]:
    """The names that stand beside the date without a word that says so: in its line, above it, or with a profile."""
    for part in _PARTS.split(lines[at].text):
        if authors.is_full_name(part) and alnum_key(part) not in title:
            yield part
    for distance in range(1, _MAX_LINES_TO_PROFILE + 1):
        for place in (at - distance, at + distance):
            text = lines[place].text if 0 <= place < len(lines) else ""
            if not authors.is_full_name(text) or alnum_key(text) in title:
                continue
            if _links_to_profile(lines[place].element) or (place < at and distance <= _MAX_LINES_TO_DATE):
                yield text


def _links_to_profile(element: Element) -> bool:
    link = element if element.tag == "a" else next(element.iterancestors("a"), None)
    return link is not None and leads_to_profile(link.get("href") or "")


def _lines_after(element: Element) -> Iterator[_Line]:
    """The texts that follow an element in page order."""
    node: Element | None = element
    while node is not None and node.tag != "body":
        parent = node.getparent()
        yield from _line(node.tail, parent)
        for sibling in node.itersiblings():
            yield from _lines_in(sibling, 0)
            yield from _line(sibling.tail, parent)
        node = parent


def _lines_before(element: Element) -> Iterator[_Line]:
    """The texts that precede an element, the nearest first, within the elements directly around it."""
    node, parent = element, element.getparent()
    for _ in range(_MAX_LEVELS_ABOVE):
        if parent is None or parent.tag == "body":
            return
        for sibling in node.itersiblings(preceding=True):
            yield from _line(sibling.tail, parent)
            yield from reversed(deque(_lines_in(sibling, 0), _MAX_LINES_ABOVE))
        yield from _line(parent.text, parent)
        node, parent = parent, parent.getparent()


def _lines_in(element: Element, depth: int) -> Iterator[_Line]:
    if element.tag in _SKIPPED or not isinstance(element.tag, str) or depth > _MAX_DEPTH:
        return
    yield from _line(element.text, element)
    for child in element:
        yield from _lines_in(child, depth + 1)
        yield from _line(child.tail, element)


def _line(text: str | None, element: Element | None) -> Iterator[_Line]:
    if element is not None and text and (said := " ".join(text.split())):
        yield _Line(said, element)
