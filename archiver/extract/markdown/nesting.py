"""Which inline elements hold blocks, such as a link around a whole card: each element is looked at once or twice."""

from __future__ import annotations

from itertools import takewhile

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import BLOCKS


class Nesting:
    """Remembers for the elements of one page whether there is a block in them."""

    def __init__(self) -> None:
        self._known: dict[Element, bool] = {}

    def holds_block(self, element: Element) -> bool:
        """True when a block stands in the element, at any depth."""
        if len(element) == 0:
            return False
        known = self._known.get(element)
        return self._find(element) if known is None else known

    def _find(self, element: Element) -> bool:
        # What is found out is noted for the elements within, too: each of them will be asked for.
        passed = [element]
        for inner in element.iterdescendants():
            if isinstance(inner.tag, str) and inner.tag in BLOCKS:
                around = takewhile(lambda above: above is not element, inner.iterancestors())
                self._known.update(dict.fromkeys((element, *around), True))
                return True
            passed.append(inner)
        self._known.update(dict.fromkeys(passed, False))
        return False
