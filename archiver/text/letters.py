"""The letters of a text, for telling whether two texts say the same."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[\W_]+")
_OTHER_ASCII = {code: None for code in range(128) if not chr(code).isalnum()}


def letters_key(text: str) -> str:
    """Letters and digits only, case folded.

    >>> letters_key("“It’s *over*”, he said.")
    'itsoverhesaid'
    """
    if text.isascii():
        return text.translate(_OTHER_ASCII).lower()
    return _OTHER.sub("", unicodedata.normalize("NFKC", text)).casefold()
