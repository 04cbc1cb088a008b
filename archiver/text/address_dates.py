"""Read the day of publication out of an address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archiver.text.dates import parse_date

_ADDRESS_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/-](\d{1,2})[/-](\d{1,2})(?!\d)|(?<!\d)(20\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?:\d{4,6})?(?!\d)|/(20\d\d)/(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/"
)


_ADDRESS_YEAR = re.compile(r"/((?:19|20)\d\d)(?=[/-])")
_COPY = re.compile(r"^https?://[^?#]*?/(?=https?:/)", re.IGNORECASE)
"""What stands before the address of the original in that of an archive's copy (RFC 7089 calls it URI-M)."""


def original_address(address: str) -> str:
    """Return the address of the page whose copy a web archive shows under this one; of any other page its own.

    >>> original_address("https://web.archive.org/web/20110106023242/http://nordblatt.example/2010/12/29/neu")
    'http://nordblatt.example/2010/12/29/neu'
    """
    return _COPY.sub("", address)


def address_date(address: str) -> str | None:
    """Return the day that the path of an address names, as ISO 8601; not the day on which a copy was archived."""
    if match := _ADDRESS_DATE.search(urlsplit(original_address(address)).path):
        year, month, day = (int(group) for group in match.groups() if group)
        return parse_date(f"{year}-{month:02}-{day:02}")
    return None


def address_year(address: str) -> int | None:
    """Return the year that the path of an address names, with a day or without."""
    if day := address_date(address):
        return int(day[:4])
    match = _ADDRESS_YEAR.search(urlsplit(original_address(address)).path)
    return int(match[1]) if match else None
