"""What stands below the last sentence of a text: labels, dates and links that announce or end something else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.extract.markdown.blocks import Block
from archiver.text.sentences import ends_sentence

_ANNOUNCEMENT_END = re.compile(r"[:：]\W*$")
_MAX_LABEL_LETTERS = 40
"""Characters below which a last line without the end of a sentence is a label; with fewer the name of a box that is
empty stays, with more a last line of verse or a signature with its post is lost. No measurement is on record."""
_MAX_LINE_LETTERS = 100
"""Characters below which a last line that is half links is one of tags, one that ends with a colon announces what is
not there, and one behind © says whose the text is; with fewer long rows of tags stay. At 200 two of 675 pages lost an
invitation or the terms of an agency, which their readers copied."""
_ADDRESS = re.compile(r"://|\bwww\.")
_MIN_LINKED_SHARE = 0.5
"""Share of such a line that its links hold; lower, and a sentence with a link and no full stop is lost, higher, and
tags with a label before them stay. No measurement is on record."""
_NETWORK = re.compile(
    r"\]\(https?://(?:[a-z-]{1,5}\.)?"
    r"(twitter|x|facebook|instagram|linkedin|tiktok|youtube|threads|pinterest|bsky|t)\.[a-z]{2,6}/"
)
_AUTHOR = re.compile(
    r"[\W_]*\[[^\[\]]*\]\([^()\s]*/(?:authors?|auteurs?|autor(?:en|es)?|staff|people|contributors?|writers?|our_people)/"
)
"""A paragraph that begins with the link to a person's page is about the person."""
_MAX_PERSON_LETTERS = 300
"""Characters below which a last paragraph says who wrote and where to follow them; with fewer whole biographies stay,
with more a last paragraph about a person is lost. No measurement is on record."""
_MIN_NETWORKS = 2
"""Networks to which its links lead; with one a thank-you to somebody is lost, which one of 675 pages has."""
_MAX_LINES = 4
"""Lines that are taken off a text; with fewer a box of five lines leaves some, with more a text that is made of short
lines loses its end. No measurement is on record."""
_MIN_PROSE_LETTERS = 80
"""Characters of the block above the lines from which it is prose; with fewer the last lines of a list in paragraphs go.
No measurement is on record."""


def without_closing_lines(found: Sequence[Block]) -> list[Block]:
    """The blocks without the lines at their end that say nothing of the article; prose must stand above them."""
    kept = list(found)
    for _ in range(_MAX_LINES):
        if not kept or not _is_closing(kept[-1]):
            break
        kept.pop()
    above = next((block for block in reversed(kept) if block.kind not in ("image", "caption")), None)
    is_prose = above is not None and len(above.text) >= _MIN_PROSE_LETTERS
    return kept if is_prose else list(found)


def _is_closing(block: Block) -> bool:
    """True for a label, a row of links, the announcement of what is not there, and who owns the text or wrote it."""
    if block.kind != "paragraph":
        return False
    text = block.text.strip()
    return _is_about_people(block, text) or (len(text) < _MAX_LINE_LETTERS and _is_label(block, text))


def _is_about_people(block: Block, text: str) -> bool:
    return len(text) < _MAX_PERSON_LETTERS and (
        _AUTHOR.match(block.markdown) is not None or len(set(_NETWORK.findall(block.markdown))) >= _MIN_NETWORKS
    )


def _is_label(block: Block, text: str) -> bool:
    if _ANNOUNCEMENT_END.search(text) or text.startswith("©"):
        return True
    # An address that is written out is there to be read.
    if ends_sentence(text) or _ADDRESS.search(text):
        return False
    return block.linked >= _MIN_LINKED_SHARE * len(text) if block.linked else len(text) < _MAX_LABEL_LETTERS
