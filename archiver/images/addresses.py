"""Addresses of pictures as seeds have them: on a host, or a path in the site's own folders."""

from __future__ import annotations

import re

from archiver.urls import is_web

_NO_PATH = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|#|\Z)", re.IGNORECASE)
"""What stands before anything but a path (RFC 3986, section 4.2): a scheme, a host, a fragment alone, nothing."""
_TEMPLATE = re.compile(r"\{[{%]")


def is_remote(address: str) -> bool:
    """Whether an address names a host, which a file of the site's own has not."""
    return address.lower().startswith(("http://", "https://", "//"))


def with_scheme(address: str) -> str:
    """Return an address with a scheme: one that begins with two slashes has that of the page, today https."""
    return f"https:{address}" if address.startswith("//") else address


def picture_url(address: str) -> str | None:
    """Return the address under which a picture can be asked for.

    None for one of the site's own files, for data, for what a site's builder fills in, and for what nobody can read.

    >>> picture_url("//img.example/a.jpg"), picture_url("/img/a.jpg"), picture_url("http://[a.jpg")
    ('https://img.example/a.jpg', None, None)
    """
    url = with_scheme(address)
    try:
        return url if is_web(url) and not _TEMPLATE.search(url) else None
    except ValueError:
        return None


def is_site_path(address: str) -> bool:
    """Whether an address means a file of the site's own.

    >>> is_site_path("../img/a.jpg"), is_site_path("data:image/gif;base64,R0"), is_site_path("{{ page.image }}")
    (True, False, False)
    """
    return _NO_PATH.match(address) is None and _TEMPLATE.search(address) is None
