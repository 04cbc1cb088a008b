"""Words made into names of files that every file system takes and a person can read."""

from __future__ import annotations

import re
import unicodedata

from archiver.text.normalize import strip_accents

MAX_NAME_BYTES = 100
"""Bytes of a name in UTF-8, without what is put before and behind it: a date, a number and an ending take 25 more, and
encrypted folders (eCryptfs) take 143 in all. With fewer more headlines are cut. Chosen, not measured."""

_RESERVED = frozenset(
    # https://learn.microsoft.com/windows/win32/fileio/naming-a-file
    {"con", "prn", "aux", "nul", *(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")}
    # An index is a folder's own page to Hugo, Eleventy and Jekyll; the others are no posts to anybody.
    | {"index", "readme", "license", "changelog", "contributing"}
)
_ACCENTS = frozenset("\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328")
"""Accents that stand by themselves: on letters that no font has with them, and what is left of `İ` in lower case."""
_APOSTROPHES = re.compile(r"(?<=\w)['’ʼ](?=\w)")


def name_of(text: str) -> str:
    """Return the letters and digits of a text in lower case, with one hyphen where others stand between them.

    Latin letters lose their accents; other scripts stay as they are. Empty for a text without letters and digits.

    >>> name_of("Déjà vu: the mayor's 2nd term"), name_of("Новости дня"), name_of("…"), name_of("CON")
    ('deja-vu-the-mayors-2nd-term', 'новости-дня', '', 'con-post')
    """
    # No more is looked at than can have room, whatever a list calls a title.
    folded = _APOSTROPHES.sub("", unicodedata.normalize("NFC", text[: 8 * MAX_NAME_BYTES]).lower())
    name = re.sub("-+", "-", "".join(map(_spell, folded))).strip("-")
    name = _cut(unicodedata.normalize("NFC", name))
    return f"{name}-post" if name in _RESERVED else name


def name_key(path: str) -> str:
    """Return the form in which two paths are one to a file system that ignores case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _spell(char: str) -> str:
    """A character as it stands in a name: itself, its Latin letter without an accent, or a hyphen."""
    if char.isascii():
        return char if char.isalnum() else "-"
    if unicodedata.category(char)[0] not in "LNM":
        return "-"
    if char in _ACCENTS:
        return ""
    if unicodedata.name(char, "").startswith(("LATIN", "FULLWIDTH")):
        spelled = strip_accents(char)
        return spelled if spelled.isascii() and spelled.isalnum() else char
    return char


def _cut(name: str) -> str:
    """Return as much of a name as a file system takes, whole words where that leaves most of it."""
    whole = name.encode()
    if len(whole) <= MAX_NAME_BYTES:
        return name
    start = whole[:MAX_NAME_BYTES].decode(errors="ignore")
    words = start if name[len(start)] == "-" else start.rpartition("-")[0]
    if len(words) * 2 > len(start):
        return words.strip("-")
    # A letter keeps its marks: what they stand on goes with the first that has no room.
    while unicodedata.category(name[len(start)])[0] == "M" and start:
        start = start[:-1]
    return start.strip("-")
