"""What this archive has kept of a page that its site no longer serves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse, header_bytes
from archiver.archive.index import in_order
from archiver.urls import REDIRECTS, redirect_target

_MAX_HOPS = 10
"""Redirects that are followed from a copy, as many as of a live page (REDIRECT_MAX_TIMES); with fewer a long chain ends
without its page, without a limit a circle would never end. No measurement is on record."""


def find_copies(
    archive: Archive, url: str, wanted: datetime | None, before: datetime | None = None
) -> Iterator[RecordedResponse]:
    """The answers with status 200 that were kept of an address, or of where it redirected to at that time.

    The nearest to `wanted` come first, without a time the newest; those that are cut come last, equal payloads once.
    Those of `before` and later are left out.
    """
    seen = set()
    cut = []
    # A revisit without a head (0) has the status of what it repeats.
    kept = [capture for capture in archive.captures(url) if capture.status in {0, 200, *REDIRECTS}]
    kept = [capture for capture in kept if before is None or capture.captured_at < before]
    for capture in in_order(kept, wanted):
        answer = archive.read(capture)
        hops = 0
        while answer is not None and answer.status in REDIRECTS and hops < _MAX_HOPS:
            answer, hops = _next(archive, answer), hops + 1
        if answer is not None and answer.status == 200 and answer.body not in seen:
            seen.add(answer.body)
            if answer.is_cut:
                cut.append(answer)
            else:
                yield answer
    yield from cut


def target_of(answer: RecordedResponse, url: str) -> str | None:
    """Where a redirect from an address leads, as the crawl follows it; None when that can be no page of a site."""
    target = next((value for name, value in answer.headers if name.lower() == "location"), None)
    return None if target is None else redirect_target(url, header_bytes(target))


def _next(archive: Archive, answer: RecordedResponse) -> RecordedResponse | None:
    address = target_of(answer, answer.url)
    return archive.find(address, answer.captured_at) if address else None
