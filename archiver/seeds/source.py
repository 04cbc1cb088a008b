"""The address that a seed was copied from, and the day."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

from archiver.errors import SeedError
from archiver.seeds import Seed
from archiver.text import dates
from archiver.text.address_dates import address_date
from archiver.urls import DEFAULT_PORTS


def origin_url(seed: Seed, keys: tuple[str, ...]) -> str:
    """The address that a seed was copied from. Raises SeedError when it names none that can be asked."""
    key = seed.first_key(keys)
    if key is None:
        for name in keys:
            if (obstacle := seed.obstacle(name)) is not None:
                raise SeedError(
                    f"{seed.path}: {obstacle} is no mapping, so it cannot hold {name}; make it one, or name another key"
                )
        raise SeedError(f"{seed.path} has no {keys[0]}; add the address that the post was copied from")
    url = (seed.text(key) or "").strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SeedError(f"{seed.path}: {key} {url!r} is not an address; correct it") from None
    if parts.scheme.lower() not in DEFAULT_PORTS:
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
