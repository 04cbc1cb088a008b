r"""Regular expressions out of texts as the languages' files hold them.

>>> alternatives(["news desk", "redaktion*"])
'(?:redaktion\\w*|news\\s+desk)'
>>> bool(re.fullmatch(alternatives(["photo # of #", "share this…"]), "photo 2 of 12"))
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable

PLATFORMS = "twitter|x|instagram|facebook|youtube|tiktok"
_MAX_GAP_LETTERS = 60
"""Characters that an ellipsis within a text stands for; with fewer an appeal with a subclause is no appeal, with more a
sentence of the article passes for one. No measurement is on record."""
_NOTATION = {" ": r"\s+", "'": "['’]", "*": r"\w*", "#": r"\d+", "@": f"(?:{PLATFORMS})"}
"""What stands for more than itself in a text: the star is any ending of a word, `#` a number, `@` a platform's name."""


def alternatives(texts: Iterable[str], max_rest: int | None = None) -> str:
    """Return a group that matches any of the texts, longer ones first.

    An ellipsis within a text stands for some letters; at its end, for as many as `max_rest`, or for any.
    """
    longest_first = sorted(dict.fromkeys(texts), key=lambda text: (-len(text), text))
    rest = ".*" if max_rest is None else f".{{0,{max_rest}}}"
    return f"(?:{'|'.join(_pattern(text, rest) for text in longest_first)})"


def _pattern(text: str, rest: str) -> str:
    body = text.removesuffix("…")
    parts = ("".join(_NOTATION.get(c, re.escape(c)) for c in part) for part in body.split("…"))
    gap = f".{{0,{_MAX_GAP_LETTERS}}}" + r"\b"
    return gap.join(parts) + (rest if body != text else "")
