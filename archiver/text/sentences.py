"""Where sentences end, in the scripts that publishers write in."""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…:;»”\"'。！？।؟)]\W*$")


def ends_sentence(text: str) -> bool:
    """Return whether a text ends as a sentence does, or announces what follows: a label, a heading and a name do not.

    >>> ends_sentence("It is over.)"), ends_sentence("He said:"), ends_sentence("Ann Writer, Riga")
    (True, True, False)
    """
    return _END.search(text) is not None
