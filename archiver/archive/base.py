"""A recorded answer, and the one question that every kind of saved pages answers.

Why one shape: docs/design.md D48.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """One recorded answer, of a WARC or a fixture."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """As recorded, without Transfer-Encoding; Content-Encoding is there when `body` is still encoded."""
    body: bytes
    captured_at: datetime
    """Aware, UTC."""
    kind: Literal["response", "revisit", "conversion"] = "response"
    """The body of a revisit is empty until the response that it repeats is found; a conversion is a rendered page."""
    record_id: str = ""
    """WARC-Record-ID; empty where there is none."""
    refers_to: tuple[str, str] = ("", "")
    """WARC-Refers-To-Target-URI and WARC-Refers-To-Date of a revisit or conversion; empty where they are missing."""
    source: str = ""
    """WARC-Source-URI: where a web archive has this answer, which was copied from there; empty elsewhere."""
    refers_to_id: str = ""
    """WARC-Refers-To of a revisit, without its brackets; empty where it is missing."""
    is_cut: bool = False
    """Whether the body ends before the page does, as its record says (WARC-Truncated), or its own Content-Length."""


def first_whole(answers: Iterable[RecordedResponse | None]) -> RecordedResponse | None:
    """Return the first of some answers, or where that is cut the first that is not and has the same status.

    The first that can be read where each is cut, None where none can be read.
    """
    cut = None
    for answer in answers:
        if answer is not None and not answer.is_cut and (cut is None or answer.status == cut.status):
            return answer
        if answer is not None and answer.is_cut:
            cut = cut or answer
    return cut


class SavedPages(Protocol):
    """Something that knows recorded answers by address."""

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The recorded answer of an address that is nearest in time, the newest without a time; None without any."""

    def find_part(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The answer to what asked for an address as for a part of a page, such as a picture; else as `find` has it."""

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""


def header_bytes(text: str) -> bytes:
    """A part of a saved header as it came: saved headers are read as Latin-1, which loses nothing.

    What somebody wrote by hand with other letters is taken as UTF-8.
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def utc(text: str) -> datetime:
    """An ISO 8601 instant; without a zone it is taken as UTC, as WARC and our own files mean it. Raises ValueError."""
    instant = datetime.fromisoformat(text.strip())
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def parse_when(text: str) -> datetime:
    """The instant that a person means by a day, a time of ISO 8601, or a timestamp of fourteen digits; aware, UTC.

    A bare day is its noon, so that every capture of that day is nearer than those of other days. Raises ValueError.

    >>> parse_when("2024-11-12").isoformat(), parse_when("20241112041056").isoformat()
    ('2024-11-12T12:00:00+00:00', '2024-11-12T04:10:56+00:00')
    """
    text = text.strip()
    if len(text) == 14 and text.isdecimal():
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    try:
        return datetime.combine(date.fromisoformat(text), time(12), UTC)
    except ValueError:
        return utc(text)


def distance(captured_at: datetime, at: datetime | None) -> tuple[timedelta, timedelta]:
    """How far a capture is from what is wanted, to be compared: of two equally near the newer is nearer.

    Without a time the newest is wanted.
    """
    age = _LAST - captured_at
    return (age if at is None else abs(captured_at - at)), age
