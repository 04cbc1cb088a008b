"""Which elements are headings: by their tag, or by a class that calls a line of text one."""

from __future__ import annotations

import re
from functools import lru_cache

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import BLOCKS

_TAGS = {f"h{level}": level for level in range(1, 7)}
_MAY_HEAD = frozenset(("p", "div"))
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:sub-?headings?|cross-?head(?:ing|er)?s?|\w*inter-?(?:title|line)|inter-?titre"
    r"|zwischen-?(?:titel|(?:ue|ü)berschrift)|heading-h(?P<level>[2-6]))(?:$|\s)",
    re.IGNORECASE,
)
_USUAL_LEVEL = 2
"""The level of a heading whose class names none: below the title, which is 1; one higher would make it a part of the
section before."""
_MAX_HEADING_LETTERS = 120
"""Characters of a line that only its class calls a heading; with fewer long headings are paragraphs, with more a
paragraph in a wrongly named element is a heading. No measurement is on record."""
_SENTENCE_END = re.compile(r"[.,;:!…。]\W*$")


# The elements of a page have few classes, and those of the next page of its site the same.
@lru_cache(maxsize=4096)
def _named(names: str) -> re.Match[str] | None:
    return _NAMED.search(names)


def heading_level(element: Element) -> int | None:
    """The level of a heading; None for any other element.

    A `<p>` or `<div>` is one when its class says so and it holds one short line that does not end as a sentence does.
    """
    tag = element.tag
    if tag in _TAGS:
        return _TAGS[tag]
    names = element.get("class") if tag in _MAY_HEAD else None
    match = _named(names) if names else None
    if match is None or any(inner.tag in BLOCKS or inner.tag == "img" for inner in element.iterdescendants()):
        return None
    text = " ".join("".join(element.itertext()).split())
    if len(text) > _MAX_HEADING_LETTERS or _SENTENCE_END.search(text):
        return None
    return int(match["level"] or _USUAL_LEVEL)
