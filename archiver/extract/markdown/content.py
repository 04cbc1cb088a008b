"""What the parts of the writer share: its options, a line in writing, and what lists and tables ask of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block
from archiver.extract.markdown.elements.image_src import Absolute
from archiver.extract.markdown.inline import Run

MAX_LEVELS = 120
"""Levels of elements; those below are read as plain text: deeper markup is no article's. It bounds the recursion, of
several Python frames a level. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class WriterOptions:
    """How the elements of a page are written."""

    absolute: Absolute
    skip: Collection[Element] = ()
    """Elements to leave out."""
    lazy: Sequence[str] = ()
    """That of `image_src.address`."""
    liquid_fences: bool = True
    """Whether Liquid in code is switched off, for the site builders that run it."""


@dataclass(slots=True)
class Line:
    """A line in writing."""

    run: Run = field(default_factory=Run)
    images: list[Block] = field(default_factory=list)
    """The pictures that stand in it, which follow it."""
    linked: int = 0
    """How many characters of its text belong to links."""


class ContentWriter(Protocol):
    """Writes what stands inside the elements that make up a list or a table."""

    def speaks(self, element: Element) -> bool:
        """Return whether an element may hold text of the article."""

    def nested(self, element: Element, depth: int) -> list[Block]:
        """Return the blocks inside an element."""

    def written(self, element: Element, depth: int) -> list[Block]:
        """Return the blocks that an element is."""

    def item(self, element: Element, depth: int) -> list[Block]:
        """Return the blocks of a list's item and of the text behind it."""

    def term(self, element: Element, depth: int) -> Line:
        """Return what a definition list defines, in one line, set in bold."""

    def cell(self, element: Element, depth: int) -> Line:
        """Return what a cell holds, in one line."""
