"""Exchanges → WARC files that outlive the process.

ARCHIVE_DIR/warc/archiver-….warc.gz       what sites answered
                 copied-….warc.gz         what others have recorded of pages, each under its own address and time
            services/archiver-….warc.gz   what services answered: an ArchiveWriter of its own
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.index import NOT_MODIFIED, CaptureIndex
from archiver.archive.series import WarcSeries
from archiver.archive.warc.records import (
    CopiedRecord,
    Exchange,
    Rendering,
    conversion_record,
    exchange_records,
    sha1,
)
from archiver.models import CdxEntry

logger = logging.getLogger(__name__)

COPIED = "copied"
"""What the names of files begin with that hold copies: their captures are no visits of ours."""

_MAX_CONFIRMED_READS = 10
"""Captures of a page that are read to find the one that a 304 confirms, the newest first; with fewer it is missed where
others were made since, more cost time for a page that was never kept. No measurement is on record."""


class ArchiveWriter:
    """Writes one run's exchanges to an archive. Its methods are for one thread."""

    def __init__(self, archive: Archive, description: Mapping[str, str], max_bytes: int) -> None:
        """`description` goes into each file's warcinfo; a file that has `max_bytes` is followed by a new one."""
        self.run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self._archive = archive
        self._answers = WarcSeries(archive.warcs, "archiver", self.run, description, max_bytes)
        self._copies = WarcSeries(archive.warcs, COPIED, self.run, description, max_bytes)
        self._indexing = True
        self._new: list[CdxEntry] = []
        self._failure: OSError | None = None

    def keep(self, *records: Exchange | Rendering | CopiedRecord) -> None:
        """Write exchanges, rendered documents and copied records; when this returns, they outlive the process.

        A copy that is there already is not written again. Raises OSError: then nothing more can be kept, and what was
        written before stays readable.
        """
        if self._failure is not None:
            raise self._failure
        try:
            for record in records:
                if isinstance(record, Rendering):
                    self._keep_rendering(record)
                elif isinstance(record, CopiedRecord):
                    self._keep_copied(record)
                else:
                    self._keep(record)
        except OSError as error:
            self._failure = error
            raise
        finally:
            self._index_new()

    def close(self) -> None:
        """Give the files their names, once they are on the disk. Raises OSError; then the next run's start does it."""
        try:
            self._finish(self._answers)
        finally:
            self._finish(self._copies)

    # ---- Records ----------------------------------------------------------------------------------------------------

    def _keep(self, exchange: Exchange) -> None:
        entry = CdxEntry(
            url=exchange.url,
            captured_at=exchange.captured_at,
            status=exchange.status,
            mime=exchange.mime,
            digest=sha1([exchange.body]),
            kind="subresource" if exchange.resource_type else "response",
        )
        if exchange.source and self._is_known(entry):
            return
        original = self._ask_for_original(exchange, entry.digest)
        if original is not None:
            # A 304 is written without its head.
            mime = "" if exchange.status == NOT_MODIFIED else entry.mime
            entry = replace(entry, kind="revisit", digest=sha1([original.body]), mime=mime)
        series = self._copies if exchange.source else self._answers
        answer, request = exchange_records(exchange, entry.digest, original, series.begin())
        self._append(series, answer, request, entry)

    def _keep_rendering(self, rendering: Rendering) -> None:
        digest = sha1([rendering.body])
        entry = CdxEntry(
            url=rendering.url,
            captured_at=rendering.captured_at,
            status=200,
            mime="text/html",
            digest=digest,
            kind="conversion",
        )
        record = conversion_record(rendering, digest, self._answers.begin())
        self._append(self._answers, record, b"", entry)

    def _keep_copied(self, record: CopiedRecord) -> None:
        if not self._is_known(record.entry):
            self._append(self._copies, record.content, b"", record.entry)

    def _append(self, series: WarcSeries, record: bytes, beside: bytes, entry: CdxEntry) -> None:
        """Write a record with what goes behind it, and index it."""
        name, offset = series.append(record, beside)
        self._new.append(replace(entry, file=name, offset=offset, length=len(record)))
        if series.is_full:
            self._finish(series)

    def _finish(self, series: WarcSeries) -> None:
        finished = series.finish()
        if finished is not None:
            self._index_new()
            self._index(lambda index: index.finish(*finished))

    # ---- What is there already --------------------------------------------------------------------------------------

    def _is_known(self, copy: CdxEntry) -> bool:
        """Whether the archive has a capture of the same address, time and payload."""
        known = [*self._new]
        if self._indexing:
            try:
                known += self._archive.captures(copy.url)
            except sqlite3.Error as error:
                self._stop_indexing(error)
        what = (copy.url, copy.captured_at, copy.digest)
        return any((one.url, one.captured_at, one.digest) == what for one in known)

    def _ask_for_original(self, exchange: Exchange, digest: str) -> RecordedResponse | None:
        """The response in the archive that an answer repeats or confirms; it is read to be sure."""
        if not self._indexing or exchange.source:
            return None
        try:
            if exchange.status == NOT_MODIFIED:
                return self._confirmed(exchange)
            return self._same_payload(exchange, digest)
        except sqlite3.Error as error:
            self._stop_indexing(error)
        return None

    def _same_payload(self, exchange: Exchange, digest: str) -> RecordedResponse | None:
        if exchange.status != 200 or not exchange.body or exchange.truncated or exchange.resource_type:
            return None
        for capture in self._archive.ask(lambda index: index.known(digest)):
            recorded = self._archive.record(capture)
            # What breaks off is not known to be the same page, though its bytes are.
            if recorded is not None and recorded.body == exchange.body and not recorded.is_cut:
                return recorded
        return None

    def _confirmed(self, exchange: Exchange) -> RecordedResponse | None:
        """The page that is said to be unchanged: the newest that came with what the request named."""
        if not any(exchange.validators) or exchange.resource_type:
            return None
        pages = [capture for capture in self._archive.captures(exchange.url) if capture.status == 200]
        for capture in pages[: -1 - _MAX_CONFIRMED_READS : -1]:
            recorded = self._archive.record(capture)
            if recorded is not None and _has_validator(recorded, exchange.validators):
                return self._archive.original(capture, recorded)
        return None

    # ---- The index --------------------------------------------------------------------------------------------------

    def _index_new(self) -> None:
        """Add what was written since the last time, in one transaction. The archive does not depend on it."""
        new, self._new = self._new, []
        if new:
            self._index(lambda index: index.add(new))

    def _index(self, change: Callable[[CaptureIndex], None]) -> None:
        if not self._indexing:
            return
        try:
            self._archive.ask(change)
        except sqlite3.Error as error:
            self._stop_indexing(error)

    def _stop_indexing(self, error: sqlite3.Error) -> None:
        self._indexing = False
        logger.warning(
            "The index of %s cannot be written (%s); the next run will read this run's captures from the WARCs",
            self._archive.folder,
            error,
        )


def _has_validator(page: RecordedResponse, validators: tuple[str, str]) -> bool:
    """Whether a page came with the ETag that a request named, or where it named none, with its Last-Modified."""
    etag, last_modified = validators
    name, value = ("etag", etag) if etag else ("last-modified", last_modified)
    return any(key.lower() == name and given.strip() == value for key, given in page.headers)
