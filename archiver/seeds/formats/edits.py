"""Edits made in TOML or JSON front matter, held against the language's library before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from archiver.seeds.edit import Edit, Splice
from archiver.seeds.formats.language import Language, Values
from archiver.seeds.formats.load import agree
from archiver.seeds.formats.spans import Path, ScanError, Spans, path_of, value_at
from archiver.seeds.formats.writer import FrontWriter
from archiver.seeds.front_matter import MAX_BYTES, FrontMatterError
from archiver.seeds.scalars import has_lone_surrogate

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class _Front:
    """Front matter, with what scanner and library say of it; numbers with a point by their digits."""

    text: str
    spans: Spans
    values: Values

    @classmethod
    def read(cls, language: Language, text: str) -> _Front:
        """Raises ScanError."""
        spans, values = language.locate(text), language.parse(text, lambda digits: ("number", digits))
        if len(text.encode()) > MAX_BYTES or not agree(spans, values):
            raise ScanError(0, " cannot be read")
        return cls(text, spans, values)

    def value(self, path: Path) -> object:
        """The value at a path, or _ABSENT."""
        try:
            return value_at(self.values, path)
        except KeyError:
            return _ABSENT

    def is_made(self, edit: Edit) -> bool:
        """True when the key has the edit's value."""
        path = path_of(self.values, edit.key)
        value, wanted = self.value(path), edit.value
        if isinstance(wanted, tuple):
            return value == list(wanted)
        if isinstance(value, str):
            return value == wanted
        span = self.spans.find(path)
        is_date = edit.timestamp and isinstance(value, date) and span is not None
        return is_date and span is not None and self.text[span.start : span.end] == wanted

    def check_way(self, path: Path) -> None:
        """Raise FrontMatterError when something on the way to a path is no table."""
        for length in range(1, len(path)):
            value = self.value(path[:length])
            if value is not _ABSENT and value is not None and not isinstance(value, Mapping):
                what = "a list" if isinstance(value, list) else "a single value"
                raise FrontMatterError(
                    f"`{'.'.join(path[:length])}` is {what}, so it cannot hold `{'.'.join(path)}`; "
                    "make it a table, or name another key"
                )

    def differs_only_by(self, edits: Sequence[Edit], other: _Front) -> bool:
        """True when the other one has the edits made, and is the same in all else, the order of keys too."""
        undone = deepcopy(other.values)
        for edit in edits:
            path = path_of(other.values, edit.key)
            if not other.is_made(edit):
                return False
            table = value_at(undone, path[:-1])
            assert isinstance(table, dict)
            if edit.after is None:
                table[path[-1]] = self.value(path)
            else:
                self._remove(undone, path)
        # As text: 1 is True, one instant has many offsets, and NaN is no equal of itself.
        return repr(undone) == repr(self.values)

    def _remove(self, values: Values, path: Path) -> None:
        """Take a key out, and the tables above it that hold nothing else and are not here."""
        for length in range(len(path), 0, -1):
            table = value_at(values, path[: length - 1])
            assert isinstance(table, dict)
            name, old = path[length - 1], self.value(path[:length])
            if length == len(path) or (table[name] == {} and old is _ABSENT):
                del table[name]
            elif table[name] == {} and old is None:
                table[name] = None


def edit_front(language: Language, front: str, edits: Sequence[Edit], newline: str) -> str:
    """The front matter with the edits made.

    Edits whose key has the value already change nothing. Raises FrontMatterError when something else would change.
    """
    keys = [edit.key for edit in edits]
    if len(set(keys)) < len(keys):
        raise FrontMatterError("one key is to be changed twice; change it once")
    for edit in edits:
        if has_lone_surrogate(edit.key + "".join(edit.value)):
            what = f"the new value of `{edit.key}` holds half of a surrogate pair"
            raise FrontMatterError(f"{what}, which no file can hold; correct the source")
    before = _Front.read(language, front)
    due = [edit for edit in edits if not before.is_made(edit)]
    after = front
    try:
        after = _apply(language, front, due, newline)
        unharmed = before.differs_only_by(due, _Front.read(language, after))
    except ScanError:
        unharmed = False
    if not unharmed:
        names = ", ".join(f"`{edit.key}`" for edit in due)
        raise FrontMatterError(f"{names} cannot be changed without touching something else; change it by hand")
    return after


def _apply(language: Language, front: str, edits: Sequence[Edit], newline: str) -> str:
    """Make one edit after the other, replacements first; keys that go behind the same one keep their order."""
    behind: dict[tuple[str, Path], str] = {}
    for edit in sorted(edits, key=lambda edit: edit.after is not None):
        state = _Front.read(language, front)
        writer = FrontWriter(language, front, state.spans, newline)
        piece = _piece(state, edit, writer, behind)
        front = front[: piece.start] + piece.text + front[piece.end :]
    return front


def _piece(front: _Front, edit: Edit, writer: FrontWriter, behind: dict[tuple[str, Path], str]) -> Splice:
    path = path_of(front.values, edit.key)
    front.check_way(path)
    is_there = front.value(path) is not _ABSENT
    if edit.after is None:
        span = front.spans.find(path)
        if span is None:
            fault = f"`{edit.key}` is a table; name a key in it"
            raise FrontMatterError(fault if is_there else f"it has no key `{edit.key}` of its own; add the key")
        return writer.replace(span, edit)
    if is_there:
        raise FrontMatterError(f"it has a key `{edit.key}` already; change that one")
    place = (edit.after, path[:-1])
    name = behind.get(place, edit.after)
    anchor = front.spans.find(path_of(front.values, name)) if name else None
    if name and anchor is None and front.value(path_of(front.values, name)) is _ABSENT:
        raise FrontMatterError(f"it has no key `{edit.after}` to put `{edit.key}` after; add it by hand")
    behind[place] = edit.key
    return writer.insert(path, anchor, edit)
