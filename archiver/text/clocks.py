"""Times of day as pages write them."""

from __future__ import annotations

import re

from archiver.text.zones import ZONE_NAMES, read_zone

_TIME = (
    r"(?P<hour>[01]?\d|2[0-4])\s?(?:[:.hH]|時|点|시)\s?(?P<minute>[0-5]\d)(?:분|分|Uhr)?(?:[:.](?P<second>[0-5]\d))?(?:[.,]\d+)?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?"
)
CLOCK = re.compile(r"(?<![\d.:+-])" + _TIME + r"(?!\d|[./]\d)", re.IGNORECASE)
"""A time of day with its minutes."""
_HOUR_ONLY = re.compile(r"(?<![\d.:])(?P<hour>1[0-2]|0?[1-9])\s?(?P<half>[ap])\.?\s?m\b", re.IGNORECASE)
_COMPACT_CLOCK = re.compile(rf"(?<![\d:.])(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?=\s?{ZONE_NAMES}\b)")
_NAMES_ZONE = re.compile(r"\s?[A-Z]{1,5}\b\s*[(/|,·–-]\s*")
"""What stands between two times of day that are the same instant in two zones."""
_MAX_LETTERS_TO_CLOCK = 40
"""Characters behind a day in which its time of day is looked for; with fewer one behind a label is missed, with more a
time that the text mentions is taken. No measurement is on record."""


def find_clock(text: str) -> re.Match[str] | None:
    """Return the time of day that stands shortly behind a date, as groups; of several one whose zone is known."""
    near = text[:_MAX_LETTERS_TO_CLOCK]
    return _zoned_clock(near, text) or CLOCK.search(near) or _HOUR_ONLY.search(near)


def _zoned_clock(near: str, text: str) -> re.Match[str] | None:
    """The first time of day whose zone is known, where a text gives the same in several: `9:00 IST (03:30 GMT)`."""
    clocks = [clock for pattern in (CLOCK, _COMPACT_CLOCK) for clock in pattern.finditer(near)]
    clocks.sort(key=lambda clock: clock.start())
    for number, clock in enumerate(clocks):
        if number and not _NAMES_ZONE.fullmatch(text[clocks[number - 1].end() : clock.start()]):
            return None
        if read_zone(text[clock.end() :]):
            return clock
    return None
