"""TOML: its library, and how its strings are written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from datetime import date
from typing import cast

from archiver.seeds.formats.language import Values
from archiver.seeds.formats.spans import ScanError, Spans, Style
from archiver.seeds.formats.toml_spans import locate_toml
from archiver.seeds.scalars import HIDDEN

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
# https://toml.io/en/v1.0.0#string
_ESCAPED = re.compile(HIDDEN.pattern[:-1] + r'"\\]')
_ESCAPED_TO_ASCII = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e]")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
# https://toml.io/en/v1.0.0#offset-date-time
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9:]{8}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9:]{5})?)?")
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
_LONG_NUMBER = re.compile(r"[0-9_]{4000}")

_PLAIN_WORDS = (
    # What tomllib says, and what a person can do with it.
    ("Cannot declare", "a table is there twice; put its keys under one of them"),
    ("Cannot overwrite", "a key is there twice, or is a value and a table; remove one of them"),
    ("Cannot redefine", "a table is there twice, by name and in a dotted key; put its keys under one of them"),
    ("Cannot mutate", "an inline table or a list is closed and gets another key; write the key into it"),
    ("Duplicate inline", "a key is there twice in an inline table; remove one of them"),
    ("Invalid date", "a date does not exist; correct it"),
    ("Unescaped", "a backslash in double quotes has to be doubled; double it"),
    ("Illegal character", "a control character or a line break stands in quotes; write it as an escape"),
    ("invalid character", "a control character stands where none may; remove it"),
    ("Expected newline", "text stands behind a value; remove it or put it in quotes"),
)


class TomlLanguage:
    """TOML 1.0."""

    name = "TOML"
    gap = " = "
    dotted_keys = True

    def locate(self, front: str) -> Spans:
        """Find the keys. Raises ScanError."""
        return locate_toml(front)

    def parse(self, front: str, parse_float: Callable[[str], object]) -> Values:
        """Read the values. Raises ScanError."""
        try:
            return tomllib.loads(front, parse_float=parse_float)
        except tomllib.TOMLDecodeError as error:
            raise _explain(front, str(error)) from error
        except ValueError as error:
            number = _LONG_NUMBER.search(front)
            raise ScanError(number.start() if number else 0, ": a number is too long; put it in quotes") from error

    def quote(self, text: str, style: Style, *, ascii_only: bool) -> str:
        """The text as a string on one line, in the style when it can carry the text, else in double quotes."""
        if style in {"'", "'''"} and not HIDDEN.search(text) and not (ascii_only and not text.isascii()):
            if style == "'" and "'" not in text:
                return f"'{text}'"
            if style == "'''" and "'''" not in text and not text.endswith("'"):
                return f"'''{text}'''"
        mark = '"""' if style == '"""' else '"'
        return mark + (_ESCAPED_TO_ASCII if ascii_only else _ESCAPED).sub(_escape, text) + mark

    def quote_key(self, name: str, like: str) -> str:
        """One name of a key, quoted like another one where it need not be."""
        if _BARE_KEY.fullmatch(name) and not like.startswith(('"', "'")):
            return name
        return self.quote(name, cast("Style", like[:1]) if like.startswith("'") else '"', ascii_only=False)

    def is_date(self, text: str) -> bool:
        """True when the text without quotes is a date or a time of a date that exists."""
        if not _DATE.fullmatch(text):
            return False
        try:
            return isinstance(tomllib.loads(f"x = {text}")["x"], date)
        except tomllib.TOMLDecodeError:
            return False


def _explain(front: str, message: str) -> ScanError:
    """The error for what tomllib says."""
    place = _PLACE.search(message)
    problem = message[: place.start()] if place else message
    said, _, cure = next((advice for words, advice in _PLAIN_WORDS if words in problem), problem).partition("; ")
    line = int(place["line"]) if place and place["line"] else front.count("\n") or 1
    at = sum(len(text) + 1 for text in front.split("\n")[: line - 1])
    return ScanError(at, f" is not valid TOML ({said}); {cure or 'correct it'}")


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    short = _SHORT_ESCAPES.get(char)
    if short is not None:
        return short
    return f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08X}"
