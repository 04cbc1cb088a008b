"""Readings and alarms as the ledger keeps them: a short text each, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archiver.ledger.yields.alarms import Alarm
from archiver.ledger.yields.marks import RULE, Mark
from archiver.ledger.yields.readings import PageReading
from archiver.models import Field


def fields_text(reading: PageReading, marks: Mapping[str, Mark]) -> str:
    """Return the fields of a reading with their marks and places: `+author=class:byline -date +body=1234`."""
    return " ".join(
        f"{mark.value}{aspect}{_value(reading, aspect)}"
        for aspect, mark in marks.items()
        if not aspect.startswith(RULE)
    )


def _value(reading: PageReading, aspect: str) -> str:
    if aspect == Field.BODY:
        return f"={reading.body}"
    place = (reading.places or {}).get(Field(aspect))
    return "" if place is None else f"={place}"


def selectors_text(marks: Mapping[str, Mark], numbers: Mapping[str, int]) -> str:
    """Return the selectors of a reading by their numbers, with their marks: `+12 !13`."""
    rules = ((aspect.removeprefix(RULE), mark) for aspect, mark in marks.items() if aspect.startswith(RULE))
    return " ".join(f"{mark.value}{numbers[name]}" for name, mark in rules)


def marks_from(fields: str, selectors: str, names: Mapping[int, str]) -> dict[str, Mark]:
    """The opposite of both texts; a selector whose name is lost is left out."""
    marks = {token[1:].partition("=")[0]: Mark(token[0]) for token in fields.split()}
    for token in selectors.split():
        if (name := names.get(int(token[1:]))) is not None:
            marks[RULE + name] = Mark(token[0])
    return marks


def reading_from(fields: str, selectors: str, names: Mapping[int, str]) -> PageReading:
    """Return the reading of both texts."""
    marks = marks_from(fields, selectors, names)
    values = dict(_values(fields))
    body = values.pop(Field.BODY.value, None)
    places = {Field(name): place for name, place in values.items()}
    has_fields = any(aspect != Field.BODY for aspect in marks)
    rules = {
        aspect.removeprefix(RULE): mark in {Mark.FOUND, Mark.KEPT}
        for aspect, mark in marks.items()
        if aspect.startswith(RULE)
    }
    return PageReading(places if has_fields else None, None if body is None else int(body), rules)


def _values(fields: str) -> Iterator[tuple[str, str]]:
    for token in fields.split():
        name, equals, value = token[1:].partition("=")
        if equals:
            yield name, value


def usual_text(alarm: Alarm) -> str:
    """Return the places that an alarm names: `author=class:byline,rel title=h1`."""
    return " ".join(f"{name}={','.join(places)}" for name, places in alarm.usual.items())


def usual_from(text: str) -> dict[Field, tuple[str, ...]]:
    """The opposite of `usual_text`."""
    return {Field(name): tuple(places.split(",")) for name, _, places in (part.partition("=") for part in text.split())}
