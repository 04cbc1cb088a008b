"""A recorded answer, and the one question that every kind of saved pages answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from w3lib.url import safe_url_string

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """One recorded answer."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """As recorded, without Transfer-Encoding; Content-Encoding is there when `body` is still encoded."""
    body: bytes
    captured_at: datetime
    """Aware, UTC."""


class SavedPages(Protocol):
    """Something that knows recorded answers by address."""

    def find(self, url: str) -> SavedAnswer | None:
        """The newest recorded answer of an address; None when there is none."""


def address_key(url: str) -> str:
    """The form in which addresses are compared: escaped as a browser would, without fragment and default port.

    >>> address_key("HTTPS://A.example:443#top") == address_key("https://a.example/")
    True
    """
    parts = urlsplit(safe_url_string(url.strip()))
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    return urlunsplit((scheme, host.removesuffix(_DEFAULT_PORTS.get(scheme, "")), parts.path or "/", parts.query, ""))


def utc(text: str) -> datetime:
    """An ISO 8601 instant; without a zone it is taken as UTC, as WARC and our own files mean it. Raises ValueError."""
    instant = datetime.fromisoformat(text.strip())
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
