"""What settings and arguments say of which seeds are meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from archiver.errors import SettingsError
from archiver.urls import hostname, without_www

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f]*:[0-9a-f:.]+")
"""A name, or an address of IPv4 or IPv6."""


def parse_hosts(names: Iterable[object], where: str) -> Iterator[str]:
    """Return hosts in lower case, without `www.`; `where` named them. Raises SettingsError."""
    for name in map(str, names):
        host = name.strip().lower().rstrip(".").strip("[]")
        if not host:
            continue
        if not _HOST.fullmatch(host):
            meant = hostname(host if "//" in host else f"//{host}") or "blog.example"
            raise SettingsError(f"{where} names {name!r}, which is no host; write it like {meant}")
        yield without_www(host)
