"""The captures of a picture: those that were asked for as part of a page, and those that stand for themselves."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import datetime

from archiver.archive.base import RecordedResponse
from archiver.archive.index import in_order
from archiver.archive.lookup import target_of
from archiver.archive.warc_pages import WarcPages
from archiver.images.types import picture_type
from archiver.urls import REDIRECTS

_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Bytes that a packed picture may unpack to, twice the default of DOWNLOAD_MAXSIZE; with fewer one that a run took is
not found again, with more a bomb takes more memory. Chosen, not measured."""
_GZIP = zlib.MAX_WBITS + 16


def find_picture(archive: WarcPages, url: str, at: datetime | None = None) -> RecordedResponse | None:
    """Return the capture of a picture that is nearest in time, the newest without a time; None where there is none.

    It has status 200 and is whole, its body has no Content-Encoding and is a picture by its first bytes: what
    `images.types.picture_type` says of them is its true type. Redirects are followed, the address is where they end.
    """
    return _find(archive, url, at, set())


def _find(archive: WarcPages, url: str, at: datetime | None, met: set[str]) -> RecordedResponse | None:
    """The same; `met` has the addresses that led here, none of which is asked for twice."""
    met.add(url)
    for capture in in_order(archive.ask(lambda index: index.resources(url)), at):
        answer = archive.read(capture) if capture.status == 200 or capture.status in REDIRECTS else None
        if answer is None or answer.is_cut:
            continue
        if answer.status in REDIRECTS:
            target = target_of(answer, url)
            found = _find(archive, target, answer.captured_at, met) if target and target not in met else None
        else:
            found = _unpacked(answer)
        if found is not None and picture_type(found.body) is not None:
            return found
    return None


def _unpacked(answer: RecordedResponse) -> RecordedResponse | None:
    """The answer without its Content-Encoding; None for one that cannot be undone, or unpacks to too much."""
    codings = [value.strip().lower() for name, value in answer.headers if name.lower() == "content-encoding"]
    body = answer.body
    for coding in reversed([part.strip() for value in codings for part in value.split(",")]):
        if coding in {"", "identity"}:
            continue
        if coding not in {"gzip", "x-gzip"}:
            return None
        try:
            stream = zlib.decompressobj(_GZIP)
            body = stream.decompress(body, _MAX_UNPACKED_BYTES)
        except zlib.error:
            return None
        if not stream.eof:
            return None
    headers = tuple((name, value) for name, value in answer.headers if name.lower() != "content-encoding")
    return replace(answer, body=body, headers=headers)
