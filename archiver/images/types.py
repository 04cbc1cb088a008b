"""The type of a picture, by its first bytes: neither its address nor its Content-Type is believed."""

from __future__ import annotations

import re
from dataclasses import dataclass

PICTURE = "image"
"""As what a page asks for a picture; the word of WARC-Resource-Type, which Browsertrix writes too."""

_MAX_HEAD_BYTES = 1024
"""Bytes in which an SVG has to begin; with fewer a long comment or declaration hides it, with more other XML that shows
a drawing somewhere passes for one. Chosen, not measured."""
# Atomic: a part that was read is never read in another way, or a row of comments would take for ever.
_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s+|<\?xml[^>]*\?>|<!--.*?-->|<!DOCTYPE\s+svg[^>\[]*(?:\[.*?\]\s*)?>)*+<svg[\s>]", re.DOTALL
)
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class PictureType:
    """One format of pictures."""

    name: str
    """As Pillow names it; `SVG`, which that does not know."""
    mime: str
    extension: str
    """With its dot."""


JPEG = PictureType("JPEG", "image/jpeg", ".jpg")
PNG = PictureType("PNG", "image/png", ".png")
GIF = PictureType("GIF", "image/gif", ".gif")
WEBP = PictureType("WEBP", "image/webp", ".webp")
AVIF = PictureType("AVIF", "image/avif", ".avif")
BMP = PictureType("BMP", "image/bmp", ".bmp")
TIFF = PictureType("TIFF", "image/tiff", ".tif")
ICO = PictureType("ICO", "image/x-icon", ".ico")
SVG = PictureType("SVG", "image/svg+xml", ".svg")

_MAGIC: tuple[tuple[bytes, PictureType], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\x00\x00\x01\x00", ICO),
)
"""What files begin with (https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern)."""


def picture_type(body: bytes) -> PictureType | None:
    """Return the format in which some bytes are a picture; None where they are none.

    >>> picture_type(b"GIF89a").extension, picture_type(b"<html>")
    ('.gif', None)
    """
    known = next((kind for magic, kind in _MAGIC if body.startswith(magic)), None)
    if known is not None:
        return known
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return WEBP
    if body[4:8] == b"ftyp" and _AVIF_BRANDS & _brands(body):
        return AVIF
    if body[:2] == b"BM" and body[6:10] == bytes(4):
        return BMP  # the reserved fields of its header are zero
    return SVG if _SVG.match(body[:_MAX_HEAD_BYTES]) else None


def unread_type(body: bytes) -> str | None:
    """Return the name of a format of pictures that only some browsers show, and that nobody here looks at."""
    if body.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL ")):
        return "JPEG XL"
    if body.startswith((b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")):
        return "JPEG 2000"
    return "HEIC" if body[4:8] == b"ftyp" and _HEIC_BRANDS & _brands(body) else None


def _brands(body: bytes) -> set[bytes]:
    """The brands that the first box of an ISO media file names (ISO 14496-12, 4.3)."""
    size = min(int.from_bytes(body[:4]), _MAX_HEAD_BYTES)
    return {body[8:12], *(body[at : at + 4] for at in range(16, size, 4))}
