"""Descriptions and categories: whole sentences about the article, and the section it is filed under."""

from __future__ import annotations

import re

from archiver.text.language_data import phrases
from archiver.text.normalize import fold_punctuation, one_line, without_tags
from archiver.text.phrase_patterns import alternatives

_END = re.compile(r"[.!?…。！？।؟:;][\"”“»’')\]]*$|\.\.\.$|[\u0e00-\u0e7f]$")
_CUT = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")
_MAX_DESCRIPTION_LETTERS = 1000
"""Characters; one fewer loses a long standfirst of just this length, with more the text of an article passes for its
description. No measurement is on record."""
_MIN_DESCRIPTION_LETTERS = 15
"""Characters; from one fewer `Read more here` would be a description, with more short whole sentences are lost. No
measurement is on record."""
_MAX_CATEGORY_LETTERS = 40
"""Characters; one fewer loses a section of just this length, with more a headline passes for a section. No measurement
is on record."""
_MAX_PARAGRAPH_LETTERS = 5000
"""Characters of a paragraph, markup and addresses included, that are looked at for a description; with fewer one of
many links is cut short, with more a page of one paragraph costs time for nothing. No measurement is on record."""
_NO_PROSE = re.compile(r"#|!\[|>|\||[-*+]\s|\d+[.)]\s|\[!\[|```")
_LINK = re.compile(r"!?\[([^\]]{0,500})\]\([^)]{0,2000}\)")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[_*]|[_*](?!\w)")
_NO_CATEGORY = re.compile(
    rf"^(?:{alternatives(phrases('junk.categories'))}|\d+|[a-z]{{2}}|a|amp|null|undefined|cms|doc)$", re.IGNORECASE
)


def description(text: str) -> str | None:
    """The text as a description on one line; None when it is too short to be a sentence or too long."""
    # Markup that was escaped as text is markup to who prints the value as it is.
    text = one_line(without_tags(one_line(text)))
    text = " ".join(without_tags(text).split())
    return text if _MIN_DESCRIPTION_LETTERS <= len(text) <= _MAX_DESCRIPTION_LETTERS else None


def is_whole_sentence(text: str) -> bool:
    """True when the text ends as a sentence does."""
    return bool(_END.search(text)) and not _CUT.search(text)


def continues(longer: str, shorter: str) -> bool:
    """True when `longer` says what `shorter` says and goes on."""
    start = fold_punctuation(_CUT.sub("", shorter)).rstrip(" .")
    return len(start) >= 3 and len(longer) > len(shorter) and fold_punctuation(longer).startswith(start)


def first_paragraph(body_text: str) -> str | None:
    """The first paragraph of a Markdown text that is prose; None when there is none."""
    for block in body_text.split("\n\n", 8)[:8]:
        text = block[:_MAX_PARAGRAPH_LETTERS].strip()
        if text and not _NO_PROSE.match(text):
            return one_line(_EMPHASIS.sub("", _LINK.sub(r"\1", text)).replace("\\", ""))
    return None


def category(text: str) -> str | None:
    """The text as the name of a section; None for what files nothing, such as `home` or a number."""
    text = without_tags(one_line(without_tags(text))).strip(" /›»>|")
    return None if not text or len(text) > _MAX_CATEGORY_LETTERS or _NO_CATEGORY.match(text) else text
