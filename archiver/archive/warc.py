"""Saved pages in WARC files (ISO 28500), found by an index of offsets that is made once per run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed

from archiver.archive.answers import SavedAnswer, address_key, utc

logger = logging.getLogger(__name__)

WARC_SUFFIXES = (".warc", ".warc.gz")

# What damaged input makes warcio raise: its own error, and those of the header and gzip readers below it.
_DAMAGE = (ArchiveLoadFailed, ValueError, EOFError, OSError, LookupError, AttributeError, TypeError)


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    offset: int
    """Where the record starts in the file, in bytes as stored."""
    captured_at: datetime


class WarcSet:
    """The responses in some WARC files. Damaged records are reported by file and offset, and passed over."""

    def __init__(self, files: list[Path]) -> None:
        self._places: dict[str, _Place] = {}
        for file in files:
            for key, place in _index(file):
                known = self._places.get(key)
                if known is None or known.captured_at <= place.captured_at:
                    self._places[key] = place

    def find(self, url: str) -> SavedAnswer | None:
        """The newest response of an address; None when there is none, or its record is damaged (reported)."""
        place = self._places.get(address_key(url))
        if place is None:
            return None
        try:
            with place.file.open("rb") as stream:
                stream.seek(place.offset)
                return _answer(next(iter(ArchiveIterator(stream))), place.captured_at)
        except (*_DAMAGE, StopIteration) as error:
            _report(place.file, place.offset, error)
            return None


def _index(file: Path) -> Iterator[tuple[str, _Place]]:
    offset = 0
    try:
        with file.open("rb") as stream:
            records = ArchiveIterator(stream)
            for record in records:
                offset = records.get_record_offset()
                if record.rec_type == "response" and record.http_headers is not None:
                    url = record.rec_headers.get_header("WARC-Target-URI") or ""
                    date = record.rec_headers.get_header("WARC-Date") or ""
                    yield address_key(url.strip("<>")), _Place(file, offset, utc(date))
    except _DAMAGE as error:
        _report(file, offset, error)


def _answer(record: Any, captured_at: datetime) -> SavedAnswer:
    headers = tuple((str(name), str(value)) for name, value in record.http_headers.headers)
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers)
    stream = ChunkedDataReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream
    return SavedAnswer(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        status=int(record.http_headers.get_statuscode()),
        headers=tuple((name, value) for name, value in headers if name.lower() != "transfer-encoding"),
        body=stream.read(),
        captured_at=captured_at,
    )


def _report(file: Path, offset: int, error: Exception) -> None:
    reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    logger.warning(
        "%s: the record at byte %d cannot be read (%s); what follows it is passed over", file, offset, reason
    )
