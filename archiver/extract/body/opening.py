"""Lines above the first sentence of a text: who wrote it and when, where it lies on the site, what is told twice."""

from __future__ import annotations

import re

from archiver.extract.markdown.blocks import Block
from archiver.text.dates import parse_date
from archiver.text.language_data import phrases
from archiver.text.letters import letters_key
from archiver.text.phrase_patterns import alternatives
from archiver.text.sentences import ends_sentence

_WORD = re.compile(r"[^\W\d]+")
_MAX_DATELINE_LETTERS = 80
"""Characters of a line at the top that says when the text was written; with fewer one with agency, day and zone stays,
with more a sentence without a full stop is lost. At 60 one page of 675 was worse."""
_MAX_DATELINE_WORDS = 9
"""Words of such a line beside numbers; with fewer the same stays. At 6 one page of 675 was worse."""
MIN_PROSE_LETTERS = 80
"""Characters from which a block at the top is prose, with fewer a section's name is, with more dialogue is none. No
measurement is on record."""
_MIN_PROSE_BLOCKS = 2
"""Blocks of prose below which a line with a date is part of a timeline; with one the line below a standfirst stays."""
_BYLINE = re.compile(rf"{alternatives(phrases('byline.openings'))}\b[:\s]+", re.IGNORECASE)
_CONJUNCTIONS = frozenset(phrases("byline.conjunctions")) | {"&"}
_MAX_BYLINE_LETTERS = 60
"""Characters of a line that names who wrote the text; with fewer three names are too long, with more a sentence of
names without a full stop is one. No measurement is on record."""
_TRAIL = re.compile(r"\W*\[[^\[\]]+\]\([^()\s]*\)\s*[❯›»>→]\s*\[")
"""Where a page lies on its site: links with arrows between them."""
_MIN_TOLD_LETTERS = 40
"""Letters from which an introduction is told again; with fewer the refrain of a song is, with more a short introduction
stands twice. No measurement is on record."""


def without_opening_lines(found: list[Block]) -> list[Block]:
    """The blocks without the lines at the top that say when and by whom the text was written, and where it lies."""
    kept: list[Block] = []
    prose = 0
    for at, block in enumerate(found):
        if prose >= _MIN_PROSE_BLOCKS:
            return [*kept, *found[at:]]
        if block.kind == "paragraph" and (_is_line(block) or _is_told(block, kept)):
            continue
        kept.append(block)
        prose += block.kind in ("heading", "paragraph") and len(block.text) >= MIN_PROSE_LETTERS
    return kept


def _is_line(block: Block) -> bool:
    text = block.text.strip()
    return _is_dateline(text) or _is_byline(text) or (block.linked > 0 and _TRAIL.match(block.markdown) is not None)


def _is_told(block: Block, above: list[Block]) -> bool:
    """True for an introduction that stands twice in a row: for wide windows and for narrow ones."""
    letters = letters_key(block.text)
    return len(letters) >= _MIN_TOLD_LETTERS and any(letters == letters_key(other.text) for other in above[-2:])


def _is_byline(text: str) -> bool:
    opening = _BYLINE.match(text)
    if opening is None or len(text) > _MAX_BYLINE_LETTERS or ends_sentence(text):
        return False
    names = [word for word in text[opening.end() :].split() if word.lower() not in _CONJUNCTIONS]
    return len(names) > 1 and all(name[:1].isupper() for name in names)


def _is_dateline(text: str) -> bool:
    if len(text) > _MAX_DATELINE_LETTERS or ends_sentence(text) or not any(map(str.isdigit, text)):
        return False
    return len(_WORD.findall(text)) <= _MAX_DATELINE_WORDS and parse_date(text) is not None
