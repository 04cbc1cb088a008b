"""Whether a page's bytes end before the page does, where nothing says how many there should be."""

from __future__ import annotations

import re

_END = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
_RAW = re.compile(rb"<!--|<(script|style|textarea)\b", re.IGNORECASE)
"""Where something begins that holds no elements."""
_RAW_ENDS = {name: re.compile(rb"</" + name + rb"\b", re.IGNORECASE) for name in (b"script", b"style", b"textarea")} | {
    b"": re.compile(rb"-->")
}
_TAG = re.compile(rb"<(/?)(?:article|main|section|div)\b", re.IGNORECASE)
"""Elements whose end tag may not be left out (https://html.spec.whatwg.org/multipage/syntax.html#optional-tags)."""
_HEAD_BYTES = 256
"""Bytes of a page that show whether its letters have two bytes; in such a page the tags are not found. With fewer a
page that begins with blanks is read in vain; more cost nothing but are not needed. Chosen, not measured."""


def breaks_off(page: bytes) -> bool:
    """Return whether a page without its end tags ends in the middle of its markup.

    That is inside a tag, a comment or a script, or in a text within elements that must be closed and mostly are not. A
    sound page may leave `</body>` and `</html>` out, and then ends behind a tag.
    """
    if b"\0" in page[:_HEAD_BYTES] or b"<" not in page or _END.search(page):
        return False
    parts, position = [], 0
    while (start := _RAW.search(page, position)) is not None:
        end = _RAW_ENDS[(start[1] or b"").lower()].search(page, start.end())
        if end is None:
            return True
        parts.append(page[position : start.start()])
        position = end.start() if start[1] else end.end()
    markup = b"".join([*parts, page[position:]])
    if markup.rfind(b"<") > markup.rfind(b">"):
        return True
    if markup.rstrip().endswith(b">"):
        return False
    tags = [match[1] for match in _TAG.finditer(markup)]
    return 2 * tags.count(b"/") < len(tags)
