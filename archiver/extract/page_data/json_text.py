"""JSON inside of JavaScript: `name = {…}`, `JSON.parse("…")` and JSON that a text holds, without running anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import unquote

_DECODER = json.JSONDecoder(strict=False)
_ASSIGNED = re.compile(
    r"(?P<name>[A-Za-z_$][\w$.]{0,80}|\[['\"][\w$.-]{1,80}['\"]\])\s*=\s*(?P<call>(?:JSON\.parse|decodeURIComponent)"
    r"\(\s*(?:decodeURIComponent\(\s*)?)?(?=[\[{\"'])"
)
_STRINGS = {
    '"': re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL),
    "'": re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL),
}
_UNDEFINED = re.compile(r"(?<=[:\[,])\s*(?:undefined|void 0|NaN)(?=\s*[,}\]])")
_HEX_ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
_ESCAPE = re.compile(r"\\(.)|(\")", re.DOTALL)
_MIN_LETTERS = 300
"""Characters of a script's data; with fewer each flag and counter is read, with more a short report is passed over."""
_MAX_ATTEMPTS = 300
"""Places of a script where data is looked for; with fewer the state behind many settings is missed, with more a bundle
of programs costs time. No measurement is on record."""


def decode(text: str) -> object:
    """The value that a text holds as JSON, `undefined` read as null; None where it is no JSON or nested too deep."""
    text = text.strip().rstrip(";")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return None
    except ValueError:
        if "undefined" not in text and "void 0" not in text and "NaN" not in text:
            return None
    try:
        return _DECODER.decode(_UNDEFINED.sub("null", text))
    except (ValueError, RecursionError):
        return None


def assigned(script: str) -> Iterator[tuple[str, object]]:
    """The data that a script assigns: the name, without `window.` before it, and the value.

    >>> list(assigned('window.__STATE__ = {"a": [' + "1," * 200 + '1]}; var b = {c: 1};'))[0][0]
    '__STATE__'
    """
    position = attempts = 0
    # What is read in vain is paid for, so that no script is read more than three times over.
    credit = 2 * len(script)
    while attempts < _MAX_ATTEMPTS and credit > 0 and (match := _ASSIGNED.search(script, position)):
        attempts += 1
        position = match.end()
        if len(script) - position < _MIN_LETTERS:
            return
        value, end = _read(script, position)
        if value is None or end - position < _MIN_LETTERS:
            credit -= end - position
            continue
        position = end
        if isinstance(value, str):
            value = decode(unquote(value) if "decodeURIComponent" in (match["call"] or "") else value)
        if isinstance(value, dict | list):
            yield match["name"].strip("[]'\"").removeprefix("window.").removeprefix("self."), value


def _read(script: str, start: int) -> tuple[object, int]:
    """The value at a place and where it ends; None and where reading broke off."""
    if script[start] in _STRINGS:
        return _read_string(script, start)
    try:
        return _DECODER.raw_decode(script, start)
    except RecursionError:
        return None, len(script)
    except json.JSONDecodeError as error:
        if not script.startswith(("undefined", "void 0"), error.pos):
            return None, error.pos
    cleaned = _UNDEFINED.sub("null", script[start:])
    try:
        value, _ = _DECODER.raw_decode(cleaned)
    except (ValueError, RecursionError):
        value = None
    return value, len(script)


def _read_string(script: str, start: int) -> tuple[object, int]:
    mark = script[start]
    match = _STRINGS[mark].match(script, start)
    if match is None:
        return None, len(script)
    if match.end() - start < _MIN_LETTERS:
        return None, match.end()
    inner = _HEX_ESCAPE.sub(r"\\u00\1", match[0][1:-1])
    if mark == "'":
        inner = _ESCAPE.sub(_as_json_escape, inner)
    try:
        return _DECODER.decode(f'"{inner}"'), match.end()
    except ValueError:
        return None, match.end()


def _as_json_escape(match: re.Match[str]) -> str:
    if match[2]:
        return '\\"'
    return "'" if match[1] == "'" else match[0]
