"""Exchanges → WARC 1.1 (ISO 28500:2017), one gzip member per record.

ARCHIVE_DIR/warc/archiver-<UTC time>-<serial>-<run>.warc.gz.open   while it is written, under a lock
                 archiver-<UTC time>-<serial>-<run>.warc.gz        from then on
"""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import secrets
import sqlite3
import uuid
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.collection import OPEN_SUFFIX, Archive
from archiver.archive.index import CaptureIndex, IndexedCapture
from archiver.archive.recovery import publish, try_lock

logger = logging.getLogger(__name__)

_LEVEL = 3
"""A real page of 92 KB: 0.9 ms and 22.9 KB at 3, 1.9 ms and 20.8 KB at 6, of the 19 ms that reading it takes."""
_GZIP = zlib.MAX_WBITS + 16


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the wire but for the answer's Transfer-Encoding."""

    url: str
    captured_at: datetime
    """Aware, UTC, whole seconds: other indexes of WARCs know no fractions."""
    status: int
    mime: str
    """The media type that the answer claims, without parameters."""
    request: bytes
    """Request line, headers without credentials, empty line, body."""
    head: bytes
    """Status line, headers, empty line."""
    body: bytes
    """Still in its Content-Encoding."""
    address: str | None = None
    """The IP address that answered, where it is known."""
    truncated: str | None = None
    """Why the body is not whole, in a word of the WARC standard; None when it is."""


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
        self._new: list[IndexedCapture] = []
        self._stream: BinaryIO | None = None
        self._file = Path()
        self._end = 0
        self._failure: OSError | None = None

    def keep(self, *exchanges: Exchange) -> None:
        """Write exchanges; when this returns, they outlive the process. Raises OSError: then nothing more can be kept.

        What was written before stays readable.
        """
        if self._failure is not None:
            raise self._failure
        try:
            for exchange in exchanges:
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
        if self._stream is None:
            self._open()
        digest = _sha1(exchange.body)
        original = self._original(exchange, digest)
        identity, request = (f"<urn:uuid:{uuid.uuid4()}>" for _ in range(2))
        answer = _packed(_answer(exchange, digest, identity, request, original))
        offset = self._end
        self._write(answer + _packed(_request(exchange, request, identity)))
        self._new.append(
            IndexedCapture(
                url=exchange.url,
                captured_at=exchange.captured_at,
                status=exchange.status,
                mime=exchange.mime,
                digest=digest,
                kind="revisit" if original else "response",
                file=self._name,
                offset=offset,
                length=len(answer),
            )
        )
        if self._end >= self._max_bytes:
            self.close()

    def _original(self, exchange: Exchange, digest: str) -> tuple[IndexedCapture, str] | None:
        """A response in the archive with the same payload, and its WARC-Record-ID; it is read to be sure."""
        if exchange.status != 200 or not exchange.body or exchange.truncated or not self._indexing:
            return None
        try:
            known = self._archive.ask(lambda index: index.known(digest))
            for capture in known:
                recorded = self._archive.record(capture)
                if recorded is not None and recorded.answer.body == exchange.body:
                    return capture, recorded.identity
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
            if try_lock(stream) and os.fstat(stream.fileno()).st_nlink:
                break
            stream.close()
        self._stream, self._end = stream, 0
        self._write(_packed(_warcinfo(name, {**self._description, "isPartOf": self.run})))

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


class _Head(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """The head of an HTTP message, byte for byte: warcio would escape what is not ASCII."""

    def __init__(self, head: bytes) -> None:
        super().__init__("", [])
        self.headers_buff = head

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Called by warcio."""


def _records() -> WARCWriter:
    return WARCWriter(io.BytesIO(), gzip=False, warc_version="1.1")


def _packed(record: tuple[WARCWriter, Any]) -> bytes:
    writer, made = record
    writer.write_record(made)
    return zlib.compress(writer.out.getbuffer(), _LEVEL, _GZIP)


def _warcinfo(name: str, description: Mapping[str, str]) -> tuple[WARCWriter, Any]:
    writer = _records()
    return writer, writer.create_warcinfo_record(name, description)


def _answer(
    exchange: Exchange, digest: str, identity: str, request: str, original: tuple[IndexedCapture, str] | None
) -> tuple[WARCWriter, Any]:
    writer = _records()
    fields = {
        "WARC-Record-ID": identity,
        "WARC-Date": _instant(exchange.captured_at),
        "WARC-Concurrent-To": request,
        **({"WARC-IP-Address": exchange.address} if exchange.address else {}),
        **({"WARC-Truncated": exchange.truncated} if exchange.truncated else {}),
    }
    if original is not None:
        capture, refers_to = original
        return writer, writer.create_revisit_record(
            exchange.url,
            digest,
            capture.url,
            _instant(capture.captured_at),
            http_headers=_Head(exchange.head),
            warc_headers_dict={
                **fields,
                **({"WARC-Refers-To": refers_to} if refers_to else {}),
                "WARC-Block-Digest": _sha1(exchange.head),
            },
        )
    return writer, writer.create_warc_record(
        exchange.url,
        "response",
        payload=io.BytesIO(exchange.body),
        length=len(exchange.body),
        http_headers=_Head(exchange.head),
        warc_headers_dict={
            **fields,
            "WARC-Block-Digest": _sha1(exchange.head, exchange.body),
            "WARC-Payload-Digest": digest,
        },
    )


def _request(exchange: Exchange, identity: str, answer: str) -> tuple[WARCWriter, Any]:
    writer = _records()
    head, separator, body = exchange.request.partition(b"\r\n\r\n")
    return writer, writer.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(body),
        length=len(body),
        http_headers=_Head(head + separator),
        warc_headers_dict={
            "WARC-Record-ID": identity,
            "WARC-Date": _instant(exchange.captured_at),
            "WARC-Concurrent-To": answer,
            "WARC-Block-Digest": _sha1(exchange.request),
        },
    )


def _sha1(*parts: bytes) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return "sha1:" + base64.b32encode(digest.digest()).decode()


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
