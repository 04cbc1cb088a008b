"""One change of front matter, and the exact piece of text that it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Edit:
    """Set one key to a string, a date or a list of strings."""

    key: str
    """A name, or a path of names with a dot between them: `params.source_url`."""
    value: str | tuple[str, ...]
    """A tuple is a list; it has at least one item."""
    after: str | None = None
    """None: the key is there and its value is replaced. Else the key is absent, and goes on a new line below this one
    where both belong to one mapping, else (`""`) to the end of its mapping, which is made where there is none."""
    timestamp: bool = False
    """True for ISO 8601 text that should be a YAML timestamp or a TOML date; where a quoted value stood it is quoted
    all the same, and text that is neither (`2024-11`) is written as a string."""
    replaces_blank_text: bool = False
    """True when such text takes the place of a blank string as a TOML date: TOML has no null for a date to come."""


class Splice(NamedTuple):
    """A piece of text that takes the place of the characters from `start` to before `end`."""

    start: int
    end: int
    text: str
