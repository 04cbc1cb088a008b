"""Blocks that lead to other articles of the same site: links alone, labels with a link, cards below the text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.extract.markdown.blocks import Block

_POINTER = re.compile(
    # A short label, then one link and nothing else: "Read also: [another article](…)", in any language.
    r"^[^\w\[]*(?P<label>[^\[\]]{2,45})\[(?P<link>[^\[\]]*(?:\\.[^\[\]]*)*)\]\([^()\s]*\)(?:_|[^\w\[])*$"
)
_LABEL_END = re.compile(r"[:|>»►→–-][\s*_\\]*$")
_HOST = re.compile(r"\]\(https?://(?:www\.)?([^/:)?#]+)")
_LINK_ITEM = re.compile(r"(?m)^\s*(?:-|\d+\.) [*_#\s]*\[[^\[\]]*(?:\\.[^\[\]]*)*\]\([^()\s]*\)[*_\s]*$")
_PAGE_NUMBERS = re.compile(r"[\d\s|/·…<>«»‹›←→]+")
_ITEM = re.compile(r"(?m)^\s*(?:-|\d+\.) [*_#\s]*(.*)")
_FULL_STOPS = (".", "。", "।")
_MIN_HEADLINE_LETTERS = 22
"""Letters from which the text of a link behind a label can be another article's headline; with fewer the name of an
office behind a label is a link to an article, with more short headlines stay. No measurement is on record."""
_MIN_SENTENCE_LETTERS = 40
"""Characters from which a linked paragraph that ends with a full stop is a sentence of the text, for headlines have
none; with fewer "Read the whole story." stays, with more a sentence is lost. Without the rule 5 of 675 pages lose some,
with it 4 keep a teaser."""
_MIN_PROSE_LETTERS = 100
"""Characters of a paragraph below which it does not show that the text goes on behind a list; with fewer a line beside
the last links does. No measurement is on record."""
_MAX_CARD_LINES = 2
"""Paragraphs below the headline of a card, such as a date and a summary; with three a round-up of the year's articles
is a row of cards."""
_MIN_CARDS = 2
"""Cards in a row: one linked heading with a paragraph may be the last section."""
_MAX_CARDS_SHARE = 0.4
"""Share of a text that the cards below it hold at most; with more it is the cards that the page is about. No
measurement is on record."""


def without_pointers(found: Sequence[Block], site: str) -> tuple[list[Block], set[int]]:
    """The blocks without the cards at their end, and the places of those that lead to other articles of the `site`."""
    away = [_points_away(block, site) for block in found]
    kept = list(found[: _start_of_cards(found, away)])
    places: set[int] = set()
    following: int | None = None
    goes_on = False
    for at in range(len(kept) - 1, -1, -1):
        block = kept[at]
        if away[at] and not _belongs(block, None if following is None else (kept[following], away[following]), goes_on):
            places.add(at)
        if block.kind not in ("image", "caption"):
            following = at
            goes_on = goes_on or (block.kind == "paragraph" and not away[at] and len(block.text) >= _MIN_PROSE_LETTERS)
    return kept, places


def _belongs(block: Block, following: tuple[Block, bool] | None, goes_on: bool) -> bool:
    """True for a linked heading above text, and for a list with other words than links before the text's end."""
    if block.kind == "heading":
        return following is not None and following[0].kind != "heading" and not following[1]
    return block.kind == "list" and goes_on and block.linked <= 0.8 * len(block.text)


def _start_of_cards(found: Sequence[Block], away: Sequence[bool]) -> int:
    """Where the cards of other articles begin that end a text: linked headings, each with a few lines at most."""
    start, cards, lines = len(found), 0, 0
    for at in range(len(found) - 1, -1, -1):
        block = found[at]
        if block.kind == "heading" and away[at]:
            start, cards, lines = at, cards + 1, 0
        elif block.kind == "paragraph" and lines < _MAX_CARD_LINES:
            lines += 1
        elif block.kind not in ("image", "caption"):
            break
    # Where headings are links further above, too, the article's sections are headed so.
    if cards < _MIN_CARDS or any(block.kind == "heading" and away[at] for at, block in enumerate(found[:start])):
        return len(found)
    while start > 0 and found[start - 1].kind == "image":
        start -= 1
    return start if _letters(found[start:]) < _MAX_CARDS_SHARE * _letters(found) else len(found)


def _letters(blocks: Sequence[Block]) -> int:
    return sum(len(block.text) for block in blocks if block.kind != "image")


def _points_away(block: Block, site: str) -> bool:
    """True for links to other articles: a list or paragraph of nothing else, or a label and a link."""
    if block.kind not in ("paragraph", "list", "heading") or not block.linked or not _stays(block, site):
        return False
    if _PAGE_NUMBERS.fullmatch(block.text):
        return True
    length = len(block.text)
    if block.kind == "list":
        return (
            block.linked > 0.8 * length
            or (block.linked > 0.35 * length and len(_LINK_ITEM.findall(block.markdown)) >= 3)
            or (block.linked > 0.5 * length and _begins_with_links(block))
        )
    if block.linked >= 0.9 * length > 0:
        return not (
            block.kind == "paragraph" and length > _MIN_SENTENCE_LETTERS and block.text.rstrip().endswith(_FULL_STOPS)
        )
    match = _POINTER.match(block.markdown) if block.linked > 0.4 * length else None
    return (
        match is not None
        and _LABEL_END.search(match["label"]) is not None
        and len(match["link"]) >= _MIN_HEADLINE_LETTERS
    )


def _begins_with_links(block: Block) -> bool:
    """True for a list of at least three items that begin with a link each, such as headlines with their dates."""
    items = _ITEM.findall(block.markdown)
    return len(items) >= 3 and all(item.startswith("[") for item in items)


def _stays(block: Block, site: str) -> bool:
    """True when the block's first link leads to the same site."""
    host = _HOST.search(block.markdown)
    return host is None or not site or site in host[1].split(".")
