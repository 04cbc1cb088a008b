"""What a page's markup calls its elements: one walk over the tree, for everyone who looks elements up by a name."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from lxml import etree, html

_NAMING = ("class", "id", "rel", "itemprop", "property")


@dataclass(frozen=True)
class AttributeIndex:
    """A page's elements by the attributes that name them, as written: a page has few names and many elements."""

    elements: list[html.HtmlElement]
    """Every element in page order. While it is kept lxml makes no new object for it at each walk, nor climbs through
    all levels around it to give the last one back."""
    values: Mapping[str, Mapping[str, list[int]]]
    """Attribute (class, id, rel, itemprop, property) → its value → the places in `elements` that have it."""
    tags: Mapping[str, list[int]]
    """Tag → the places of the elements that have it. To look one up costs a tenth of a walk over the tree."""

    @classmethod
    def of(cls, tree: html.HtmlElement) -> AttributeIndex:
        """Walk a tree."""
        elements = list(tree.iter(etree.Element))
        values: dict[str, dict[str, list[int]]] = {name: {} for name in _NAMING}
        tags: dict[str, list[int]] = {}
        for place, element in enumerate(elements):
            if (alike := tags.get(element.tag)) is None:
                alike = tags[element.tag] = []
            alike.append(place)
            for name in element.keys():  # noqa: SIM118  (an element's own iterator is that of its children)
                if (known := values.get(name)) is not None:
                    value = element.get(name) or ""
                    if (places := known.get(value)) is None:
                        places = known[value] = []
                    places.append(place)
        return cls(elements, values, tags)

    def at(self, places: Iterable[int]) -> list[html.HtmlElement]:
        """The elements at some places, in page order, each once."""
        return [self.elements[place] for place in sorted(set(places))]

    def tagged(self, *tags: str) -> list[html.HtmlElement]:
        """The elements of some tags, in page order."""
        if len(tags) == 1:
            return [self.elements[place] for place in self.tags.get(tags[0], ())]
        return self.at(place for tag in tags for place in self.tags.get(tag, ()))

    def elements_named(self, *words: str) -> Iterator[int]:
        """The places of elements whose class speaks of one of the words, in lower case and within others too."""
        labels, starts, places = self._labels
        found: set[int] = set()
        for word in words:
            at = labels.find(word)
            while at >= 0:
                number = bisect_right(starts, at) - 1
                found.add(number)
                at = labels.find(word, starts[number + 1]) if number + 1 < len(starts) else -1
        for number in found:
            yield from places[number]

    def of_class(self, name: str) -> list[html.HtmlElement]:
        """The elements of a class, in page order."""
        return self.at(self._classes.get(name, ()))

    @cached_property
    def _labels(self) -> tuple[str, list[int], list[list[int]]]:
        """The values of `class` in lower case as one text, where in it each begins, and the places that have it."""
        labels = [label.lower() for label in self.values["class"]]
        starts = list(accumulate((len(label) + 1 for label in labels), initial=0))[:-1]
        return "\0".join(labels), starts, list(self.values["class"].values())

    @cached_property
    def _classes(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {}
        for label, places in self.values["class"].items():
            for name in label.split():
                found.setdefault(name, []).extend(places)
        return found
