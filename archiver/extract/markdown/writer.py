"""A subtree of a page as blocks of Markdown: headings, paragraphs, lists, quotes, tables, code, images, captions.

Blocks come in page order, each with its plain text. Nothing is dropped but what `skip` names, elements that are no
text (scripts, forms, drawings), and pictures without a usable address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from archiver.extract.dom.regions import Element
from archiver.extract.dom.tags import BLOCKS, MUTE
from archiver.extract.markdown import image_src as pictures
from archiver.extract.markdown.blocks import (
    Block,
    as_paragraph,
    join_blocks,
    language,
    merge_credits,
    ordinal,
    write_list,
)
from archiver.extract.markdown.captions import is_caption, is_gallery, is_picture
from archiver.extract.markdown.headings import heading_level
from archiver.extract.markdown.inline import Run
from archiver.extract.markdown.nesting import Nesting
from archiver.extract.markdown.tables import table_rows, write_table
from archiver.text.escaping import code_block, ends_raw, escape_address, escape_heading, escape_label

_STRONG = frozenset(("b", "strong"))
_EM = frozenset(("i", "em", "cite", "dfn", "var"))
_BRACKETS = frozenset("[]")
_CODE = frozenset(("code", "kbd", "samp", "tt"))
_QUOTES, _BLANKS, _NOTHING = ("“", "”"), (" ", " "), ("", "")
_MAX_DEPTH = 120
"""Levels; elements below are read as plain text: deeper markup is no article's. It bounds the recursion, of several
Python frames a level. No measurement is on record."""


def blocks(
    roots: Iterable[Element],
    absolute: pictures.Absolute,
    skip: Collection[Element] = (),
    lazy: Sequence[str] = (),
    liquid_fences: bool = True,
) -> list[Block]:
    """The blocks of some subtrees, without the elements in `skip`; `lazy` is that of `pictures.address`.

    With `liquid_fences` Liquid in code is switched off, for the site builders that run it.
    """
    writer = _Writer(absolute, frozenset(skip), lazy, liquid_fences)
    for root in roots:
        writer.element(root, 0)
        writer.flush(root)
    return writer.blocks


class _Writer:
    """Walks one subtree; text collects in a run until a block ends it."""

    def __init__(
        self, absolute: pictures.Absolute, skip: frozenset[Element], lazy: Sequence[str], liquid_fences: bool
    ) -> None:
        self.blocks: list[Block] = []
        self._absolute = absolute
        self._skip = skip
        self._lazy = lazy
        self._liquid_fences = liquid_fences
        self._run = Run()
        self._images: list[Block] = []
        self._linked = 0
        self._card = False
        self._labelled = False
        self._in_cell = False
        self._in_item = False
        self._shown: set[str] = set()
        self._nesting = Nesting()

    def flush(self, source: Element, kind: str = "paragraph") -> None:
        """End the run: its paragraphs become blocks, pictures that stood in it follow it."""
        if self._run.is_empty:
            return
        run, images, linked = self._run, self._images, self._linked
        self._run, self._images, self._linked = Run(), [], 0
        written = run.paragraphs()
        if kind == "caption":
            self.blocks.extend(images)
            images = []
            if written:
                line = run.line()
                self._add(Block(kind, line.markdown, line.text, linked, source))
        else:
            whole = sum(len(part.text) for part in written) or 1
            for part in written:
                self._add(Block(kind, part.markdown, part.text, linked * len(part.text) // whole, source))
        self.blocks.extend(images)

    def _add(self, block: Block) -> None:
        if block.markdown:
            # Inside a link around whole blocks, a card, everything is linked.
            self.blocks.append(replace(block, linked=len(block.text)) if self._card else block)

    def element(self, element: Element, depth: int) -> None:
        """Write an element as a block."""
        tag = element.tag
        if depth > _MAX_DEPTH:
            self._plain(element)
        elif tag == "img":
            self._image(element)
        elif (level := heading_level(element)) is not None:
            self._heading(element, depth, level)
        elif tag in ("ul", "ol") and not is_gallery(element):
            self._list(element, depth)
        elif tag == "blockquote":
            self._quote(element, depth)
        elif tag == "table":
            self._table(element, depth)
        elif tag == "pre":
            self._code(element)
        elif is_caption(element) or is_picture(element):
            self.flush(element)
            self._inside(element, depth, inline=True)
            self.flush(element, "caption")
        elif tag == "figure":
            self.flush(element)
            self.blocks.extend(merge_credits(self._nested(element, depth)))
        else:
            self.flush(element)
            self._inside(element, depth)
            self.flush(element)

    def _plain(self, element: Element) -> None:
        """Write an element that is too deep to be looked at."""
        self.flush(element)
        self._run.text(" ".join(element.itertext()))
        self.flush(element)

    def _inside(self, element: Element, depth: int, inline: bool = False) -> None:
        if element.text:
            self._run.text(element.text)
        for child in element:
            self._child(child, depth, inline)
            if child.tail:
                self._run.text(child.tail)

    def _child(self, child: Element, depth: int, inline: bool) -> None:
        tag = child.tag
        # A button that holds a picture opens it in large; any other only has a label.
        if not self._speaks(child) or (tag == "button" and child.find(".//img") is None):
            return
        if tag == "br":
            self._run.line_break()
        elif tag == "img":
            self._image(child)
        elif not inline and (tag in BLOCKS or self._nesting.holds_block(child)):
            outer = self._card
            self._card = outer or (tag == "a" and child.get("href") is not None)
            self.element(child, depth + 1)
            self._card = outer
        elif depth > _MAX_DEPTH:
            self._run.text(" ".join(child.itertext()))
        elif tag == "a" and not self._labelled:
            self._link(child, depth)
        elif tag in _CODE:
            self._code_span("".join(child.itertext()))
        else:
            self._phrase(child, depth, inline)

    def _speaks(self, element: Element) -> bool:
        return isinstance(element.tag, str) and element.tag not in MUTE and element not in self._skip

    def _phrase(self, element: Element, depth: int, inline: bool) -> None:
        """Write an element within a line; a block that has to stand in one is set off by blanks."""
        tag = element.tag
        kind = "strong" if tag in _STRONG else "em" if tag in _EM else None
        begun = kind is not None and self._run.start(kind)
        before, after = _QUOTES if tag == "q" else _BLANKS if tag in BLOCKS else _NOTHING
        self._run.text(before)
        self._inside(element, depth + 1, inline)
        self._run.text(after)
        if begun and kind is not None:
            self._run.end(kind)

    def _code_span(self, code: str) -> None:
        if code[:1].isspace():
            self._run.text(" ")
        # Brackets in a link's label could close it, or define a reference, before they are read as code. A pipe in a
        # cell would have to be escaped for GFM, and kramdown shows the escape.
        unsafe = (self._labelled and not _BRACKETS.isdisjoint(code)) or (self._in_cell and "|" in code)
        if unsafe or (self._liquid_fences and ends_raw(code)):
            self._run.text(code)
        elif code.strip():
            self._run.code(" ".join(code.split()), self._liquid_fences)
        if code[-1:].isspace():
            self._run.text(" ")

    def _link(self, element: Element, depth: int) -> None:
        outer, self._run = self._run, Run()
        self._run.inherit(outer.open_kinds)
        self._labelled = True
        self._inside(element, depth + 1, inline=True)
        self._labelled = False
        label, self._run = self._run, outer
        target = (element.get("href") or "").strip()
        url = self._absolute(target) if target and target[0] != "#" else None
        if url is not None:
            self._linked += label.length
        outer.link(label, escape_address(url) if url else None, self._in_item)

    def _image(self, element: Element) -> None:
        url = pictures.address(element, self._absolute, self._lazy)
        if url is None:
            return
        alt = " ".join((element.get("alt") or "").split())
        block = Block("image", f"![{escape_label(alt, '[', ']')}]({escape_address(url)})", alt, 0, element)
        if url in self._shown:
            return
        self._shown.add(url)
        (self._images if not self._run.blank else self.blocks).append(block)

    def _heading(self, element: Element, depth: int, level: int) -> None:
        self.flush(element)
        self._inside(element, depth, inline=True)
        run, images, linked = self._run, self._images, self._linked
        self._run, self._images, self._linked = Run(), [], 0
        line = run.line()
        if line.text.strip():
            mark = "#" * max(2, level)
            self._add(Block("heading", f"{mark} {escape_heading(line.markdown)}", line.text, linked, element))
        self.blocks.extend(images)

    def _nested(self, element: Element, depth: int) -> list[Block]:
        """The blocks inside an element, apart from those before it."""
        outer, self.blocks = self.blocks, []
        self._inside(element, depth)
        self.flush(element)
        inner, self.blocks = self.blocks, outer
        return inner

    def _quote(self, element: Element, depth: int) -> None:
        self.flush(element)
        inner = self._nested(element, depth)
        text = "\n".join(block.text for block in inner if block.kind != "image")
        if not text.strip():
            self.blocks.extend(inner)
            return
        quoted = "\n".join(f"> {line}" if line else ">" for line in join_blocks(inner).split("\n"))
        self._add(Block("quote", quoted, text, sum(block.linked for block in inner), element))

    def _list(self, element: Element, depth: int) -> None:
        if depth > _MAX_DEPTH:
            self._plain(element)
            return
        self.flush(element)
        items: list[list[Block]] = []
        numbers: list[int] = []
        images: list[Block] = []
        number = ordinal(element.get("start"), 1)
        for child in element:
            if self._speaks(child) and child.tag in ("ul", "ol"):
                outer, self.blocks = self.blocks, (items[-1] if items else self.blocks)
                self._list(child, depth + 1)
                self.blocks = outer
                continue
            was, self._in_item = self._in_item, True
            inner = self._item(child, depth + 1)
            self._in_item = was
            images.extend(block for block in inner if block.kind == "image")
            inner = [as_paragraph(block) for block in inner if block.kind != "image"]
            number = ordinal(child.get("value"), number)
            if inner:
                items.append(inner)
                numbers.append(number)
                number += 1
        self.blocks.extend(images)
        if items:
            marks = [f"{number}." for number in numbers] if element.tag == "ol" else ["-"] * len(items)
            self._add(write_list(items, marks, element))

    def _item(self, element: Element, depth: int) -> list[Block]:
        """The blocks of a list's item, and of the text between it and the next."""
        inner = self._nested(element, depth) if self._speaks(element) else []
        if element.tail and element.tail.strip():
            outer, self.blocks = self.blocks, inner
            self._run.text(element.tail)
            self.flush(element)
            inner, self.blocks = self.blocks, outer
        return inner

    def _table(self, element: Element, depth: int) -> None:
        self.flush(element)
        rows = table_rows(element, self._skip)
        if rows is None:
            self._inside(element, depth)
            self.flush(element)
            return
        cells: list[list[str]] = []
        texts: list[list[str]] = []
        images: list[Block] = []
        linked = 0
        for row in rows:
            lines = []
            for cell in row:
                if cell is not None:
                    self._in_cell = True
                    self._inside(cell, depth + 1, inline=True)
                    self._in_cell = False
                lines.append(self._run.line())
                images.extend(self._images)
                linked += self._linked
                self._run, self._images, self._linked = Run(), [], 0
            cells.append([line.markdown for line in lines])
            texts.append([line.text for line in lines])
        self.blocks.extend(images)
        text = "\n".join(" ".join(filter(None, row)) for row in texts if any(row))
        shown = [row for row in cells if any(row)]
        if len(shown) > 1:
            self._add(Block("table", write_table(shown), text, linked, element))
        elif text:
            # A header alone is no table to kramdown.
            self._add(Block("paragraph", " ".join(filter(None, shown[0])), text, linked, element))

    def _code(self, element: Element) -> None:
        self.flush(element)
        code = "".join(element.itertext())
        if code.strip():
            written = code_block(code, language(element), self._liquid_fences)
            self._add(Block("code", written, code, 0, element))
