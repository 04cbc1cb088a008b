"""The captures of a picture: those that were asked for as part of a page, and those that stand for themselves."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from archiver.archive.base import RecordedResponse, first_whole
from archiver.archive.index import NOT_MODIFIED, CaptureIndex, in_order
from archiver.archive.lookup import target_of
from archiver.images.types import picture_type
from archiver.models import CdxEntry
from archiver.urls import REDIRECTS

_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
"""Bytes that a packed picture may unpack to, twice the default of DOWNLOAD_MAXSIZE; with fewer one that a run took is
not found again, with more a bomb takes more memory. Chosen, not measured."""
_GZIP = zlib.MAX_WBITS + 16


T = TypeVar("T")


@runtime_checkable
class IndexedPages(Protocol):
    """Saved pages that an index knows: an archive."""

    def ask(self, question: Callable[[CaptureIndex], T]) -> T:
        """What the index answers."""

    def read(self, capture: CdxEntry) -> RecordedResponse | None:
        """The recorded answer; None when it cannot be read."""


def find_part(archive: IndexedPages, url: str, at: datetime | None = None) -> RecordedResponse | None:
    """Return the answer to what asked for an address as for a part of a page, nearest in time, the newest without one.

    Where there is none, what the address answered otherwise. A 304 says nothing: what it repeats is found.
    """
    known = [one for one in archive.ask(lambda index: index.resources(url)) if one.status != NOT_MODIFIED]
    parts = [one for one in known if one.kind == "subresource"]
    return first_whole(map(archive.read, in_order(parts or known, at)))


def find_picture(archive: IndexedPages, url: str, at: datetime | None = None) -> RecordedResponse | None:
    """Return the capture of a picture that is nearest in time, the newest without a time; None where there is none.

    It has status 200 and is whole, its body has no Content-Encoding and is a picture by its first bytes: what
    `images.types.picture_type` says of them is its true type. Redirects are followed, the address is where they end.
    """
    return _find(archive, url, at, set())


def _find(archive: IndexedPages, url: str, at: datetime | None, met: set[str]) -> RecordedResponse | None:
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
