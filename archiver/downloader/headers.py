"""HTTP headers, between Scrapy's form and plain pairs in the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy.http import Headers, Response

from archiver.archive.base import header_bytes
from archiver.downloader.scrapy_internals import stored_items


def headers_of(response: Response) -> tuple[tuple[str, str], ...]:
    """The headers of an answer as pairs of text."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in stored_items(response.headers)
        for value in values
    )


def scrapy_headers(pairs: Iterable[tuple[str, str]]) -> Headers:
    """Recorded headers as Scrapy has them; one that came several times stays so."""
    headers = Headers()
    for name, value in pairs:
        headers.appendlist(header_bytes(name), header_bytes(value))
    return headers
