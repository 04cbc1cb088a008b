"""What the reader and the writer of front matter have to know of its language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from archiver.seeds.formats.spans import Spans, Style

Values = dict[str, object]


class Language(Protocol):
    """TOML or JSON."""

    name: str
    """As people write it."""
    gap: str
    """What usually stands between a key and its value."""
    dotted_keys: bool
    """True when one key can name a path; else each table on the way is written out."""

    def locate(self, front: str) -> Spans:
        """Find the keys. Raises ScanError."""
        ...

    def parse(self, front: str, parse_float: Callable[[str], object]) -> Values:
        """Read the values with the language's library. Raises ScanError."""
        ...

    def quote(self, text: str, style: Style, *, ascii_only: bool) -> str:
        """The text as a string on one line, in the style when it can carry the text."""
        ...

    def quote_key(self, name: str, like: str) -> str:
        """One name of a key, quoted like another one where it need not be."""
        ...

    def is_date(self, text: str) -> bool:
        """True when the text without quotes is a date or a time of a date that exists."""
        ...
