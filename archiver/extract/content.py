"""Where on a page the article's text stands.

The page's running text is weighed once: every stretch of text outside of links counts for all elements around it.
The article is the innermost element that holds most of the text left after boilerplate is taken away.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from archiver.extract.boilerplate import Kind, kind_of
from archiver.extract.places import Element
from archiver.extract.tables import table_rows
from archiver.extract.tags import INLINE, PROSE
from archiver.extract.wordkey import key

_SHORT = 40
"""Characters below which a stretch of text is more likely a label than prose."""
_DEEPEST = 200
_LARGE_SHARE = 0.4
_NEARLY_ALL = 0.9
_LONGEST_SUMMARY = 1500
_WHOLE = 0.85
_NEXT_SHARE = 0.15
_BODY_NAMES = re.compile(
    r"article-?_*(?:body|content|text)|(?:story|post|entry|news)-?_*(?:body|content|text)|body-?_*(?:text|copy)|"
    r"(?:^|\s)(?:article|post|entry|story)(?:$|\s)|richtext|content-?_*body",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Survey:
    """A page's text, weighed."""

    weight: Counter[Element]
    """Characters of prose in each element, without boilerplate."""
    boilerplate: frozenset[Element]
    """Elements to leave out, outermost ones and all that are mute."""
    total: int
    """Characters of prose on the page, boilerplate included."""
    elements: int
    """How many elements the page has, boilerplate's own content left out."""
    stretches: dict[Element, int]
    """Elements with text of their own and how much, in page order."""


def survey(root: Element, summaries: Collection[str] = ()) -> Survey:
    """Weigh the text of a subtree and tell its boilerplate.

    `summaries` are the descriptions that the page states: an element that shows one of them is no boilerplate.
    """
    summarised = {key(summary) for summary in summaries} - {""}
    suspects: dict[Element, Kind] = {}
    units: Counter[Element] = Counter()
    out: set[Element] = set()
    linked: set[Element] = set()
    holder: dict[Element, Element] = {root: root}
    for element in root.iter():
        parent = element.getparent() if element is not root else None
        if parent in out:
            out.add(element)
            continue
        kind = kind_of(element)
        tail = element.tail
        if parent is not None and tail and parent not in linked:
            units[holder[parent]] += len(tail.strip())
        if kind is Kind.MUTE:
            out.add(element)
            continue
        if kind is not Kind.TEXT:
            suspects[element] = kind
        inline = element.tag in INLINE and parent is not None
        holder[element] = holder[parent] if inline else element
        if element.tag == "a" or parent in linked:
            linked.add(element)
        elif element.text:
            units[holder[element]] += len(element.text.strip())
    weight = _weighed(units, root)
    total = weight[root]
    return Survey(weight, _boilerplate(suspects, weight, root, summarised), total, len(holder), units)


def _weighed(units: Mapping[Element, int], root: Element) -> Counter[Element]:
    weight: Counter[Element] = Counter()
    for element, length in units.items():
        if length:
            _credit(weight, element, length if length >= _SHORT else length // 4, root)
    return weight


def _boilerplate(
    suspects: Mapping[Element, Kind], weight: Counter[Element], root: Element, summarised: set[str]
) -> frozenset[Element]:
    """The suspects that do not hold the article; `weight` loses what they held."""
    total = weight[root]
    dropped: set[Element] = set()
    for suspect, kind in suspects.items():
        if any(ancestor in dropped for ancestor in suspect.iterancestors()):
            continue
        share = weight[suspect]
        most = _NEARLY_ALL if kind is Kind.STRANGE else _LARGE_SHARE
        if share <= most * total and not _shows(suspect, share, summarised):
            dropped.add(suspect)
            _credit(weight, suspect, -share, root)
    return frozenset(dropped)


def _shows(element: Element, share: int, summarised: set[str]) -> bool:
    return 0 < share < _LONGEST_SUMMARY and bool(summarised) and key("".join(element.itertext())) in summarised


def _credit(weight: Counter[Element], element: Element, length: int, root: Element) -> None:
    for _ in range(_DEEPEST):
        weight[element] += length
        if element is root:
            return
        above = element.getparent()
        if above is None:
            return
        element = above
    weight[root] += length


def article(root: Element, found: Survey) -> Element:
    """The innermost element that holds the article's text."""
    weight = found.weight
    here = root
    while True:
        heaviest = max(
            (child for child in here if child in weight and child not in found.boilerplate),
            key=weight.__getitem__,
            default=None,
        )
        if heaviest is None or heaviest.tag in PROSE or (heaviest.tag == "table" and table_rows(heaviest) is not None):
            return here
        if weight[heaviest] < _WHOLE * weight[here]:
            first = _first_of_several(here, found)
            if first is not None:
                heaviest = first
            elif weight[heaviest] < _share(heaviest) * weight[here]:
                return here
        here = heaviest


def _first_of_several(here: Element, found: Survey) -> Element | None:
    """The first of the whole articles in a row: pages that go on with the next article when scrolled."""
    return next(
        (
            element
            for element in here.iterdescendants("article")
            if found.weight[element] > _NEXT_SHARE * found.weight[here] and next(element.iter("h1"), None) is not None
        ),
        None,
    )


def _share(element: Element) -> float:
    """How much of the text around it an element must hold to be taken alone."""
    if "articlebody" in (element.get("itemprop") or "").lower():
        return 0.4
    if element.tag == "article" or _BODY_NAMES.search(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return 0.55
    return _WHOLE
