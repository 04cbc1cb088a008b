"""The letters of a text, for telling whether two texts say the same."""

from __future__ import annotations

import re
import unicodedata

_OTHER = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Letters and digits only, case folded.

    >>> key("“It’s *over*”, he said.")
    'itsoverhesaid'
    """
    return _OTHER.sub("", unicodedata.normalize("NFKC", text)).casefold()
