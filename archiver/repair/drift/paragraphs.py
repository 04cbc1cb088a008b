"""Markdown → its paragraphs, each with its place in the body and the text that a reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from archiver.models import Span
from archiver.repair.drift.words import Words, find_words
from archiver.seeds import first_heading
from archiver.text.markdown.plain import markdown_to_text

_LINE = re.compile(r"[^\n]*(?:\n|\Z)")
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_FENCE_LINE = re.compile(r"(?m)^ {0,3}(?:`{3,}[^`\n]*|~{3,}[^\n]*)$")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_LABEL = r"(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*"
_TARGET = r"(?:[^()]|\([^()]*\))*"
_PICTURE = rf"!\[{_LABEL}\]\({_TARGET}\)|!\[\[[^\[\]\n]*\]\]"
_PICTURE_LINE = re.compile(rf"[\s>*_-]*(?:\[?(?:{_PICTURE})(?:\]\([^()\n]*\))?\s*)+(?:\{{:?[^{{}}\n]*\}})?\s*")
_IMAGE = re.compile(
    # Markdown, Obsidian, HTML.
    rf"!\[(?P<alt>{_LABEL})\]\({_TARGET}\)|!\[\[[^\[\]|]*\|?(?P<name>[^\[\]]*)\]\]"
    r"|<img\b(?:[^<>]*?\balt=[\"'](?P<html>[^\"'<>]*)[\"'])?[^<>]*>"
)
_LINK = re.compile(rf"\[{_LABEL}\]\((?P<target>{_TARGET})\)")
_TEMPLATE = re.compile(
    r"\{%[^{}]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}|<!--(?:(?!<!--).)*?-->|(?<!\\)</?[a-zA-Z][^<>]*>"
    r"|^ {0,3}\[[^\[\]]+\]:[ \t]*\S[^\n]*$",
    re.DOTALL | re.MULTILINE,
)
"""What a builder fills or a browser reads: tags of Liquid and Hugo, kramdown's attributes, HTML."""


_ENUMERATOR = re.compile(r"\A\d{1,3}[.)] +")
"""The number of an item or of a heading, which one of two texts often has as text, and the other as an item's mark."""


@dataclass(frozen=True)
class Paragraph:
    """A block of a body: a paragraph, a heading, a list, an image."""

    markdown: str
    """As it stands in the body, without the blank lines around it and the last line end."""
    start: int
    """Where it starts in the body, in characters."""
    text: str
    """What a reader sees, on one line; without its images."""
    words: Words
    alts: tuple[str, ...]
    """The alternative texts of its images."""

    @property
    def end(self) -> int:
        """Where it ends in the body, before its line end."""
        return self.start + len(self.markdown)

    @property
    def span(self) -> Span:
        """Where it stands in the body."""
        return self.start, self.end

    @cached_property
    def key(self) -> str:
        """What two paragraphs share that say the same: letters and digits, without blanks."""
        return self.words.key

    @property
    def is_heading(self) -> bool:
        """Whether it is an ATX heading."""
        return _HEADING.match(self.markdown) is not None

    @property
    def has_image(self) -> bool:
        """Whether an image is all or some of it."""
        return bool(self.alts)

    @cached_property
    def is_linked(self) -> bool:
        """Whether links are all that it says."""
        return bool(self.words) and "](" in self.markdown and not find_words(plain(_LINK.sub(" ", self.markdown)))

    @cached_property
    def targets(self) -> frozenset[str]:
        """The addresses that its links lead to."""
        return frozenset(match["target"] for match in _LINK.finditer(_IMAGE.sub(" ", self.markdown)))


def plain(markdown: str) -> str:
    """Return what a reader sees of some Markdown, on one line, without images and what is put in by templates."""
    text = _FENCE_LINE.sub("", _IMAGE.sub(" ", markdown))
    text = _TEMPLATE.sub(" ", text) if "{" in text or "<" in text or "]:" in text else text
    return _ENUMERATOR.sub("", " ".join(markdown_to_text(text).split()))


def split_paragraphs(body: str) -> list[Paragraph]:
    """Return the blocks of a body but its first heading, the title: what blank lines part, headings, rows of images."""
    heading = first_heading(body)
    start = heading.end if heading else 0
    return [_paragraph(body[first:last], first) for first, last in _blocks(body, start)]


def _paragraph(markdown: str, start: int) -> Paragraph:
    text = plain(markdown)
    alts = tuple(match["alt"] or match["name"] or match["html"] or "" for match in _IMAGE.finditer(markdown))
    return Paragraph(markdown, start, text, find_words(text), alts)


def _blocks(body: str, position: int) -> Iterator[Span]:
    """Where the blocks stand; code between fences is one, blank lines in it or not."""
    first = last = None
    fence = ""
    for match in _LINE.finditer(body, position):
        line, start, end = match[0], match.start(), match.start() + len(match[0].rstrip("\r\n"))
        opened = _FENCE.match(line)
        is_own = not fence and (_HEADING.match(line) is not None or _PICTURE_LINE.fullmatch(line) is not None)
        if first is not None and last is not None and not fence and (not line.strip() or is_own):
            yield first, last
            first = None
        if not line.strip() and not fence:
            continue
        first, last = start if first is None else first, end
        if is_own:
            yield first, last
            first = None
        elif opened and not fence:
            fence = opened["mark"]
        elif opened and opened["mark"].startswith(fence):
            fence = ""
    if first is not None and last is not None:
        yield first, last
