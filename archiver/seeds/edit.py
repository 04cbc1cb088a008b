"""One change of front matter, turned into the exact pieces of text that it replaces."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from archiver.seeds.front_matter import Tree
from archiver.seeds.positions import BREAK, KeySpan, KeySpans
from archiver.seeds.scalars import STRING_TAG, Style, is_plain_safe, is_timestamp, quote

_BLANKS = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_QUOTES: dict[str, Style] = {'"': "double", "'": "single", "": "plain"}
_STYLES: tuple[Style, ...] = ("double", "single", "plain")


@dataclass(frozen=True, slots=True)
class Edit:
    """Set one top-level key to a string or a date."""

    key: str
    value: str
    after: str | None = None
    """None: the key is there and its value is replaced. Else the key is absent, and goes on a new line below this."""
    timestamp: bool = False
    """True for ISO 8601 text that should be a YAML timestamp; where a quoted value stood it is quoted all the same,
    and text that is no YAML timestamp (`2024-11`) is written as a string."""


class Splice(NamedTuple):
    """A piece of text that takes the place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str


class Writer:
    """Writes values and keys the way one file writes them."""

    def __init__(self, front: str, entries: KeySpans, root: Tree | None, newline: str) -> None:
        self.front = front
        self.flow = entries.flow
        self.newline = newline
        self._strings = _strings(root)
        self._styles: Counter[Style] = Counter(
            _QUOTES[entry.style]
            for entry in entries.items
            if entry.key in self._strings and entry.kind == "scalar" and front[entry.content_start] != "*"
        )
        gaps = Counter(
            gap for entry in entries.items if entry.kind != "empty" and (gap := self._gap(entry)) is not None
        )
        self._gap_of_file = gaps.most_common(1)[0][0] if gaps else " "

    def replace(self, entry: KeySpan, edit: Edit) -> Iterator[Splice]:
        """The pieces that give an entry a new value; what is not part of the old value stays."""
        value = self._value(edit, entry)
        if entry.colon_end is None:
            before = "" if self.flow else self.newline + self._indent(entry)
            yield Splice(entry.end, entry.end, f"{before}:{self._gap_of_file}{value}")
        elif entry.kind == "empty":
            yield self._fill(entry.colon_end, value)
        elif entry.kind == "block scalar":
            header = _BLOCK_HEADER.match(self.front, entry.content_start)
            header_end = header.end() if header else entry.content_start
            yield Splice(entry.value_start, header_end, value)
            line_end = self._line_end(header_end)
            yield Splice(line_end, max(line_end, entry.end), "")
        elif entry.kind == "block collection" and BREAK.search(self.front, entry.colon_end, entry.content_start):
            if entry.value_start < entry.content_start:
                yield Splice(entry.value_start, self._properties_end(entry), value)
            else:
                yield Splice(entry.colon_end, entry.colon_end, self._gap_of_file + value)
            yield Splice(self._line_before(entry.content_start), self._line_end(entry.end), "")
        else:
            yield Splice(entry.value_start, entry.end, value)

    def insert(self, anchor: KeySpan, edit: Edit) -> Splice:
        """The piece that puts a new entry right behind another one."""
        gap = self._gap(anchor)
        gap = (self._gap_of_file if gap is None else gap) or ("" if anchor.key_quote and self.flow else " ")
        key = quote(edit.key, _QUOTES.get(anchor.key_quote, "double"))
        entry = f"{key}:{gap}{self._value(edit, None)}"
        indent = self._indent(anchor)
        if self.flow:
            own_line = anchor.start > 0 and not self.front[self._line_start(anchor.start) : anchor.start].strip(" ")
            at = anchor.end
            if anchor.kind == "empty" and (blanks := _BLANKS.match(self.front, at)):
                at = blanks.end()
            return Splice(at, at, ("," + self.newline + indent if own_line else ", ") + entry)
        at = anchor.tail if anchor.keeps_breaks else self._next_line(anchor.end)
        return Splice(at, at, indent + entry + self.newline)

    def _value(self, edit: Edit, old: KeySpan | None) -> str:
        """The edit's value in the style that the file uses most and that can carry it.

        A tie goes to the style of the string that is replaced, then to double quotes.
        """
        replaced: Style | None = None
        if old is not None and old.kind == "scalar" and (old.style or old.key in self._strings):
            replaced = _QUOTES[old.style]
        if edit.timestamp and replaced in {None, "plain"} and is_timestamp(edit.value):
            return edit.value
        ranked = sorted(_STYLES, key=lambda style: (-self._styles[style], style != replaced))
        style = next(style for style in ranked if style != "plain" or (not self.flow and is_plain_safe(edit.value)))
        return quote(edit.value, style)

    def _fill(self, at: int, value: str) -> Splice:
        """Put a value where there is none: behind the blanks that are there, else behind a gap like the file's."""
        blanks = _BLANKS.match(self.front, at)
        end = blanks.end() if blanks else at
        if end > at and (end == len(self.front) or self.front[end] != "#"):
            return Splice(end, end, value)
        return Splice(at, at, self._gap_of_file + value)

    def _gap(self, entry: KeySpan) -> str | None:
        """The blanks between an entry's colon and its value; None when something else is there."""
        if entry.colon_end is None:
            return None
        gap = self.front[entry.colon_end : entry.value_start]
        return gap if entry.kind != "empty" and not gap.strip(" ") else None

    def _line_start(self, at: int) -> int:
        return max((match.end() for match in BREAK.finditer(self.front, 0, at)), default=0)

    def _line_before(self, at: int) -> int:
        """The end of the line before the one of `at`, before its break."""
        return max((match.start() for match in BREAK.finditer(self.front, 0, at)), default=0)

    def _line_end(self, at: int) -> int:
        match = BREAK.search(self.front, at)
        return match.start() if match else len(self.front)

    def _next_line(self, at: int) -> int:
        """The start of the next line, when only blanks and a comment follow on this one."""
        rest = _REST_OF_LINE.match(self.front, at)
        match = BREAK.match(self.front, rest.end() if rest else at)
        return match.end() if match else at

    def _indent(self, entry: KeySpan) -> str:
        return self.front[self._line_start(entry.start) : entry.start]

    def _properties_end(self, entry: KeySpan) -> int:
        """Behind the anchor and tag of a value."""
        line_end = self._line_end(entry.value_start)
        text = self.front[entry.value_start : line_end]
        return entry.value_start + len(re.sub(r"[ \t]+(?:#.*)?$", "", text))


def _strings(root: Tree | None) -> frozenset[str]:
    """The top-level keys whose value is a string that is not blank."""
    pairs = root[1] if root is not None and isinstance(root[1], list) else []
    return frozenset(str(key[1]) for key, value in pairs if value[0] == STRING_TAG and value[1].strip())
