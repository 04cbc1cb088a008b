"""Which elements are headings: by their tag, or by a class that calls a line of text one."""

from __future__ import annotations

import re

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import BLOCKS

_TAGS = {f"h{level}": level for level in range(1, 7)}
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


def heading_level(element: Element) -> int | None:
    """The level of a heading; None for any other element.

    A `<p>` or `<div>` is one when its class says so and it holds one short line that does not end as a sentence does.
    """
    if element.tag in _TAGS:
        return _TAGS[element.tag]
    match = _NAMED.search(element.get("class") or "") if element.tag in ("p", "div") else None
    if match is None or any(inner.tag in BLOCKS or inner.tag == "img" for inner in element.iterdescendants()):
        return None
    text = " ".join("".join(element.itertext()).split())
    if len(text) > _MAX_HEADING_LETTERS or _SENTENCE_END.search(text):
        return None
    return int(match["level"] or _USUAL_LEVEL)
