"""The part of an address that repeats its article's headline."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from archiver.text.normalize import alnum_key, words

_ENDING = re.compile(r"\.\w{2,5}$")
_NUMBERS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def slug(*addresses: str) -> tuple[str, ...]:
    """The words of the longest worded part of the addresses' paths; none where no part has three words.

    Numbers and single letters are left out, accents and other alphabets as `words` has them.

    >>> slug("https://a.example/world/29/the-harbour-gets-a-new-wall.html")
    ('the', 'harbour', 'gets', 'new', 'wall')
    """
    best: tuple[str, ...] = ()
    for address in dict.fromkeys(addresses):
        for part in unquote(urlsplit(address).path).split("/"):
            said = slug_words_of(_ENDING.sub("", part).replace("_", " "))
            if len(said) >= max(3, len(best) + 1):
                best = said
    return best


def slug_words_of(text: str) -> tuple[str, ...]:
    """The words of a text that a slug would have."""
    return tuple(word for word in words(text) if len(word) > 1 and not any(map(str.isdigit, word)))


def letters(address: str) -> frozenset[str]:
    """The parts of the address's path as letters without gaps, for scripts that write none between words."""
    parts = unquote(urlsplit(address).path).split("/")
    return frozenset(alnum_key(_NUMBERS.sub("", _ENDING.sub("", part))) for part in parts) - {""}
