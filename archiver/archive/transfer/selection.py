"""Captures that go into one export, put into order without being held."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from types import TracebackType
from typing import Any, Self

from archiver.archive.schema import decode_time, encode_time
from archiver.models import CdxEntry

_HTML = ("text/html", "application/xhtml+xml")
_TABLE = """
CREATE TABLE capture (
    file TEXT, offset INTEGER, length INTEGER, url TEXT, at INTEGER, status INTEGER, mime TEXT, digest TEXT, kind TEXT,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID
"""
_COLUMNS = "url, at, status, mime, digest, kind, file, offset, length"


class Selection:
    """Captures, each place once, in a temporary database that lies on the disk where it grows large."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(_TABLE)
        self.bytes = 0
        """Of the records as stored."""
        self.captures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def __contains__(self, capture: CdxEntry) -> bool:
        place = (capture.file, capture.offset)
        return bool(self._database.execute("SELECT 1 FROM capture WHERE file = ? AND offset = ?", place).fetchone())

    def add(self, captures: Iterable[CdxEntry]) -> None:
        """Take captures in; what is there already is passed over."""
        for one in captures:
            added = self._database.execute(
                f"INSERT OR IGNORE INTO capture ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  (constants)
                (
                    one.url, encode_time(one.captured_at), one.status, one.mime, one.digest, one.kind,
                    one.file, one.offset, one.length,
                ),
            )  # fmt: skip
            self.bytes += added.rowcount * one.length
            self.captures += added.rowcount

    def in_place(self) -> Iterator[CdxEntry]:
        """All of them by file and offset."""
        return self._select("ORDER BY file, offset")

    def revisits(self) -> Iterator[CdxEntry]:
        """Those that repeat the payload of another."""
        return self._select("WHERE kind = 'revisit' ORDER BY file, offset")

    def pages(self) -> Iterator[CdxEntry]:
        """The newest good page of each address."""
        good = self._select(
            f"WHERE status = 200 AND mime IN {_HTML} AND kind != 'conversion' "
            "ORDER BY url, at DESC, file DESC, offset DESC"
        )
        for _, captures in groupby(good, key=lambda capture: capture.url):
            yield next(captures)

    def _select(self, condition: str) -> Iterator[CdxEntry]:
        rows = self._database.execute(f"SELECT {_COLUMNS} FROM capture {condition}")  # noqa: S608  (constants)
        return map(_capture, rows)


def _capture(row: tuple[Any, ...]) -> CdxEntry:
    url, at, *rest = row
    return CdxEntry(url, decode_time(at), *rest)
