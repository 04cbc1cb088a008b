"""Where the keys and values of TOML or JSON front matter stand, in characters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from archiver.seeds.front_matter import MAX_DEPTH, MAX_NODES

Path = tuple[str, ...]
"""The names that lead to a value, from the root on."""
Style = Literal['"', "'", '"""', "'''", "[", "{", ""]
"""What a value begins with: a quotation mark, a bracket, or nothing for a number, a date or a word."""


class ScanError(Exception):
    """What stands where the format allows it not."""

    def __init__(self, at: int, clause: str) -> None:
        super().__init__(clause)
        self.at = at
        """Where, in characters from the start of the front matter."""
        self.clause = clause
        """What follows `line 3` in a sentence."""


@dataclass(frozen=True, slots=True)
class ValueSpan:
    """One key with its value."""

    path: Path
    section: int
    """The number of the section that it is written in."""
    key_start: int
    key_end: int
    start: int
    """Where the value starts."""
    end: int
    """Behind the last character of the value."""
    style: Style


@dataclass(frozen=True, slots=True)
class Section:
    """A place that keys are written in: the root, what follows a TOML header, an inline table, a JSON object."""

    path: Path
    start: int
    """Where its first key could stand."""
    comma_separated: bool
    """True where commas part the keys: in an inline table and in JSON. Else each key has a line of its own."""


@dataclass(frozen=True, slots=True)
class Spans:
    """All keys with their values, but for those within lists: no path leads there."""

    sections: tuple[Section, ...]
    items: tuple[ValueSpan, ...]
    lists: frozenset[Path] = frozenset()
    """The paths of lists whose items are TOML tables below headers."""

    def find(self, path: Path) -> ValueSpan | None:
        """The span of a path's value."""
        return next((span for span in self.items if span.path == path), None)

    def members(self, section: int) -> list[ValueSpan]:
        """What is written in a section, in the order in which it stands."""
        return [span for span in self.items if span.section == section]


class Scanner:
    """A position that walks over a text; what both formats have in common."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.nodes = 0
        self.sections: list[Section] = []
        self.items: list[ValueSpan] = []

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Go behind what matches here, if anything does."""
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """What matches here, having gone behind it; None when nothing does."""
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def sees(self, *tokens: str) -> bool:
        """True when the text goes on with one of the tokens."""
        return self.text.startswith(tokens, self.at)

    def open_section(self, path: Path, *, comma_separated: bool) -> int:
        """Begin a section here; its number."""
        self.sections.append(Section(path, self.at, comma_separated))
        return len(self.sections) - 1

    def enter(self) -> None:
        """Note that a collection starts here."""
        self.depth += 1
        self.check_depth(self.depth)

    def check_depth(self, depth: int) -> None:
        """Refuse what parsers would recurse into."""
        if depth > MAX_DEPTH:
            self.refuse(f": it is nested more than {MAX_DEPTH} levels deep; make it flatter")

    def count(self) -> None:
        """Note that a value starts here."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(f": it has more than {MAX_NODES} values; make it smaller")

    def refuse(self, clause: str, at: int | None = None) -> NoReturn:
        """Say what is wrong here, or at another place."""
        raise ScanError(self.at if at is None else at, clause)


def path_of(values: Mapping[str, object], key: str) -> Path:
    """The path that a dotted key stands for; a top-level key that contains the dots itself comes first."""
    return (key,) if key in values else tuple(key.split("."))


def value_at(values: Mapping[str, object], path: Path) -> object:
    """The value at a path. Raises KeyError when there is none."""
    value: object = values
    for name in path:
        if not isinstance(value, Mapping):
            raise KeyError(name)
        value = value[name]
    return value


def leaves(values: Mapping[str, object], above: Path = ()) -> set[Path]:
    """The paths of all values that are no tables, and of empty tables."""
    found: set[Path] = set()
    for name, value in values.items():
        path = (*above, name)
        found |= leaves(value, path) if isinstance(value, Mapping) and value else {path}
    return found
