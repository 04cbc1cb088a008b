"""One archive: the WARCs that runs have written, and what else was put beside them.

ARCHIVE_DIR/warc/**/*.warc[.gz]       the captures; the truth
            index.sqlite              where each lies; made again whenever it is missing, damaged or behind
            services/**/*.warc[.gz]   what services answered, an archive beside the other
            services.sqlite           its index
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from archiver.archive.index import CaptureIndex
from archiver.archive.schema import OutdatedIndex
from archiver.archive.upkeep.replacement import hidden_files
from archiver.archive.warc.reader import is_named_like_warc
from archiver.archive.warc.scan import scan
from archiver.archive.warc_pages import WarcPages, add_captures

logger = logging.getLogger(__name__)

OPEN_SUFFIX = ".open"
"""Behind the name of a WARC that is still being written."""

T = TypeVar("T")


class Archive(WarcPages):
    """The captures in one ARCHIVE_DIR. May be used by several threads, and by several processes at once."""

    def __init__(self, folder: Path, *, services: bool = False) -> None:
        """`services`: what services answered, in the place of pages."""
        self.folder = folder
        self.warcs = folder / ("services" if services else "warc")
        """Where the WARC files are."""
        self._index_file = folder / ("services.sqlite" if services else "index.sqlite")
        self._index: CaptureIndex | None = None
        self.is_index_kept = True
        """False where the index could not be opened, and one in memory stands for it."""

    def close(self) -> None:
        """Give the index back; it is opened again when needed."""
        if self._index is not None:
            self._index.close()
            self._index = None

    def files(self) -> list[Path]:
        """The finished WARCs, sorted; those that a run is still writing are not among them.

        Of files that are being replaced either the old ones are, or the new ones.
        """
        while True:
            hidden = hidden_files(self.warcs)
            files = sorted(file for file in self.warcs.rglob("*") if is_named_like_warc(file.name) and file.is_file())
            if hidden_files(self.warcs) == hidden:
                return [file for file in files if file.relative_to(self.warcs).as_posix() not in hidden]

    # ---- The index --------------------------------------------------------------------------------------------------

    @property
    def index(self) -> CaptureIndex:
        """The index as it is. One that cannot be used is put aside, with a warning, and a new one is begun."""
        if self._index is None:
            self._index = self._open_index()
        return self._index

    def refresh(self, again: bool = False) -> None:
        """Bring the index up to date with the files; `again` reads all of them, known or not.

        Damaged records are reported by file and offset, and passed over.
        """
        self.ask(lambda index: self._refresh(index, again))

    def ask(self, question: Callable[[CaptureIndex], T]) -> T:
        """What the index answers; when it turns out to be damaged, what a new one answers."""
        try:
            return question(self.index)
        except sqlite3.OperationalError:
            raise  # another run's lock, or a full disk: the index itself is sound
        except sqlite3.DatabaseError as error:
            self.close()
            self._put_aside(error)
            self._refresh(self.index, again=False)
            return question(self.index)

    def _refresh(self, index: CaptureIndex, again: bool) -> None:
        if index.is_read_only and not again and not self._is_behind(index):
            return
        if index.is_read_only:
            index.close()
            self._index = index = self._private_index("it is behind the files, and cannot be written")
        known = index.sizes()
        there = {str(file.relative_to(self.warcs).as_posix()): file for file in self.files()}
        for name in known.keys() - there.keys():
            # A file that is being written is in the index under the name that it will have.
            if not Path(self.warcs, name + OPEN_SUFFIX).exists():
                index.forget(name)
        for name, file in there.items():
            try:
                size = file.stat().st_size
            except OSError as error:
                logger.warning("%s cannot be read (%s); its captures are left out", file, error.strerror)
                continue
            before = known.get(name)
            if before == size and not again:
                continue
            if before is not None:
                index.forget(name)
            with _count_damages(file) as damages:
                add_captures(index, scan(file, name))
            index.finish(name, size, damages.count)

    def _open_index(self) -> CaptureIndex:
        file = self._index_file
        try:
            return CaptureIndex(file)
        except sqlite3.OperationalError as error:
            if (found := self._open_for_reading()) is not None:
                return found
            index = self._private_index(error)
        except OutdatedIndex as error:
            logger.info("%s: %s, and is made again from the WARCs", file, error)
            self._remove_index()
            return CaptureIndex(file)
        except sqlite3.DatabaseError as error:
            self._put_aside(error)
            return CaptureIndex(file)
        self._refresh(index, again=False)
        return index

    def _open_for_reading(self) -> CaptureIndex | None:
        """The index where this user may not write; None where it is of no use, or somebody here may yet record."""
        if os.access(self.folder, os.W_OK):
            return None
        try:
            index = CaptureIndex(self._index_file, read_only=True)
            if not self._is_behind(index):
                return index
            index.close()
        except (OSError, sqlite3.Error):
            pass
        return None

    def _is_behind(self, index: CaptureIndex) -> bool:
        """Whether the index lacks a file, or has one that is gone or has grown."""
        known = {
            name: size for name, size in index.sizes().items() if not Path(self.warcs, name + OPEN_SUFFIX).exists()
        }
        return known != {file.relative_to(self.warcs).as_posix(): file.stat().st_size for file in self.files()}

    def _private_index(self, why: object) -> CaptureIndex:
        logger.warning("%s cannot be used (%s); this run makes an index of its own", self._index_file, why)
        self.is_index_kept = False
        return CaptureIndex(None)

    def _remove_index(self) -> None:
        """Remove a file that another process may have open, which goes on with what it has."""
        for suffix in ("", "-wal", "-shm"):
            self._index_file.with_name(f"{self._index_file.name}{suffix}").unlink(missing_ok=True)

    def _put_aside(self, error: sqlite3.Error) -> None:
        file = self._index_file
        aside = file.with_name(f"{file.name}.unusable")
        logger.warning(
            "%s cannot be used (%s); it is now %s, and is made again from the WARCs", file, error, aside.name
        )
        with contextlib.suppress(FileNotFoundError):
            file.replace(aside)
        self._remove_index()

    # ---- Captures ---------------------------------------------------------------------------------------------------

    def place(self, name: str) -> Path:
        """The file of that name, or what it is called while it is being written."""
        file = self.warcs / name
        writing = file.with_name(file.name + OPEN_SUFFIX)
        return writing if not file.exists() and writing.exists() else file


@contextlib.contextmanager
def _count_damages(file: Path) -> Iterator[_DamageCount]:
    """Count what is reported of a file while it is read."""
    readers, counter = logging.getLogger("archiver.archive"), _DamageCount(file)
    readers.addHandler(counter)
    try:
        yield counter
    finally:
        readers.removeHandler(counter)


class _DamageCount(logging.Handler):
    def __init__(self, file: Path) -> None:
        super().__init__(logging.WARNING)
        self._file = file
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Called by logging."""
        if record.args and self._file in record.args:
            self.count += 1
