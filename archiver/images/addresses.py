"""Addresses of pictures that somebody keeps for the site."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from archiver.urls import hostname, is_web, without_www

_GITHUB_PATH = "/user-attachments/"
_GITHUB_HOSTS = frozenset({"user-images.githubusercontent.com", "private-user-images.githubusercontent.com"})
"""Where GitHub keeps what people put into issues and posts, and where it did before."""


def picture_url(address: str) -> str | None:
    """Return the address under which a picture can be asked for; None for one of the site's own files, and for data.

    >>> picture_url("//img.example/a.jpg"), picture_url("/img/a.jpg")
    ('https://img.example/a.jpg', None)
    """
    url = f"https:{address}" if address.startswith("//") else address
    return url if is_web(url) else None


def is_own(address: str, own_hosts: Collection[str] = ()) -> bool:
    """True for a picture that is kept for the site: a file of its own, one at GitHub, one on the hosts that are named.

    >>> is_own("../boat.jpg"), is_own("https://github.com/user-attachments/assets/1"), is_own("https://cdn.example/a")
    (True, True, False)
    """
    url = picture_url(address)
    if url is None:
        return True
    host = without_www(hostname(url))
    if host == "github.com":
        return urlsplit(url).path.startswith(_GITHUB_PATH)
    return host in _GITHUB_HOSTS or host in own_hosts
