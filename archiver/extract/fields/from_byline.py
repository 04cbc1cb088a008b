"""What a page says of its author to readers: elements that are called a byline, and the lines below the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from urllib.parse import urlsplit

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.extract.fields import authors
from archiver.extract.fields.coerce import values
from archiver.models import Candidate, Field
from archiver.text.dates import parse_date
from archiver.text.language_data import phrases
from archiver.text.phrase_patterns import alternatives

_BYLINE = re.compile(
    # A word of its own, or one that begins with a capital: `post-author`, `postAuthor`.
    r"(?:^|[\s_-]|(?<=[a-z])(?=[A-Z]))"
    r"(?:[Aa]uthors?|[Aa]utor(?:en|es)?|[Bb]y-?[Ll]ines?|[Cc]ontributor|[Pp]oster|[Uu]sername)"
    r"(?:[_-]{0,2}(?:[Nn]ames?|[Ll]inks?|[Ii]nfo|[Ll]ist|[Tt]ext|[Ii]tem|[Ss]ection|[Dd]etails|[Ww]rap(?:per)?|[Bb]ox))*"
    # What CSS modules append: `_authorName_1r0t6_51`.
    r"(?:__?[A-Za-z0-9-]{0,8}\d[A-Za-z0-9-]{0,8}(?:_\d{1,4})?)?(?=$|\s)"
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comment(?:s|er|ers|ator|list)?|repl(?:y|ies)|respond)(?=$|[\s_-])", re.IGNORECASE
)
_PROFILE = re.compile(
    r"(?:^|[/?&_-])(?:authors?|autor(?:en|es|i)?|auteurs?|profiles?|profil|people|persons?|users?|staff|team|"
    r"contributors?|columnists?|writers?|journalists?|reporters?|members?|redaktion|by)(?:[/=_-]|$)",
    re.IGNORECASE,
)
_MAX_BYLINE_ELEMENTS = 60
"""Elements of a page that may be its byline; with fewer the article's own is missed behind a menu of teasers with
names, more cost time on pages of comments. Chosen, not measured."""
_MAX_NAMED_LETTERS = 150
"""Characters of a byline; with fewer one of several names and their posts is lost, with more a paragraph about the
author passes for a byline. No measurement is on record."""
_MAX_LINKS = 6
"""Links of a byline; with fewer the sixth author is lost, with more a list of the newsroom passes for one. No
measurement is on record."""
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


def from_bylines(page: Page) -> Iterator[Candidate]:
    """The names of `rel=author` links, and of elements whose class is that of a byline, nearest to the headline.

    Other articles on the page have bylines too, and readers' comments: the article's own stands nearest. Of several
    links in it those to profiles are names, else the first; of several such elements, those side by side.
    """
    found: dict[str, list[tuple[int, Element, list[Candidate]]]] = {"rel:author": [], "class:byline": []}
    for element in islice(_byline_elements(page), _MAX_BYLINE_ELEMENTS):
        source = "rel:author" if _is_author_link(element) else "class:byline"
        if named := list(values(page, Field.AUTHOR, _texts_of_names(element), source)):
            found[source].append((_nearness(page, element), element, named))
    for bylines in found.values():
        outer = {ancestor for _, element, _ in bylines for ancestor in element.iterancestors()}
        inner = sorted((one for one in bylines if one[1] not in outer), key=lambda one: -one[0])
        for _, element, named in inner:
            if _is_beside(element, inner[0][1]):
                yield from named


def _byline_elements(page: Page) -> Iterator[Element]:
    for element in page.regions.authors:
        label = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element in page.around_headline or _COMMENTS.search(label):
            continue
        if (_is_author_link(element) or _BYLINE.search(label)) and not aside(element, page.around_headline):
            yield element


def _is_author_link(element: Element) -> bool:
    return "author" in (element.get("rel") or "").split()


def _texts_of_names(element: Element) -> Sequence[str]:
    links = [(link.get("href") or "", text) for link in element.iter("a") if (text := text_of(link, 100).strip())]
    if len(links) > _MAX_LINKS:
        return ()
    profiles = [text for address, text in links if _leads_to_profile(address)]
    texts = profiles or [text for _, text in links[:1]] or [text_of(element, 2 * _MAX_NAMED_LETTERS).strip()]
    return texts if len(texts[0]) <= _MAX_NAMED_LETTERS else ()


def _leads_to_profile(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(_PROFILE.search(f"{parts.path}?{parts.query}"))


def _nearness(page: Page, element: Element) -> int:
    """How many elements hold both the element and the headline: the more, the nearer they stand."""
    common = next((one for one in element.iterancestors() if one in page.around_headline), None)
    return 0 if common is None else sum(1 for _ in common.iterancestors())


def _is_beside(element: Element, other: Element) -> bool:
    """True for the same element, for one beside it, and for one that has the same place in the next entry of a list."""
    if element is other or element.getparent() is other.getparent():
        return True
    above, over = element.getparent(), other.getparent()
    return (
        above is not None
        and over is not None
        and above.getparent() is over.getparent()
        and element.get("class") == other.get("class")
    )


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
