"""The body of an answer while it comes: in memory as long as it is small, then on disk."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from archiver.downloader.large_answers import SMALL_ANSWER_BYTES


class AnswerBody:
    """Stands in the place of Scrapy's own buffer, and keeps what that drops when an answer breaks off."""

    def __init__(self, folder: Path | None) -> None:
        """`folder` is for the file, which has no name; None for the system's own."""
        self._folder = folder
        self._stream: BinaryIO = io.BytesIO()
        self.size = 0
        """Bytes that have come."""
        self.is_large = False
        """Whether they are on disk."""
        self.failure: OSError | None = None
        """Why no more of them is there."""

    def write(self, data: bytes) -> int:
        """Called by Scrapy."""
        self.size += len(data)
        if self.failure is None:
            try:
                if not self.is_large and self.size > SMALL_ANSWER_BYTES:
                    self._move_to_disk()
                self._stream.write(data)
            except OSError as error:
                self.failure = error
        return len(data)

    def truncate(self, _: int) -> None:
        """Called by Scrapy, for an answer that is too large; what came of it is recorded."""

    def getvalue(self) -> bytes:
        """Called by Scrapy, at the end. Without what is on disk, which has no room in memory yet."""
        return b"" if self.is_large else self.read()

    def read(self) -> bytes:
        """All that has come. Raises OSError."""
        if self.failure is not None:
            raise self.failure
        self._stream.seek(0)
        return self._stream.read()

    def close(self) -> None:
        """Forget it."""
        with contextlib.suppress(OSError):  # the disk is full
            self._stream.close()

    def _move_to_disk(self) -> None:
        small = self.read()
        self._stream = cast("BinaryIO", tempfile.TemporaryFile(dir=self._folder))  # noqa: SIM115  (closed by `close`)
        self.is_large = True
        self._stream.write(small)
