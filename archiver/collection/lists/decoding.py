"""The bytes of a list → its text: gzip, byte order marks, UTF-16, what XML and HTML declare."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import re
import zlib

from archiver.errors import SettingsError

MAX_LIST_BYTES = 256 * 1024 * 1024
"""Bytes of a list, unpacked: five times what a sitemap may have (https://www.sitemaps.org/protocol.html). Lower, long
exports are refused; without a limit a few kilobytes of gzip fill the memory."""

_SAMPLE_BYTES = 1024
"""Bytes at the start in which an encoding is declared or shows, as HTML asks of pages. No measurement is on record."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding=[\"']([\w-]+)|<meta[^>]*charset=[\"']?([\w-]+)", re.IGNORECASE)
# Of Python's codecs, those that are sets of characters: `undefined` and `idna` are codecs too. That bytes are no UTF-16
# is known before this is asked, whatever they declare.
_IS_CHARSET = re.compile(r"ascii|iso|cp\d|koi8|gb|big5|euc|shift|mac|tis|hz|johab|kz|ptcp")
_COMPRESSED_BY_FIREFOX = b"mozLz40\0"


def decode(name: str, raw: bytes) -> str:
    """Return the text of a list; bytes that are no text in its encoding become lone surrogates.

    Raises SettingsError when it is packed in a way that cannot be read, or is too large.
    """
    if raw.startswith(b"\x1f\x8b"):
        raw = _unpack(name, raw)
    if raw.startswith(_COMPRESSED_BY_FIREFOX):
        raise SettingsError(f"{name} is packed as only Firefox does it; export the bookmarks as HTML instead")
    if len(raw) > MAX_LIST_BYTES:
        raise SettingsError(f"{name} is larger than {MAX_LIST_BYTES:,} bytes; split it")
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    encoding = _encoding_of(raw[:_SAMPLE_BYTES])
    return raw.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")


def _unpack(name: str, raw: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(raw)) as packed:
            return packed.read(MAX_LIST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise SettingsError(f"{name} is damaged gzip ({error}); fetch it again") from None


def _encoding_of(start: bytes) -> str:
    """Return the encoding that the start of a list without a byte order mark shows or declares."""
    # Addresses are ASCII: in UTF-16 every other byte of them is zero.
    for odd, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if start[odd::2].count(0) > len(start) // 4 and not start[1 - odd :: 2].count(0):
            return encoding
    if declared := _DECLARED.search(start):
        encoding = (declared[1] or declared[2]).decode().lower()
        with contextlib.suppress(LookupError):
            if _IS_CHARSET.match(codecs.lookup(encoding).name):
                return encoding
    return "utf-8"
