"""What stands in a line, written into a run: text, emphasis, links, code, and the pictures that follow the line."""

from __future__ import annotations

from abc import ABC, abstractmethod

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import BLOCKS, MUTE
from archiver.extract.markdown.blocks import Block
from archiver.extract.markdown.content import MAX_LEVELS, Line, WriterOptions
from archiver.extract.markdown.elements import image_src as pictures
from archiver.extract.markdown.elements.footnotes import is_back_link, is_reference, lowered, raised
from archiver.extract.markdown.elements.formulas import Formula, read_formula
from archiver.extract.markdown.inline import Run, remove_invisible
from archiver.text.markdown.escaping import ends_raw, escape_address, escape_label
from archiver.text.markdown.formulas import inline_formula

_STRONG = frozenset(("b", "strong"))
_EM = frozenset(("i", "em", "cite", "dfn", "var"))
_MAY_SAY_NOTHING = frozenset(("button", "a", "span"))
_BRACKETS = frozenset("[]")
_CODE = frozenset(("code", "kbd", "samp", "tt"))
_PARTS = frozenset(("li", "tr", "td", "th"))
_READINGS = frozenset(("rt", "rp", "rtc"))
"""How to pronounce what `<ruby>` holds: a second time what stands there already."""
_QUOTES, _BLANKS, _NOTHING = ("“", "”"), (" ", " "), ("", "")


class PhraseWriter(ABC):
    """Walks the content of an element; what stands in a line collects in one, blocks are handed on."""

    def __init__(self, options: WriterOptions) -> None:
        self.options = options
        self.blocks: list[Block] = []
        self._line = Line()
        self._labelled = False
        self._in_cell = False
        self._in_item = False
        self._shown: set[str] = set()
        self._blocky: dict[Element, bool] = {}

    def speaks(self, element: Element) -> bool:
        """True for an element that may hold text of the article."""
        tag = element.tag
        return isinstance(tag, str) and tag not in MUTE and tag not in _READINGS and element not in self.options.skip

    def _reads(self, element: Element) -> bool:
        return self.speaks(element) and not (element.tag in _MAY_SAY_NOTHING and _says_nothing(element))

    def take_line(self) -> Line:
        """End the line that is being written, and return it."""
        line, self._line = self._line, Line()
        return line

    @abstractmethod
    def _block(self, element: Element, depth: int) -> None:
        """Write a block that stands between lines."""

    def _inside(self, element: Element, depth: int, inline: bool = False) -> None:
        if text := element.text:
            self._text(text)
        for child in element:
            self._child(child, depth, inline)
            if text := child.tail:
                self._text(text)

    def _text(self, text: str) -> None:
        """Add text to the line; blanks between blocks, most of what a page has beside its text, begin none."""
        run = self._line.run
        if not run.is_empty or self._labelled or not text.isspace() or not text.isascii():
            run.text(text)

    def _child(self, child: Element, depth: int, inline: bool) -> None:
        tag = child.tag
        if child not in self.options.skip and (formula := read_formula(child)) is not None:
            self._formula(child, formula, inline)
            return
        if not self._reads(child):
            return
        if tag == "br":
            self._line.run.line_break()
        elif tag == "img":
            self._image(child)
        elif not inline and (tag in BLOCKS or self._holds_block(child)):
            self._block(child, depth + 1)
        elif depth > MAX_LEVELS:
            self._line.run.text(" ".join(child.itertext()))
        elif (mark := _mark(child)) is not None:
            self._line.run.text(mark)
        elif tag == "a" and not self._labelled:
            self._link(child, depth)
        elif tag in _CODE:
            self._code_span("".join(child.itertext()))
        else:
            self._phrase(child, depth, inline)

    def _formula(self, element: Element, formula: Formula, inline: bool) -> None:
        """Write a formula; within a line one that has a paragraph of its own stands as any other."""
        if formula.is_block and not inline:
            self._block_formula(element, formula.tex)
            return
        markdown, text = inline_formula(formula.tex)
        if self._labelled and not _BRACKETS.isdisjoint(text):
            self._line.run.text(text)
        elif markdown:
            self._line.run.atom(markdown, text)

    @abstractmethod
    def _block_formula(self, element: Element, tex: str) -> None:
        """Write a formula in a paragraph of its own."""

    def _holds_block(self, element: Element) -> bool:
        if len(element) == 0:
            return False
        known = self._blocky.get(element)
        if known is None:
            # What holds no block holds none further in.
            within = self._blocky.get(element.getparent(), True)
            known = within and next(element.iterdescendants(*BLOCKS), None) is not None
            self._blocky[element] = known
        return known

    def _phrase(self, element: Element, depth: int, inline: bool) -> None:
        """Write an element within a line; a block that has to stand in one is set off by blanks."""
        tag = element.tag
        kind = "strong" if tag in _STRONG else "em" if tag in _EM else None
        begun = kind is not None and self._line.run.start(kind)
        before, after = _QUOTES if tag == "q" else _BLANKS if tag in BLOCKS else _NOTHING
        if self._in_cell and tag in _PARTS:
            # The items of a list and the rows of a table within a cell follow one another in its line.
            after = "" if element.getnext() is None else "; " if tag in ("li", "tr") else " "
        if before:
            self._line.run.text(before)
        self._inside(element, depth + 1, inline)
        if after:
            self._line.run.text(after)
        if begun and kind is not None:
            self._line.run.end(kind)

    def _code_span(self, code: str) -> None:
        run, code = self._line.run, remove_invisible(code)
        if code[:1].isspace():
            run.text(" ")
        # Brackets in a link's label could close it, or define a reference, before they are read as code. A pipe in a
        # cell would have to be escaped for GFM, and kramdown shows the escape.
        unsafe = (self._labelled and not _BRACKETS.isdisjoint(code)) or (self._in_cell and "|" in code)
        if unsafe or (self.options.liquid_fences and ends_raw(code)):
            run.text(code)
        elif code.strip():
            run.code(" ".join(code.split()), self.options.liquid_fences)
        if code[-1:].isspace():
            run.text(" ")

    def _link(self, element: Element, depth: int) -> None:
        outer, self._line.run = self._line.run, Run()
        self._line.run.inherit(outer.open_kinds)
        self._labelled = True
        self._inside(element, depth + 1, inline=True)
        self._labelled = False
        label, self._line.run = self._line.run, outer
        target = (element.get("href") or "").strip()
        url = self.options.absolute(target) if target and target[0] != "#" else None
        if url is not None:
            self._line.linked += label.length
        outer.link(label, escape_address(url) if url else None, self._in_item)

    def _image(self, element: Element) -> None:
        url = pictures.address(element, self.options.absolute, self.options.lazy)
        # A slider shows a picture in large and in small.
        if url is None or (key := pictures.picture_key(url)) in self._shown:
            return
        self._shown.add(key)
        alt = " ".join(remove_invisible(element.get("alt") or "").split())
        block = Block("image", f"![{escape_label(alt, '[', ']')}]({escape_address(url)})", alt, 0, element)
        (self.blocks if self._line.run.blank else self._line.images).append(block)


def _says_nothing(element: Element) -> bool:
    """True for the way back from a note; and for a button, which only has a label unless it opens a picture."""
    return element.find(".//img") is None if element.tag == "button" else is_back_link(element)


def _mark(element: Element) -> str | None:
    """An exponent, an index or the mark of a footnote as characters; None for any other element."""
    if element.tag == "sup" or (element.tag == "a" and is_reference(element)):
        return raised(element)
    return lowered(element) if element.tag == "sub" else None
