"""Which captures there are, where they lie, and what is in them: an index of WARC files in SQLite.

It holds nothing that the WARCs do not say, and can be made again from them whenever it is lost.
Why it is a cache: docs/design.md D49; what its tables are: schema.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from archiver.archive.base import distance
from archiver.archive.index_reader import IndexReader
from archiver.archive.index_writer import IndexWriter
from archiver.archive.schema import Transaction
from archiver.models import CdxEntry

NOT_MODIFIED = 304
"""The status of an answer without a page, to a request that named what was known."""


class CaptureIndex(IndexReader):
    """An index in one SQLite file, which other processes may use at the same time, and any thread.

    Raises sqlite3.DatabaseError when the file is damaged, is no index, or one of another version.
    """

    def add(self, captures: Iterable[CdxEntry]) -> None:
        """Take captures in; one that is already there, by file and offset, is replaced."""
        with self._lock, Transaction(self._database):
            IndexWriter(self._database).add(captures)

    def replace_files(self, old: Iterable[str], new: str, captures: Iterable[CdxEntry], size: int) -> None:
        """Let a file of this size, with these captures, stand for others; nobody sees both, or none."""
        with self._lock, Transaction(self._database):
            for name in (*old, new):
                IndexWriter(self._database).forget(name)
            writer = IndexWriter(self._database)
            writer.add(captures)
            writer.finish(new, size, 0)

    def vacuum(self) -> None:
        """Write the file anew, so that nothing of what was forgotten is left in it or in its log."""
        with self._lock:
            self._database.execute("VACUUM")
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def finish(self, file: str, size: int, damaged: int = 0) -> None:
        """Note that all captures of a file of this size have been added, and how many of its records are damaged."""
        with self._lock, Transaction(self._database):
            IndexWriter(self._database).finish(file, size, damaged)

    def forget(self, file: str) -> None:
        """Drop a file with its captures, and the addresses that had no others."""
        with self._lock, Transaction(self._database):
            IndexWriter(self._database).forget(file)


def in_order(captures: Iterable[CdxEntry], at: datetime | None) -> list[CdxEntry]:
    """Captures in the order in which they are wanted: nearest in time first, the newest first without a time.

    `captures` are in time, those of one instant in the order of their writing; of these the last is wanted first.
    """
    last_first = list(captures)[::-1]
    return sorted(last_first, key=lambda capture: distance(capture.captured_at, at))
