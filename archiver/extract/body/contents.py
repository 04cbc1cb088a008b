"""Tables of contents: lists, or lines in a row, that say what the headings of the text say."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

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
_MAX_LABEL_LETTERS = 40
"""Characters of a line above the table that goes with it; with fewer `In this article we cover` stays. No measurement
is on record."""


def without_contents(found: Sequence[Block]) -> list[Block]:
    """The blocks without tables of contents and the lines above that call them so."""
    headings = {_key(block.text) for block in found if block.kind == "heading"} - {""}
    if len(headings) < _MIN_ITEMS:
        return list(found)
    kept: list[Block] = []
    at = 0
    while at < len(found):
        end, items = at, 0
        while end < len(found) and (more := _items(found[end], headings)):
            end, items = end + 1, items + more
        if items < _MIN_ITEMS:
            end = max(end, at + 1)
            kept += found[at:end]
        elif kept and _is_label(kept[-1]):
            kept.pop()
        at = end
    return kept


def _items(block: Block, headings: Collection[str]) -> int:
    """How many lines of a table of contents a block is, 0 for other text."""
    if block.kind not in ("list", "paragraph"):
        return 0
    lines = block.text.split("\n")
    named = sum(_key(line) in headings for line in lines)
    return len(lines) if named >= _MIN_SHARE * len(lines) or _leads_down(block) else 0


def _leads_down(block: Block) -> bool:
    """True for a block of nothing but links to places on its page."""
    if block.source is None or block.linked:
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
