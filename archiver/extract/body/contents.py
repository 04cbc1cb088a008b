"""Tables of contents: lists, or lines in a row, that say what the headings of the text say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block
from archiver.text.letters import letters_key
from archiver.text.sentences import ends_sentence

_NUMBER = re.compile(r"^[\d\s.)]+")
_MIN_ITEMS = 3
"""Items that are headings from which they are a table of contents; with two a list of two things, each of which has a
section, is one."""
_MIN_SHARE = 0.7
"""Share of the items that are headings; lower, and a summary in points is a table, higher, and one that leaves out
sections, or names one in other words, stays."""
_MAX_NUMBER_LETTERS = 12
"""Characters that an item may have beside its heading; with fewer `Chapter 1.1.1` and the like are read as text sooner.
It bounds the time, and changes no page of 675."""
_MAX_LABEL_LETTERS = 40
"""Characters of a line above the table that goes with it; with fewer `In this article we cover` stays. No measurement
is on record."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What tells the tables of contents of a text."""

    headings: frozenset[str]
    """The letters of its headings."""
    longest: int
    """Characters of the longest line that may say what a heading says."""
    alone: frozenset[Element]
    """The elements that are one block each: only those are read again, so that the time grows with the text alone."""


def without_contents(found: Sequence[Block]) -> list[Block]:
    """The blocks without tables of contents and the lines above that call them so."""
    titles = [block.text for block in found if block.kind == "heading"]
    if len(titles) < _MIN_ITEMS:
        return list(found)
    sources = Counter(block.source for block in found)
    text = _Text(
        headings=frozenset(map(_key, titles)) - {""},
        longest=max(map(len, titles)) + _MAX_NUMBER_LETTERS,
        alone=frozenset(source for source, count in sources.items() if source is not None and count == 1),
    )
    kept: list[Block] = []
    at = 0
    while at < len(found):
        end, items = at, 0
        while end < len(found) and (more := _items(found[end], text)):
            end, items = end + 1, items + more
        if items < _MIN_ITEMS:
            end = max(end, at + 1)
            kept += found[at:end]
        elif kept and _is_label(kept[-1]):
            kept.pop()
        at = end
    return kept


def _items(block: Block, text: _Text) -> int:
    """How many lines of a table of contents a block is, 0 for what is none."""
    if block.kind not in ("list", "paragraph"):
        return 0
    lines = block.text.split("\n")
    # Most text is no table: its length tells that faster than its letters.
    if len(block.text) > text.longest * len(lines):
        return 0
    named = sum(_key(line) in text.headings for line in lines if len(line) <= text.longest)
    return len(lines) if named >= _MIN_SHARE * len(lines) or _leads_down(block, text.alone) else 0


def _leads_down(block: Block, alone: Container[Element]) -> bool:
    """True for a block of nothing but links to places on its page."""
    if block.linked or block.source is None or block.source not in alone:
        return False
    links = list(block.source.iter("a"))
    if not links or not all((link.get("href") or "")[:-1].startswith("#") for link in links):
        return False
    label = sum(len("".join(link.itertext()).split()) for link in links)
    return label >= _MIN_SHARE * len(block.text.split())


def _is_label(block: Block) -> bool:
    is_line = block.kind in ("paragraph", "heading") and len(block.text) < _MAX_LABEL_LETTERS
    return is_line and (block.text.rstrip().endswith(":") or not ends_sentence(block.text))


def _key(text: str) -> str:
    return letters_key(_NUMBER.sub("", text))
