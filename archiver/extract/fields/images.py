"""The article's own lead image: which addresses cannot be one, and the best of those that can."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, urlsplit

# Searched for in lower case: ignoring case would cost four times as much, and every address is asked.
_NOT_LEAD = re.compile(
    r"logo|favicon|placeholder|nopic|no[-_]?image|no[-_]?photo|blank\.|pixel|spacer|1x1|avatar|gravatar|sprite|apple-touch|"
    r"(?:^|[/_-])icons?[/_.-]|tracking|beacon|default[-_.](?:image|img|share|social|og|thumb|facebook|logo|picture)|"
    r"(?:image|img|share|social|og|thumb|facebook|fb|twitter)[-_]default|fallback|og[-_]?image\.|"
    r"(?:facebook|social|twitter|share|sharing)[-_]?(?:share|image|card|logo|preview|thumb)?\.(?:jpe?g|png)|"
    r"loading\.gif|transparent|"
    # What a site shows for pages without a picture: files of its theme, and cards for sharing.
    r"/themes?/|[-_/]default\.(?:jpe?g|png|webp|gif)|subscribe-card|seo[-_]?image|social[-_ ]shar|"
    r"(?:facebook|twitter|social)[-_ ]link"
)
_DESCRIPTOR = re.compile(r"^(\d+(?:\.\d+)?)([wx])$")
_BETWEEN_CANDIDATES = re.compile(r",\s+|,(?=https?://)|(?<=[0-9][wx]),")
_PART = re.compile(r"[/,:=]")
_SIZE = re.compile(r"[-_]?(?:\d{2,4}x\d{2,4}|scaled|w\d{2,4}|[a-z]?\d{3,4}[wp])$")
_WIDTH = re.compile(
    r"[?&](?:w|width|imwidth)=(\d+)|[-/_](\d{2,4})x\d{2,4}\b|[-/_,=]w[-_=]?(\d{2,4})\b|fill:(\d+)|width[-_=](\d+)"
)
_DELIVERED = re.compile(r"(?:^|&)(?:url|src|image)=([^&]+\.(?:jpe?g|png|webp|gif|avif))", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)(?!(?:19|20)\d\d[01]\d[0-3]\d)\d{7,}(?!\d)")
"""Names a picture in a file's name; a day does not."""
_ID = re.compile(r"[a-z0-9]{12,}")
_MIXED = re.compile(r"[a-z][0-9]|[0-9][a-z]")
"""An id or a hash names a picture wherever it stands in the path; a day with a time does not."""
_MIN_WIDTH_PIXELS = 400
"""Pixels of a width that an address names; from fewer on thumbnails pass for the lead image, with more pictures that
fill a column of 400 pixels do not. No measurement is on record."""
_FILE = re.compile(r"(?:\.(?:jpe?g|png|webp|gif|avif))+$", re.IGNORECASE)


def largest(srcset: str) -> str | None:
    """The address with the largest descriptor of a `srcset` (https://html.spec.whatwg.org/#srcset-attributes).

    >>> largest("a.jpg 320w, b,c.jpg 1200w")
    'b,c.jpg'
    """
    best: tuple[float, str] | None = None
    for candidate in _BETWEEN_CANDIDATES.split(srcset.strip()) if srcset else ():
        parts = candidate.strip().strip(",").split()
        if not parts:
            continue
        match = _DESCRIPTOR.match(parts[-1]) if len(parts) > 1 else None
        size = float(match[1]) if match else 1.0
        if best is None or size > best[0]:
            best = size, parts[0]
    return best[1] if best else None


def unfit(address: str, placeholders: Iterable[str] = ()) -> bool:
    """True for a logo, pixel, placeholder, portrait or drawing, by its address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return True
    path = unquote(parts.path).lower()
    if path.endswith((".svg", ".ico")) or path in ("", "/"):
        return True
    lowered = address.lower()
    return bool(_NOT_LEAD.search(path)) or any(part.lower() in lowered for part in placeholders)


def is_file(address: str) -> bool:
    """True when the address ends as the files of pictures do."""
    return _FILE.search(urlsplit(address).path.lower()) is not None


def same_picture(one: str, two: str) -> bool:
    """True when the two addresses show the same picture, whatever its size, format, or the proxy that delivers it."""
    return one == two or bool(_stems(one) & _stems(two))


@lru_cache(maxsize=512)
def _stems(address: str) -> frozenset[str]:
    """The parts of an address that stay from one size to another: file names without size and type, long ids."""
    whole = urlsplit(address)
    delivered = _DELIVERED.search(whole.query)
    path = unquote(unquote(f"{whole.path}/{delivered[1]}" if delivered else whole.path)).lower()
    # The folder of a size or of an article holds many pictures, unless an id is its name.
    files = [part for part in _PART.split(path) if _FILE.search(part)]
    stems = frozenset(stem for part in files if len(stem := _SIZE.sub("", _FILE.sub("", part))) >= 6)
    ids = (token for token in _ID.findall(path) if _MIXED.search(token))
    return stems.union(ids, *(_NUMBER.findall(part) for part in files))


def small(address: str) -> bool:
    """True when the address asks for a width below 400 pixels; False when it names none."""
    widths = [int(next(filter(None, match.groups()))) for match in _WIDTH.finditer(unquote(address))]
    return bool(widths) and max(widths) < _MIN_WIDTH_PIXELS
