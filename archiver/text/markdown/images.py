"""The pictures that a text in Markdown shows, and where their addresses stand.

markdown-it reads the blocks and says which pictures each has; a scanner of our own finds the addresses in its lines. A
block for which the two disagree is left alone, and so is what only a site's builder can read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, Literal, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

from archiver.text.html_images import IMAGE_TAG, AddressSpan, find_html_images
from archiver.text.markdown.image_scanner import DESTINATION, BlockImages, destination_span, scan_block

MAX_BODY_LETTERS = 2_000_000
"""Characters of a body in which pictures are looked for, a limit for the time; the longest real post has 400,000."""

_LINE_END = re.compile(r"\r\n?|\n")
"""What markdown-it counts as one, so that its line numbers are ours."""
_CODE_OF_BUILDERS = re.compile(
    r"\{%-?\s*(?P<tag>highlight|comment)\b.*?\{%-?\s*end(?P=tag)\s*-?%\}"
    r"|\{\{(?P<mark>[<%])\s*highlight\b.*?\{\{(?P=mark)\s*/\s*highlight\s*[>%]\}\}",
    re.DOTALL,
)
"""What Jekyll and Hugo show as code, or do not show, and Markdown takes for text."""
_DEFINITION = re.compile(rf"\[(?:[^\[\]\\]|\\.)+\]:\s*{DESTINATION}(?=\s|\Z)", re.DOTALL)
_PICTURE_TEMPLATE = re.compile(
    r"\{[{%][<%]?-?\s*(?:include\s+)?[\w/.-]*(?:fig|img|imag|pic|photo|gallery)", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>{}|`]+", re.IGNORECASE)

Place = Literal["markdown", "definition", "html"]


class ImageSpan(NamedTuple):
    """One address of a picture, in characters of the text."""

    start: int
    end: int
    address: str
    """Without Markdown's or HTML's escapes."""
    place: Place
    """How it is written: `![alt](address)`, `[label]: address`, or an attribute of a tag."""


@dataclass(frozen=True, slots=True)
class MarkdownImages:
    """What a text has of pictures."""

    spans: tuple[ImageSpan, ...]
    """In the order in which they stand."""
    templates: tuple[str, ...]
    """Addresses in shortcodes and tags of a site's builder, which are not read."""
    unsure: tuple[str, ...]
    """Addresses whose place is not certain."""


class _Block(NamedTuple):
    """A part of the text with what markdown-it has seen in it."""

    start: int
    text: str
    images: list[Token]
    tags: int
    """Tags that may name a picture."""


def find_images(text: str) -> MarkdownImages:
    r"""Return the pictures of a text in Markdown.

    >>> find_images("`![no](no.jpg)` and ![a](<a b.jpg> \"A\")").spans
    (ImageSpan(start=26, end=33, address='a b.jpg', place='markdown'),)
    """
    if len(text) > MAX_BODY_LETTERS:
        return MarkdownImages((), (), tuple(dict.fromkeys(_ADDRESS.findall(text[:MAX_BODY_LETTERS]))))
    reader = _reader()
    env: dict[str, Any] = {}
    tokens = reader.parse(text, env)
    starts = [0, *(match.end() for match in _LINE_END.finditer(text)), len(text)]
    spans: list[ImageSpan] = []
    templates: list[str] = []
    unsure: list[str] = []
    linked = {label for label, kind in _labels(tokens) if kind == "link_open"}
    for block in _blocks(text, tokens, starts):
        found = scan_block(block.text)
        templates += found.templates
        if _agrees(reader, block, found):
            spans += (ImageSpan(*_moved(span, block.start), "markdown") for span in found.inline)
            spans += (ImageSpan(*_moved(span, block.start), "html") for span in found.html)
        else:
            unsure += (str(image.attrs["src"]) for image in block.images)
    for token in tokens:
        if token.type == "html_block" and token.map:
            start, end = (starts[line] for line in token.map)
            spans += (ImageSpan(*_moved(span, start), "html") for span in find_html_images(text[start:end]))
    for label in dict.fromkeys(label for label, kind in _labels(tokens) if kind == "image"):
        definition = env["references"][label]
        span = _definition(reader, text, definition, starts)
        if span is None or label in linked:
            unsure.append(str(definition["href"]))
        else:
            spans.append(span)
    hidden = [match.span() for match in _CODE_OF_BUILDERS.finditer(text)]
    seen = (span for span in spans if not any(start <= span.start < end for start, end in hidden))
    return MarkdownImages(tuple(sorted(seen)), tuple(_addresses(templates)), tuple(dict.fromkeys(unsure)))


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"store_labels": True}).enable("table")


def _moved(span: AddressSpan, by: int) -> AddressSpan:
    return span._replace(start=span.start + by, end=span.end + by)


def _blocks(text: str, tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[_Block]:
    """Yield the blocks of running text; the cells of a table's row are one."""
    inline = [token for token in tokens if token.type == "inline" and token.map]
    for lines, parts in groupby(inline, key=lambda token: tuple(token.map or ())):
        children = [child for part in parts for child in part.children or ()]
        tags = sum(child.type == "html_inline" and bool(IMAGE_TAG.fullmatch(child.content)) for child in children)
        start, end = (starts[line] for line in lines)
        yield _Block(start, text[start:end], [child for child in children if child.type == "image"], tags)


def _agrees(reader: MarkdownIt, block: _Block, found: BlockImages) -> bool:
    ours = [reader.normalizeLink(span.address) for span in found.inline]
    return ours == [image.attrs["src"] for image in block.images if not image.meta] and found.image_tags == block.tags


def _labels(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield the labels of definitions that are used, with the kind of what uses them."""
    for token in tokens:
        for child in token.children or ():
            if "label" in child.meta:
                yield str(child.meta["label"]), child.type


def _definition(reader: MarkdownIt, text: str, definition: dict[str, Any], starts: Sequence[int]) -> ImageSpan | None:
    """Where the address of a definition stands; None when that is not certain."""
    start, end = (starts[line] for line in definition["map"])
    for match in _DEFINITION.finditer(text, start, end):
        span = destination_span(match)
        if reader.normalizeLink(span.address) == definition["href"]:
            return ImageSpan(*span, "definition")
    return None


def _addresses(templates: Sequence[str]) -> Iterator[str]:
    """Yield the addresses of pictures that a site's builder is to show."""
    for template in templates:
        if _PICTURE_TEMPLATE.match(template):
            yield from _ADDRESS.findall(template)
