r"""Regular expressions out of texts as the languages' files hold them.

>>> alternatives(["news desk", "redaktion*", "# min read"])
'(?:\\d+\\s+min\\s+read|redaktion\\w*|news\\s+desk)'
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOTATION = {" ": r"\s+", "'": "['’]", "*": r"\w*", "#": r"\d+"}
"""What stands for more than itself in a text: an ending in any letters, a number."""


def alternatives(texts: Iterable[str], gap: str = "") -> str:
    """Return a group that matches any of the texts, longer ones first; `gap` is the pattern of `…` in a text."""
    notation = _NOTATION | ({"…": gap} if gap else {})
    longest_first = sorted(dict.fromkeys(texts), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(''.join(notation.get(c, re.escape(c)) for c in text) for text in longest_first)})"
