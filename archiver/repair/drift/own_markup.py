"""What a person put into a paragraph beside its words: links, emphasis, images, HTML, another kind of block."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.repair.drift.paragraphs import Paragraph
from archiver.repair.drift.words import find_words

_EMPHASISED = re.compile(r"(?<![\\\w*_])(?P<mark>\*{1,3}|_{1,3})(?=\S)(?P<text>[^\n*_]+)(?<=\S)(?P=mark)(?![\w*_])")
_BLOCK = re.compile(r"\s{0,3}(?P<mark>#{1,6}|>|[-*+]|\d+[.)])\s")
_RAW = re.compile(r"(?<!\\)<[a-zA-Z/!][^<>]*>|\{%[^{}]*%\}|\{\{[^{}]*\}\}|\{:[^{}]*\}|\[\^[^\]\s]+\]")


def has_own_markup(some: Sequence[Paragraph], others: Sequence[Paragraph]) -> bool:
    """Whether some paragraphs have markup that the others have not, which would go with them."""
    ours, theirs = _markup(some), _markup(others)
    return any(paragraph.has_image for paragraph in some) or not ours <= theirs


def _markup(paragraphs: Sequence[Paragraph]) -> set[str]:
    found: set[str] = set()
    for paragraph in paragraphs:
        found |= {f"link {target}" for target in paragraph.targets}
        found |= {f"emphasis {find_words(it['text']).key}" for it in _EMPHASISED.finditer(paragraph.markdown)}
        found |= {f"raw {it[0]}" for it in _RAW.finditer(paragraph.markdown)}
        if block := _BLOCK.match(paragraph.markdown):
            found.add(f"block {_kind(block['mark'])}")
    return found


def _kind(mark: str) -> str:
    return "list" if mark in "-*+" else "numbers" if mark[0].isdigit() else mark
