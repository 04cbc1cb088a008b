"""The signs by which a list is told from an article: each a number from 0 to 1, of no word of any language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from archiver.extract.dom.jsonld import Node, strings, types
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.extract.verdict.cards import Cards, find_cards
from archiver.extract.verdict.matching import WIDE
from archiver.models import Choice, Field
from archiver.text.letters import letters_key
from archiver.text.normalize import slug_share
from archiver.text.slugs import slug_words_of
from archiver.urls import hostname, registered_label, segments

_MIN_PROSE_LETTERS = 80
"""Letters outside of links from which a block is running text; with fewer names and prices count, with more dialogue
does not. No measurement is on record."""
_MIN_PASSAGE_LETTERS = 40
"""Letters of a block of which is asked whether it stands in a card, and of its beginning that is looked for; with fewer
the words of buttons decide, with more short teasers are not asked. No measurement is on record."""
_MIN_STRONG_LETTERS = 800
"""Letters of running text without a break from which linked data that repeats the headline is strong evidence; with
fewer teasers below the first story of a list have it. No measurement is on record."""
_MAX_LINK_SHARE = 0.8
"""Share of a block that may be links before it interrupts the running text; lower, and a paragraph full of references
does, higher, and a linked headline with its date does not. No measurement is on record."""
_MAX_ARTICLE_NODES = 3
"""Nodes of linked data that are dated articles; more are the stories of a list, fewer exclude articles that state
themselves twice. No measurement is on record."""
_MAX_BYLINE_NAMES = 2
"""Authors that a by-line may have to be one article's; the names on a list are many. No measurement is on record."""

_ARTICLE_TYPE = re.compile(r"article$|posting$|^report$|^hentry$|recipe$|review$")
_LIST_TYPES = frozenset("collectionpage searchresultspage itemlist offercatalog productcollection".split())
_LIST_NAMES = frozenset(
    "author authors browse cat categories category collection collections directory forum forums label section sections"
    " tag tags topic topics trending".split()
)
"""What publishing software and shops call the pages above the articles, in addresses."""
_LAST_NAMES = _LIST_NAMES | frozenset(
    "archive archives blog catalog events market news products search shop store".split()
)
"""What they call those whose articles' addresses begin so too."""
_PAGING_KEYS = frozenset("page p paged start offset q s query search sort order filter".split())
_QUESTIONS = frozenset("q s query search".split())
_FORUMS = frozenset("forum forums".split())
_PRICES = ("price", "prix", "preis")
_AUTHOR_NAMES = ("author", "article:author", "parsely-author", "dc.creator")
_MARKUP = re.compile(r"^(?:#{1,6}\s|[>*+-]\s|\d+[.)]\s)+")
_IMAGE = re.compile(r"!\[[^\]]{0,500}\]\([^)]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]]{0,1000})\]\([^)]{0,2000}\)")
_CODES = "USD|EUR|GBP|CHF|SEK|NOK|DKK|ISK|PLN|CZK|HUF|RON|TRY|RUB|UAH|JPY|CNY|INR|AUD|CAD|NZD|BRL|MXN|ZAR|kr|zł|Kč|Rs"
"""Of ISO 4217, and what prices are written with in their place."""
_PRICE = re.compile(rf"[$€£¥₹₽₩฿₺₴]\s?\d|\d\s?[$€£¥₹₽₩฿₺₴]|\d\s?(?:{_CODES})\b|\b(?:{_CODES})\.?\s?\d")
_ENDING = re.compile(r"\.\w{2,5}$")


class Evidence:
    """A page as the signs look at it; what costs time is read when the first sign asks for it."""

    def __init__(self, page: Page, markdown: str, chosen: Mapping[Field, Choice]) -> None:
        self.page = page
        self.chosen = chosen
        title = chosen.get(Field.TITLE)
        self.title = title.value if title else ""
        self.prose = 0
        """Letters of running text."""
        self.paragraphs = 0
        self.run = 0
        """Letters of running text that no linked block interrupts, at most."""
        self.passages: list[str] = []
        """The longer blocks, without the targets of links."""
        self._read(markdown)

    def _read(self, markdown: str) -> None:
        # Only the scripts of which a letter counts twice take three bytes a letter.
        is_wide = not markdown.isascii() and len(markdown.encode("utf-8", "replace")) > 1.5 * len(markdown)
        count: Callable[[str], int] = count_letters if is_wide else len
        run = 0
        for block in markdown.split("\n\n"):
            if block.startswith("#"):
                continue
            shown = _IMAGE.sub("", block) if "![" in block else block
            plain = own = shown.strip()
            if "](" in shown:
                plain, own = _LINK.sub(r"\1", shown), _LINK.sub("", shown)
            letters, own_letters = count(plain), count(own)
            if own_letters >= _MIN_PROSE_LETTERS:
                self.prose += own_letters
                self.paragraphs += 1
                run += own_letters
                self.run = max(self.run, run)
            elif own_letters < (1 - _MAX_LINK_SHARE) * letters:
                run = 0
            if letters >= _MIN_PASSAGE_LETTERS:
                self.passages.append(plain)

    @cached_property
    def cards(self) -> Cards:
        """The cards of the page."""
        body = self.page.tree.find("body")
        site = registered_label(hostname(self.page.url))
        return find_cards(self.page.tree if body is None else body, self.title, site, self.page.attribute_index)

    @cached_property
    def inside(self) -> int:
        """Letters of the passages that stand in cards."""
        shown = letters_key("\n".join(card.text for card in (*self.cards.framed, *self.cards.headed)))
        return sum(len(text) for text in self.passages if self._beginning(text) in shown)

    @staticmethod
    def _beginning(passage: str) -> str:
        return letters_key(_MARKUP.sub("", passage[: 2 * _MIN_PASSAGE_LETTERS]))[:_MIN_PASSAGE_LETTERS]

    @cached_property
    def outside(self) -> int:
        """Letters of the passages that do not."""
        return sum(map(len, self.passages)) - self.inside

    @cached_property
    def card_letters(self) -> int:
        """Letters in cards of the one shape or the other."""
        return max(sum(len(card.text) for card in cards) for cards in (self.cards.framed, self.cards.headed))

    @cached_property
    def nodes(self) -> list[tuple[Node, tuple[str, ...]]]:
        """The linked data, each node with its types."""
        return [(node, types(node)) for node in self.page.linked_data]

    @cached_property
    def node_types(self) -> list[str]:
        """The types of all linked data."""
        return [name for _, names in self.nodes for name in names]

    @cached_property
    def article_nodes(self) -> list[Node]:
        """Those of the linked data that describe articles."""
        return [node for node, names in self.nodes if any(map(_ARTICLE_TYPE.search, names))]

    @cached_property
    def is_dated_node(self) -> bool:
        """Whether the linked data dates one article, and not those of a list."""
        dated = sum(1 for node in self.article_nodes if strings(node.get("datePublished")))
        return 0 < dated <= _MAX_ARTICLE_NODES

    @cached_property
    def classes(self) -> str:
        """Every class of the page once, in lower case."""
        return "\n".join(self.page.attribute_index.values["class"]).lower()

    @cached_property
    def names(self) -> list[str]:
        """The parts of the address that answered."""
        return list(segments(self.page.url))

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The parameters of that address; none where it cannot be read."""
        try:
            return parse_qsl(urlsplit(self.page.url).query)
        except ValueError:
            return []

    @cached_property
    def is_search(self) -> bool:
        """Whether that address asks a question."""
        return any(key in _QUESTIONS for key, _ in self.query) or "search" in self.names

    @cached_property
    def is_forum(self) -> bool:
        """Whether that address or the linked data names a forum."""
        return not _FORUMS.isdisjoint(self.names) or "discussionforumposting" in self.node_types

    @cached_property
    def priced_cards(self) -> int:
        """How many cards name a price."""
        return sum(1 for card in self.cards.framed if _PRICE.search(card.text))


def count_letters(text: str) -> int:
    """Count what there is to read; a character of a script without spaces between words counts twice."""
    return len(text) if text.isascii() else len(text) + len(WIDE.findall(text))


def _grown(count: float, full: float) -> float:
    """A count on a scale from 0 to 1, by its logarithm; from `full` on it is 1."""
    return min(1.0, math.log1p(count) / math.log1p(full))


def _author(found: Evidence) -> float:
    choice = found.chosen.get(Field.AUTHOR)
    if choice is None:
        return float(any(name in found.page.meta for name in _AUTHOR_NAMES))
    return float(choice.source.startswith(("json-ld", "meta")) or len(choice.items or (1,)) <= _MAX_BYLINE_NAMES)


def _address_in_title(found: Evidence) -> float:
    best = 0.0
    for address in {found.page.url, found.page.capture.requested_url}:
        names = segments(address)
        said = frozenset(slug_words_of(_ENDING.sub("", names[-1]).replace("_", " "))) if names else frozenset()
        best = max(best, min(1.0, slug_share(found.title, said) * len(said) / 6))
    return best


def _headline_node(found: Evidence) -> float:
    heading = next((letters_key(text_of(h1, 300)) for h1 in found.page.regions.h1[:1]), "")
    if found.run < _MIN_STRONG_LETTERS or not heading:
        return 0.0
    stated = (letters_key(text) for node in found.article_nodes for text in strings(node.get("headline")))
    return float(any(text[:_MIN_PASSAGE_LETTERS] == heading[:_MIN_PASSAGE_LETTERS] for text in stated))


def _short_address(found: Evidence) -> float:
    if any(value.isdigit() for key, value in found.query if key not in _PAGING_KEYS):
        return 0.0
    last = _ENDING.sub("", found.names[-1]) if found.names else ""
    return float(max(last.count("-"), last.count("_")) < 2 and not any(map(str.isdigit, last)))


def _list_address(found: Evidence) -> float:
    return float(not _LIST_NAMES.isdisjoint(found.names) or (bool(found.names) and found.names[-1] in _LAST_NAMES))


def _paging(found: Evidence) -> float:
    index = found.page.attribute_index
    return float(
        any("next" in rel.lower().split() for rel in index.values["rel"])
        or any(key in _PAGING_KEYS for key, _ in found.query)
        or "pagination" in found.classes
        or "pager" in found.classes
    )


def _offers(found: Evidence) -> float:
    index = found.page.attribute_index
    marked = sum(len(index.values["itemprop"].get(name, ())) for name in ("offers", "price", "itemListElement"))
    named = any(name in found.classes for name in _PRICES)
    priced = len(set(index.elements_named(*_PRICES))) if named else 0
    stated = max(_grown(marked, 40), _grown(priced, 40), _grown(found.node_types.count("product"), 10))
    return max(stated, _grown(found.priced_cards, 30))


SIGNS: Mapping[str, Callable[[Evidence], float]] = MappingProxyType(
    {
        "author": _author,
        "og_article": lambda found: float(any("article" in value for value in found.page.meta.get("og:type", ()))),
        "dated_node": lambda found: float(found.is_dated_node),
        "title_length": lambda found: min(1.0, count_letters(found.title) / 60),
        "address_in_title": _address_in_title,
        "short_address": _short_address,
        "list_address": _list_address,
        "list_node": lambda found: float(not found.is_dated_node and not _LIST_TYPES.isdisjoint(found.node_types)),
        "breadcrumb": lambda found: float(bool(found.page.regions.breadcrumbs) or "breadcrumblist" in found.node_types),
        "paging": _paging,
        "longest_run": lambda found: math.sqrt(min(1.0, found.run / 1500)),
        "headline_node": _headline_node,
        "paragraph_length": lambda found: min(1.0, found.prose / found.paragraphs / 400) if found.paragraphs else 0.0,
        "offers": _offers,
        "priced_cards": lambda found: _grown(found.priced_cards, 30),
        "headed_cards": lambda found: _grown(len(found.cards.headed), 40),
        "text_in_cards": lambda found: found.inside / (found.inside + found.outside) if found.passages else 0.5,
        "prose_outside_cards": lambda found: found.outside / (found.outside + found.card_letters + 1),
    }
)
"""By name, the cheap ones first."""
