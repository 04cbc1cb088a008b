"""Show what a file or a page has in it without obeying it: a terminal acts on control characters."""

from __future__ import annotations


def escape_control(text: str) -> str:
    r"""Return the text with its control and other invisible characters written as escapes.

    >>> escape_control("left\u202eright")
    'left\\u202eright'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)
