"""How much text each element of a page holds, added up over all that stands in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from archiver.extract.dom.regions import MAX_LEVELS_UP, Element

MIN_PROSE_LETTERS = 40
"""Characters below which a stretch of text is more likely a label than prose and weighs a quarter; with fewer menus
weigh like text, with more short paragraphs and dialogue weigh too little. No measurement is on record."""


def weigh(units: Mapping[Element, int], root: Element) -> Counter[Element]:
    """The text of each element from that of its own; what is shorter than prose weighs a quarter."""
    weight: Counter[Element] = Counter()
    # Paragraphs stand side by side: what is around one is around the next, and has a weight already.
    parent: Element | None = None
    around: list[Element] = []
    for element, length in units.items():
        if not length:
            continue
        counted = length if length >= MIN_PROSE_LETTERS else length // 4
        above = None if element is root else element.getparent()
        if above is None or above is not parent:
            credit(weight, element, counted, root)
            parent, around = above, [] if above is None else _levels(above, root)
            continue
        weight[element] = weight.get(element, 0) + counted
        for frame in around:
            weight[frame] += counted
    return weight


def _levels(element: Element, root: Element) -> list[Element]:
    """The elements to which `credit` gives the weight of what stands in an element, itself included."""
    found: list[Element] = []
    at: Element | None = element
    while at is not None and at is not root and len(found) < MAX_LEVELS_UP - 1:
        found.append(at)
        at = at.getparent()
    return [*found, root] if at is not None else found


def credit(weight: Counter[Element], element: Element, length: int, root: Element) -> None:
    """Add to the weight of an element and of all around it, up to the root."""
    # The counter's own `+=` asks a function in Python for every element that it does not have yet.
    for _ in range(MAX_LEVELS_UP):
        weight[element] = weight.get(element, 0) + length
        if element is root:
            return
        above = element.getparent()
        if above is None:
            return
        element = above
    weight[root] += length
