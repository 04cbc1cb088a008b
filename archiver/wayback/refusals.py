"""Tell what a web archive will never hand out from what it cannot hand out today.

The Internet Archive and OpenWayback name a Java exception in the header X-Archive-Wayback-Runtime-Error or in the page;
pywb answers 451 for what its owner has closed.
"""

from __future__ import annotations

import re

from archiver.errors import ArchiveRefusal
from archiver.wayback.endpoints import Answer

_MAX_PAGE_BYTES = 20_000
"""Bytes of an error page that are searched; they name their reason in the first. With fewer a page with a long head is
taken for weather, more cost time. No measurement is on record."""

_EXCLUDED = re.compile(
    rb"AdministrativeAccessControlException|Blocked Site Error|has been excluded from the Wayback Machine",
    re.IGNORECASE,
)
_ROBOTS = re.compile(rb"RobotAccessControlException|Blocked By Robots|robots\.txt Query Exclusion", re.IGNORECASE)
_NOT_HELD = re.compile(
    rb"ResourceNotInArchiveException|Resource Not In Archive|is not in this archive|has not archived that URL|"
    rb"Not Found in Archive|URL Not Found",
    re.IGNORECASE,
)
_WEATHER = frozenset({401, 403, 407, 408, 425, 429})
"""Statuses below 500 that say something of this request only, or of who sent it."""


def check_refusal(address: str, answer: Answer) -> None:
    """Raise ArchiveRefusal where an answer, which is no copy, says that the archive has closed this address."""
    if answer.status < 400:
        return
    said = _words(answer)
    if _ROBOTS.search(said):
        raise ArchiveRefusal(f"{address}: the archive keeps this page closed, as the site's robots.txt asked it to.")
    if answer.status == 451 or _EXCLUDED.search(said):
        raise ArchiveRefusal(f"{address}: the archive keeps this page closed ({answer.status}), whoever asks.")


def is_not_held(answer: Answer) -> bool:
    """Whether an error page says that the archive has nothing of the address."""
    return answer.status == 404 and _NOT_HELD.search(_words(answer)) is not None


def is_weather(status: int) -> bool:
    """Whether a status says that the same request may be answered another time."""
    return status >= 500 or status in _WEATHER


def _words(answer: Answer) -> bytes:
    stated = answer.header("X-Archive-Wayback-Runtime-Error") or ""
    return stated.encode("utf-8", "replace") + b"\n" + answer.body[:_MAX_PAGE_BYTES]
