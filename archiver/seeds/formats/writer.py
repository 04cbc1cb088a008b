"""One edit of TOML or JSON front matter, turned into the piece of text that it replaces, as the file writes things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from archiver.seeds.edit import Edit, Splice
from archiver.seeds.formats.language import Language
from archiver.seeds.formats.lists import ListStyle
from archiver.seeds.formats.spans import Path, Spans, Style, ValueSpan
from archiver.seeds.scalars import HIDDEN

_GAP = re.compile(r"(?P<before>[ \t]*)(?P<sign>[=:])(?P<after>[ \t]*)")
_SEPARATOR = re.compile(r"[ \t]*(?:\r?\n[ \t]*)?,[ \t]*(?:\r?\n[ \t]*)?")
_ESCAPED_LETTER = re.compile(r"\\u(?P<code>[0-9A-Fa-f]{4})")
_QUOTED_DATE = re.compile(r"([\"'])[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:.]+(?:[Zz]|[+-][0-9:]+)?)?\1")
_ONE_LINE_STYLES: tuple[Style, ...] = ('"', "'")


class FrontWriter:
    """Writes values and keys the way one file writes them."""

    def __init__(self, language: Language, front: str, spans: Spans, newline: str) -> None:
        self.language = language
        self.front = front
        self.spans = spans
        self.newline = newline
        self._styles = Counter(
            span.style
            for span in spans.items
            if span.style in _ONE_LINE_STYLES and front[span.start + 1 : span.end - 1].strip()
        )
        self._ascii_only = front.isascii() and any(
            not HIDDEN.match(chr(int(match["code"], 16))) for match in _ESCAPED_LETTER.finditer(front)
        )

    def replace(self, span: ValueSpan, edit: Edit) -> Splice:
        """The piece that gives a key a new value."""
        return Splice(span.start, span.end, self._value(edit, span, self._indent(span) or ""))

    def insert(self, path: Path, anchor: ValueSpan | None, edit: Edit) -> Splice:
        """The piece that puts a new key behind another one of its table, else at the end of the table.

        A table that is not there is made, at the end of the one that it belongs in; `null` in its place gives way.
        """
        for length in range(1, len(path)):
            span = self.spans.find(path[:length])
            if span is not None and self.front[span.start : span.end] == "null":
                return Splice(span.start, span.end, self._object(path[length:], span, edit, self._indent(span)))
        number, neighbour = self._place(path, anchor)
        section = self.spans.sections[number]
        names = path[len(section.path) :]
        if section.comma_separated:
            return self._insert_member(number, neighbour, names, edit)
        return self._insert_line(section.start, neighbour, names, edit)

    def _place(self, path: Path, anchor: ValueSpan | None) -> tuple[int, ValueSpan | None]:
        """The number of the section that a new path belongs in, and the key there that it goes behind."""
        parent = path[:-1]
        siblings = [span for span in self.spans.items if span.path[:-1] == parent]
        if anchor is not None and anchor in siblings:
            return anchor.section, anchor
        number = next((number for number, section in enumerate(self.spans.sections) if section.path == parent), None)
        if number is None and siblings:
            return siblings[-1].section, siblings[-1]
        if number is None:
            paths = [section.path for section in self.spans.sections]
            number = max(
                (at for at, above in enumerate(paths) if above == parent[: len(above)]), key=lambda at: len(paths[at])
            )
        members = self.spans.members(number)
        return number, members[-1] if members else None

    def _insert_line(self, start: int, neighbour: ValueSpan | None, names: Path, edit: Edit) -> Splice:
        """A line of its own below a neighbour, or where a section starts."""
        at = start if neighbour is None else self._next_line(neighbour.end)
        indent = (self._indent(neighbour) if neighbour else None) or ""
        key = self._key(names, neighbour)
        line = indent + key + self._gap(neighbour, indent + key) + self._value(edit, None, indent)
        return Splice(at, at, line + self.newline)

    def _insert_member(self, number: int, neighbour: ValueSpan | None, names: Path, edit: Edit) -> Splice:
        """An entry behind a neighbour and a comma, or as the first one between two braces."""
        if neighbour is None:
            start = self.spans.sections[number].start
            return Splice(start, start, self._entry(names, None, edit, None))
        separator = self._separator(self.spans.members(number), neighbour)
        indent = separator.rpartition("\n")[2] if separator.rstrip(" \t").endswith("\n") else None
        return Splice(neighbour.end, neighbour.end, separator + self._entry(names, neighbour, edit, indent))

    def _entry(self, names: Path, neighbour: ValueSpan | None, edit: Edit, indent: str | None) -> str:
        """A key with its value, with the objects on the way to it; `indent` is None on a line that others share."""
        if self.language.dotted_keys or len(names) == 1:
            key = self._key(names, neighbour)
            return key + self._gap(neighbour, "") + self._value(edit, None, indent or "")
        head = self._key(names[:1], neighbour) + self._gap(neighbour, "")
        return head + self._object(names[1:], neighbour, edit, indent)

    def _object(self, names: Path, neighbour: ValueSpan | None, edit: Edit, indent: str | None) -> str:
        """A new JSON object that holds the key."""
        if indent is None:
            return "{" + self._entry(names, neighbour, edit, None) + "}"
        deeper = indent + self._indent_unit()
        return f"{{{self.newline}{deeper}{self._entry(names, neighbour, edit, deeper)}{self.newline}{indent}}}"

    def _separator(self, members: Sequence[ValueSpan], neighbour: ValueSpan) -> str:
        """What parts two entries of an object: as behind the neighbour, or before it, where it is not alone."""
        at = members.index(neighbour)
        for one, two in ((at, at + 1), (at - 1, at)):
            if one >= 0 and two < len(members):
                between = self.front[members[one].end : members[two].key_start]
                if _SEPARATOR.fullmatch(between):
                    return between
        indent = self._indent(neighbour)
        if indent is not None:
            return "," + self.newline + indent
        return ", " if self._gap(neighbour, "")[-1:] in {" ", "\t"} else ","

    def _key(self, names: Path, neighbour: ValueSpan | None) -> str:
        like = ""
        # A name that need not be quoted and is shows how the file has it.
        if neighbour and self.language.quote_key(neighbour.path[-1], "") == neighbour.path[-1]:
            mark = self.front[neighbour.key_end - 1]
            like = mark if mark in {'"', "'"} else ""
        return ".".join(
            [*(self.language.quote_key(name, "") for name in names[:-1]), self.language.quote_key(names[-1], like)]
        )

    def _gap(self, neighbour: ValueSpan | None, key: str) -> str:
        """What stands between a key and its value; `key` is the start of its line, to set it below the others."""
        gap = self._gap_of(neighbour) if neighbour else None
        if gap is None:
            return self.language.gap
        column = self._column_of_signs(neighbour) if neighbour and key else None
        if column is not None and column >= len(key):
            return " " * (column - len(key)) + gap["sign"] + gap["after"]
        if len(gap["before"]) > 1:
            return self.language.gap
        return gap[0]

    def _gap_of(self, span: ValueSpan) -> re.Match[str] | None:
        return _GAP.fullmatch(self.front, span.key_end, span.start)

    def _column_of_signs(self, neighbour: ValueSpan) -> int | None:
        """The column in which all keys of a section have their `=`; None when they have not, or are of one length."""
        columns: set[int] = set()
        lengths: set[int] = set()
        for span in self.spans.members(neighbour.section):
            gap = self._gap_of(span)
            if gap is None:
                return None
            columns.add(gap.start("sign") - self._line_start(span.key_start))
            lengths.add(span.key_end - span.key_start)
        return columns.pop() if len(columns) == 1 and len(lengths) > 1 else None

    def _value(self, edit: Edit, old: ValueSpan | None, indent: str) -> str:
        """The edit's value in the style that the file uses most and that can carry it."""
        value = edit.value
        if isinstance(value, tuple):
            indents = (indent, self._indent_unit())
            style = ListStyle.of(self.front, self.spans, old, self.newline, indents)
            return style.write([self._string(item, style.quote or self._style_of(old)) for item in value])
        if edit.timestamp and self._is_bare_date(edit, old) and self.language.is_date(value):
            return value
        return self._string(value, self._style_of(old))

    def _is_bare_date(self, edit: Edit, old: ValueSpan | None) -> bool:
        """True where a date needs no quotes: the old value had none, or there is none and no date of the file has."""
        if old is None:
            return not _QUOTED_DATE.search(self.front)
        is_blank = not self.front[old.start : old.end].strip("\"' \t\r\n")
        return old.style == "" or (edit.replaces_blank_text and is_blank)

    def _string(self, text: str, style: Style) -> str:
        return self.language.quote(text, style, ascii_only=self._ascii_only)

    def _style_of(self, old: ValueSpan | None) -> Style:
        """The quotes that the file uses most; those of a string on several lines stay.

        A tie goes to the style of the string that is replaced, then to double quotes.
        """
        if old and old.style in {'"""', "'''"}:
            return old.style
        replaced = old.style if old else '"'
        return max(_ONE_LINE_STYLES, key=lambda one: (self._styles[one], one == replaced, one == '"'))

    def _line_start(self, at: int) -> int:
        return self.front.rfind("\n", 0, at) + 1

    def _next_line(self, at: int) -> int:
        """The start of the next line; only blanks and a comment follow a value on its line."""
        found = self.front.find("\n", at)
        return found + 1 if found >= 0 else len(self.front)

    def _indent(self, span: ValueSpan) -> str | None:
        """The blanks before a key; None when it shares its line."""
        before = self.front[self._line_start(span.key_start) : span.key_start]
        return None if before.strip(" \t") else before

    def _indent_unit(self) -> str:
        """The blanks of one level: those of the first key that has any."""
        indents = (self._indent(span) for span in self.spans.items)
        return next((indent for indent in indents if indent), "  ")
