"""Numbers of months by their names in the languages of the press, by the form that `normalize.plain` gives.

CLDR's tables (https://cldr.unicode.org/translation/date-time/date-time-names) lie in a file that is made from Babel's
by `python -m tests.text.cldr`; what they lack stands in the languages' files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, lru_cache

from archiver.text.language_data import FOLDER, languages
from archiver.text.normalize import strip_accents

CLDR_FILE = FOLDER / "cldr_months.json"
"""Names of months with their numbers by the code of a language; those that have no file of texts as well."""


def month_number(name: str, language: str = "") -> int | None:
    """Return the number of a month, or None for any other word.

    The names of `language`, a tag, are asked first, then those of the languages that most people speak.

    >>> month_number("März"), month_number("listopada"), month_number("listopada", "hr"), month_number("Brücke")
    (3, 11, 10, None)
    """
    return _number(_key(name), language.lower().replace("_", "-").partition("-")[0])


def load_month_names() -> None:
    """Read the names of all languages before they are asked for."""
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
    return {_key(name): number for name, number in _cldr().get(code, {}).items()}


@cache
def _cldr() -> Mapping[str, Mapping[str, int]]:
    tables: dict[str, dict[str, int]] = json.loads(CLDR_FILE.read_text(encoding="utf-8"))
    return tables


def _key(name: str) -> str:
    return strip_accents(name).rstrip(".")
