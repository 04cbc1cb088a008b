"""The cards of a page: parts alike that each lead to another page, as lists of stories, offers and threads have them.

Two shapes count: children of one parent, of one tag and class, each with a link of its own; and linked headings of one
rank with the text below them, for lists whose cards have no frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

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
    link_letters: int
    """Letters of all links."""


def find_cards(body: Element, title: str) -> Cards:
    """Find the cards of a page in its `<body>`; what shows the page's own title is none."""
    own = letters_key(title)
    own = own if len(own) >= _MIN_TITLE_LETTERS else "\n"
    links: list[tuple[Element, str, bool]] = []
    letters = 0
    for link, href in _links(body):
        letters += len(_text_up_to(link, _MAX_CARD_LETTERS))
        links.append((link, href, _heading_of(link) is not None))
    framed = tuple(_framed(body, [(link, href) for link, href, _ in links], own))
    headings = [(link, href) for link, href, is_heading in links if is_heading]
    return Cards(framed, tuple(_headed(headings)), letters)


def _links(body: Element) -> Iterator[tuple[Element, str]]:
    """The links to pages, with their addresses as written, at most `_MAX_LINKS`."""
    walk = etree.iterwalk(body, events=("start",), tag=("a", *_BESIDE))
    count = 0
    for _, element in walk:
        if element.tag != "a":
            walk.skip_subtree()
            continue
        href = (element.get("href") or "").partition("#")[0].strip()
        if href and not href.startswith(_NO_PAGE):
            yield element, href
            count += 1
            if count >= _MAX_LINKS:
                return


def _heading_of(link: Element) -> Element | None:
    """The heading that a link is, or stands in, or that stands in the link."""
    around = link.getparent()
    for _ in range(2):
        if around is None:
            break
        if around.tag in _HEADINGS:
            return around
        around = around.getparent()
    return next(link.iter(*_HEADINGS), None)


def _framed(body: Element, links: list[tuple[Element, str]], own: str) -> Iterator[Card]:
    alike: dict[tuple[Element, str, str], dict[Element, list[int]]] = {}
    for place, (link, _) in enumerate(links):
        child = link
        for _ in range(_MAX_LEVELS):
            parent = child.getparent()
            if parent is None or child is body:
                break
            if child.tag != "p":
                alike.setdefault((parent, child.tag, _name(child)), {}).setdefault(child, []).append(place)
            child = parent
    used: set[int] = set()
    for parts in sorted(alike.values(), key=len, reverse=True):
        if len(parts) < _MIN_CARDS:
            return
        places = [place for inside in parts.values() for place in inside]
        if 2 * len(used.intersection(places)) > len(places):
            continue
        cards = [card for card in _cards(parts, links) if own not in letters_key(card.text)]
        if len(cards) >= max(_MIN_CARDS, _MIN_CARD_SHARE * len(parts)):
            used.update(places)
            yield from cards


def _cards(parts: dict[Element, list[int]], links: list[tuple[Element, str]]) -> Iterator[Card]:
    """Those of the parts that are cards: short, and with an address that no other has."""
    seen: set[str] = set()
    for part, places in parts.items():
        hrefs = dict.fromkeys(links[place][1] for place in places)
        fresh = next((href for href in hrefs if href not in seen), None)
        if fresh is None or len(hrefs) > _MAX_LINKS_PER_CARD:
            continue
        text = _text_up_to(part, _MAX_CARD_LETTERS + 1)
        if _MIN_CARD_LETTERS <= len(text) <= _MAX_CARD_LETTERS:
            seen.add(fresh)
            yield Card(text, fresh)


def _name(element: Element) -> str:
    """The first word of an element's class, without numbers."""
    if element.tag in _ALIKE:
        return ""
    first: str = (element.get("class") or "").partition(" ")[0]
    return _DIGITS.sub("", first)


def _headed(links: list[tuple[Element, str]]) -> Iterator[Card]:
    ranks: dict[str, dict[str, Card]] = {}
    for link, href in links:
        heading = _heading_of(link)
        assert heading is not None
        rank = ranks.setdefault(heading.tag, {})
        if href not in rank:
            title = _text_up_to(heading, _MAX_CARD_LETTERS)
            if len(title) > _MIN_CARD_LETTERS // 2:
                rank[href] = Card(f"{title} {_teaser(heading, link)}", href)
    for rank in ranks.values():
        if len(rank) >= _MIN_CARDS:
            yield from rank.values()


def _teaser(heading: Element, link: Element) -> str:
    """The text that follows a heading up to the next one; of what stands around the heading where that has none."""
    at = link if heading.getparent() is link else heading
    found: list[str] = []
    for _ in range(3):
        found, size = [], 0
        following = at.getnext()
        while following is not None and size < _MAX_CARD_LETTERS and next(following.iter(*_HEADINGS), None) is None:
            found.append(_text_up_to(following, _MAX_CARD_LETTERS))
            size += len(found[-1])
            following = following.getnext()
        above = at.getparent()
        if size > _MIN_TEASER_LETTERS or above is None:
            break
        at = above
    return " ".join(found)


def _text_up_to(element: Element, limit: int) -> str:
    """The element's text on one line, cut after the piece that exceeds the limit."""
    parts: list[str] = []
    size = 0
    for piece in element.itertext():
        if piece and not piece.isspace():
            parts.append(piece)
            size += len(piece)
            if size > 2 * limit:
                break
    return " ".join(" ".join(parts).split())
