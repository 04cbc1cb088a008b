"""Time zones as pages write them behind a time of day."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MINUTES = {
    **dict.fromkeys(("Z", "z", "UTC", "GMT"), 0),
    **dict.fromkeys(("CET", "MEZ", "WEST"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET"), 120),
    **dict.fromkeys(("EEST", "MSK"), 180),
    "EDT": -240,
    "EST": -300,
    "CDT": -300,
    "MDT": -360,
    "MST": -420,
    "PDT": -420,
    "PST": -480,
    "BRT": -180,
    "WIB": 420,
    "ICT": 420,
    "SGT": 480,
    "HKT": 480,
    "JST": 540,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
}
"""Minutes east of Greenwich, of names that mean one zone only: IST and BST are several countries', CST is two."""
_PLACES = {"ET": "America/New_York", "PT": "America/Los_Angeles"}
"""Names that leave open whether it is summer time."""
ZONE_NAMES = f"(?:{'|'.join(sorted((*_MINUTES, *_PLACES), key=len, reverse=True))})"
"""A pattern of all names."""
_OFFSET = re.compile(
    r"^\s*\(?(?:UTC|GMT)?\s?(?P<sign>[+−-])\s?(?P<hours>0\d|1[0-4]|\d(?!\d))(?::?(?P<minutes>[0-5]\d))?(?!\d)"
)
_NAME = re.compile(rf"^\s*\(?(?P<zone>{ZONE_NAMES})\b")


def read_zone(text: str) -> tzinfo | None:
    """Return the zone with which a text begins, by offset or name; None when it begins with something else.

    >>> read_zone(" GMT (20:00 HKT)"), read_zone(" ET")
    (datetime.timezone.utc, zoneinfo.ZoneInfo(key='America/New_York'))
    """
    if match := _OFFSET.match(text):
        minutes = 60 * int(match["hours"]) + int(match["minutes"] or 0)
        return timezone(timedelta(minutes=minutes if match["sign"] == "+" else -minutes))
    if match := _NAME.match(text):
        name = match["zone"]
        return _zone_of(_PLACES[name]) if name in _PLACES else timezone(timedelta(minutes=_MINUTES[name]))
    return None


def _zone_of(place: str) -> tzinfo | None:
    try:
        return ZoneInfo(place)
    except ZoneInfoNotFoundError:
        # A system without the database of zones.
        return None
