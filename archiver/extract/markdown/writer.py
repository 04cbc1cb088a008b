"""A subtree of a page as blocks of Markdown, in page order, each with its plain text.

Blocks are headings, paragraphs, lists, quotes, tables, code, formulas, images and captions. Nothing is dropped but what
`skip` names, elements that are no text (scripts, forms, drawings), and pictures without a usable address.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block, join_blocks, merge_credits
from archiver.extract.markdown.content import MAX_LEVELS, Line, WriterOptions
from archiver.extract.markdown.elements.callouts import is_callout, is_reply_quote, with_strong_title
from archiver.extract.markdown.elements.captions import is_caption, is_gallery, is_picture
from archiver.extract.markdown.elements.code import code_text, is_code
from archiver.extract.markdown.elements.code_language import code_language
from archiver.extract.markdown.elements.formulas import read_formula
from archiver.extract.markdown.elements.headings import heading_level
from archiver.extract.markdown.elements.image_src import Absolute
from archiver.extract.markdown.lists import definition_blocks, is_definition_list, list_blocks
from archiver.extract.markdown.phrases import PhraseWriter
from archiver.extract.markdown.tables import table_blocks, table_rows
from archiver.text.markdown.escaping import code_block, escape_heading
from archiver.text.markdown.formulas import block_formula


def blocks(
    roots: Iterable[Element],
    absolute: Absolute,
    skip: Collection[Element] = (),
    lazy: Sequence[str] = (),
    liquid_fences: bool = True,
) -> list[Block]:
    """The blocks of some subtrees; the other arguments are those of `WriterOptions`."""
    writer = _Writer(WriterOptions(absolute, frozenset(skip), lazy, liquid_fences))
    for root in roots:
        writer.element(root, 0)
        writer.flush(root)
    return writer.blocks


class _Writer(PhraseWriter):
    """Walks one subtree; a line collects until a block ends it."""

    def __init__(self, options: WriterOptions) -> None:
        super().__init__(options)
        self._card = False

    def flush(self, source: Element, kind: str = "paragraph") -> None:
        """End the line: its paragraphs become blocks, pictures that stood in it follow it."""
        if self._line.run.is_empty:
            return
        line = self.take_line()
        written = line.run.paragraphs()
        if kind == "caption":
            self.blocks.extend(line.images)
            if written:
                whole = line.run.line()
                self._add(Block(kind, whole.markdown, whole.text, line.linked, source))
            return
        length = sum(len(part.text) for part in written) or 1
        for part in written:
            self._add(Block(kind, part.markdown, part.text, line.linked * len(part.text) // length, source))
        self.blocks.extend(line.images)

    def _add(self, block: Block) -> None:
        if block.markdown:
            # Inside a link around whole blocks, a card, everything is linked.
            self.blocks.append(replace(block, linked=len(block.text)) if self._card else block)

    def element(self, element: Element, depth: int) -> None:
        """Write an element as a block."""
        if element.tag == "img":
            self._image(element)
            return
        self.flush(element)
        if element.tag == "p" and depth <= MAX_LEVELS and not element.get("class"):
            # Most of an article is paragraphs that nothing is said of.
            self._inside(element, depth)
            self.flush(element)
        elif depth > MAX_LEVELS:
            self._line.run.text(" ".join(element.itertext()))
            self.flush(element)
        elif (level := heading_level(element)) is not None:
            self._heading(element, depth, level)
        elif is_code(element):
            self._code(element, depth)
        elif not self._structure(element, depth):
            self._frame(element, depth)

    def _structure(self, element: Element, depth: int) -> bool:
        """Write a list, quotation or table; False for any other element."""
        tag = element.tag
        if tag in ("ul", "ol") and not is_gallery(element):
            self._add_all(list_blocks(element, depth, self))
        elif tag == "dl" and is_definition_list(element):
            self._add_all(definition_blocks(element, depth, self))
        elif tag == "blockquote" or is_reply_quote(element):
            self._quote(element, self.nested(element, depth))
        elif is_callout(element):
            self._quote(element, with_strong_title(self.nested(element, depth)))
        elif tag == "table" and (rows := table_rows(element, self.options.skip)) is not None:
            self._add_all(table_blocks(element, rows, depth, self))
        else:
            return False
        return True

    def _frame(self, element: Element, depth: int) -> None:
        """Write what an element holds that only frames it."""
        if is_caption(element) or is_picture(element):
            self._inside(element, depth, inline=True)
            self.flush(element, "caption")
        elif element.tag == "figure":
            self.blocks.extend(merge_credits(self.nested(element, depth)))
        else:
            self._inside(element, depth)
            self.flush(element)

    def _block(self, element: Element, depth: int) -> None:
        outer = self._card
        self._card = outer or (element.tag == "a" and element.get("href") is not None)
        self.element(element, depth)
        self._card = outer

    def _add_all(self, found: Iterable[Block]) -> None:
        for block in found:
            self._add(block)

    def nested(self, element: Element, depth: int) -> list[Block]:
        """The blocks inside an element, apart from those before it."""
        outer, self.blocks = self.blocks, []
        self._inside(element, depth)
        self.flush(element)
        inner, self.blocks = self.blocks, outer
        return inner

    def written(self, element: Element, depth: int) -> list[Block]:
        """The blocks that an element is, apart from those before it."""
        outer, self.blocks = self.blocks, []
        self.element(element, depth)
        inner, self.blocks = self.blocks, outer
        return inner

    def item(self, element: Element, depth: int) -> list[Block]:
        """The blocks of a list's item, and of the text between it and the next."""
        was, self._in_item = self._in_item, True
        inner = self.nested(element, depth) if self.speaks(element) else []
        self._in_item = was
        if element.tail and element.tail.strip():
            outer, self.blocks = self.blocks, inner
            self._line.run.text(element.tail)
            self.flush(element)
            inner, self.blocks = self.blocks, outer
        return inner

    def term(self, element: Element, depth: int) -> Line:
        """What a definition list defines, in one line, set in bold."""
        self._line.run.start("strong")
        self._inside(element, depth, inline=True)
        self._line.run.end("strong")
        return self.take_line()

    def cell(self, element: Element, depth: int) -> Line:
        """What a cell of a table holds, in one line."""
        was, self._in_cell = self._in_cell, True
        self._inside(element, depth, inline=True)
        self._in_cell = was
        return self.take_line()

    def _block_formula(self, element: Element, tex: str) -> None:
        self.flush(element)
        markdown, text = block_formula(tex)
        self._add(Block("formula", markdown, text, 0, element))

    def _heading(self, element: Element, depth: int, level: int) -> None:
        self._inside(element, depth, inline=True)
        line = self.take_line()
        written = line.run.line()
        if written.text.strip():
            mark = "#" * max(2, level)
            self._add(
                Block("heading", f"{mark} {escape_heading(written.markdown)}", written.text, line.linked, element)
            )
        self.blocks.extend(line.images)

    def _quote(self, element: Element, inner: list[Block]) -> None:
        text = "\n".join(block.text for block in inner if block.kind != "image")
        if not text.strip():
            self.blocks.extend(inner)
            return
        quoted = "\n".join(f"> {line}" if line else ">" for line in join_blocks(inner).split("\n"))
        self._add(Block("quote", quoted, text, sum(block.linked for block in inner), element))

    def _code(self, element: Element, depth: int) -> None:
        formula = read_formula(element[0]) if len(element) == 1 and element[0].tag == "code" else None
        if formula is not None:
            self._block_formula(element, formula.tex)
            return
        # Blocks within blocks that hold no text are not laid out once for each level.
        has_text = any(not piece.isspace() for piece in element.itertext())
        code = code_text(element, self.options.skip) if has_text else ""
        if code.strip():
            written = code_block(code, code_language(element), self.options.liquid_fences)
            self._add(Block("code", written, code, 0, element))
        else:
            self._inside(element, depth)
            self.flush(element)
