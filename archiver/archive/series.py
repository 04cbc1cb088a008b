"""WARC files of one kind that a run writes, one after the other.

FOLDER/<kind>-<UTC time>-<serial>-<run>.warc.gz.open   while it is written, under a lock
       <kind>-<UTC time>-<serial>-<run>.warc.gz        from then on
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from archiver.archive.archive import OPEN_SUFFIX
from archiver.archive.recovery import publish
from archiver.archive.warc.records import record_identity, warcinfo_record
from archiver.files.atomic import try_lock


class WarcSeries:
    """The files of one kind; at most one of them is open. Its methods are for one thread and raise OSError."""

    def __init__(self, folder: Path, kind: str, run: str, description: Mapping[str, str], max_bytes: int) -> None:
        """`description` goes into each file's warcinfo; a file that has `max_bytes` is full."""
        self._folder = folder
        self._kind = kind
        self._run = run
        self._description = description
        self._max_bytes = max_bytes
        self._serial = 0
        self._stream: BinaryIO | None = None
        self._file = Path()
        self._end = 0
        self._warcinfo = ""

    @property
    def is_full(self) -> bool:
        """Whether no more should go into the open file."""
        return self._end >= self._max_bytes

    def begin(self) -> str:
        """Open a file where none is; the identity of its warcinfo record."""
        if self._stream is None:
            self._open()
        return self._warcinfo

    def append(self, *records: bytes) -> tuple[str, int]:
        """Write records behind the others, all of them or nothing; the file's name to be, and where they start."""
        self.begin()
        start = self._end
        self._write(*records)
        return self._name, start

    def finish(self) -> tuple[str, int] | None:
        """Give the open file its name, once it is on the disk; its name and size, None where none was open."""
        stream, self._stream = self._stream, None
        if stream is None:
            return None
        with stream:
            publish(stream, self._file)
        return self._name, self._end

    @property
    def _name(self) -> str:
        """What the file will be called."""
        return self._file.name.removesuffix(OPEN_SUFFIX)

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            name = f"{self._kind}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{self._serial:05}-{self._run[-8:]}.warc.gz"
            self._file = self._folder / (name + OPEN_SUFFIX)
            self._serial += 1
            stream = self._file.open("xb", buffering=0)
            # Another run's start may have found the file between these two steps, and removed it as empty.
            if try_lock(stream.fileno()) and os.fstat(stream.fileno()).st_nlink:
                break
            stream.close()
        self._stream, self._end, self._warcinfo = stream, 0, record_identity()
        about = {**self._description, "isPartOf": self._run}
        self._write(warcinfo_record(self._warcinfo, name, datetime.now(UTC), about))

    def _write(self, *records: bytes) -> None:
        """All of them or nothing."""
        assert self._stream is not None
        try:
            for record in records:
                rest = memoryview(record)
                while rest:
                    rest = rest[self._stream.write(rest) :]
        except OSError:
            self._stream.truncate(self._end)
            raise
        self._end += sum(map(len, records))
