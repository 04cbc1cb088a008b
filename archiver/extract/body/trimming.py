"""Blocks that a person would not have copied: repeated captions, links to other articles, headings of nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import zip_longest

from archiver.extract.body.pointers import without_pointers
from archiver.extract.markdown.blocks import Block
from archiver.extract.markdown.boilerplate_text import is_machinery
from archiver.extract.markdown.image_src import picture_key
from archiver.text.dates import parse_date
from archiver.text.escaping import escape_label
from archiver.text.letters import letters_key

_MARKUP = re.compile(r"^#{1,6}\s+|[*_`\\]|\[|\]\([^)]*\)|&(?:amp|#\d{2,3});")
_SENTENCE_END = re.compile(r"[.!?…:;»”\"'。！？।؟)]\W*$")
_MIN_CAPTION_LETTERS = 22
"""Letters from which a caption can be the beginning of the one above told again; with fewer a credit that begins as the
caption does is lost, with more short captions stay twice. No measurement is on record."""
_MAX_ANNOUNCEMENT_LETTERS = 40
"""Characters below which a line goes with the link that it announces; with fewer a line such as `More on this subject
in our dossier:` stays alone, with more a short sentence of the text is lost. No measurement is on record."""
_MAX_LABEL_LETTERS = 60
"""Characters below which a line without the end of a sentence is a label; with fewer a line of name, post and date
stays below the title, with more a paragraph without a full stop is lost. No measurement is on record."""
_WORD = re.compile(r"[^\W\d]+")
_MAX_DATELINE_LETTERS = 80
"""Characters of a line at the top that says when the text was written; with fewer one with agency, day and zone stays,
with more a sentence without a full stop is lost. At 60 one page of 675 was worse."""
_MAX_DATELINE_WORDS = 9
"""Words of such a line beside numbers; with fewer the same stays. At 6 one page of 675 was worse."""
_MIN_PROSE_LETTERS = 80
"""Characters from which a block at the top is prose, with fewer a section's name is, with more dialogue is none. No
measurement is on record."""
_MIN_PROSE_BLOCKS = 2
"""Blocks of prose below which a line with a date is part of a timeline; with one the line below a standfirst stays."""
_MAX_LAST_SECTION_SHARE = 0.15
"""Share of a text that a last section called `Related` or `About the author` has at most; with more a text called
so in the middle is lost. No measurement is on record."""
_MIN_LINKED_SHARE = 0.9
"""Share of a quotation that its links hold when it stands for a post; lower, and a sentence with a link behind it is
one, at 1 a post with a mark beside its link stays. No measurement is on record."""
_MAX_TITLE_BLOCKS = 8
"""Blocks at the top among which a title may stand; with fewer one below a gallery is repeated in the body, with more
what stands above a heading of the same words is lost. No measurement is on record."""


def trim_edges(found: list[Block], titles: Collection[str] = (), site: str = "") -> list[Block]:
    """The blocks without the title, captions told twice, links to other articles and headings that nothing follows.

    `site` is the name of the page's site, a label of its host; only links that stay on it lead to other articles.
    """
    kept = _drop_boilerplate(_without_last_section(_without_datelines(below_title(found, titles))), site)
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return _captions_as_alt_text(kept)


def below_title(found: list[Block], titles: Collection[str]) -> list[Block]:
    """What follows the title; short lines just below it, such as a name and a date, belong to it."""
    keys = {letters_key(title) for title in titles} - {""}
    at = next(
        (
            at
            for at, block in enumerate(found[:_MAX_TITLE_BLOCKS])
            if block.kind in ("heading", "paragraph") and letters_key(block.text) in keys
        ),
        None,
    )
    if at is None:
        return found
    before = [block for block in found[:at] if block.kind in ("image", "caption")]
    after = found[at + 1 :]
    start = 0
    while start < len(after) and (_is_facts(after[start]) or _is_line(after[start])):
        start += 1
    return [*before, *after[start:]]


def _without_last_section(found: list[Block]) -> list[Block]:
    """The blocks without a last short section whose heading says that it is none of the text."""
    at = next((at for at in range(len(found) - 1, -1, -1) if found[at].kind == "heading"), None)
    if at is None or not is_machinery(found[at].text.strip()):
        return found
    letters = sum(len(block.text) for block in found)
    last = sum(len(block.text) for block in found[at:])
    return found[:at] if last < _MAX_LAST_SECTION_SHARE * letters else found


def _without_datelines(found: list[Block]) -> list[Block]:
    """The blocks without the lines at the top that say when the text was written, and perhaps by whom."""
    kept: list[Block] = []
    prose = 0
    for at, block in enumerate(found):
        if prose >= _MIN_PROSE_BLOCKS:
            return [*kept, *found[at:]]
        if block.kind == "paragraph" and _is_dateline(block.text):
            continue
        kept.append(block)
        prose += block.kind in ("heading", "paragraph") and len(block.text) >= _MIN_PROSE_LETTERS
    return kept


def _is_dateline(text: str) -> bool:
    if len(text) > _MAX_DATELINE_LETTERS or _SENTENCE_END.search(text) or not any(map(str.isdigit, text)):
        return False
    return len(_WORD.findall(text)) <= _MAX_DATELINE_WORDS and parse_date(text) is not None


def _is_label(block: Block) -> bool:
    return len(block.text) < _MAX_LABEL_LETTERS and not _SENTENCE_END.search(block.text)


def _is_line(block: Block) -> bool:
    return block.kind == "paragraph" and _is_label(block)


def _is_facts(block: Block) -> bool:
    """True for a definition list of short lines: who, when, how often."""
    is_list = block.kind == "list" and block.source is not None and block.source.tag == "dl"
    return is_list and all(_is_label(replace(block, text=line)) for line in block.text.split("\n"))


def _drop_boilerplate(found: list[Block], site: str) -> list[Block]:
    kept: list[Block] = []
    captions: set[str] = set()
    images: set[str] = set()
    found, pointers = without_pointers(found, site)
    for at, block in enumerate(found):
        if block.kind == "image":
            picture = picture_key(block.markdown.rpartition("](")[2].removesuffix(")"))
            if picture not in images:
                images.add(picture)
                kept.append(block)
            continue
        # Letters tell only whether a caption is told twice.
        is_told_of = block.kind == "caption" or captions or (kept and kept[-1].kind == "caption")
        letters = letters_key(block.text) if is_told_of else ""
        if not block.text.strip() or (block.kind in ("caption", "paragraph") and letters in captions):
            continue
        if _is_told(block, letters, kept[-1:]):
            continue
        if block.kind == "caption":
            captions.add(letters)
        if _is_machinery(block):
            continue
        if at in pointers:
            # The line that announces a link goes with it.
            if (
                kept
                and kept[-1].kind == "paragraph"
                and len(kept[-1].text) < _MAX_ANNOUNCEMENT_LETTERS
                and _is_label(kept[-1])
            ):
                kept.pop()
            continue
        kept.append(block)
    return kept


def _is_machinery(block: Block) -> bool:
    # A post of another network that is not loaded yet is a link in a quotation.
    if block.kind == "quote":
        return block.linked >= _MIN_LINKED_SHARE * len(block.text)
    return block.kind in ("paragraph", "list", "heading") and is_machinery(block.text.strip())


def _is_told(block: Block, letters: str, last: list[Block]) -> bool:
    """True for a caption that is no more than a number, or the beginning of the caption above it told again."""
    if block.kind == "caption" and letters.isdecimal():
        return True
    # The end that is missing is the photographer's name; a paragraph that begins as the caption does is prose.
    beside = block.kind == "paragraph" and block.source is not None and block.source.tag != "p"
    told = block.kind == "caption" or beside
    above = letters_key(last[0].text) if told and last and last[0].kind == "caption" else ""
    return len(letters) >= _MIN_CAPTION_LETTERS and above.startswith(letters)


def _captions_as_alt_text(kept: list[Block]) -> list[Block]:
    """Images with a caption below them take it for their alternative text, as the seeds have it."""
    done: list[Block] = []
    for block, following in zip_longest(kept, kept[1:]):
        if block.kind == "image" and following is not None and following.kind == "caption":
            line = " ".join(following.text.split())
            address = block.markdown.rpartition("](")[2]
            done.append(replace(block, markdown=f"![{escape_label(line, '[', ']')}]({address}", text=line))
        else:
            done.append(block)
    return done


def without_title(markdown: str, title: str) -> str:
    """Markdown without a heading or paragraph at its top that only repeats the title."""
    wanted = letters_key(title)
    blocks = markdown.split("\n\n")
    for at, block in enumerate(blocks[:_MAX_TITLE_BLOCKS]):
        if wanted and not block.startswith("!") and letters_key(_MARKUP.sub("", block)) == wanted:
            return "\n\n".join(blocks[:at] + blocks[at + 1 :])
    return markdown
