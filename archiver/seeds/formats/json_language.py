"""JSON: its library, and how its strings are written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import cast

from archiver.seeds.formats.json_spans import has_braces, locate_json
from archiver.seeds.formats.language import Values
from archiver.seeds.formats.spans import ScanError, Spans, Style
from archiver.seeds.scalars import HIDDEN

_LONG_NUMBER = re.compile(r"[0-9]{4000}")


class JsonLanguage:
    """JSON by RFC 8259."""

    name = "JSON"
    gap = ": "
    dotted_keys = False

    def __init__(self, *, optional_braces: bool = False) -> None:
        self._optional_braces = optional_braces

    def locate(self, front: str) -> Spans:
        """Find the keys. Raises ScanError."""
        if not self._optional_braces and not has_braces(front):
            raise ScanError(0, " is not valid JSON (it begins with no `{`); put the fields between `{` and `}`")
        return locate_json(front)

    def parse(self, front: str, parse_float: Callable[[str], object]) -> Values:
        """Read the values. Raises ScanError."""
        try:
            values = json.loads(front if has_braces(front) else "{" + front + "}", parse_float=parse_float)
        except json.JSONDecodeError as error:
            raise ScanError(error.pos, f" is not valid JSON ({error.msg}); correct it") from error
        except ValueError as error:
            number = _LONG_NUMBER.search(front)
            raise ScanError(number.start() if number else 0, ": a number is too long; put it in quotes") from error
        return cast("Values", values)

    def quote(self, text: str, style: Style, *, ascii_only: bool) -> str:
        """The text as a string; there is one style."""
        return HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=ascii_only))

    def quote_key(self, name: str, like: str) -> str:
        """One name of a key; there is one style."""
        return self.quote(name, '"', ascii_only=False)

    def is_date(self, text: str) -> bool:
        """False: JSON has dates as strings only."""
        return False
