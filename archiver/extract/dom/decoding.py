"""Bytes of a page to its text, by the charset that is stated for it or by what its bytes look like."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

import charset_normalizer
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

_MAX_DETECTED_BYTES = 50_000
"""Bytes in which a charset is looked for; with fewer a page whose letters begin late is taken for another's, more cost
time on each page without a charset. No measurement is on record."""
_ENCODINGS = frozenset(
    {
        "utf-8", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
        "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "cp874",
        "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "gb18030",
        "big5hkscs", "euc_jp", "iso2022_jp", "cp932", "cp949", "utf-16", "utf-16-be", "utf-16-le",
    }
)  # fmt: skip
"""Python's names for the encodings of the web (https://encoding.spec.whatwg.org/#names-and-labels), as w3lib resolves
their labels. Python calls much else a codec: `undefined` raises whatever it is given, `zlib` unpacks."""

_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\f\r"})
_FORM_FEED = bytes.maketrans(b"\f", b" ")
_CODES = rb"0*(?:[1-8]|1[124-9]|2[0-9]|3[01]|6553[45])(?![0-9])|[xX]0*(?:[1-8bce-f]|1[0-9a-f]|fff[ef])(?![0-9a-f])"
_NO_CHARACTER = re.compile(rb"&#(?:" + _CODES + rb");?|\xef\xbf[\xbe\xbf]", re.IGNORECASE)

_HIGH, _LOW, _ANY = (rb"u[dD][%s][0-9a-fA-F]{2}" % digits for digits in (b"89abAB", b"c-fC-F", b"89a-fA-F"))
_SURROGATE = re.compile(rb"\\+" + _HIGH + rb"\\+" + _LOW + rb"|(\\" + _ANY + b")")
"""A pair as JSON and JavaScript escape it, with more backslashes in JSON within JSON; or a half without another."""


def decode(body: bytes, content_type: str | None) -> str:
    """The page's text: by byte order mark, HTTP charset, `<meta charset>`, else UTF-8, else detection."""
    return _decode(body, content_type)[1]


def to_utf8(body: bytes, content_type: str | None) -> bytes:
    """The page in UTF-8, without a byte order mark; U+FFFD stands for what its charset does not have."""
    encoding, text = _decode(body, content_type)
    if encoding == "utf-8" and "\ufffd" not in text:
        return body.removeprefix(BOM_UTF8)
    return text.encode("utf-8", "replace")


def _decode(body: bytes, content_type: str | None) -> tuple[str, str]:
    encoding, mark = read_bom(body)
    if encoding is not None and mark is not None and encoding in _ENCODINGS:
        return encoding, to_unicode(body[len(mark) :], encoding)
    encoding = http_content_type_encoding(content_type)
    if encoding not in _ENCODINGS:
        encoding = html_body_declared_encoding(body)
    if encoding is None or encoding not in _ENCODINGS:
        encoding = _detect(body)
    # Who says no more than this means network byte order.
    encoding = "utf-16-be" if encoding == "utf-16" else encoding
    return encoding, to_unicode(body, encoding)


def _detect(body: bytes) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(body[:_MAX_DETECTED_BYTES]).best()
        return best.encoding if best else "cp1252"
    return "utf-8"


def remove_controls(markup: bytes) -> bytes:
    r"""Return a page in UTF-8 without the characters, spelled out or not, that no XML has.

    libxml2 takes them into the tree, ends its input at NUL, and lxml refuses every text that has one when an element
    is moved. A form feed is white space in HTML.

    >>> remove_controls(b"<p>a\x07b\fc&#x1F;d&#12;e</p>")
    b'<p>ab cd e</p>'
    """
    markup = markup.translate(_FORM_FEED, _CONTROLS)
    if b"&#" not in markup and b"\xef\xbf" not in markup:
        return markup
    return _NO_CHARACTER.sub(lambda match: b" " if match[0].lower().strip(b"&#;0x") in {b"12", b"c"} else b"", markup)


def replace_lone_surrogates(markup: bytes) -> bytes:
    r"""Return a page in which U+FFFD stands for each half of a surrogate pair that its scripts escape alone.

    No file and no XML can hold what such an escape stands for.

    >>> replace_lone_surrogates(rb'{"a": "\ud83d\ude00 \ud83d"}')
    b'{"a": "\\ud83d\\ude00 \\ufffd"}'
    """
    if b"\\ud" not in markup and b"\\uD" not in markup:
        return markup
    return _SURROGATE.sub(lambda match: rb"\ufffd" if match[1] else match[0], markup)
