"""The answers in WARCs, found by an index: how a revisit gets its payload, and which capture answers for an address.

The archive and a replay of somebody's files read alike, since both read here. Why: docs/design.md D83.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from archiver.archive.base import RecordedResponse, first_whole, utc
from archiver.archive.index import NOT_MODIFIED, CaptureIndex, in_order
from archiver.archive.warc.fields import parse_date
from archiver.archive.warc.places import WarcPlace
from archiver.archive.warc.reader import read_answer, without_false_encoding
from archiver.archive.warc.scan import scan
from archiver.models import CdxEntry

logger = logging.getLogger(__name__)

_MAX_BATCH_CAPTURES = 2000
"""Captures that are added to the index in one transaction: other runs wait meanwhile. Fewer cost time for each
transaction, more make others wait longer. No measurement is on record."""

T = TypeVar("T")


class WarcPages(ABC):
    """Captures that an index knows, read from the WARCs in which they lie."""

    max_body_bytes: int | None = None
    """Bytes of a body that are read; of a longer one so many, and one more. None reads all."""

    @abstractmethod
    def ask(self, question: Callable[[CaptureIndex], T]) -> T:
        """What the index answers."""

    @abstractmethod
    def place(self, name: str) -> WarcPlace:
        """Where the WARC lies that the index calls so."""

    def captures(self, url: str) -> list[CdxEntry]:
        """The captures of an address, the oldest first."""
        return self.ask(lambda index: list(index.captures(url)))

    def in_file(self, name: str) -> list[CdxEntry]:
        """All that the index knows of a file, in its order."""
        return self.ask(lambda index: list(index.in_file(name)))

    def with_digest(self, digest: str) -> list[CdxEntry]:
        """Every response that carries a payload and every revisit that repeats it, the oldest first."""
        return self.ask(lambda index: index.with_digest(digest))

    def find(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The capture of an address that is nearest in time, the newest without a time.

        None when there is none. One that is damaged is reported, and the next nearest taken; so is the next for one
        that is cut, where another is whole. A 304 only says that the page was still what an earlier capture has, so it
        is that which is found.
        """
        pages = [capture for capture in self.captures(url) if capture.status != NOT_MODIFIED]
        return first_whole(map(self.read, in_order(pages, at)))

    def find_page(self, url: str) -> tuple[RecordedResponse | None, CdxEntry | None]:
        """The newest capture of an address that holds a page, and the newer one that holds none, if there is one.

        Without any page the newest capture.
        """
        newest_first = in_order(self.captures(url), None)
        pages = [capture for capture in newest_first if capture.status == 200]
        page = first_whole(map(self.read, pages))
        if page is None:
            return self.find(url), None
        newest = next(capture for capture in newest_first if capture.status != NOT_MODIFIED)
        return page, newest if newest.status != 200 else None

    def find_part(self, url: str, at: datetime | None = None) -> RecordedResponse | None:
        """The answer to what asked for an address as for a part of a page, such as a picture; else as `find` has it."""
        known = self.ask(lambda index: index.resources(url))
        parts = [one for one in known if one.kind == "subresource" and one.status != NOT_MODIFIED]
        return first_whole(map(self.read, in_order(parts, at))) if parts else self.find(url, at)

    def find_rendering(self, url: str, captured_at: datetime) -> RecordedResponse | None:
        """The document that scripts made of the answer of that address and time; None where no browser had it."""
        known = self.ask(lambda index: list(index.conversions(url)))
        return _rendering_of(captured_at, map(self.record, known))

    def read(self, capture: CdxEntry) -> RecordedResponse | None:
        """The recorded answer, a revisit with the payload it refers to; None when it cannot be read (reported).

        One that says that the page was unchanged has no payload: it is a 304, and stays one.
        """
        recorded = self.record(capture)
        if recorded is None or recorded.kind != "revisit" or recorded.status == NOT_MODIFIED:
            return recorded
        found = self.original(capture, recorded)
        if found is not None:
            return _resolve_revisit(recorded, found)
        logger.warning(
            "%s: the record at byte %d repeats a page that is in none of the WARCs; it is passed over",
            self.place(capture.file),
            capture.offset,
        )
        return None

    def original(self, capture: CdxEntry, recorded: RecordedResponse) -> RecordedResponse | None:
        """The response that has the payload of a record: itself, or the one that a revisit repeats; None without it."""
        if recorded.kind != "revisit":
            return recorded
        found = (self.record(original) for original in self._originals(capture, recorded))
        return next((one for one in found if one is not None and one.kind == "response"), None)

    def record(self, capture: CdxEntry) -> RecordedResponse | None:
        """The record as it stands, the payload of a revisit empty; None when it cannot be read (reported)."""
        return read_answer(self.place(capture.file), capture.offset, capture.url, self.max_body_bytes)

    def originals(self, revisit: CdxEntry, recorded: RecordedResponse) -> list[CdxEntry]:
        """The responses whose payload a revisit repeats, the likeliest first; `recorded` is its record."""
        return list(self._originals(revisit, recorded))

    def _originals(self, revisit: CdxEntry, recorded: RecordedResponse) -> Iterator[CdxEntry]:
        """By the payload's own digest, which was computed; then by what the two records say of themselves."""
        seen = set()
        for original in itertools.chain.from_iterable(self._candidates(revisit, recorded)):
            place = original.file, original.offset
            if original.kind == "response" and place not in seen:
                seen.add(place)
                yield original

    def _candidates(self, revisit: CdxEntry, recorded: RecordedResponse) -> Iterator[list[CdxEntry]]:
        digest, name = revisit.digest, recorded.refers_to_id
        if digest:
            yield self.ask(lambda index: index.known(digest))
        if name:
            yield self.ask(lambda index: index.named(name))
        if digest:
            # wget digests the chunks, others by an algorithm of their own.
            yield self.ask(lambda index: index.named(digest))
        url, date = recorded.refers_to
        with contextlib.suppress(ValueError):
            at = parse_date(date).replace(microsecond=0)
            yield [one for one in self.captures(url) if one.captured_at.replace(microsecond=0) == at]


class WarcSet(WarcPages):
    """The answers in some WARCs. Damaged records are reported by file and offset, and passed over."""

    def __init__(self, places: Iterable[WarcPlace]) -> None:
        self._places: Mapping[str, WarcPlace] = {f"{number:08}": place for number, place in enumerate(places)}
        """By names that keep their order, in which the later of one instant counts."""
        self._index = CaptureIndex(None)
        for name, place in self._places.items():
            add_captures(self._index, scan(place, name))

    def __del__(self) -> None:
        """Give the index back: a set is opened where its run begins, and nobody says when it has been read."""
        self._index.close()

    def ask(self, question: Callable[[CaptureIndex], T]) -> T:
        """What the index answers."""
        return question(self._index)

    def place(self, name: str) -> WarcPlace:
        """Where the WARC lies that the index calls so."""
        return self._places[name]


def add_captures(index: CaptureIndex, found: Iterator[CdxEntry]) -> None:
    """Take the captures of a file into an index."""
    while batch := list(itertools.islice(found, _MAX_BATCH_CAPTURES)):
        index.add(batch)


def _rendering_of(captured_at: datetime, renderings: Iterable[RecordedResponse | None]) -> RecordedResponse | None:
    """The one of an address's rendered documents that was made of the answer of that time; None without any."""
    for rendering in renderings:
        with contextlib.suppress(ValueError):
            if rendering is not None and utc(rendering.refers_to[1]) == captured_at:
                return rendering
    return None


def _resolve_revisit(revisit: RecordedResponse, original: RecordedResponse) -> RecordedResponse:
    if not revisit.status:
        return replace(original, url=revisit.url, captured_at=revisit.captured_at)
    headers = without_false_encoding(revisit.headers, original.body)
    return replace(revisit, headers=headers, body=original.body, is_cut=original.is_cut)
