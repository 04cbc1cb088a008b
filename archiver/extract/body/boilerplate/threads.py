"""Readers' comments that no class names: told by their shape, entries in a row, each with a name and a date."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import islice

from archiver.extract.dom.regions import Element

_NAME = re.compile(
    r"(?:^|[\s_-])(?:authors?|autor|user(?:name)?|nick(?:name)?|poster|fn|vcard|avatar)(?:$|[\s_-])", re.IGNORECASE
)
_DATE = re.compile(r"(?:^|[\s_-])(?:date|time|datetime|timestamp|ago|when|fecha|datum|data)(?:$|[\s_-])", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "figure")
_MIN_ENTRIES = 4
"""Entries of one class side by side; with three the sections of a report by three people are comments. No measurement
is on record."""
_MIN_ENTRY_LETTERS = 10
"""Characters of an entry that count; with fewer rows of buttons do. No measurement is on record."""
_MAX_LOOKED_AT = 6
"""Entries of a row whose parts are looked at; a limit for time: the rest is as they are."""
_MIN_MARKED_SHARE = 0.75
"""Share of the entries that have name and date; lower, and sections of which some are signed are comments, at 1 a
thread with an entry that was deleted is none. No measurement is on record."""
_MIN_TEXT_BEFORE = 250
"""Characters of text above the entries; with fewer the first posts of a forum, or a live report, are comments. No
measurement is on record."""


_MIN_TEXT_BEFORE_NAMED = 80
"""The same where a frame is called comments: a report of one sentence. No measurement is on record."""
_MAX_DEPTH = 50
"""Levels around a text that are looked at; it bounds the time on elements that nest without end."""


def find_threads(
    stretches: Mapping[Element, int], weight: Mapping[Element, int], is_called_comments: Callable[[Element], bool]
) -> list[Element]:
    """The entries of all threads of comments; `stretches` and `weight` are those of `density.Survey`."""
    rows: dict[tuple[Element, str, str], list[Element]] = defaultdict(list)
    for element, letters in weight.items():
        name = element.get("class")
        above = element.getparent() if name else None
        if above is not None and name and letters >= _MIN_ENTRY_LETTERS:
            rows[above, element.tag, name].append(element)
    threads = [row for row in rows.values() if len(row) >= _MIN_ENTRIES and _is_thread(row)]
    before = _texts_before(stretches) if threads else {}
    return [entry for row in threads if before.get(row[0], 0) >= _least(row[0], is_called_comments) for entry in row]


def _least(entry: Element, is_called_comments: Callable[[Element], bool]) -> int:
    around = (entry, *islice(entry.iterancestors(), _MAX_DEPTH))
    return _MIN_TEXT_BEFORE_NAMED if any(map(is_called_comments, around)) else _MIN_TEXT_BEFORE


def _is_thread(row: list[Element]) -> bool:
    looked = row[:_MAX_LOOKED_AT]
    if any(next(entry.iter(*_HEADINGS), None) is not None for entry in looked):
        return False
    return sum(_is_signed(entry) for entry in looked) >= _MIN_MARKED_SHARE * len(looked)


def _is_signed(entry: Element) -> bool:
    name = date = False
    for part in entry.iterdescendants():
        names, dates = _signs(f"{part.get('class') or ''} {part.get('itemprop') or ''}")
        name = name or names or part.get("rel") == "author"
        date = date or dates or part.tag == "time"
        if name and date:
            return True
    return False


# Entries of one thread, and those of all pages of one site, are made of the same classes.
@lru_cache(maxsize=4096)
def _signs(said: str) -> tuple[bool, bool]:
    """Whether a class speaks of a name, and of a date."""
    return _NAME.search(said) is not None, _DATE.search(said) is not None


def _texts_before(stretches: Mapping[Element, int]) -> dict[Element, int]:
    """The characters of text that stand above each element on its page."""
    before: dict[Element, int] = {}
    length = 0
    for element, own in stretches.items():
        for around in (element, *islice(element.iterancestors(), _MAX_DEPTH)):
            if around in before:
                break
            before[around] = length
        length += own
    return before
