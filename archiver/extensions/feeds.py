"""Feeds (`-O results.jsonl`) whose disk may be full: the run goes on, and ends with exit code 1 and a sentence."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from w3lib.url import file_uri_to_path

from archiver.downloader.recording.recorder import add_failure

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OnFailure = Callable[[OSError], None]
"""Told of the first write that fails; what comes after it is not written."""


class _FeedStream(io.FileIO):
    """What lies below a feed: a file that ends where its disk does."""

    def __init__(self, file: Path | int, mode: str, on_failure: OnFailure) -> None:
        super().__init__(file, mode, closefd=isinstance(file, Path))
        self._on_failure = on_failure
        self._has_failed = False

    def write(self, data: ReadableBuffer) -> int:
        if not self._has_failed:
            try:
                return super().write(data)
            except BrokenPipeError:
                self._has_failed = True  # whoever reads, as `head` does, has enough
            except OSError as error:
                self._fail(error)
        return memoryview(data).nbytes

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self._has_failed = True
        self._on_failure(error)


class _NoFile(io.RawIOBase):
    """What lies below a feed that could not be opened."""

    def writable(self) -> bool:
        """Whether it takes what is written: all of it."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Take it for written."""
        return memoryview(data).nbytes


class FileFeed:
    """Stores a feed in a file, as Scrapy's own storage does."""

    def __init__(self, crawler: Crawler, uri: str, mode: str) -> None:
        self._crawler = crawler
        self._file = file_uri_to_path(uri) if uri.startswith("file:") else uri
        self._mode = mode

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Called by Scrapy."""
        return cls(crawler, uri, "wb" if (feed_options or {}).get("overwrite") else "ab")

    def open(self, spider: Spider) -> IO[bytes]:
        """Called by Scrapy, with the first result."""
        try:
            Path(self._file).parent.mkdir(parents=True, exist_ok=True)
            return io.BufferedWriter(_FeedStream(Path(self._file), self._mode, self._fail))
        except OSError as error:
            self._fail(error)
            return io.BufferedWriter(_NoFile())

    def store(self, file: IO[bytes]) -> None:
        """Called by Scrapy, behind the last result."""
        file.close()

    def _fail(self, error: OSError) -> None:
        add_failure(
            self._crawler,
            f"the feed {self._file} is not whole ({(error.strerror or type(error).__name__).lower()}), while the seeds "
            "are as the summary says; make room for it or name another file, and take the results from RUN_DIR",
        )


class StandardOutputFeed(FileFeed):
    """Writes a feed to standard output."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, uri: str, *, feed_options: dict[str, Any] | None = None) -> Self:
        """Called by Scrapy."""
        return cls(crawler, "on standard output", "wb")

    def open(self, spider: Spider) -> IO[bytes]:
        """Called by Scrapy, with the first result."""
        return io.BufferedWriter(_FeedStream(sys.stdout.fileno(), "wb", self._fail))
