"""Dates as pages write them, read into ISO 8601; and which of several is the day of publication.

A value is `2025-06-30T13:59:30Z` when the zone is known, `2025-06-30T15:59:30` when it is not, `2025-06-30` when no
time is given. Nothing is completed: an unknown zone stays unknown.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from archiver.text.clocks import CLOCK, find_clock
from archiver.text.language_data import phrases
from archiver.text.months import month_number
from archiver.text.phrase_patterns import alternatives
from archiver.text.zones import read_zone

_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20|25)\d\d)(?P<s>[-/.]?)(?P<month>0[1-9]|1[0-2]|(?<=[-/.])[1-9])(?P=s)(?P<day>0[1-9]|[12]\d|3[01]|(?<=[-/.])[1-9])(?!\d)"
    r"(?:[Tt\s,:|]{1,4}(?P<hour>[01]?\d|2[0-4]):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d|60))?(?:[.,:]\d{1,9})?(?:\s?(?P<half>[APap])\.?[Mm]\b)?)?",
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?!\d)"
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<a>\d{1,2})(?P<s>\s?[./-]\s?)(?P<b>\d{1,2})(?P=s)(?P<year>(?:19|20|25)\d\d|\d\d)(?!\d)"
)
_EAST_ASIAN = re.compile(r"(?P<year>(?:19|20)\d\d)\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})\s?[日일]")
_MONTH_WORD = r"(?P<name>(?:[^\W\d_]|[\u0900-\u0963\u0e31-\u0e4e])+|[\u0e01-\u0e4e]{1,4}\.[\u0e01-\u0e4e])"
_ORDINAL = alternatives(phrases("date.ordinals"))
_PARTICLE = alternatives(phrases("date.particles"))
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:{_ORDINAL}|\.|º|ª|-)?(?:[\s-]+{_PARTICLE})?[\s,./-]*{_MONTH_WORD}"
    rf"\.?,?(?:[\s-]+{_PARTICLE})?[\s,./-]*(?:พ\.ศ\.\s*)?(?P<year>(?:19|20|25)\d\d)(?!\d)"
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH_WORD}\.?[\s-]+(?P<day>\d{{1,2}}){_ORDINAL}?(?:\s*,\s*|\s+|-)(?:at\s+)?"
    r"(?P<year>(?:19|20)\d\d)(?!\d)"
)
_YEAR_FIRST = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)\.?[\s,-]+" + _MONTH_WORD + r"\.?[\s-]+(?P<day>\d{1,2})(?!\d)")
_SHORT_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:{_ORDINAL}|\.|-)?[\s,./-]*{_MONTH_WORD}\.?[\s,./-]*['’]?(?P<year>\d\d)(?![\d:.])"
)
_SHORT_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH_WORD}\.?[\s-]+(?P<day>\d{{1,2}}){_ORDINAL}?(?:\s*,\s*|\s+|-)['’]?(?P<year>\d\d)(?![\d:.])"
)
"""Dates with two digits for the year, which are believed where the year is known from elsewhere: `3 May 20`."""
_SHORT_YEAR_FIRST = re.compile(
    r"(?<![\d.])(?P<year>\d\d)(?P<s>[./-])(?P<month>0?[1-9]|1[0-2])(?P=s)(?P<day>\d{1,2})(?!\d)"
)
_UNIX_STYLE = re.compile(
    r"\b(?P<name>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d)(?: [A-Z]{3,4})? (?P<year>(?:19|20)\d\d)"
)
_EPOCH = re.compile(r"[12]\d{9}(?:\d{3})?")
_MONTH_FIRST_REGIONS = frozenset({"us", "ph"})
_MIN_YEAR = 1990
"""The first year of news pages; an earlier day is likelier a default, such as 1970, than a date of publication. Chosen,
not measured."""
_MAX_TEXT_LETTERS = 300
"""Characters of a text in which a date is looked for; with fewer one behind a long label is missed, more cost time on
whole paragraphs. No measurement is on record."""


def parse_date(text: str, language: str = "", zone: tzinfo | None = None, year: int | None = None) -> str | None:
    """The first date in a text, as ISO 8601; None when there is none.

    `language` is the page's tag and decides 3/4/2025: month first for English without a region or with one that
    writes so, else day first. `zone` is the publisher's and applies where the text names none. `year` is that of the
    page's address: two digits that may be a day or a year are the year where they are its last.

    >>> parse_date("Published: 31 Mar 2026 at 01:01 pm")
    '2026-03-31T13:01:00'
    >>> parse_date("2024-08-28T07:26:02-0400")
    '2024-08-28T11:26:02Z'
    """
    text = text.strip()[:_MAX_TEXT_LETTERS]
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return format_date(datetime.fromtimestamp(int(seconds), UTC))
    if not any(c.isdigit() for c in text):
        return None
    found = _iso(text, zone) or _with_month_name(text, language, zone)
    return found or (_with_short_year(text, language, zone, year) if year else None) or _numeric(text, language, zone)


def format_date(value: datetime | date) -> str:
    """The value in the form that seeds have."""
    if not isinstance(value, datetime):
        return value.isoformat()
    value = value.replace(microsecond=0)
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def read(value: str) -> datetime:
    """The instant or wall time that a value of `format_date` stands for; midnight for a bare day."""
    return datetime.fromisoformat(value)


def _iso(text: str, zone: tzinfo | None) -> str | None:
    for pattern in (_ISO, _COMPACT):
        for match in pattern.finditer(text):
            if found := _build(match, text[match.end() :], zone):
                return found
    return None


def _build(match: re.Match[str], rest: str, zone: tzinfo | None) -> str | None:
    day = _day(int(match["year"]), int(match["month"]), int(match["day"]))
    if day is None:
        return None
    if match["hour"] is None:
        return _with_clock(day, rest, zone)
    return _join(day, match, rest, zone)


def _join(day: date, clock: re.Match[str], rest: str, zone: tzinfo | None) -> str | None:
    """A day and a time of day, in the zone that follows."""
    groups = clock.groupdict()
    hour, minute = int(groups["hour"]), int(groups.get("minute") or 0)
    if half := (groups.get("half") or "").lower():
        if hour > 12:
            half = ""
        else:
            hour = hour % 12 + (12 if half == "p" else 0)
    try:
        at = datetime(day.year, day.month, day.day, hour, minute, min(59, int(groups.get("second") or 0)))
    except ValueError:
        return format_date(day)
    found = read_zone(rest) or zone
    try:
        return format_date(at.replace(tzinfo=found))
    except (OverflowError, ValueError):
        return format_date(at)


def _with_clock(day: date, rest: str, zone: tzinfo | None) -> str:
    """A day, with the time of day that stands shortly behind it."""
    clock = find_clock(rest)
    return (_join(day, clock, rest[clock.end() :], zone) if clock else None) or format_date(day)


def _with_month_name(text: str, language: str, zone: tzinfo | None) -> str | None:
    """Dates whose month is a word, and those of East Asia."""
    if match := _EAST_ASIAN.search(text):
        day = _day(int(match["year"]), int(match["month"]), int(match["day"]))
        return _with_clock(day, text[match.end() :], zone) if day else None
    if (match := _UNIX_STYLE.search(text)) and (month := month_number(match["name"], "en")):
        day = _day(int(match["year"]), month, int(match["day"]))
        return _with_clock(day, " " + match["clock"] + text[match.end() :], zone) if day else None
    best: tuple[int, date, int] | None = None
    for pattern in (_DAY_FIRST, _MONTH_FIRST, _YEAR_FIRST):
        for match in pattern.finditer(text):
            found = month_number(match["name"], language)
            day = _day(int(match["year"]), found, int(match["day"])) if found else None
            if day and (best is None or match.start() < best[0]):
                best = match.start(), day, match.end()
                break
    if best is None:
        return None
    start, day, end = best
    before = CLOCK.search(text[max(0, start - 30) : start])
    after = _with_clock(day, text[end:], zone)
    if "T" not in after and before:
        return _join(day, before, text[max(0, start - 30) + before.end() : start], zone)
    return after


def _with_short_year(text: str, language: str, zone: tzinfo | None, year: int) -> str | None:
    """The first date whose year is the two last digits of the one that is expected."""
    for pattern in (_SHORT_DAY_FIRST, _SHORT_MONTH_FIRST, _SHORT_YEAR_FIRST):
        for match in pattern.finditer(text):
            if int(match["year"]) != year % 100:
                continue
            named = match.groupdict()
            month = month_number(named["name"], language) if "name" in named else int(named["month"])
            if month and (day := _day(year, month, int(match["day"]))):
                return _with_clock(day, text[match.end() :], zone)
    return None


def _numeric(text: str, language: str, zone: tzinfo | None) -> str | None:
    for match in _NUMERIC.finditer(text):
        a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
        year += 2000 if year < 70 else 1900 if year < 100 else 0
        month_first = b > 12 or (a <= 12 and "/" in match["s"] and _writes_month_first(language))
        day = _day(year, a, b) if month_first else _day(year, b, a)
        if day:
            found = _with_clock(day, text[match.end() :], zone)
            before = CLOCK.search(text[max(0, match.start() - 12) : match.start()])
            return _join(day, before, "", zone) if "T" not in found and before else found
    return None


def _writes_month_first(language: str) -> bool:
    primary, _, rest = language.lower().replace("_", "-").partition("-")
    return rest.split("-")[-1] in _MONTH_FIRST_REGIONS or (primary == "en" and not rest)


def _day(year: int, month: int, day: int) -> date | None:
    if year >= 2400:
        year -= 543  # Buddhist era
    try:
        return date(year, month, day)
    except ValueError:
        return None


def possible(value: str, captured_at: datetime) -> bool:
    """False for a value that lies more than a day after the page was captured."""
    at = read(value)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at <= captured_at + timedelta(days=2 if read(value).tzinfo is None else 1)


def old(value: str) -> bool:
    """True for a day that lies before news pages existed: likelier a default than a date of publication."""
    return int(value[:4]) < _MIN_YEAR


def finer(value: str, others: list[str]) -> str:
    """The same point in time, as the most exact of the other values has it.

    A zone is taken over where the wall time or the instant is the same, a time of day where only the day or its
    midnight was given.
    """
    at = read(value)
    bare = len(value) == 10 or value.endswith("T00:00:00")
    if at.tzinfo is None:
        for other in others:
            if other.endswith("Z") and not bare and _same_wall(at, read(other)):
                return other
    if bare:
        fitting = [
            other for other in others if len(other) > 10 and not other.endswith("T00:00:00") and _near_day(at, other)
        ]
        return next((other for other in fitting if other.endswith("Z")), fitting[0] if fitting else value)
    return value


def _same_wall(naive: datetime, aware: datetime) -> bool:
    """True when the two differ by a zone that exists: whole quarters of an hour, within a day's reach."""
    minutes = abs((naive - aware.replace(tzinfo=None)).total_seconds()) / 60
    return minutes <= 14 * 60 and minutes % 15 < 1.01


def _near_day(at: datetime, other: str) -> bool:
    there = read(other)
    if there.tzinfo is None:
        return there.date() == at.date()
    day = datetime(at.year, at.month, at.day, tzinfo=UTC)
    return day - timedelta(hours=14) <= there < day + timedelta(hours=36) and (
        there.date() == at.date() or there < day or there >= day + timedelta(hours=24)
    )


def days_between(one: str, two: str) -> int:
    """How many days lie between two values, whatever their zones."""
    return abs((read(one).date() - read(two).date()).days)


def place_in_zone(value: str, zone: tzinfo | None) -> str:
    """The value in the publisher's zone, where it has a time of day and names no zone itself."""
    if zone is None or "T" not in value or value.endswith("Z"):
        return value
    return format_date(read(value).replace(tzinfo=zone))


def same(one: str, two: str) -> bool:
    """True when the two values agree as far as both are given: the instant within a minute, or the day."""
    a, b = read(one), read(two)
    if len(one) == 10 or len(two) == 10 or (a.tzinfo is None) != (b.tzinfo is None):
        return one[:10] == two[:10]
    return abs((a - b).total_seconds()) < 60
