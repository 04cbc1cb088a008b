"""Edits turned into the exact pieces of text that they replace, written the way one file writes its YAML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from archiver.seeds.edit import Edit, Splice
from archiver.seeds.front_matter import Tree
from archiver.seeds.lists import INDENT_PER_LEVEL, ListWriter, column
from archiver.seeds.positions import BREAK, KeySpan, KeySpans
from archiver.seeds.scalars import STRING_TAG, Style, choose_style, is_plain_safe, is_ruby_time, is_timestamp, quote

_BLANKS = re.compile(r"[ \t]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_NULL = re.compile(r"~|null|Null|NULL|")
_QUOTES: dict[str, Style] = {'"': "double", "'": "single", "": "plain"}


class Writer:
    """Writes values and keys the way one file writes them."""

    def __init__(self, front: str, spans: KeySpans, root: Tree | None, newline: str) -> None:
        self.front = front
        self.newline = newline
        self._spans = spans
        self._strings = frozenset(_string_paths(root))
        self._styles = self._count_styles(deep=False) or self._count_styles(deep=True)
        gaps = Counter(gap for entry in spans.items if entry.kind != "empty" and (gap := self._gap(entry)) is not None)
        self._gap_of_file = gaps.most_common(1)[0][0] if gaps else " "
        self._lists = ListWriter(front, spans, self._styles, newline)

    def replace(self, path: Sequence[str], entry: KeySpan, edit: Edit) -> Iterator[Splice]:
        """The pieces that give an entry a new value; what is not part of the old value stays."""
        if isinstance(edit.value, tuple) and entry.listed is not None:
            yield Splice(*self._lists.replace(entry.listed, edit.value))
            return
        if isinstance(edit.value, tuple) and not (entry.flow or self._lists.is_flow) and self._is_null(entry):
            yield from self._put_below(entry, self._lists.on_lines(edit.value, self._indent(entry)))
            return
        value = self._value(edit, self._replaced(path, entry), flow=entry.flow)
        if entry.colon_end is None:
            before = "" if entry.flow else self.newline + self._indent(entry)
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

    def insert(self, path: Sequence[str], edit: Edit, after: str) -> Iterator[Splice]:
        """The pieces that put a new entry behind another one of its mapping, or at its end; none where none can be."""
        spans, rest = self._spans, list(path)
        while len(rest) > 1 and (entry := spans.find(rest[:1])) is not None:
            if entry.inner is None or not entry.inner.items:
                yield from self._nest(entry, rest[1:], edit)
                return
            spans, rest = entry.inner, rest[1:]
        if not spans.items:
            return
        anchor = (spans.find([after]) if len(rest) == 1 else None) or spans.items[-1]
        indent = self._indent(anchor)
        entry_text = self._new_entry(rest, edit, anchor, indent)
        if spans.flow:
            own_line = anchor.start > 0 and not self.front[self._line_start(anchor.start) : anchor.start].strip(" ")
            at = anchor.end
            if anchor.kind == "empty" and (blanks := _BLANKS.match(self.front, at)):
                at = blanks.end()
            yield Splice(at, at, ("," + self.newline + indent if own_line else ", ") + entry_text)
            return
        at = anchor.tail if anchor.keeps_breaks else self._next_line(anchor.end)
        yield Splice(at, at, indent + entry_text + self.newline)

    def _nest(self, entry: KeySpan, path: Sequence[str], edit: Edit) -> Iterator[Splice]:
        """The pieces that make an entry without a value, or with `{}`, a mapping with one entry."""
        if entry.inner is not None and entry.inner.flow:
            text = self._new_entry(path, edit, entry, None)
            yield Splice(entry.content_start, entry.end, "{" + text + "}")
        elif self._is_null(entry):
            if entry.flow:
                text = self._new_entry(path, edit, entry, None)
                yield Splice(entry.colon_end or entry.end, entry.end, self._gap_of_file + "{" + text + "}")
                return
            indent = self._indent(entry) + " " * self._step()
            text = self._new_entry(path, edit, entry, indent)
            yield from self._put_below(entry, self.newline + indent + text)

    def _new_entry(self, path: Sequence[str], edit: Edit, model: KeySpan, indent: str | None) -> str:
        """A key with its value, and the keys that lead to it, written like the model; in braces without an indent."""
        flow = model.flow or indent is None
        key = quote(path[0], _QUOTES.get(model.key_quote, "double")) + ":"
        gap = self._gap(model)
        gap = (self._gap_of_file if gap is None else gap) or ("" if model.key_quote and flow else " ")
        if len(path) > 1 and flow:
            return key + gap + "{" + self._new_entry(path[1:], edit, model, None) + "}"
        if len(path) > 1:
            inner = (indent or "") + " " * self._step()
            return key + self.newline + inner + self._new_entry(path[1:], edit, model, inner)
        if isinstance(edit.value, tuple) and not flow and not self._lists.is_flow:
            return key + self._lists.on_lines(edit.value, indent or "")
        return key + gap + self._value(edit, None, flow=flow)

    def _value(self, edit: Edit, replaced: Style | None, *, flow: bool) -> str:
        """The edit's value in the style that the file uses most and that can carry it."""
        if isinstance(edit.value, tuple):
            return self._lists.in_brackets(edit.value)
        is_date = edit.timestamp and (is_timestamp(edit.value) or is_ruby_time(edit.value))
        if is_date and replaced in {None, "plain"}:
            return edit.value
        return quote(
            edit.value, choose_style(self._styles, replaced, may_be_plain=not flow and is_plain_safe(edit.value))
        )

    def _count_styles(self, *, deep: bool) -> Counter[Style]:
        """How often the file's strings have each style, those of inner mappings too or not."""
        return Counter(
            _QUOTES[entry.style]
            for path, entry in self._spans.walk()
            if (deep or len(path) == 1)
            and path in self._strings
            and entry.kind == "scalar"
            and self.front[entry.content_start] != "*"
        )

    def _replaced(self, path: Sequence[str], entry: KeySpan) -> Style | None:
        """The style of the string that an entry has."""
        is_string = entry.kind == "scalar" and (entry.style or tuple(path) in self._strings)
        return _QUOTES[entry.style] if is_string else None

    def _is_null(self, entry: KeySpan) -> bool:
        """True for a key whose value is null, without anchor and tag, and that has a colon."""
        plain = entry.kind in {"empty", "scalar"} and not entry.style and entry.value_start == entry.content_start
        return (
            plain
            and entry.colon_end is not None
            and _NULL.fullmatch(self.front, entry.content_start, entry.end) is not None
        )

    def _put_below(self, entry: KeySpan, lines: str) -> Iterator[Splice]:
        """Put lines, each after a line end, below a key that has no value; a comment on its line stays there."""
        colon_end = entry.colon_end or entry.end
        at = max(self._line_end(entry.end), entry.end)
        rest = _BLANKS.match(self.front, entry.end)
        if entry.kind != "empty" and rest:
            yield Splice(colon_end, rest.end() if rest.end() == at else entry.end, "")
        elif rest and rest.end() == at:
            yield Splice(colon_end, at, lines)
            return
        yield Splice(at, at, lines)

    def _step(self) -> int:
        """How many blanks deeper the file has the keys of an inner mapping."""
        steps = Counter(
            column(self.front, entry.inner.items[0].start) - column(self.front, entry.start)
            for _, entry in self._spans.walk()
            if entry.inner is not None and entry.inner.items and not entry.inner.flow
        )
        return steps.most_common(1)[0][0] if steps else INDENT_PER_LEVEL

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
        return at - column(self.front, at)

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
        """What new lines start with that belong beside an entry."""
        return re.sub(r"\S", " ", self.front[self._line_start(entry.start) : entry.start])

    def _properties_end(self, entry: KeySpan) -> int:
        """Behind the anchor and tag of a value."""
        line_end = self._line_end(entry.value_start)
        text = self.front[entry.value_start : line_end]
        return entry.value_start + len(re.sub(r"[ \t]+(?:#.*)?$", "", text))


def _string_paths(root: object, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of the keys whose value is a string that is not blank."""
    pairs = root[1] if isinstance(root, tuple) and isinstance(root[1], list) else []
    for pair in pairs:
        if not (isinstance(pair, tuple) and isinstance(pair[0], tuple)):
            continue
        (_, name), (tag, value) = pair
        if tag == STRING_TAG and value.strip():
            yield (*at, str(name))
        elif isinstance(value, list):
            yield from _string_paths(pair[1], (*at, str(name)))
