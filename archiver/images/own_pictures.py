"""Pictures that somebody keeps for the site: by path, on its own hosts, or as an attachment on GitHub."""

from __future__ import annotations

import re
from collections.abc import Container

from archiver.images.addresses import is_remote, with_scheme
from archiver.urls import hostname, without_www

_ATTACHMENT = re.compile(
    # https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/attaching-files
    r"https?://(?:github\.com/(?:user-attachments/|[\w.-]+/[\w.-]+/assets/)"
    r"|(?:private-)?user-images\.githubusercontent\.com/)",
    re.IGNORECASE,
)


def is_own_picture(address: str, hosts: Container[str]) -> bool:
    """Whether a picture is kept for the site; `hosts` are without `www.`.

    >>> is_own_picture("images/a.jpg", ()), is_own_picture("https://a.example/a.jpg", {"a.example"})
    (True, True)
    >>> is_own_picture("https://github.com/user-attachments/assets/5fd0", ())
    True
    """
    if not is_remote(address):
        return True
    url = with_scheme(address)
    return _ATTACHMENT.match(url) is not None or without_www(hostname(url)) in hosts
