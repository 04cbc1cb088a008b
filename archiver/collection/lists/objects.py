"""JSON: lists of addresses or of objects, JSON lines, JSON Feed, and the bookmarks of Chrome and Firefox.

Chrome keeps `roots`, Firefox exports one folder; in both `children` hold folders and bookmarks. Their formats:
https://github.com/mozilla/gecko-dev/blob/master/toolkit/components/places/BookmarkJSONUtils.sys.mjs
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from archiver.collection.lists.row import (
    ADDRESS_NAMES,
    IS_ADDRESS,
    MAX_FOLDER_LEVELS,
    TITLE_NAMES,
    BadRow,
    Entry,
    Row,
    Value,
    value_of,
)
from archiver.collection.lists.text import LINE_BREAK
from archiver.errors import SettingsError
from archiver.text.normalize import one_line, without_tags

_LISTS = ("roots", "children", "items", "links", "bookmarks", "urls", "articles", "entries", "posts", "results")
"""Keys whose value is the list, beside others that only describe it."""
_NO_BOOKMARKS = frozenset(
    {"text/x-moz-place-separator", "text/x-moz-place-container", "folder"}  # a folder without children
)


def read_json(name: str, text: str, sources: Sequence[str]) -> Iterator[Entry]:
    """Read JSON, or one JSON value a line; `sources` are further keys that an address may have.

    Raises SettingsError when it is neither.
    """
    try:
        root = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(LINE_BREAK.split(text), 1) if line.strip()]
        if len(lines) > 1 and any(_loads(line) is not None for _, line in lines):
            yield from _read_lines(lines, sources)
            return
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it is nested too deeply"
        if isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError):
            reason = "it has a number with too many digits"
        raise SettingsError(f"{name} is no JSON ({reason}); correct it") from None
    yield from _Walk((*sources, *ADDRESS_NAMES)).read(name, root)


def _read_lines(lines: Sequence[tuple[int, str]], sources: Sequence[str]) -> Iterator[Entry]:
    for number, line in lines:
        place, value = f"line {number}", _loads(line)
        if isinstance(value, str):
            yield Row(place, value)
        elif isinstance(value, dict):
            yield _row(place, value, (*sources, *ADDRESS_NAMES), ()) or BadRow(
                place, "has no address; add it, or delete the line"
            )
        else:
            yield BadRow(place, "is no JSON object; correct it, or delete the line")


def _loads(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


class _Walk:
    """One pass over a JSON value, in its order."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._count = 0

    def read(self, name: str, root: object) -> Iterator[Entry]:
        """The entries of a value; raises SettingsError when its lists are nested too deeply."""
        if isinstance(root, str):
            root = [root]
        yield from self._container(name, root, (), 0)

    def _container(self, name: str, value: object, folders: tuple[str, ...], depth: int) -> Iterator[Entry]:
        if depth > MAX_FOLDER_LEVELS:
            raise SettingsError(f"{name} has more than {MAX_FOLDER_LEVELS} folders within each other; flatten it")
        if isinstance(value, list):
            for item in value:
                yield from self._item(name, item, folders, depth)
        elif isinstance(value, dict):
            inner = _containers(value)
            is_row = _row("", value, self._names, ()) is not None and not any(isinstance(part, list) for part in inner)
            if is_row or not inner:
                yield from self._item(name, value, folders, depth)
                return
            for part in inner:
                yield from self._container(name, part, _within(folders, value), depth + 1)

    def _item(self, name: str, value: object, folders: tuple[str, ...], depth: int) -> Iterator[Entry]:
        """What one item of a list is: a row, a folder, or nothing that can be taken."""
        place = f"entry {self._count + 1}"
        found: Entry | None = None
        if isinstance(value, str):
            found = Row(place, value)
        elif isinstance(value, dict):
            found = _row(place, value, self._names, folders)
            if found is None and str(value.get("type")) in _NO_BOOKMARKS and not _containers(value):
                return
        elif isinstance(value, list):
            found = _row(place, {str(number): cell for number, cell in enumerate(value, 1)}, (), folders)
        if found is None and _containers(value):
            yield from self._container(name, value, folders, depth + 1)
            return
        self._count += 1
        yield found or BadRow(place, "has no address; add it, or delete the entry")


def _containers(value: object) -> Sequence[list[object] | dict[str, object]]:
    """The parts of an object or list that may hold entries."""
    if isinstance(value, list):
        return [part for part in value if isinstance(part, (list, dict)) and part]
    if not isinstance(value, dict):
        return []
    inner = {key: part for key, part in value.items() if isinstance(part, (list, dict)) and part}
    lists = [part for key, part in inner.items() if key.lower() in _LISTS]
    return lists or [part for part in inner.values() if isinstance(part, dict) or isinstance(part[0], (list, dict))]


def _within(folders: tuple[str, ...], value: Mapping[str, object]) -> tuple[str, ...]:
    said = next((text for name in TITLE_NAMES if isinstance(text := value.get(name), str) and text.strip()), "")
    return (*folders, one_line(said)) if said else folders


def _row(place: str, value: dict[str, object], names: Sequence[str], folders: tuple[str, ...]) -> Row | None:
    """An object as a row; None when it holds no address."""
    lower = {key.strip().lower(): part for key, part in reversed(value.items())}
    address = next((part for name in names if isinstance(part := lower.get(name), str) and part.strip()), None)
    # What has no scheme may be the name of a source; a folder may have an icon.
    if (address is None and not _containers(value)) or (address is not None and ":" not in address):
        others = (part for part in value.values() if isinstance(part, str) and IS_ADDRESS.fullmatch(part))
        address = next(others, address)
    if address is None:
        return None
    columns = {name: said for name, part in lower.items() if (said := _value(name, part))}
    return Row(place, address, {**columns, "folder": "/".join(folders)} if folders else columns)


def _value(name: str, part: object) -> Value:
    match part:
        case bool():
            return str(part).lower()
        case str():
            return value_of(name, part)
        case int() | float():
            return str(part)
        case {"rendered": str(text)}:  # https://developer.wordpress.org/rest-api/reference/posts/
            return one_line(without_tags(text))
        case list():
            return tuple(filter(None, (one_line(one) for one in part if isinstance(one, str))))
        case _:
            return ""
