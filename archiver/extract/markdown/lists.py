"""Lists as Markdown: the items with their numbers, what stands between them, lists within lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block, as_paragraph
from archiver.extract.markdown.content import ContentWriter
from archiver.extract.markdown.inline import HARD_BREAK
from archiver.text.letters import letters_key

_RAW_LINE = re.compile(r"\A\{% raw %\}\n")

_MIN_MEANING_LETTERS = 60
"""Characters of what a lone word means; with fewer rows of counts become lists of one item each, with more short
definitions stay paragraphs."""


def list_blocks(element: Element, depth: int, writer: ContentWriter) -> list[Block]:
    """The pictures of a list's items, then the list."""
    items: list[list[Block]] = []
    numbers: list[int] = []
    before: list[Block] = []
    number = _ordinal(element.get("start"), 1)
    for child in element:
        if child.tag in ("ul", "ol") and writer.speaks(child):
            (items[-1] if items else before).extend(writer.written(child, depth + 1))
            continue
        inner = writer.item(child, depth + 1)
        before.extend(block for block in inner if block.kind == "image")
        inner = [as_paragraph(block) for block in inner if block.kind != "image"]
        number = _ordinal(child.get("value"), number)
        if inner:
            items.append(inner)
            numbers.append(number)
            number += 1
    if not items:
        return before
    marks = [f"{number}." for number in numbers] if element.tag == "ol" else ["-"] * len(items)
    return [*before, write_list(items, marks, element)]


def is_definition_list(element: Element) -> bool:
    """True for a `<dl>` of words and what they mean; false for one that frames pictures or only leads elsewhere."""
    entries = list(_entries(element))
    terms = [entry for entry in entries if entry.tag == "dt"]
    meanings = [entry for entry in entries if entry.tag == "dd" and _says_more_than_links(entry)]
    if not terms or not meanings:
        return False
    # A word and a number, as forums print them below a name, are a line of facts.
    if len(terms) == 1 and all(len("".join(entry.itertext()).strip()) < _MIN_MEANING_LETTERS for entry in meanings):
        return False
    return not any(term.find(".//img") is not None and not "".join(term.itertext()).strip() for term in terms)


def _says_more_than_links(element: Element) -> bool:
    """True when letters stand outside of the links of an element."""
    linked = sum(len(letters_key("".join(link.itertext()))) for link in element.iter("a") if link.get("href"))
    return len(letters_key("".join(element.itertext()))) > linked


def definition_blocks(element: Element, depth: int, writer: ContentWriter) -> list[Block]:
    """The pictures of a definition list, then the list: each item its terms in bold and below them what they mean.

    Not all readers of Markdown know definition lists.
    """
    items: list[list[Block]] = []
    images: list[Block] = []
    last = ""
    for child in _entries(element):
        if not writer.speaks(child):
            continue
        if child.tag == "dt":
            line = writer.term(child, depth + 1)
            term = line.run.line()
            images.extend(line.images)
            if not term.markdown:
                continue
            block = Block("paragraph", term.markdown, term.text, line.linked, child)
            if last == "dt":
                items[-1] = [_joined(items[-1][0], block)]
            else:
                items.append([block])
        else:
            inner = writer.nested(child, depth + 1)
            images.extend(block for block in inner if block.kind == "image")
            inner = [as_paragraph(block) for block in inner if block.kind != "image"]
            if inner and last == "dt" and inner[0].kind == "paragraph":
                items[-1][-1:] = [_joined(items[-1][-1], inner.pop(0))]
            items[-1:] = [[*(items[-1] if items else []), *inner]]
        last = child.tag
    items = [item for item in items if item]
    return [*images, write_list(items, ["-"] * len(items), element)] if items else images


def _entries(element: Element) -> Iterator[Element]:
    """The terms and meanings of a definition list, which may stand in pairs in frames of their own."""
    for child in element:
        yield from (child,) if child.tag in ("dt", "dd") else child.iterchildren("dt", "dd")


def _joined(one: Block, two: Block) -> Block:
    return replace(
        one,
        markdown=f"{one.markdown}{HARD_BREAK}{two.markdown}",
        text=f"{one.text}\n{two.text}",
        linked=one.linked + two.linked,
    )


def write_list(items: list[list[Block]], marks: list[str], source: Element) -> Block:
    """A list from the blocks of each item and its mark, loose when an item has several blocks."""
    loose = any(sum(block.kind != "list" for block in item) > 1 for item in items)
    lines: list[str] = []
    for item, mark in zip(items, marks, strict=True):
        indent = " " * (len(mark) + 1)
        between = "\n\n" if loose else "\n"
        # Where Liquid takes the mark of a raw section away, an item would begin with an empty line, and so be over.
        content = between.join(block.markdown for block in item)
        first, *rest = _RAW_LINE.sub(r"{% raw %}", content, count=1).split("\n")
        lines.append("\n".join([f"{mark} {first}", *(indent + line if line else "" for line in rest)]))
    text = "\n".join(block.text for item in items for block in item)
    linked = sum(block.linked for item in items for block in item)
    return Block("list", ("\n\n" if loose else "\n").join(lines), text, linked, source)


def _ordinal(stated: str | None, otherwise: int) -> int:
    """The number of an item as a page states it; CommonMark allows nine digits."""
    return int(stated) if stated and stated.isdecimal() and len(stated) <= 9 else otherwise
