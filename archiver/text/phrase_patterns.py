r"""Regular expressions out of texts as the languages' files hold them.

>>> alternatives(["news desk", "redaktion*"])
'(?:redaktion\\w*|news\\s+desk)'
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOTATION = {" ": r"\s+", "'": "['’]", "*": r"\w*"}
"""What stands for more than itself in a text; the star is any ending of a word."""


def alternatives(texts: Iterable[str]) -> str:
    """Return a group that matches any of the texts, longer ones first."""
    longest_first = sorted(dict.fromkeys(texts), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(''.join(_NOTATION.get(c, re.escape(c)) for c in text) for text in longest_first)})"
