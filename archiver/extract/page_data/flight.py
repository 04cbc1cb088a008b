"""React's flight: rows of JSON and text that `self.__next_f.push([1, "…"])` hands on piece by piece.

A row is `id:JSON` up to the end of its line, or `id:T` with a length in hexadecimal bytes and a text of that length.
Other rows are named `"$id"`, https://github.com/facebook/react/tree/main/packages/react-server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_PUSHED = re.compile(r"self\.__next_f\.push\(\s*")
_ROW = re.compile(rb"([0-9a-f]+):(?:T([0-9a-f]+),)?")
_LETTERS = re.compile(r"[A-Z]{1,3}(?=[\[{\"])")
_REFERENCE = re.compile(r"\$[LQ@]?([0-9a-f]+)")
_DECODER = json.JSONDecoder(strict=False)
_MAX_ROWS = 20_000
"""Rows of a page; with fewer the text behind many modules is missed, with more those of one letter each cost time."""


def pushed(scripts: Iterable[str]) -> str:
    """The pieces of text that scripts push, joined."""
    pieces: list[str] = []
    for script in scripts:
        for match in _PUSHED.finditer(script):
            try:
                value, _ = _DECODER.raw_decode(script, match.end())
            except (ValueError, RecursionError):
                continue
            if isinstance(value, list) and len(value) == 2 and isinstance(value[1], str):
                pieces.append(value[1])
    return "".join(pieces)


def rows(stream: str) -> list[object]:
    """The values of all rows, in which the names of others are replaced by their values."""
    found: dict[str, object] = {}
    data = stream.encode("utf-8", "replace")
    position = 0
    while position < len(data) and len(found) < _MAX_ROWS:
        match = _ROW.match(data, position)
        if match is None:
            position = data.find(b"\n", position) + 1 or len(data)
            continue
        name = match[1].decode()
        if match[2] is not None:
            end = match.end() + int(match[2][:8], 16)
            found[name] = data[match.end() : end].decode("utf-8", "replace")
            position = end
            continue
        end = data.find(b"\n", match.end())
        end = len(data) if end < 0 else end
        found[name] = _value(data[match.end() : end].decode("utf-8", "replace"))
        position = end + 1
    for value in list(found.values()):
        _resolve(value, found)
    return list(found.values())


def _value(line: str) -> object:
    match = _LETTERS.match(line)
    try:
        value: object = _DECODER.decode(line[match.end() :] if match else line)
    except (ValueError, RecursionError):
        return None
    return value


def _resolve(value: object, found: dict[str, object]) -> None:
    """Put values in the place of their names, in one walk that leaves what it puts in alone."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        places = inner.items() if isinstance(inner, dict) else enumerate(inner) if isinstance(inner, list) else ()
        for place, held in list(places):
            if isinstance(held, dict | list):
                waiting.append(held)
            elif isinstance(held, str) and (match := _REFERENCE.fullmatch(held)) and match[1] in found:
                inner[place] = found[match[1]]  # type: ignore[index]
