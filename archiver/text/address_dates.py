"""Read the day of publication out of an address."""

from __future__ import annotations

import re

from archiver.text.dates import parse_date

_ADDRESS_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?!\d)|(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:\d{4,6})?(?!\d)|/(20\d\d)/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/"
)


def address_date(path: str) -> str | None:
    """Return the day that the path of an address names, as ISO 8601."""
    if match := _ADDRESS_DATE.search(path):
        year, month, day = (int(group) for group in match.groups() if group)
        return parse_date(f"{year}-{month:02}-{day:02}")
    return None
