"""Paragraphs that are not the article's text: captions, credits, labels, offers of a paywall, links to other articles.

Where only one of two texts has such a paragraph, or both have different ones, the article is the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache

from archiver.repair.drift.facts import find_dates
from archiver.repair.drift.paragraphs import Paragraph
from archiver.repair.drift.words import find_words
from archiver.text.boilerplate_text import is_machinery
from archiver.text.language_data import phrases
from archiver.text.normalize import fold_punctuation
from archiver.text.phrase_patterns import alternatives
from archiver.text.sentences import ends_sentence

_MAX_CAPTION_LETTERS = 250
"""Characters of a paragraph below an image that can be its caption though no alternative text says so; with fewer
captions of two clauses are text, with more a paragraph that a page took away counts for nothing. Chosen by eye."""
_MAX_SHORT_CAPTION_LETTERS = 120
"""The same of one that ends as a sentence does, as most paragraphs do."""
_MAX_ASIDE_LETTERS = 500
"""Characters of a paragraph that can be anything but the article's text, the sum of what its kinds allow; more cost
time."""
_MIN_ALT_LETTERS = 15
"""Letters from which a part of an alternative text is a caption too; with fewer a word that it shares is one. Chosen by
eye."""
_MAX_OFFER_LETTERS = 200
"""Characters of a paywall's offer, as `verdict.paywall` has it for its lines."""
_MAX_CREDIT_LETTERS = 160
"""Characters of a line that credits somebody; with fewer an agency's reporters and editors are text, with more a
sentence that begins so is a credit. Chosen by eye."""
_MAX_BYLINE_LETTERS = 60
"""Characters of a line that names its author; with fewer two authors with their jobs are text, with more a sentence
that begins with "by" is a byline. Chosen by eye."""
_MAX_POINTER_LETTERS = 200
"""Characters behind a label such as "Read also:"; with fewer two headlines are text, with more a paragraph that begins
so is none. Chosen by eye."""
_MAX_AGENCY_LETTERS = 40
"""Characters between brackets that can be an agency's mark at the end of a text; with more a remark is one. Chosen by
eye."""
_MAX_TITLE_LETTERS = 150
"""Characters of a text's first paragraph that can be its title, where it does not end as a sentence does; with fewer
long headlines are text, with more the first paragraph in a script without full stops counts for less. Chosen by eye."""
_MAX_DATE_LETTERS = 80
"""Characters of a line that dates the article; with fewer a weekday and a zone are text, with more a sentence about a
date counts for nothing. Chosen by eye."""

_MAX_BESIDE_DATE_LETTERS = 20
"""Letters and digits of such a line beside the date; with fewer "Published on Thursday," is text, with more a short
sentence that has a date counts for nothing. Chosen by eye."""

_AGENCY = re.compile(r"[\W_]*(?:[A-Z]{2,8}(?:[ /][A-Z]{2,8})*|[(\[（［【][^()\[\]]{2,40}[)\]）］】])[\W_]*")
_FULL_STOPS = (".", "。", "।")
_SEPARATOR = r"\s*[:：/／=＝|｜]\s*"
_COPYRIGHT = re.compile(r"[\W_]*(?:©|\(c\)|copyright\b)", re.IGNORECASE)
_WHOLLY_EMPHASISED = re.compile(r"\s*(?P<mark>[*_]{1,3})(?=\S)[^\n]*(?<=\S)(?P=mark)\s*")


class Weight(IntEnum):
    """How far a paragraph counts where the other text has it not, or has it otherwise."""

    NONE = 0
    """Not at all."""
    PAIRED = 1
    """Only where the other text has it with other words."""
    FULL = 2


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says of its article beside the text: keys of titles, standfirst and names; alternative texts."""

    keys: frozenset[str]
    alts: frozenset[str]

    def shows(self, key: str) -> bool:
        """Whether a paragraph with such a key is a caption."""
        if key in self.alts:
            return True
        return any(
            min(len(key), len(alt)) >= _MIN_ALT_LETTERS and (key.startswith(alt) or alt.startswith(key))
            for alt in self.alts
        )


def weigh(paragraphs: Sequence[Paragraph], metadata: PageMetadata) -> list[Weight]:
    """Return the weight of each paragraph of a text."""
    weights: list[Weight] = []
    is_below_label = False
    for at, paragraph in enumerate(paragraphs):
        before = paragraphs[at - 1] if at else None
        weight = _weight(paragraph, before, metadata)
        if weight is not Weight.FULL and _is_label(paragraph.text):
            is_below_label = True
        elif is_below_label and _is_headline(paragraph):
            weight = Weight.NONE
        elif weight is Weight.FULL:
            is_below_label = False
        weights.append(weight)
    return weights


def _weight(paragraph: Paragraph, before: Paragraph | None, metadata: PageMetadata) -> Weight:
    text = paragraph.text
    if not paragraph.words or metadata.shows(paragraph.key):
        return Weight.NONE
    if paragraph.key in metadata.keys:
        # Many descriptions are the first paragraph: it counts where the other text has it edited.
        return Weight.PAIRED
    if len(text) > _MAX_ASIDE_LETTERS:
        return Weight.FULL
    if _is_aside(text):
        return Weight.NONE
    if paragraph.is_linked:
        return Weight.PAIRED
    if len(text) <= _MAX_CAPTION_LETTERS and (image := _image_of(paragraph, before)) is not None:
        if _WHOLLY_EMPHASISED.fullmatch(paragraph.markdown):
            return Weight.NONE
        has_alt = any(len(alt) >= _MIN_ALT_LETTERS for alt in image.alts)
        if not has_alt and (len(text) <= _MAX_SHORT_CAPTION_LETTERS or not ends_sentence(text)):
            return Weight.PAIRED
    is_title = before is None and len(text) <= _MAX_TITLE_LETTERS and not ends_sentence(text)
    return Weight.PAIRED if paragraph.is_heading or is_title else Weight.FULL


# Most paragraphs are the same in both texts.
@lru_cache(maxsize=4096)
def _is_aside(text: str) -> bool:
    """True for a line that is not the article's text wherever it stands."""
    return _is_label(text) or is_offer(text) or is_credit(text) or _is_date_line(text)


def _image_of(paragraph: Paragraph, before: Paragraph | None) -> Paragraph | None:
    """The image that a paragraph stands below, or has in it."""
    if paragraph.has_image:
        return paragraph
    return before if before is not None and before.has_image and not before.words else None


def _is_headline(paragraph: Paragraph) -> bool:
    """True for what can stand below "Related stories": links, headlines, pictures."""
    if not paragraph.words or paragraph.is_linked:
        return True
    lines = [line.strip(" \t>*_") for line in paragraph.markdown.splitlines()]
    # Lines of an item may be wrapped.
    is_list = lines[0].startswith(("-", "+", "•")) or lines[0][:1].isdigit()
    is_short = all(len(line) <= _MAX_POINTER_LETTERS and not ends_sentence(line) for line in lines)
    return is_short and (is_list or paragraph.is_heading)


def _is_label(text: str) -> bool:
    """True for a label, alone or before another article's headline."""
    if is_machinery(text):
        return True
    pointer = _label_before_text().match(fold_punctuation(text))
    return pointer is not None and len(text) - pointer.end() <= _MAX_POINTER_LETTERS and not text.endswith(_FULL_STOPS)


def is_offer(text: str) -> bool:
    """True for a line with which a paywall or a login stands in the text."""
    if len(text) > _MAX_OFFER_LETTERS:
        return False
    folded = fold_punctuation(text)
    return any(offer in folded for offer in _offers())


def is_credit(text: str) -> bool:
    """True for a line that says whose picture, text or report it is.

    >>> is_credit("Photo: Ann Example / AP"), is_credit("By Ann Example"), is_credit("By noon the wall had gone.")
    (True, True, False)
    """
    if len(text) > _MAX_CREDIT_LETTERS:
        return False
    if _COPYRIGHT.match(text) or (len(text) <= _MAX_AGENCY_LETTERS and _AGENCY.fullmatch(text)):
        return True
    folded = fold_punctuation(text).lstrip("([（［【-*_ ")
    if _credit_label().search(folded) or _credit_opening().match(folded):
        return True
    return len(text) <= _MAX_BYLINE_LETTERS and not ends_sentence(text) and _byline().match(folded) is not None


def _is_date_line(text: str) -> bool:
    """True for a line that dates the article, and says next to nothing beside that."""
    if len(text) > _MAX_DATE_LETTERS or ends_sentence(text) or not any(map(str.isdigit, text)):
        return False
    if any(fold_punctuation(text).startswith(stem) for stem in _changed()):
        return True
    dates = find_dates(text)
    starts, ends = [it[0] for it in dates], [it[1] for it in dates]
    beside = "".join(text[start:end] for start, end in zip([0, *ends], [*starts, len(text)], strict=True))
    return bool(dates) and len(find_words(beside).key) <= _MAX_BESIDE_DATE_LETTERS


@cache
def _offers() -> tuple[str, ...]:
    return tuple(map(fold_punctuation, (*phrases("paywall.offers"), *phrases("login.sentences"))))


@cache
def _changed() -> tuple[str, ...]:
    return tuple(map(fold_punctuation, phrases("date.changed")))


@cache
def _label_before_text() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*{alternatives(phrases('labels.whole'), 0)}\s*[:：>»▶→|]", re.IGNORECASE)


@cache
def _credit_label() -> re.Pattern[str]:
    # At the end of a caption, too.
    return re.compile(rf"(?:^|[\s(\[（［.。]){alternatives(phrases('credit.labels'))}{_SEPARATOR}(?:\S+\s*){{1,8}}$")


@cache
def _credit_opening() -> re.Pattern[str]:
    return re.compile(alternatives(phrases("credit.openings")))


@cache
def _byline() -> re.Pattern[str]:
    signature = alternatives(phrases("byline.signatures")) + rf"(?:{_SEPARATOR}|\s+)"
    opening = alternatives(phrases("byline.openings")) + _SEPARATOR
    return re.compile(rf"(?:{signature}|{opening})(?:[^\s]+\s*){{1,8}}$")


def known_keys(texts: Collection[str]) -> frozenset[str]:
    """Return the keys of texts that a page has beside its article's text."""
    return frozenset(key for text in texts if (key := find_words(text).key))
