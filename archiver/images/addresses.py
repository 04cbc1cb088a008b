"""Addresses of pictures as seeds have them."""

from __future__ import annotations

from archiver.urls import is_web


def picture_url(address: str) -> str | None:
    """Return the address under which a picture can be asked for; None for one of the site's own files, and for data.

    >>> picture_url("//img.example/a.jpg"), picture_url("/img/a.jpg")
    ('https://img.example/a.jpg', None)
    """
    url = f"https:{address}" if address.startswith("//") else address
    return url if is_web(url) else None
