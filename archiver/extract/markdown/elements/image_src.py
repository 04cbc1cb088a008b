"""The address of an image within the body: lazy attributes, `srcset`, `<picture>`; None for what is no picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from urllib.parse import urlsplit

from lxml import html

from archiver.extract.fields.images import largest

Absolute = Callable[[str], str | None]
"""Makes an address absolute; None when it is none of http(s)."""

_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "data-hi-res-src", "data-url", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_NO_PICTURE = re.compile(
    r"placeholder|spacer|blank\.(?:gif|png|jpe?g)|pixel|1x1|sprite|tracking|beacon|transparent|loading\.gif|"
    r"gravatar|avatar|emoji|(?:^|[/_.-])logos?(?:[/_.-]|$)|(?:^|[/_-])icons?[/_.-]",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_SIZED = re.compile(
    r"(?:[-_](?:\d{2,4}x\d{2,4}|scaled|thumb(?:nail)?|small|medium|large))*(?P<type>\.(?:jpe?g|png|gif|webp|avif))$",
    re.IGNORECASE,
)
"""The end of a file's name, which says the size of the picture in it."""
_SIZE_KEYS = frozenset(
    "w h width height size resize fit crop quality q auto fm format dpr ssl strip imwidth impolicy".split()
)
"""What a query asks of a picture without naming another."""
_MIN_IMAGE_PIXELS = 60
"""Pixels of a stated width or height; with fewer icons and tracking pixels are images of the body, with more thin
pictures such as drawings of a line are lost. No measurement is on record."""
_MAX_LEVELS_UP = 3
"""Levels above a waiting image, itself included, beside which its other version is looked for; with fewer one beside
the frame is missed, with more that of the next image may be taken. No measurement is on record."""


def address(image: html.HtmlElement, absolute: Absolute, lazy: Sequence[str] = ()) -> str | None:
    """The picture's absolute address; None for pixels, placeholders, logos and inlined data.

    `lazy` names attributes of the publisher's own that hold it, which are asked first.
    """
    if _is_small(image):
        return None
    for written in chain(_own(image, lazy), _source_attributes(image)):
        url = absolute(written) if written and not written.startswith("data:") else None
        if url and not _NO_PICTURE.search(url):
            return url
    unscripted = _noscript_twin(image)
    return None if unscripted is None else address(unscripted, absolute, lazy)


def picture_key(url: str) -> str:
    """What the addresses of one picture in several sizes have in common.

    >>> picture_key("https://a.example/up/boat-300x200.jpg?w=300") == picture_key("https://a.example/up/boat.jpg")
    True
    """
    parts = urlsplit(url)
    asked = "&".join(part for part in parts.query.split("&") if part.partition("=")[0].lower() not in _SIZE_KEYS)
    path = _SIZED.sub(r"\g<type>", parts.path)
    return f"{parts.netloc}{path}?{asked}"


def _noscript_twin(image: html.HtmlElement) -> html.HtmlElement | None:
    """The image for readers without scripts that stands beside one which waits for its script."""
    around = image
    for _ in range(_MAX_LEVELS_UP):
        beside = around.getnext()
        if beside is not None and beside.tag == "noscript":
            return next(beside.iter("img"), None)
        parent = around.getparent()
        if parent is None or parent.tag in ("figure", "noscript"):
            return None
        around = parent
    return None


def _own(image: html.HtmlElement, lazy: Sequence[str]) -> list[str | None]:
    found = [(image.get(name) or "").strip() for name in lazy]
    return [largest(written) if " " in written else written for written in found]


def _source_attributes(image: html.HtmlElement) -> Iterator[str | None]:
    yield from map(image.get, _ADDRESSES)
    sources = [image]
    # libxml2 does not know that <source> is empty: the image may stand inside of it.
    picture = next(image.iterancestors("picture"), None)
    if picture is not None:
        sources.extend(picture.iter("source"))
    yield from (largest(written) for source in sources for name in _SETS if (written := source.get(name)))


def _is_small(image: html.HtmlElement) -> bool:
    sizes = [_DIGITS.match(stated.strip()) for side in ("width", "height") if (stated := image.get(side))]
    return any(size is not None and int(size[0]) < _MIN_IMAGE_PIXELS for size in sizes if size)
