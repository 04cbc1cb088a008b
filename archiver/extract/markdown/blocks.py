"""The blocks that a body is made of, and lists of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.inline import HARD_BREAK
from archiver.text.boilerplate_text import is_machinery
from archiver.text.letters import letters_key

_MAX_CREDIT_LETTERS = 150
"""Characters of all lines beside a caption that end it; with fewer a credit with names and agency is a paragraph of its
own, with more a paragraph of the text becomes part of the caption. No measurement is on record."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of the body."""

    kind: str
    """paragraph, heading, list, quote, table, code, formula, image or caption."""
    markdown: str
    text: str
    """What a reader reads, without markup; of an image its alternative text."""
    linked: int = 0
    """How many characters of the text belong to links."""
    source: Element | None = None
    """The element that the block was written from."""


def join_blocks(found: Iterable[Block]) -> str:
    """Blocks as one Markdown text, separated by empty lines."""
    return "\n\n".join(block.markdown for block in found)


def as_paragraph(block: Block) -> Block:
    """A block of an item; a heading becomes a paragraph."""
    # A heading inside an item would end the list's look; the item's text is what matters.
    if block.kind != "heading":
        return block
    return Block("paragraph", block.markdown.lstrip("#").strip(), block.text, block.linked, block.source)


def merge_credits(figure: list[Block]) -> list[Block]:
    """The blocks of a figure; lines beside one image and its caption, such as a credit, end the caption."""
    lines = [block for block in figure if block.kind == "paragraph"]
    captions = [block for block in figure if block.kind == "caption"]
    if not lines or len(captions) != 1 or sum(len(block.text) for block in lines) > _MAX_CREDIT_LETTERS:
        return figure
    images = [block for block in figure if block.kind == "image"]
    if len(images) > 1 or len(images) + len(lines) + 1 != len(figure):
        return figure
    told = letters_key(captions[0].text)
    credit = [line for line in lines if letters_key(line.text) not in told and not is_machinery(line.text.strip())]
    parts = [captions[0], *credit]
    caption = replace(
        captions[0],
        markdown=HARD_BREAK.join(part.markdown for part in parts),
        text="\n".join(part.text for part in parts),
        linked=sum(part.linked for part in parts),
    )
    return [*images, caption]
