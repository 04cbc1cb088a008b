"""Show what a file or a page has in it without obeying it: a terminal acts on control characters."""

from __future__ import annotations

import json
import re

_ACTING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What a terminal or a viewer may act on of that which JSON leaves as it is."""


def escape_control(text: str) -> str:
    r"""Return the text with its control and other invisible characters written as escapes.

    >>> escape_control("left\u202eright")
    'left\\u202eright'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\t" else c.encode("unicode_escape").decode() for c in text)


def json_text(value: object, indent: int | None = None) -> str:
    r"""Return JSON for people and programs: letters as they are, what a terminal acts on as JSON's own escapes.

    >>> json_text({"title": "left\u202eright, café"})
    '{"title": "left\\u202eright, café"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text if text.isprintable() else _ACTING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
