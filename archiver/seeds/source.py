"""The address that a seed was copied from, and the day.

What is no source, and what is a broken one: docs/design.md D56.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from urllib.parse import urlsplit

from archiver.errors import SeedError, SeedSkipped
from archiver.seeds import Seed
from archiver.text import dates
from archiver.text.address_dates import address_date
from archiver.urls import DEFAULT_PORTS, hostname, without_www

_MEANT_AS_ADDRESS = re.compile(r"https?:|[a-z][a-z0-9+.-]*://|//|www\.", re.IGNORECASE)
"""How a value begins that somebody wrote down as a web address, whether it is one or not."""

_DAY_IN_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-")
"""As Jekyll names its posts (https://jekyllrb.com/docs/posts/#creating-posts)."""


def origin_url(seed: Seed, keys: tuple[str, ...], site_hosts: Collection[str] = ()) -> str:
    """The address that a seed was copied from. Raises SeedSkipped when it names none, SeedError for a broken one."""
    return find_source(seed, keys, site_hosts)[1]


def find_source(seed: Seed, keys: tuple[str, ...], site_hosts: Collection[str] = ()) -> tuple[str, str]:
    """The first of the keys whose value can be asked, and that address.

    `site_hosts` are the site's own, without `www.`: an address there is no source. Raises SeedSkipped when the seed
    names no page that it was copied from, SeedError when it names one by a broken address.
    """
    faults: list[SeedError] = []
    for key in keys:
        if (obstacle := seed.obstacle(key)) is not None:
            faults.append(
                SeedError(
                    f"{seed.path}: {obstacle} is no mapping, so it cannot hold {key}; make it one, or name another key"
                )
            )
        if seed.is_blank(key):
            continue
        try:
            return key, _address(seed, key, site_hosts)
        except SeedError as error:
            faults.append(error)
    broken = next((fault for fault in faults if not isinstance(fault, SeedSkipped)), None)
    nothing = SeedSkipped(f"{seed.path} has no {keys[0]}; add the address that the post was copied from, if it was")
    raise broken or next(iter(faults), nothing)


def _address(seed: Seed, key: str, site_hosts: Collection[str]) -> str:
    """The address in a key that is not blank. Raises SeedSkipped or SeedError."""
    text = seed.text(key)
    if text is None:
        fault = f"{seed.path}: {key} is no single text; write one address there, if the post was copied from a page"
        raise SeedError(fault) if _holds_address(seed.value(key)) else SeedSkipped(fault)
    url = text.strip()
    where = f"{seed.path}: {key} {url!r}"
    if not _MEANT_AS_ADDRESS.match(url):
        what = "is relative" if "/" in url else "is no address"
        raise SeedSkipped(f"{where} {what}; write an http or https address, if the post was copied from a page")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SeedError(f"{where} is not an address; correct it") from None
    if not parts.scheme:
        raise SeedError(f"{where} lacks http: or https: at its start; correct it")
    if parts.scheme.lower() not in DEFAULT_PORTS:
        raise SeedError(f"{where} uses {parts.scheme}:, and only http and https addresses can be fetched; correct it")
    if not host or url.split() != [url]:
        raise SeedError(f"{where} is not an address; correct it")
    if without_www(hostname(url)) in site_hosts:
        raise SeedSkipped(f"{where} is on a host of the site itself (SITE_HOSTS); write the address of another site, "
                          "if the post was copied from one")  # fmt: skip
    return url


def _holds_address(value: object) -> bool:
    """Whether a list or a mapping has an item that somebody wrote down as an address."""
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return any(isinstance(item, str) and _MEANT_AS_ADDRESS.match(item.strip()) for item in items)


def published_at(seed: Seed, keys: tuple[str, ...], url: str) -> datetime | None:
    """When the article was published, as the seed says, its file's name (`2024-11-12-x.md`), or its address.

    None when none of them does. Aware; a time without a zone is taken as UTC, which is near enough for choosing between
    archived copies.
    """
    key = seed.first_key(keys)
    stated = dates.parse_date(seed.text(key) or "") if key else None
    in_name = _DAY_IN_NAME.match(PurePath(seed.path).name)
    found = stated or (dates.parse_date(in_name[1]) if in_name else None) or address_date(url)
    if found is None:
        return None
    at = dates.read(found)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at
