"""Which suspects frame a quotation: networks deliver posts as quotations in frames, and publishers their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from archiver.extract.body.boilerplate.kinds import is_hidden
from archiver.extract.dom.regions import Element

_MIN_QUOTED_SHARE = 0.7
"""Share of a frame that quotations fill, or of a quotation that the frame fills, from which the two are one; lower, and
a frame of teasers with one quotation is kept, higher, and one that names its source is lost. No measurement is on
record."""


class Quotations:
    """The quotations of a page, each element of which is looked at once however many suspects there are."""

    def __init__(self, elements: Collection[Element], weight: Mapping[Element, int]) -> None:
        """`elements` are those of a page that are not mute, in page order; `weight` is their prose."""
        self._weight = weight
        self._lengths: dict[Element, int] = {}
        self._around: dict[Element | None, Element] = {}
        self._quoted: dict[Element | None, int] = {}
        if any(element.tag == "blockquote" for element in elements):
            self._read(elements)

    def _read(self, elements: Collection[Element]) -> None:
        for element in elements:
            parent = element.getparent()
            if element.tag == "blockquote":
                self._around[element] = element
            elif parent in self._around:
                self._around[element] = self._around[parent]
        for element in reversed(list(elements)):
            own = self._weight.get(element, 0) if element.tag == "blockquote" else 0
            if quoted := self._quoted.get(element, 0) + own:
                self._quoted[element] = quoted
                parent = element.getparent()
                self._quoted[parent] = self._quoted.get(parent, 0) + quoted

    def is_framed_by(self, suspect: Element) -> bool:
        """True for the frame of a quotation, or of a post that the article quotes.

        What such a frame names its parts after, such as `widget`, goes for the words inside the quotation too.
        """
        # What an <aside> quotes is most often a line of the text, shown again in large letters.
        if not self._around or suspect.tag == "aside" or is_hidden(suspect):
            return False
        around = self._around.get(suspect.getparent())
        if around is not None:
            return 0 < _MIN_QUOTED_SHARE * self._length(around) <= self._length(suspect)
        return 0 < _MIN_QUOTED_SHARE * self._weight.get(suspect, 0) <= self._quoted.get(suspect, 0)

    def _length(self, element: Element) -> int:
        """Characters of all text in an element; of the elements within a quotation all are counted at once."""
        if element not in self._lengths:
            outer = self._around[element]
            while (further := self._around.get(outer.getparent())) is not None:
                outer = further
            for inner in reversed(list(outer.iter())):
                length = self._lengths.get(inner, 0) + len(inner.text or "")
                self._lengths[inner] = length
                if inner is not outer:
                    parent = inner.getparent()
                    self._lengths[parent] = self._lengths.get(parent, 0) + length + len(inner.tail or "")
        return self._lengths[element]


class CodeBlocks:
    """The blocks of code of a page, whose text is counted once however many suspects are nested in each other."""

    def __init__(self, root: Element) -> None:
        self._lengths: dict[Element | None, int] = {}
        self._code: dict[Element | None, int] = {}
        if next(root.iter("pre"), None) is None:
            return
        for element in reversed(list(root.iter())):
            length = self._lengths.get(element, 0) + len(element.text or "")
            self._lengths[element] = length
            if element.tag == "pre":
                self._code[element] = length
            parent = element.getparent()
            self._lengths[parent] = self._lengths.get(parent, 0) + length + len(element.tail or "")
            if code := self._code.get(element, 0):
                self._code[parent] = self._code.get(parent, 0) + code

    def is_framed_by(self, suspect: Element) -> bool:
        """True for the frame of a block of code, which is named after the buttons in it."""
        code = self._code.get(suspect, 0)
        if not code or suspect.tag == "aside" or is_hidden(suspect):
            return False
        return _MIN_QUOTED_SHARE * self._lengths[suspect] <= code
