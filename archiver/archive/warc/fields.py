"""The fields of WARC records, in the spellings that programs give them."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache

from archiver.archive.base import utc

_PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d\d))?")
_DIGITS = re.compile(r"\d{8}|\d{10}|\d{12}|\d{14}")
"""What ARC has for a date, and some programs write into WARCs too."""
_OWN_SPELLING = re.compile(r"sha1:[A-Z2-7]{32}")
_ALGORITHM_DASH = re.compile(r"^(sha|md)-(?=\d)")


def parse_date(text: str) -> datetime:
    """The instant of a WARC-Date, aware, UTC; of a reduced one (`2024`, `2024-11`) its beginning. Raises ValueError.

    WARC 1.1 lets any part from the right be left out, and seconds have fractions (ISO 28500:2017, 5.4).

    >>> parse_date("2024-11").isoformat(), parse_date("20241103041056").isoformat()
    ('2024-11-01T00:00:00+00:00', '2024-11-03T04:10:56+00:00')
    """
    text = text.strip()
    if partial := _PARTIAL_DATE.fullmatch(text):
        return datetime(int(partial[1]), int(partial[2] or 1), 1, tzinfo=UTC)
    if _DIGITS.fullmatch(text):
        day, clock = text[:8], text[8:].ljust(6, "0")
        return datetime.strptime(day + clock, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return utc(text)


def same_digest_spelling(text: str) -> str:
    """A stated digest as this archive spells it: `sha1:`, `md5:` and so on in lower case, its value in Base32.

    Programs write hexadecimal, Base32 or Base64, in either case. What is no digest stays as it is.

    >>> same_digest_spelling("MD5:D41D8CD98F00B204E9800998ECF8427E")
    'md5:2QOYZWMPACZAJ2MABGMOZ6CCPY'
    """
    if _OWN_SPELLING.fullmatch(text):
        return text
    algorithm, value = split_digest(text)
    return f"{algorithm}:{_base32(value)}" if value else text.strip()


def split_digest(text: str) -> tuple[str, bytes]:
    """The algorithm of a stated digest, as hashlib calls it, and its value; an empty value where it is none."""
    name, _, value = text.strip().partition(":")
    algorithm, size = _algorithm(name)
    return algorithm, _decode(value.strip(), size) if size else b""


@lru_cache(maxsize=64)
def _algorithm(name: str) -> tuple[str, int]:
    """What hashlib calls an algorithm, and the bytes of its digests, 0 for one that it does not know."""
    algorithm = _ALGORITHM_DASH.sub(r"\1", name.lower())
    if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
        return algorithm, 0
    return algorithm, hashlib.new(algorithm, usedforsecurity=False).digest_size


def _decode(value: str, size: int) -> bytes:
    """A value of so many bytes, whichever way it is written; empty where it is no such value."""
    bare = value.rstrip("=")
    read = _READERS.get(len(bare) * 8 // size)
    try:
        decoded = read(bare) if read else b""
    except ValueError:
        return b""
    return decoded if len(decoded) == size else b""


def _from_base32(bare: str) -> bytes:
    return base64.b32decode(bare.upper() + "=" * (-len(bare) % 8))


def _from_base64(bare: str) -> bytes:
    return base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4), validate=True)


_READERS = {16: bytes.fromhex, 13: _from_base32, 12: _from_base32, 11: _from_base64, 10: _from_base64}
"""How a value is written, by its letters for eight bytes of the digest, rounded down."""


def _base32(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=")
