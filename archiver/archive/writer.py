"""Exchanges → WARC files that outlive the process.

ARCHIVE_DIR/warc/archiver-<UTC time>-<serial>-<run>.warc.gz.open   while it is written, under a lock
                 archiver-<UTC time>-<serial>-<run>.warc.gz        from then on
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import OPEN_SUFFIX, Archive
from archiver.archive.base import RecordedResponse
from archiver.archive.index import CaptureIndex
from archiver.archive.recovery import publish
from archiver.archive.warc.records import (
    Exchange,
    Rendering,
    conversion_record,
    exchange_records,
    sha1,
    warcinfo_record,
)
from archiver.files.atomic import try_lock
from archiver.models import CdxEntry

logger = logging.getLogger(__name__)


class ArchiveWriter:
    """Writes one run's exchanges to an archive. Its methods are for one thread."""

    def __init__(self, archive: Archive, description: Mapping[str, str], max_bytes: int) -> None:
        """`description` goes into each file's warcinfo; a file that has `max_bytes` is followed by a new one."""
        self.run = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        self._archive = archive
        self._description = description
        self._max_bytes = max_bytes
        self._serial = 0
        self._indexing = True
        self._new: list[CdxEntry] = []
        self._stream: BinaryIO | None = None
        self._file = Path()
        self._end = 0
        self._failure: OSError | None = None

    def keep(self, *exchanges: Exchange | Rendering) -> None:
        """Write exchanges and rendered documents; when this returns, they outlive the process.

        Raises OSError: then nothing more can be kept, and what was written before stays readable.
        """
        if self._failure is not None:
            raise self._failure
        try:
            for exchange in exchanges:
                if isinstance(exchange, Rendering):
                    self._keep_rendering(exchange)
                else:
                    self._keep(exchange)
        except OSError as error:
            self._failure = error
            raise
        finally:
            self._index_new()

    def close(self) -> None:
        """Give the file its name, once it is on the disk. Raises OSError; then the next run's start finishes it."""
        stream, self._stream = self._stream, None
        if stream is None:
            return
        with stream:
            publish(stream, self._file)
        self._index_new()
        self._index(lambda index: index.finish(self._name, self._end))

    # ---- Records ----------------------------------------------------------------------------------------------------

    def _keep(self, exchange: Exchange) -> None:
        digest = sha1([exchange.body])
        original = self._original(exchange, digest)
        answer, request = exchange_records(exchange, digest, original)
        entry = CdxEntry(
            url=exchange.url,
            captured_at=exchange.captured_at,
            status=exchange.status,
            mime=exchange.mime,
            digest=digest,
            kind="subresource" if exchange.resource_type else "revisit" if original else "response",
        )
        self._append(answer, request, entry)

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
        self._append(conversion_record(rendering, digest), b"", entry)

    def _append(self, record: bytes, beside: bytes, entry: CdxEntry) -> None:
        """Write a record with what goes behind it, and index it."""
        if self._stream is None:
            self._open()
        offset = self._end
        self._write(record + beside)
        self._new.append(replace(entry, file=self._name, offset=offset, length=len(record)))
        if self._end >= self._max_bytes:
            self.close()

    def _original(self, exchange: Exchange, digest: str) -> RecordedResponse | None:
        """A response in the archive with the same payload; it is read to be sure."""
        if exchange.status != 200 or not exchange.body or exchange.truncated or exchange.resource_type:
            return None
        if not self._indexing:
            return None
        try:
            known = self._archive.ask(lambda index: index.known(digest))
            for capture in known:
                recorded = self._archive.record(capture)
                if recorded is not None and recorded.body == exchange.body:
                    return recorded
        except sqlite3.Error as error:
            self._stop_indexing(error)
        return None

    # ---- The file ---------------------------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        """What the file will be called."""
        return self._file.name.removesuffix(OPEN_SUFFIX)

    def _open(self) -> None:
        folder = self._archive.warcs
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            name = f"archiver-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self._serial:05}-{self.run[-8:]}.warc.gz"
            self._file = folder / (name + OPEN_SUFFIX)
            self._serial += 1
            stream = self._file.open("xb", buffering=0)
            # Another run's start may have found the file between these two steps, and removed it as empty.
            if try_lock(stream.fileno()) and os.fstat(stream.fileno()).st_nlink:
                break
            stream.close()
        self._stream, self._end = stream, 0
        self._write(warcinfo_record(name, datetime.now(UTC), {**self._description, "isPartOf": self.run}))

    def _write(self, content: bytes) -> None:
        """All of it or nothing."""
        assert self._stream is not None
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[self._stream.write(rest) :]
        except OSError:
            self._stream.truncate(self._end)
            raise
        self._end += len(content)

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
