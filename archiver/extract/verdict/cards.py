"""The cards of a page: parts alike that each lead to another page, as lists of stories, offers and threads have them.

Two shapes count: children of one parent, of one tag and class, each with a link of its own; and linked headings of one
rank with the text below them, for lists whose cards have no frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree

from archiver.extract.dom.attribute_index import AttributeIndex
from archiver.extract.dom.regions import Element
from archiver.text.letters import letters_key

_MIN_CARDS = 4
"""Cards that make a list; with fewer the two neighbours below an article count, with more short lists do not. No
measurement is on record."""
_MIN_CARD_LETTERS = 20
"""Letters of a card; with fewer the entries of menus count, with more cards that show a name and a price do not. No
measurement is on record."""
_MAX_CARD_LETTERS = 700
"""Letters of a card, and of the text below a linked heading; with fewer stories with a teaser do not count, with more
the sections of an article that link to their subjects do. No measurement is on record."""
_MIN_CARD_SHARE = 0.6
"""Share of the parts alike that are cards; lower, and paragraphs with a few links in them count, higher, and a list
with advertisements between its cards does not. No measurement is on record."""
_MAX_LINKS_PER_CARD = 12
"""Links of a card; with fewer a card with buttons for sharing does not count, with more whole menus do. No measurement
is on record."""
_MAX_LEVELS = 7
"""Elements around a link that may be its card; with fewer deeply nested cards are missed, more cost time. No
measurement is on record."""
_MAX_LINKS = 1500
"""Links that are looked at; with fewer the cards behind the menu of a large shop are missed, more cost time on pages
that are lists beyond doubt. No measurement is on record."""
_MIN_HEADING_LETTERS = 10
"""Letters of a linked heading; with fewer those over the columns of a page count, with more the names of goods do not.
No measurement is on record."""
_MIN_TEASER_LETTERS = 40
"""Letters below a linked heading that are its teaser, before what stands around the heading is looked at; with fewer a
date is taken for it, with more a short one is missed. No measurement is on record."""
_MIN_TITLE_LETTERS = 12
"""Letters of a title from which a part that shows it is the page's own article; with fewer the name of a shelf that its
goods repeat hides them, with more a short headline does not protect its article. No measurement is on record."""
_BESIDE = ("nav", "footer", "aside", "script", "style", "noscript", "template")
_HEADINGS = ("h2", "h3", "h4", "h5")
_ALIKE = frozenset(("article", "li", "tr", "dd", "dt"))
"""Alike whatever their class: publishing software names each after the story's own categories."""
_ONE_LINE = etree.XPath("normalize-space()")
_DIGITS = re.compile(r"\d+")
_NO_PAGE = ("javascript:", "mailto:", "tel:", "data:")


@dataclass(frozen=True, slots=True)
class Card:
    """One of several parts alike."""

    text: str
    """On one line; of a linked heading also the text below it."""
    href: str


@dataclass(frozen=True, slots=True)
class Cards:
    """What a page has of cards, outside of its navigation, sidebars and footers."""

    framed: tuple[Card, ...]
    """Those that have an element of their own, in page order of the lists they stand in, the longest list first."""
    headed: tuple[Card, ...]
    """The linked headings of each rank that has several."""


def find_cards(body: Element, title: str, site: str, marks: AttributeIndex) -> Cards:
    """Find the cards of a page in its `<body>`; what shows the page's own title is none.

    `site` is the name in the hosts of the page's site: links to others are references, as listicles have them.
    """
    own = letters_key(title)
    own = own if len(own) >= _MIN_TITLE_LETTERS else "\n"
    links = dict(islice(_links(body, site), _MAX_LINKS))
    return Cards(tuple(_framed(body, links, own)), tuple(_headed(marks, links)))


def _links(body: Element, site: str) -> Iterator[tuple[Element, str]]:
    """The links to pages of the site, with their addresses as written."""
    walk = etree.iterwalk(body, events=("start",), tag=("a", *_BESIDE))
    for _, element in walk:
        if element.tag != "a":
            walk.skip_subtree()
            continue
        href = (element.get("href") or "").partition("#")[0].strip()
        if not href or href.startswith(_NO_PAGE):
            continue
        if "//" not in href[:8] or site in href[:100].partition("//")[2].partition("/")[0].lower():
            yield element, href


def _framed(body: Element, links: Mapping[Element, str], own: str) -> Iterator[Card]:
    used: set[Element] = set()
    for parts in sorted(_parts_alike(body, links), key=len, reverse=True):
        inside = {link for held in parts.values() for link in held}
        if 2 * len(used & inside) > len(inside):
            continue
        found = _cards(parts, links)
        cards = [card for card in found if len(card.text) < len(own) or own not in letters_key(card.text)]
        if len(cards) >= max(_MIN_CARDS, _MIN_CARD_SHARE * len(parts)):
            used |= inside
            yield from cards


def _parts_alike(body: Element, links: Iterable[Element]) -> list[dict[Element, list[Element]]]:
    """The children of one parent that have tag and class in common, several each, with the links in each."""
    alike: dict[tuple[Element, str, str], dict[Element, list[Element]]] = {}
    known: dict[Element, tuple[Element, list[Element]]] = {}
    for link in links:
        child = link
        # A link within a sentence heads no card.
        if link.tail and len(link.tail) > _MIN_CARD_LETTERS and link.getparent().tag == "p":
            continue
        for _ in range(_MAX_LEVELS):
            if child not in known:
                parent = child.getparent()
                if parent is None or child is body:
                    break
                known[child] = parent, []
                if child.tag != "p":
                    alike.setdefault((parent, child.tag, _name(child)), {})[child] = known[child][1]
            child, inside = known[child]
            inside.append(link)
    return [parts for parts in alike.values() if len(parts) >= _MIN_CARDS]


def _cards(parts: Mapping[Element, list[Element]], links: Mapping[Element, str]) -> Iterator[Card]:
    """Those of the parts that are cards: short, and with an address that no other has."""
    seen: set[str] = set()
    for part, inside in parts.items():
        hrefs = dict.fromkeys(links[link] for link in inside)
        fresh = next((href for href in hrefs if href not in seen), None)
        if fresh is None or len(hrefs) > _MAX_LINKS_PER_CARD:
            continue
        text = _text(part)
        if _MIN_CARD_LETTERS <= len(text) <= _MAX_CARD_LETTERS:
            seen.add(fresh)
            yield Card(text, fresh)


def _name(element: Element) -> str:
    """The first word of an element's class, without numbers."""
    return "" if element.tag in _ALIKE else _first_word(element.get("class") or "")


@lru_cache(maxsize=4096)
def _first_word(named: str) -> str:
    return _DIGITS.sub("", named.partition(" ")[0])


def _headed(marks: AttributeIndex, links: Mapping[Element, str]) -> Iterator[Card]:
    for rank in _HEADINGS:
        cards: dict[str, Card] = {}
        for heading in marks.tagged(rank):
            link = _link_of(heading, links)
            if link is None or links[link] in cards:
                continue
            title = _text(heading)
            if len(title) >= _MIN_HEADING_LETTERS:
                cards[links[link]] = Card(f"{title}\n{_teaser(heading, link)}", links[link])
        if len(cards) >= _MIN_CARDS:
            yield from cards.values()


def _link_of(heading: Element, links: Mapping[Element, str]) -> Element | None:
    """The link that stands in a heading, or that the heading stands in."""
    inside = heading.iter("a")
    around = heading.iterancestors()
    return next((link for link in (*islice(inside, 2), *islice(around, 2)) if link in links), None)


def _teaser(heading: Element, link: Element) -> str:
    """The text that follows a heading up to the next one; of what stands around the heading where that has none."""
    at = link if heading.getparent() is link else heading
    for _ in range(3):
        found: list[str] = []
        size = 0
        for following in at.itersiblings():
            if following.tag in _HEADINGS or next(following.iter(*_HEADINGS), None) is not None:
                return " ".join(found)
            found.append(_text(following)[:_MAX_CARD_LETTERS])
            size += len(found[-1])
            if size >= _MIN_TEASER_LETTERS:
                return " ".join(found)
        above = at.getparent()
        if above is None:
            break
        at = above
    return ""


def _text(element: Element) -> str:
    """The element's text on one line."""
    return str(_ONE_LINE(element))
