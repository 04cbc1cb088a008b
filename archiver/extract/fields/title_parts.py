"""A text as a headline: without markup, without what its site puts around it, and whether it can be one at all."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archiver.extract.fields.site import SEPARATOR, SiteNames
from archiver.text.language_data import phrases
from archiver.text.letters import letters_key
from archiver.text.normalize import alnum_key, one_line, without_tags, words
from archiver.text.phrase_patterns import alternatives

_MAX_TITLE_LETTERS = 300
"""Characters; one fewer loses a headline of just this length, with more the text of a whole section passes for one. No
measurement is on record."""
_JUNK = frozenset(map(alnum_key, (*phrases("junk.titles"), "404", "null", "undefined", "none", "true", "false")))
"""Compact texts that are no headline; the last ones are what programs print where they have none."""
_NOT_FOUND = re.compile(rf"\b{alternatives(phrases('junk.within'))}\b|^(?:error\s*)?404\b")
_PLACEHOLDER = re.compile(r"\{\{|\$\{|<%")
"""What a script was to replace by text: `{{ cart.title }}`, `${title}`."""
_DATE_TAIL = re.compile(r"[\d\s./:,-]{6,}|\w+ \d{1,2}, \d{4}|\d{1,2}\.? \w+ \d{4}")


def clean(text: str) -> str:
    """The headline on one line, without markup."""
    return one_line(without_tags(one_line(text)))


def is_junk(text: str, names: SiteNames) -> bool:
    """True for what cannot be a headline: a site's name, a menu label, an error, the text of a whole section."""
    short = alnum_key(text)
    return (
        len(text) < 2
        or len(text) > _MAX_TITLE_LETTERS
        or not short
        or short in _JUNK
        or bool(_NOT_FOUND.search(text.lower()) or _PLACEHOLDER.search(text))
        or names.equals_name(text)
        or (names.is_name(text) and len(words(text)) <= 2)
    )


def strip_site_name(text: str, names: SiteNames, agreed: Iterable[str] = ()) -> str:
    """The headline without the names that its site puts before or after it; never empty.

    A part goes only with proof: it is a name of the site, a section behind such a name, a date, or the rest has the
    letters of one of the `agreed` headlines from other places of the page.
    """
    if not SEPARATOR.search(text):
        return _before_colon(text, names)
    known = {letters_key(other) for other in agreed} - {letters_key(text)}
    if (agreement := _by_agreement(text, known, names)) is not None:
        return agreement
    return _before(_after(text, names), names)


def _by_agreement(text: str, known: set[str], names: SiteNames) -> str | None:
    """The longest run of the text's parts that is one of the headlines; None when there is none."""
    cuts = list(SEPARATOR.finditer(text))[:8]
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
    runs = [text[start:end].strip() for start in starts for end in ends if start < end]
    for run in sorted(runs, key=len, reverse=True):
        if letters_key(run) in known and not is_junk(run, names) and len(words(run)) > 1:
            return run
    return None


def _after(text: str, names: SiteNames) -> str:
    while True:
        cut = _last_cut(text, names)
        if cut is None:
            return text
        text = cut


def _last_cut(text: str, names: SiteNames) -> str | None:
    """The text without a site's name at its end, together with the sections and dates that stand around that name."""
    matches = list(SEPARATOR.finditer(text))
    # A name may have a separator of its own.
    if whole := next((match for match in matches if names.equals_name(text[match.end() :])), None):
        head = text[: whole.start()].strip()
        return _sections_off(head, names) if alnum_key(head) else None
    end = len(text)
    loose = False
    for match in reversed(matches):
        tail = text[match.end() : end].strip()
        head = text[: match.start()].strip()
        if not alnum_key(head):
            return None
        if names.is_name(tail) or names.is_short_name(tail):
            return _sections_off(head, names)
        if not (
            names.is_section(tail) or _DATE_TAIL.fullmatch(tail) or (not loose and len(tail) <= 30 and len(matches) > 1)
        ):
            return None
        loose = True
        end = match.start()
    return None


def _sections_off(text: str, names: SiteNames) -> str:
    """The text without section names at its end."""
    for match in reversed(list(SEPARATOR.finditer(text))):
        head, tail = text[: match.start()].strip(), text[match.end() :].strip()
        if not alnum_key(head) or not (names.is_section(tail) or not tail) or len(head) < 10:
            break
        text = head
    return text


def _before(text: str, names: SiteNames) -> str:
    match = SEPARATOR.search(text)
    if match and names.is_name(text[: match.start()]) and len(words(text[match.end() :])) > 1:
        return text[match.end() :].strip()
    return _before_colon(text, names)


def _before_colon(text: str, names: SiteNames) -> str:
    match = re.match(r"([^:]{2,40}):\s+", text)
    if match and alnum_key(match[1]) in names.names and len(words(text[match.end() :])) > 1:
        return text[match.end() :].strip()
    return text
