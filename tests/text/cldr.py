"""The names of months that CLDR has, out of Babel's tables.

usage: python -m tests.text.cldr     writes archiver/text/data/cldr_months.json
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from babel import localedata

from archiver.text.months import CLDR_FILE

_CONTEXTS = ("format", "stand-alone")
_WIDTHS = ("wide", "abbreviated")


def months() -> dict[str, dict[str, int]]:
    """Return names with their numbers by the two letters of each language that has any."""
    codes = sorted(code for code in localedata.locale_identifiers() if len(code) == 2)
    return {code: names for code in codes if (names := dict(_names(code)))}


def _names(code: str) -> Iterator[tuple[str, int]]:
    # What a language inherits from the root is "M01": reading it too would take five times as long.
    tables = localedata.load(code, merge_inherited=False).get("months", {})
    for context in _CONTEXTS:
        for width in _WIDTHS:
            names = tables.get(context, {}).get(width)
            yield from ((name, number) for number, name in names.items()) if isinstance(names, dict) else ()


def written() -> str:
    """Return the file's text, one language a line."""
    lines = (f'"{code}": {json.dumps(names, ensure_ascii=False)}' for code, names in months().items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    CLDR_FILE.write_text(written(), encoding="utf-8")
