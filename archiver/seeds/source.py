"""The address that a seed was copied from, and the day."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from archiver.errors import SeedError
from archiver.extract.fields.from_html import address_date
from archiver.seeds import Seed
from archiver.text import dates

_PORTS = {"http": 80, "https": 443}


def origin_url(seed: Seed, keys: tuple[str, ...]) -> str:
    """The address that a seed was copied from. Raises SeedError when it names none that can be asked."""
    key = seed.first_key(keys)
    if key is None:
        raise SeedError(f"{seed.path} has no {keys[0]}; add the address that the post was copied from")
    url = (seed.text(key) or "").strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SeedError(f"{seed.path}: {key} {url!r} is not an address; correct it") from None
    if parts.scheme.lower() not in {"http", "https"}:
        what = "is relative" if not parts.scheme else f"uses {parts.scheme}:"
        raise SeedError(
            f"{seed.path}: {key} {url!r} {what}, and only http and https addresses can be fetched; correct it"
        )
    if not host or any(character.isspace() for character in url):
        raise SeedError(f"{seed.path}: {key} {url!r} is not an address; correct it")
    return url


def published_at(seed: Seed, keys: tuple[str, ...], url: str) -> datetime | None:
    """When the article was published, as the seed says, else as its address says; None when neither does.

    Aware; a time without a zone is taken as UTC, which is near enough for choosing between archived copies.
    """
    key = seed.first_key(keys)
    stated = dates.parse_date(seed.text(key) or "") if key else None
    found = stated or address_date(urlsplit(url).path)
    if found is None:
        return None
    at = dates.read(found)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


@lru_cache(maxsize=1024)
def host_of(url: str) -> str:
    """The host of an address in lower case, with its port unless that is the scheme's own.

    >>> host_of("https://me@A.example:443/news"), host_of("http://[::1]:8000/")
    ('a.example', '[::1]:8000')
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:  # no number, or too high a one: the download will say so
        return parts.netloc
    return host if port in {None, _PORTS.get(parts.scheme)} else f"{host}:{port}"
