"""Lists written the way one file's YAML has its lists: in brackets or on lines below, its indent, its quotes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from archiver.seeds.positions import BREAK, KeySpans, ListSpan
from archiver.seeds.scalars import Style, choose_style, is_plain_safe, quote

_BLANKS = re.compile(r"[ \t]*")
# What a plain scalar cannot hold in brackets, or some parser takes for a key there.
_FLOW_BREAKERS = re.compile(r"[\[\]{},:?]")
_QUOTES: dict[str, Style] = {'"': "double", "'": "single", "": "plain"}
INDENT_PER_LEVEL = 2
"""Blanks before a dash or an inner key, in a file that has none to go by. With fewer the lines still belong to their
key, but look like nothing that a generator's template writes. Chosen, not measured."""


class ListWriter:
    """Writes lists; `styles` counts the quotes of the file's other strings."""

    def __init__(self, front: str, spans: KeySpans, styles: Counter[Style], newline: str) -> None:
        self._front = front
        self._newline = newline
        self._scalar_styles = styles
        self._styles: dict[bool, Counter[Style]] = {False: Counter(), True: Counter()}
        forms, indents = Counter[bool](), Counter[int]()
        for _, entry in spans.walk():
            found = entry.listed
            if found is None or entry.flow:
                continue
            if not found.flow:
                indents[column(front, found.start) - column(front, entry.start)] += 1
            strings = [_QUOTES[mark] for mark, text in found.scalars if _is_string(mark, text)]
            forms[found.flow] += bool(strings)
            self._styles[found.flow].update(strings)
        self.is_flow = forms[True] > forms[False]
        self._indent = indents.most_common(1)[0][0] if indents else INDENT_PER_LEVEL

    def replace(self, found: ListSpan, items: Sequence[str]) -> tuple[int, int, str]:
        """Where a list's old items start and end, and the text of the new ones, in the form that the list has."""
        mark, text = found.scalars[0] if found.scalars else ("", "")
        replaced = _QUOTES.get(mark) if mark or is_plain_safe(text) else None
        return self._replace_flow(found, items, replaced) if found.flow else self._replace_block(found, items, replaced)

    def in_brackets(self, items: Sequence[str]) -> str:
        """A new list in brackets."""
        return "[" + ", ".join(self._quote(item, None, flow=True) for item in items) + "]"

    def on_lines(self, items: Sequence[str], indent: str) -> str:
        """The lines of a new list below a key of that indent, each after a line end."""
        before = self._newline + indent + " " * self._indent + "- "
        return "".join(before + self._quote(item, None, flow=False) for item in items)

    def _replace_flow(self, found: ListSpan, items: Sequence[str], replaced: Style | None) -> tuple[int, int, str]:
        lead, tail = self._front[found.start + 1 : found.first], self._front[found.last : found.end - 1]
        if found.last <= found.first or "#" in lead + tail:
            lead = tail = ""
        separator = "," + lead if BREAK.search(lead) else ", "
        text = separator.join(self._quote(item, replaced, flow=True) for item in items)
        return found.start + 1, found.end - 1, lead + text + tail

    def _replace_block(self, found: ListSpan, items: Sequence[str], replaced: Style | None) -> tuple[int, int, str]:
        gap = self._front[found.start + 1 : found.first]
        if not gap or gap.strip(" "):
            gap = " "
        end = found.end
        if self._front[end - column(self._front, end) : end].strip() == "-":
            # Behind the last dash there is nothing: its blanks go, those before a comment stay.
            blanks = _BLANKS.match(self._front, end)
            if blanks and (blanks.end() == len(self._front) or BREAK.match(self._front, blanks.end())):
                end = blanks.end()
        separator = self._newline + " " * column(self._front, found.start)
        text = separator.join("-" + gap + self._quote(item, replaced, flow=False) for item in items)
        return found.start, end, text

    def _quote(self, text: str, replaced: Style | None, *, flow: bool) -> str:
        counts = self._styles[flow] or self._styles[not flow] or self._scalar_styles
        may_be_plain = is_plain_safe(text) and not (flow and _FLOW_BREAKERS.search(text))
        return quote(text, choose_style(counts, replaced, may_be_plain=may_be_plain))


def column(front: str, at: int) -> int:
    """How many characters stand before a place on its line."""
    return at - max((match.end() for match in BREAK.finditer(front, 0, at)), default=0)


def _is_string(mark: str, text: str) -> bool:
    return mark in _QUOTES and bool(text.strip()) and (mark != "" or is_plain_safe(text))
