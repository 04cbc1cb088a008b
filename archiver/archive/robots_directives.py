"""What a page asks of those who keep it: `X-Robots-Tag` and `<meta name="robots">`.

https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag; no standard has them, and all sites do.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Callable, Iterable, Iterator

import brotli  # type: ignore[import-untyped]

NO_ARCHIVE = "noarchive"
FIELD = "WARC-Robots-Directives"
"""The field of ours that says in a record what its page asked for."""

_MAX_PAGE_BYTES = 1 << 16
"""Bytes of a page in which its head is looked for; with fewer a directive behind long styles is missed, with more every
page costs more to record. Chosen, not measured."""
_MAX_PACKED_BYTES = 1 << 15
"""Bytes of a packed page that are unpacked for that; with fewer a page that hardly packs is not read so far, with more
others cost more. Chosen, not measured."""
_META = re.compile(rb"<meta\b[^>]{1,500}>", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"</(?:head|HEAD)\b|<(?:body|BODY)\b")
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_DIRECTIVE = re.compile(r"[a-z][a-z_-]{1,40}")
_WITH_VALUE = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives with a colon of their own; before any other one stands the name of the program that is meant."""


def directives_of(head: bytes, body: bytes, agent: str) -> tuple[str, ...]:
    r"""Return what an answer asks of the program of this name, sorted; `body` is in its Content-Encoding.

    >>> directives_of(b"HTTP/1.1 200 OK\r\nX-Robots-Tag: googlebot: nosnippet, other: noindex\r\n", b"", "me")
    ()
    >>> directives_of(b"HTTP/1.1 200 OK\r\n", b'<META content="NOARCHIVE,follow" name=robots>', "me")
    ('follow', 'noarchive')
    """
    fields = [line.partition(":") for line in head.decode("latin-1").splitlines()[1:]]
    headers = [(name.strip().lower(), value.strip()) for name, _, value in fields]
    found = {one for name, value in headers if name == "x-robots-tag" for one in _of_header(value, agent.lower())}
    if "html" in next((value.lower() for name, value in headers if name == "content-type"), "html"):
        encoding = next((value.lower() for name, value in headers if name == "content-encoding"), "")
        found.update(_of_page(_begin_of(body, encoding), agent.lower()))
    return tuple(sorted(found))


def _of_header(value: str, agent: str) -> Iterator[str]:
    meant = ""
    for part in value.lower().split(","):
        name, colon, rest = part.strip().partition(":")
        if colon and name.strip() not in _WITH_VALUE:
            meant, name = name.strip(), rest.strip()
        if meant in {"", "*", agent} and _DIRECTIVE.fullmatch(name):
            yield name


def _of_page(page: bytes, agent: str) -> Iterator[str]:
    end = _END_OF_HEAD.search(page)
    for match in _META.finditer(page, 0, end.start() if end else len(page)):
        attributes = {
            name.lower(): html.unescape(double or single or bare)
            for name, double, single, bare in _ATTRIBUTE.findall(match.group().decode("utf-8", "replace"))
        }
        if attributes.get("name", "").strip().lower() in {"robots", agent}:
            parts: Iterable[str] = attributes.get("content", "").lower().split(",")
            yield from (name for part in parts if _DIRECTIVE.fullmatch(name := part.partition(":")[0].strip()))


def _begin_of(body: bytes, encoding: str) -> bytes:
    """The first bytes of a page; none where it is packed in a way that is not asked for, or damaged."""
    unpack = _UNPACKERS.get(encoding)
    if unpack is None:
        return body[:_MAX_PAGE_BYTES] if encoding in {"", "identity"} else b""
    try:
        return unpack(body[:_MAX_PACKED_BYTES])
    except (zlib.error, brotli.error):
        return b""


def _unzip(packed: bytes) -> bytes:
    # 32 more: gzip's head or zlib's, whichever is there; servers call both deflate, and some send neither.
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 32).decompress(packed, _MAX_PAGE_BYTES)
    except zlib.error:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, _MAX_PAGE_BYTES)


def _unbrotli(packed: bytes) -> bytes:
    return bytes(brotli.Decompressor().process(packed, output_buffer_limit=_MAX_PAGE_BYTES))


_UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _unzip,
    "x-gzip": _unzip,
    "deflate": _unzip,
    "br": _unbrotli,
}
