"""Whether the text of a page is only the teaser of an article behind a paywall."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archiver.extract.dom.jsonld import Node, strings
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, text_of
from archiver.extract.verdict.matching import UNSEEN, WIDE, normal, normal_phrases, volume

# In letters, as `volume` counts: a teaser is seldom longer than three paragraphs.
_MAX_TEASER_LETTERS = 1200
"""Letters below which a text is a teaser where a mark or a box says so, and above which a stated length is believed;
with fewer teasers of three paragraphs pass for articles, with more short articles do not. No measurement is on
record."""
_MAX_OFFERED_LETTERS = 1800
"""Letters below which an offer at the end makes a text a teaser; with fewer long teasers pass for articles, with more
whole articles that end in an offer do not. No measurement is on record."""
_MIN_WHOLE_LETTERS = 4000
"""Letters from which a text is never a teaser; with fewer long teasers pass for articles, with more marks on open
articles count. No measurement is on record."""
_STATED = re.compile(
    r'"isAccessibleForFree"\s*:\s*"?\s*(?:https?://schema\.org/)?(false|no\b|0|true|yes\b|1)', re.IGNORECASE
)
_MARKS = re.compile(r"^[#>*_+\s-]+")
_CUT = re.compile(r"(?:…|\.\.\.|\[…\]|\[\.\.\.\])[\s*_\])]*$")
_BOX_CLASSES = ("aywall", "egwall", "ay-wall", "subscriber-only", "subscription-wall", "premium-wall")
_BOX_IDS = ("aywall",)
_MAX_BOXES = 12
"""Elements named as paywalls that are looked at; with fewer the visible one behind hidden ones is missed, more cost
time. No measurement is on record."""
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def is_teaser(page: Page, markdown: str, size: int) -> bool:
    """Whether the body, of that `volume`, is an open beginning only.

    The mark `isAccessibleForFree` alone proves nothing: many sites send the whole text with it. It counts with a short
    or cut text; an offer counts without it where the text ends in one, or is short and no mark denies the wall.
    """
    if size >= _MIN_WHOLE_LETTERS:
        return False
    if size < _MAX_OFFERED_LETTERS and any(
        line.startswith(normal_phrases("paywall.offers")) for line in _last_lines(markdown)
    ):
        return True
    marked = _is_marked(page)
    if marked:
        return _is_cut(page, markdown, size)
    return marked is None and size < _MAX_TEASER_LETTERS and _has_box(page)


def declares_wall(page: Page, markdown: str) -> bool:
    """Whether the publisher says that the article is not free: by a mark, an offer at the end, or a box that is shown.

    What its data hold all the same is not read then.
    """
    marked = _is_marked(page)
    return marked is True or (marked is None and _has_box(page)) or is_teaser(page, markdown, volume(markdown))


def _is_marked(page: Page) -> bool | None:
    """Say what the page says: True for not free, False for free, None for nothing."""
    stated = [*_states(page.article_data), *(value.lower() for value in page.meta.get("isaccessibleforfree", ()))]
    if not stated:
        stated = [
            match[1].lower() for script in page.regions.linked_data for match in _STATED.finditer(script[:200_000])
        ]
    if not stated:
        return True if "locked" in page.meta.get("article:content_tier", ()) else None
    return stated[0].strip().rsplit("/", 1)[-1] in ("false", "no", "0")


def _states(node: Node | None) -> Iterable[str]:
    value = node.get("isAccessibleForFree") if node else None
    texts = (str(value),) if isinstance(value, bool | int) else strings(value)
    return [text.lower() for text in texts[:1]]


def _is_cut(page: Page, markdown: str, size: int) -> bool:
    node = page.article_data or {}
    whole = volume(" ".join(strings(node.get("articleBody"))))
    counted = next(
        (int(text) for text in strings(node.get("wordCount")) if text.isascii() and text.isdigit() and len(text) < 7), 0
    )
    # Five letters and a space make an average word; languages without spaces are counted by letters.
    declared = counted if WIDE.search(markdown[:500]) else 6 * counted
    if max(whole, declared) > 1.6 * size and max(whole, declared) > _MAX_TEASER_LETTERS:
        return True
    if _CUT.search(markdown[-20:]):
        return True
    if declared and size >= 0.75 * declared:
        return False
    return size < _MAX_TEASER_LETTERS or _has_box(page)


def _has_box(page: Page) -> bool:
    for box in _boxes(page)[:_MAX_BOXES]:
        if box.tag in UNSEEN or box.get("hidden") is not None or _HIDDEN.search(box.get("style") or ""):
            continue
        text = text_of(box, 1500)
        # A box around the article has the mark of the wall in its class too; an offer is short.
        if len(text) < 1500 and any(phrase in normal(text) for phrase in normal_phrases("paywall.offers")):
            return True
    return False


def _boxes(page: Page) -> list[Element]:
    """The elements whose class or id speaks of a wall."""
    return page.attribute_index.at(
        place
        for attribute, names in (("class", _BOX_CLASSES), ("id", _BOX_IDS))
        for value, places in page.attribute_index.values[attribute].items()
        if any(name in value for name in names)
        for place in places
    )


def _last_lines(markdown: str) -> Iterable[str]:
    # An offer is a line of its own; the same words inside a paragraph are the article's.
    lines = [_MARKS.sub("", normal(line)) for line in markdown[-1000:].splitlines() if line.strip()]
    return [line for line in lines[-4:] if len(line) < 200]
