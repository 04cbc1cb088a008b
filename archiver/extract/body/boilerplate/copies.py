"""Second copies of the article's text, which pages hold for another width of window or for readers who logged in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice

from archiver.extract.dom.regions import MAX_LEVELS_UP, Element

IsSuspect = Callable[[Element], bool]
"""Whether an element looks like boilerplate by its names."""
_MIN_STRETCH_LETTERS = 60
"""Characters of a stretch of text by which a copy is told; with fewer labels that stand twice make a copy, with more
copies of dialogue are not told. No measurement is on record."""
_MAX_KEY_LETTERS = 80
"""Characters at the beginning of a stretch that are compared, beside its length; with fewer two paragraphs that begin
alike and are of one length are taken for one, more cost time. No measurement is on record."""
_MIN_COPIED_SHARE = 0.9
"""Share of the text of an element that stands elsewhere for which it is a copy; lower, and an article whose summary is
shown twice goes with it, at 1 a copy with one more line is kept. No measurement is on record."""
_MIN_COPY_SHARE = 0.15
"""Share of the text of a page that a copy holds at least; lower, and the beginning of an article goes for the teaser
above it, higher, and the last of six copies is kept. No measurement is on record."""
_MIN_COPIED_STRETCHES = 3
"""Stretches that a copy holds at least: a long paragraph that is told again is no second article, and the refrain of a
short text none either. No measurement is on record."""


def find_copies(
    stretches: Mapping[Element, int], weight: Mapping[Element, int], root: Element, is_suspect: IsSuspect
) -> list[Element]:
    """The outermost elements whose text stands elsewhere on the page.

    Of two it is the one in what looks like boilerplate, else the later one.

    `stretches` are elements with text of their own and how much, in page order; `weight` is the text of an element.
    """
    pairs = _pairs(stretches)
    if len(pairs) < _MIN_COPIED_STRETCHES or sum(stretches[copy] for _, copy in pairs) < _MIN_COPY_SHARE * weight[root]:
        return []
    letters: Counter[Element] = Counter()
    counts: Counter[Element] = Counter()
    for original, copy in pairs:
        # What holds both of the two is no copy.
        before, after = _apart(original, copy)
        for element in before if any(map(is_suspect, before)) and not any(map(is_suspect, after)) else after:
            letters[element] += stretches[copy]
            counts[element] += 1
    found = [
        element
        for element, length in letters.items()
        if counts[element] >= _MIN_COPIED_STRETCHES
        and length >= _MIN_COPIED_SHARE * weight[element]
        and weight[element] >= _MIN_COPY_SHARE * weight[root]
    ]
    chosen = set(found)
    return [element for element in found if chosen.isdisjoint(islice(element.iterancestors(), MAX_LEVELS_UP))]


def _pairs(stretches: Mapping[Element, int]) -> list[tuple[Element, Element]]:
    """The stretches that say what an earlier one says, each with the earliest."""
    first: dict[tuple[int, str], Element] = {}
    lengths = Counter(stretches.values())
    pairs: list[tuple[Element, Element]] = []
    for element, length in stretches.items():
        # Two that say the same are of one length; most are of a length of their own, and need not be read.
        if length < _MIN_STRETCH_LETTERS or lengths[length] < 2:
            continue
        original = first.setdefault((length, _beginning(element)), element)
        if original is not element:
            pairs.append((original, element))
    return pairs


def _beginning(element: Element) -> str:
    return next((text.strip()[:_MAX_KEY_LETTERS] for text in element.itertext() if text.strip()), "")


def _apart(one: Element, other: Element) -> tuple[list[Element], list[Element]]:
    """The elements around each of two that do not hold both, the element itself included."""
    first, second = ([element, *islice(element.iterancestors(), MAX_LEVELS_UP)] for element in (one, other))
    shared = set(first).intersection(second)
    return [element for element in first if element not in shared], [
        element for element in second if element not in shared
    ]
