"""Blocks that a person would not have copied: repeated captions, links to other articles, headings of nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from itertools import zip_longest

from archiver.extract.body.closing import without_closing_lines
from archiver.extract.body.contents import without_contents
from archiver.extract.body.opening import MIN_PROSE_LETTERS, without_opening_lines
from archiver.extract.body.pointers import without_pointers
from archiver.extract.markdown.blocks import Block
from archiver.extract.markdown.elements.image_src import picture_key
from archiver.text.boilerplate_text import is_machinery
from archiver.text.letters import letters_key
from archiver.text.markdown.escaping import escape_label
from archiver.text.sentences import ends_sentence

_MARKUP = re.compile(r"^#{1,6}\s+|[*_`\\]|\[|\]\([^)]*\)|&(?:amp|#\d{2,3});")
_LESSER_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_MIN_CAPTION_LETTERS = 22
"""Letters from which a caption can be the beginning of the one above told again; with fewer a credit that begins as the
caption does is lost, with more short captions stay twice. No measurement is on record."""
_MAX_ANNOUNCEMENT_LETTERS = 40
"""Characters below which a line goes with the link that it announces; with fewer a line such as `More on this subject
in our dossier:` stays alone, with more a short sentence of the text is lost. No measurement is on record."""
_MAX_LABEL_LETTERS = 60
"""Characters below which a line without the end of a sentence is a label; with fewer a line of name, post and date
stays below the title, with more a paragraph without a full stop is lost. No measurement is on record."""
_MAX_LAST_SECTION_SHARE = 0.15
"""Share of a text that a last section called `Related` or `About the author` has at most; with more a text called
so in the middle is lost. No measurement is on record."""
_MAX_LAST_SECTION_BLOCKS = 3
"""Blocks of prose that such a section has at most; with fewer the teasers of related articles stay, with more the end
of a text goes with the heading `Read also` between its paragraphs. At 4 one page of 675 loses its end; at 3 one keeps
four teasers.
"""
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
    text = without_contents(without_opening_lines(below_title(found, titles)))
    kept = _drop_boilerplate(_without_last_section(text), site)
    while kept and kept[-1].kind == "heading":
        kept.pop()
    return _captions_as_alt_text(without_closing_lines(kept))


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
    if at is None or _is_section(found[at], found[:at]):
        return found
    before = [block for block in found[:at] if block.kind in ("image", "caption")]
    after = found[at + 1 :]
    start = 0
    while start < len(after) and (_is_facts(after[start]) or _is_line(after[start])):
        start += 1
    return [*before, *after[start:]]


def _is_section(title: Block, above: list[Block]) -> bool:
    """True for a lesser heading of the title's words below the beginning of a text: it heads a section."""
    is_lesser = title.source is not None and title.source.tag in _LESSER_HEADINGS
    return is_lesser and any(len(block.text) >= MIN_PROSE_LETTERS and ends_sentence(block.text) for block in above)


def _without_last_section(found: list[Block]) -> list[Block]:
    """The blocks without a last short section whose heading says that it is none of the text."""
    at = next((at for at in range(len(found) - 1, -1, -1) if found[at].kind == "heading"), None)
    if at is None or not is_machinery(found[at].text.strip()):
        return found
    prose = [block for block in found[at:] if block.kind == "paragraph" and len(block.text) >= MIN_PROSE_LETTERS]
    # Where the heading of a box stands between the paragraphs, the text goes on below it.
    if len(prose) > _MAX_LAST_SECTION_BLOCKS:
        return found
    letters = sum(len(block.text) for block in found)
    last = sum(len(block.text) for block in found[at:])
    return found[:at] if last < _MAX_LAST_SECTION_SHARE * letters else found


def _is_label(block: Block) -> bool:
    return len(block.text) < _MAX_LABEL_LETTERS and not ends_sentence(block.text)


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
        if not _is_visible(block.text) or (block.kind in ("caption", "paragraph") and letters in captions):
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


def _is_visible(text: str) -> bool:
    """False for white space and for the joiners that editors leave in an empty paragraph."""
    return any(letter.isprintable() and not letter.isspace() for letter in text)


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
