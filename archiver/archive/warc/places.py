"""Where a WARC lies: in a file of its own, or stored as it is in a zip file, as a WACZ has it."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A part of a file that is opened like a file."""

    file: Path
    name: str
    """What the zip file calls it."""
    start: int
    """Bytes in front of it."""
    size: int
    """Bytes."""

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"

    def open(self, mode: Literal["rb"] = "rb") -> BinaryIO:
        """Open it for reading. Raises OSError."""
        return cast("BinaryIO", _Window(self.file.open(mode), self.start, self.size))


WarcPlace = Path | StoredEntry


class _Window(io.RawIOBase):
    def __init__(self, stream: BinaryIO, start: int, size: int) -> None:
        self._stream, self._start, self._size = stream, start, size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)[: max(0, self._size - self._at)]  # type: ignore[arg-type]  # any writable buffer
        self._stream.seek(self._start + self._at)
        count = cast("io.BufferedReader", self._stream).readinto(view)
        self._at += count
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()
