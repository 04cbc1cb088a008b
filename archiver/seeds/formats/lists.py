"""Lists of strings, written as a file writes its lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from archiver.seeds.formats.spans import Spans, Style, ValueSpan

_START = re.compile(r"\[(?P<lead>(?:\s|#[^\n]*\n)*)(?P<mark>[\"']?)")
_END = re.compile(r"(?P<comma>,?)(?P<tail>(?:\s|#[^\n]*\n)*)\]\Z")
_LAST_LINE = re.compile(r"\r?\n[ \t]*\Z")
_FIRST_COMMA = re.compile(r"\[\s*(?P<mark>[\"'])[^\"'\n]*(?P=mark)(?P<comma>\s*,[ \t]*)[\"']")
_EMPTY = re.compile(r"\[\s*(?:(?:\"\s*\"|'\s*'|null)\s*,?\s*)*\]\Z")


@dataclass(frozen=True, slots=True)
class ListStyle:
    """How the lists of one file are laid out."""

    lead: str = ""
    """What stands between the opening bracket and the first item."""
    comma: str = ", "
    """What stands between two items of a list on one line."""
    last_comma: str = ""
    tail: str = ""
    """What stands between the last item and the closing bracket."""
    quote: Style | None = None
    """The mark that its first item is quoted with; None where that is no string."""

    @classmethod
    def of(cls, front: str, spans: Spans, old: ValueSpan | None, newline: str, indents: tuple[str, str]) -> ListStyle:
        """The style of the list that is replaced, or of the first one in the file when that one holds nothing.

        `indents` are those of the line that the new list begins on, and of one level.
        """
        texts = {
            span: front[span.start : span.end] for span in (*filter(None, [old]), *spans.items) if span.style == "["
        }
        span, text = next(((span, text) for span, text in texts.items() if not _EMPTY.match(text)), (None, "[]"))
        start, end, comma = _START.match(text), _END.search(text), _FIRST_COMMA.match(text)
        assert start is not None
        assert end is not None
        style = cls(
            lead=_without_comments(start["lead"]),
            comma=comma["comma"] if comma and "\n" not in comma["comma"] else ", ",
            last_comma=end["comma"],
            tail=_without_comments(end["tail"]),
            quote=cast("Style", start["mark"]) or None,
        )
        if span is old or "\n" not in style.lead:
            return style
        return cls(newline + "".join(indents), ", ", style.last_comma, newline + indents[0], style.quote)

    def write(self, items: list[str]) -> str:
        """The list; each item on a line of its own where the first one has one."""
        if not items:
            return "[]"
        comma = "," + self.lead if "\n" in self.lead else self.comma
        return "[" + self.lead + comma.join(items) + self.last_comma + self.tail + "]"


def _without_comments(blanks: str) -> str:
    """The blanks before an item or a bracket: what stands on its own line, where it has one."""
    last = _LAST_LINE.search(blanks)
    return last[0] if last else blanks
