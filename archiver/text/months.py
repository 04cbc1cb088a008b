"""Numbers of months by their names in the languages of the press, by the form that `normalize.plain` gives.

CLDR's tables (https://cldr.unicode.org/translation/date-time/date-time-names) come with Babel; what they lack stands in
the languages' files.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from babel import localedata

from archiver.text.language_data import languages
from archiver.text.normalize import strip_accents

_CLDR_CONTEXTS = ("format", "stand-alone")
_CLDR_WIDTHS = ("wide", "abbreviated")


def month_number(name: str, language: str = "") -> int | None:
    """Return the number of a month, or None for any other word.

    The names of `language`, a tag, are asked first, then those of the languages that most people speak: each one's
    table costs some two milliseconds when it is asked for the first time.

    >>> month_number("März"), month_number("listopada"), month_number("listopada", "hr"), month_number("Brücke")
    (3, 11, 10, None)
    """
    return _number(_key(name), language.lower().replace("_", "-").partition("-")[0])


def load_month_names() -> None:
    """Read the names of all languages, a tenth of a second of work, before they are asked for."""
    for language in languages():
        _cldr_names(language.code)
    _own_names()


@lru_cache(maxsize=4096)
def _number(key: str, code: str) -> int | None:
    known = [found.code for found in languages()]
    if code in known and key in _cldr_names(code):
        return _cldr_names(code)[key]
    if key in _own_names():
        return _own_names()[key]
    return next((_cldr_names(other)[key] for other in known if key in _cldr_names(other)), None)


@cache
def _own_names() -> dict[str, int]:
    return {_key(name): number for language in languages() for name, number in language.months.items()}


@cache
def _cldr_names(code: str) -> dict[str, int]:
    return {_key(name): number for name, number in _in_cldr(code)} if localedata.exists(code) else {}


def _in_cldr(code: str) -> Iterator[tuple[str, int]]:
    # What a language inherits from the root is "M01": reading it too would take five times as long.
    tables = localedata.load(code, merge_inherited=False).get("months", {})
    for context in _CLDR_CONTEXTS:
        for width in _CLDR_WIDTHS:
            names = tables.get(context, {}).get(width)
            yield from ((name, number) for number, name in names.items()) if isinstance(names, dict) else ()


def _key(name: str) -> str:
    return strip_accents(name).rstrip(".")
