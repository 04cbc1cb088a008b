"""What a page's bylines say: the elements that its markup calls so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile
from urllib.parse import urlsplit

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.extract.fields.coerce import values
from archiver.models import Candidate, Field

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
_MAX_NAMED_ELEMENTS = 400
"""Elements of a page that are called a byline and looked at; with fewer the article's own is missed behind a long list,
more cost time. Chosen, not measured."""
_MAX_NAMED_LETTERS = 150
"""Characters of a byline; with fewer one of several names and their posts is lost, with more a paragraph about the
author passes for a byline. No measurement is on record."""
_MAX_LEVELS_TO_HEADLINE = 3
"""Levels above the headline at which a byline that stands aside may be found; with one fewer one page of 500 loses its
author, with one more none gains one."""
_MAX_LINKS = 6
"""Links of a byline; with fewer the sixth author is lost, with more a list of the newsroom passes for one. No
measurement is on record."""


def from_bylines(page: Page) -> Iterator[Candidate]:
    """The names of `rel=author` links, and of elements whose class is that of a byline, nearest to the headline.

    Other articles on the page have bylines too, and readers' comments: the article's own stands nearest. Of several
    links in it those to profiles are names, else the first; of several such elements, those side by side.
    """
    found: dict[str, list[tuple[tuple[int, int], Element, list[Candidate]]]] = {"rel:author": [], "class:byline": []}
    for element in _byline_elements(page):
        source = "rel:author" if _is_author_link(element) else "class:byline"
        if named := list(values(page, Field.AUTHOR, texts_of_names(element), source)):
            found[source].append((page.nearness(element), element, named))
    for bylines in found.values():
        outer = {ancestor for _, element, _ in bylines for ancestor in element.iterancestors()}
        inner = sorted((one for one in bylines if one[1] not in outer), key=lambda one: one[0], reverse=True)
        for _, element, named in inner:
            if _is_beside(element, inner[0][1]):
                yield from named
                text = text_of(element, 2 * _MAX_NAMED_LETTERS).strip()
                if len(text) <= _MAX_NAMED_LETTERS:
                    yield from values(page, Field.DATE, [text], "class:byline")


def _byline_elements(page: Page) -> Sequence[Element]:
    """Elements that may be the article's byline; those that stand aside only where there is no other."""
    named = list(islice((e for e in page.regions.authors if _is_byline(page, e)), _MAX_NAMED_ELEMENTS))
    own = [element for element in named if not aside(element, page.around_headline)]
    return (own or [element for element in named if _is_close(page, element)])[:_MAX_BYLINE_ELEMENTS]


def _is_byline(page: Page, element: Element) -> bool:
    if element in page.around_headline or _is_comment(element):
        return False
    return _is_author_link(element) or bool(_BYLINE.search(_label(element)))


def _is_close(page: Page, element: Element) -> bool:
    """True where an element that stands aside does so directly beside the headline, and in no comment or menu."""
    if page.headline is None:
        return False
    between = list(takewhile(lambda one: one not in page.around_headline, element.iterancestors()))
    common = (between[-1] if between else element).getparent()
    shared = islice(page.headline.iterancestors(), _MAX_LEVELS_TO_HEADLINE)
    if common is None or common.tag in ("main", "body", "html") or common not in set(shared):
        return False
    return not any(one.tag == "nav" or _is_comment(one) for one in between)


def _is_comment(element: Element) -> bool:
    return bool(_COMMENTS.search(_label(element)))


def _label(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _is_author_link(element: Element) -> bool:
    return "author" in (element.get("rel") or "").split()


def texts_of_names(element: Element) -> Sequence[str]:
    """The texts of a byline that may be names: its links to profiles, else its first link, else all of it."""
    links = [(link.get("href") or "", text) for link in element.iter("a") if (text := text_of(link, 100).strip())]
    if len(links) > _MAX_LINKS:
        return ()
    profiles = [text for address, text in links if leads_to_profile(address)]
    texts = profiles or [text for _, text in links[:1]] or [text_of(element, 2 * _MAX_NAMED_LETTERS).strip()]
    return texts if len(texts[0]) <= _MAX_NAMED_LETTERS else ()


def leads_to_profile(address: str) -> bool:
    """True when an address is by its words that of a person's page."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return bool(_PROFILE.search(f"{parts.path}?{parts.query}"))


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
