"""The addresses that a picture may have in other sizes: without the size that its own one asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from archiver.urls import is_web

_SIZED_NAME = re.compile(
    r"(?:[-_](?:\d{2,4}x\d{2,4}|scaled|thumb(?:nail)?|small|medium|large|w\d{2,4}|\d{3,4}w))+(?=\.\w{3,4}$)",
    re.IGNORECASE,
)
"""The end of a file's name that says its size, before its ending."""
_SIZED_FOLDER = re.compile(
    r"/(?:(?:resize|fit|crop|fill)[/_=:-])?(?:w_?\d{2,4}(?:,h_?\d{2,4})?|\d{2,4}x\d{2,4})(?:,[a-z]_\w+)*(?=/)",
    re.IGNORECASE,
)
"""A folder of a size: `/300x200/`, `/resize/640x360/`, `/w_300,h_200,c_fill/`."""
_SIZE_KEYS = frozenset(
    "w h width height size resize fit crop quality q auto fm format dpr ssl strip imwidth impolicy ixlib".split()
)
_DELIVERED_KEYS = frozenset({"url", "src", "image", "u"})
"""The keys under which a proxy has the address of the picture that it makes smaller."""
_CLOUDFLARE = re.compile(r"/cdn-cgi/image/[^/]+(?P<rest>/.+)$")
_PHOTON = re.compile(r"i\d\.wp\.com")


def other_sizes(url: str) -> Iterator[str]:
    """Yield the addresses at which a picture may be in another size, the likeliest first, none of them twice.

    >>> list(other_sizes("https://a.example/up/boat-300x200.jpg?w=300"))
    ['https://a.example/up/boat-300x200.jpg', 'https://a.example/up/boat.jpg']
    """
    met = {url}
    for address in _other_sizes(url):
        if address not in met and is_web(address):
            met.add(address)
            yield address


def _other_sizes(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for key, value in pairs:
        if key.lower() in _DELIVERED_KEYS and "/" in value:
            yield value if "://" in value else urlunsplit((parts.scheme, parts.netloc, value, "", ""))
    if _PHOTON.fullmatch(parts.netloc):
        yield f"https:/{parts.path}"
    if (match := _CLOUDFLARE.search(parts.path)) is not None:
        rest = unquote(match["rest"].lstrip("/"))
        yield rest if "://" in rest else urlunsplit(parts._replace(path=f"/{quote(rest)}"))
    kept = [(key, value) for key, value in pairs if key.lower() not in _SIZE_KEYS]
    bare = parts._replace(query=urlencode(kept))
    yield urlunsplit(bare)
    for pattern in (_SIZED_NAME, _SIZED_FOLDER):
        bare = bare._replace(path=pattern.sub("", bare.path))
        yield urlunsplit(bare)
