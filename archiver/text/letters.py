"""The letters of a text, for telling whether two texts say the same."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = re.compile(r"[^\W_]+")
_OTHER_ASCII = bytes(code for code in range(128) if not chr(code).isalnum())
_ASCII_LOWER = bytes(range(256)).lower()


def letters_key(text: str) -> str:
    """Letters and digits only, case folded.

    >>> letters_key("“It’s *over*”, he said.")
    'itsoverhesaid'
    """
    # Bytes lose characters faster than a text does, and what most texts lose is ASCII.
    if text.isascii():
        return text.encode().translate(_ASCII_LOWER, _OTHER_ASCII).decode()
    folded = unicodedata.normalize("NFKC", text).encode("utf-8", "surrogatepass").translate(None, _OTHER_ASCII)
    letters = folded.decode("utf-8", "surrogatepass")
    return (letters if letters.isalnum() else "".join(_LETTERS.findall(letters))).casefold()
