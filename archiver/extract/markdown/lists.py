"""Lists as Markdown: the items with their numbers, what stands between them, lists within lists."""

from __future__ import annotations

import re

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block, as_paragraph
from archiver.extract.markdown.content import ContentWriter

_RAW_LINE = re.compile(r"\A\{% raw %\}\n")


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
