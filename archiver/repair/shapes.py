"""The shape in which a field is written: text or list, links of a wiki or not, a day or an instant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import NamedTuple

from archiver.models import Choice, Field
from archiver.seeds import Seed
from archiver.text import dates

_NAME_END = re.compile(r", (?!(?:Jr|Sr|II|III|IV|Ph\.?D|M\.?D)\b)")
"""What parts the authors that stand in one text."""


class Shape(StrEnum):
    """What a field's value is, where its key has none to go by."""

    TEXT = "text"
    """One text; several authors are joined by a comma and a space."""
    LIST = "list"
    """A list of texts."""
    WIKILINKS = "wikilinks"
    """A list of links as Obsidian has them: `"[[Name]]"`."""
    DAY = "day"
    """A date without a time."""
    INSTANT = "instant"
    """A date with its time, in the zone that the file's other times are written in."""


Shapes = Mapping[Field, Shape]
"""The shapes of fields; the value of a field that is not named is written as the file has it, else as text."""

Value = str | tuple[str, ...]

# https://help.obsidian.md/links: a link may have another text than its target.
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?(?P<text>[^\[\]|]*)\]\]")
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d(?P<separator>[Tt ])\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    r"(?P<zone> ?(?:[Zz]|(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)))"
)


def shape_value(seed: Seed, key: str, field: Field, choice: Choice, shape: Shape | None) -> Value:
    """The chosen value as it is written to a key: a list stays a list, a text a text, and null takes the shape."""
    if field is Field.DATE:
        items: tuple[str, ...] = (_shape_date(choice.value, shape, seed.texts.values()),)
    else:
        items = choice.items or (choice.value,)
    old = seed.value(key)
    if shape is Shape.WIKILINKS or has_wikilinks(old if isinstance(old, list) else [old]):
        items = tuple(f"[[{item}]]" for item in items)
    if isinstance(old, list) or (old is None and shape in {Shape.LIST, Shape.WIKILINKS}):
        return items
    return ", ".join(items)


def split_names(text: str) -> tuple[str, ...]:
    """The authors that a text names, with a comma and a space between them; `Martin Luther King, Jr.` is one name.

    >>> split_names("Ada Quell, Bert Ohm, Jr.")
    ('Ada Quell', 'Bert Ohm, Jr.')
    """
    return tuple(filter(None, map(str.strip, _NAME_END.split(text))))


def strip_wikilinks(text: str) -> str:
    """A text with the links of a wiki as a reader sees them.

    >>> strip_wikilinks("[[Ada Quell]], [[people/bert|Bert Ohm]]")
    'Ada Quell, Bert Ohm'
    """
    return _WIKILINK.sub(r"\g<text>", text)


def has_wikilinks(items: Iterable[object]) -> bool:
    """True when an item is made of such links and nothing else."""
    texts = [item for item in items if isinstance(item, str) and item.strip()]
    return any(not _WIKILINK.sub("", text).strip(" ,") for text in texts)


class _TimeStyle(NamedTuple):
    """How a file writes its times."""

    separator: str
    zone: str
    """As it stands behind the time, its blank included."""
    offset: timezone


def _shape_date(value: str, shape: Shape | None, texts: Iterable[str]) -> str:
    """A date as the shape has it; nothing is made up: a bare day stays one, and so does a time without a zone."""
    if shape not in {Shape.DAY, Shape.INSTANT} or "T" not in value:
        return value
    try:
        at = dates.read(value)
    except ValueError:
        return value  # a person's own
    style = _time_style(texts)
    if at.tzinfo is not None:
        at = at.astimezone(style.offset if style else UTC)
    if shape is Shape.DAY:
        return at.date().isoformat()
    if at.tzinfo is None or style is None:
        return value
    return _format(at, style)


def _format(at: datetime, style: _TimeStyle) -> str:
    return at.replace(tzinfo=None).isoformat(style.separator, "seconds") + style.zone


def _time_style(texts: Iterable[str]) -> _TimeStyle | None:
    """The style of the first time that names its zone."""
    found = next(filter(None, map(_TIME.fullmatch, texts)), None)
    if found is None:
        return None
    offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if offset >= timedelta(hours=24):
        return None
    zone = timezone(-offset if found["sign"] == "-" else offset)
    return _TimeStyle(found["separator"], found["zone"], zone)
