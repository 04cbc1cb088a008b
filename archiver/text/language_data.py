"""What people of one language say, read from `data/<code>.toml`: stop words, months, phrases of pages, bylines, labels.

A file holds its texts as people write them; who compares them brings them into the form of the comparison. The files
are read once a process, some ten milliseconds for all of them. Why it lies here: docs/design.md D9.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("data")

PHRASES = {
    "not_found": ("headings", "sentences"),
    "blocked": ("headings", "sentences"),
    "login": ("headings", "sentences"),
    "outage": ("headings", "sentences"),
    "parked": ("headings", "sentences"),
    "consent": ("phrases", "stems"),
    "paywall": ("offers",),
    "byline": ("openings", "glued", "signatures", "alone", "conjunctions", "affiliations"),
    "credit": ("labels", "openings"),
    "person": ("before", "after"),
    "role": ("words", "newsrooms", "qualifiers"),
    "no_name": ("openings", "words", "legal_forms"),
    "date": ("changed", "openings", "particles", "ordinals"),
    "notice": ("lead_ins", "fillers"),
    "junk": ("titles", "categories", "within"),
    "labels": ("whole", "signposts", "embeds", "appeals"),
}
"""The tables of a language's file, and the lists of texts in each; docs/add-a-language.md tells what each is for."""

_REQUIRED = ("names", "speakers")
_TOP = (*_REQUIRED, "codes", "lacks", "stop_words", "months")


class LanguageDataError(ValueError):
    """A language's file holds something else than it may; the message names file and key."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language's file."""

    code: str
    """ISO 639, two letters: the file's name."""
    names: tuple[str, ...]
    """What pages call the language where a tag belongs, the English name first."""
    codes: tuple[str, ...]
    """Other codes that pages use for it."""
    speakers: float
    """Millions, roughly: where two languages disagree about a word, it is the larger one's."""
    lacks: tuple[str, ...]
    """Tables, or `table.key`, that nobody has filled yet."""
    stop_words: tuple[str, ...]
    months: Mapping[str, int]
    """Names of months that CLDR does not have, with their numbers."""
    phrases: Mapping[str, tuple[str, ...]]
    """Texts by `table.key`."""

    def missing(self) -> frozenset[str]:
        """Return what the file has no texts for: whole tables by name, single keys as `table.key`."""
        gaps = set() if self.stop_words else {"stop_words"}
        for table, keys in PHRASES.items():
            absent = {f"{table}.{key}" for key in keys if not self.phrases.get(f"{table}.{key}")}
            gaps |= {table} if len(absent) == len(keys) else absent
        return frozenset(gaps)


@cache
def languages() -> tuple[Language, ...]:
    """Read all files; the languages that most people speak come first."""
    return tuple(sorted(map(read_language, FOLDER.glob("*.toml")), key=lambda found: (-found.speakers, found.code)))


@cache
def phrases(key: str) -> tuple[str, ...]:
    """Return what all languages have under a `table.key`, each text once."""
    return tuple(dict.fromkeys(text for language in languages() for text in language.phrases.get(key, ())))


def read_language(file: Path) -> Language:
    """Read one file; LanguageDataError names the file and the key that is wrong."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LanguageDataError(f"{file}: this is not TOML: {error}") from error
    _check_names(file, data, (*_TOP, *PHRASES), "")
    for key in _REQUIRED:
        if key not in data:
            raise LanguageDataError(f"{file}: {key} is missing; add it at the top of the file.")
    speakers, stop_words = data["speakers"], data.get("stop_words", "")
    if not isinstance(speakers, int | float) or isinstance(speakers, bool):
        raise LanguageDataError(f"{file}: speakers must be a number, in millions.")
    if not isinstance(stop_words, str):
        raise LanguageDataError(f"{file}: stop_words must be one text, with spaces between the words.")
    found: dict[str, tuple[str, ...]] = {}
    for table, keys in PHRASES.items():
        held = data.get(table, {})
        if not isinstance(held, dict):
            raise LanguageDataError(f"{file}: {table} must be a table: [{table}], then {' and '.join(keys)} below it.")
        _check_names(file, held, keys, f"{table}.")
        found |= {f"{table}.{key}": _texts(file, f"{table}.{key}", held[key]) for key in held}
    return Language(
        code=file.stem,
        names=_texts(file, "names", data["names"]),
        codes=_texts(file, "codes", data.get("codes", [])),
        speakers=float(speakers),
        lacks=_texts(file, "lacks", data.get("lacks", [])),
        stop_words=tuple(stop_words.split()),
        months=_months(file, data.get("months", {})),
        phrases=found,
    )


def _check_names(file: Path, data: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
    for name in data:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"there may be {', '.join(known)}."
            raise LanguageDataError(f"{file}: there is no key {prefix}{name}; {hint}")


def _texts(file: Path, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) and text.strip() for text in value):
        raise LanguageDataError(f'{file}: {key} must be a list of texts, such as ["one", "another"].')
    if twice := next((text for at, text in enumerate(value) if text in value[:at]), None):
        raise LanguageDataError(f"{file}: {key} has {twice!r} twice; leave one out.")
    return tuple(value)


def _months(file: Path, value: object) -> dict[str, int]:
    if not isinstance(value, dict) or not all(type(month) is int and 1 <= month <= 12 for month in value.values()):
        raise LanguageDataError(f"{file}: months must be a table of names with numbers from 1 to 12.")
    return value
