"""The key by which indexes of web archives sort and find addresses (SURT): the host backwards, then the path."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archiver.archive.base import address_key

_WWW = re.compile(r"www\d*\.(?=.*\.)")


def surt(url: str) -> str:
    """The sort key of an http or https address; scheme, `www.`, case and the order of the query do not count.

    >>> surt("https://www.Example.com/News/?b=2&a=1")
    'com,example)/news?a=1&b=2'
    """
    parts = urlsplit(address_key(url).lower())
    host = ",".join(reversed(_WWW.sub("", parts.hostname or "", count=1).split(".")))
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.rstrip("/") or "/"
    query = "?" + "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){path}{query}"
