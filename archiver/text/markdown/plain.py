"""The text that a reader of some Markdown sees."""

from __future__ import annotations

import re
from html import unescape

_LABEL = r"(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*"
"""What brackets hold; others in it come in pairs."""
_IMAGE = re.compile(rf"!\[(?P<alt>{_LABEL})\]\((?:[^()]|\([^()]*\))*\)")
_LINK = re.compile(rf"\[(?P<text>{_LABEL})\]\((?:[^()]|\([^()]*\))*\)")
_BLOCK_MARK = re.compile(r"(?m)^\s{0,3}(?:#{1,6}(?:\s+|$)|>\s?|[-*+]\s+|\d+[.)]\s+)")
_ESCAPED = re.compile(r"\\([^\w\s])")
_REFERENCE = re.compile(r"&(?:amp|#\d{2,3});")
"""The references that our own Markdown has."""
_EMPHASIS = re.compile(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))")


def markdown_to_text(markdown: str) -> str:
    r"""The text that a reader of some Markdown sees.

    >>> markdown_to_text("A **bold** [link](https://a.example/) and \\*star\\*")
    'A bold link and *star*'
    """
    text = _IMAGE.sub(r"\g<alt>", markdown)
    text = _LINK.sub(r"\g<text>", text)
    text = _BLOCK_MARK.sub("", text)
    # Escaped characters are put aside while marks are removed.
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(match[1])
        return "\0"

    text = _EMPHASIS.sub("", _ESCAPED.sub(aside, text))
    characters = iter(kept)
    text = re.sub("\0", lambda _: next(characters, ""), text)
    return _REFERENCE.sub(lambda found: unescape(found[0]), text)
