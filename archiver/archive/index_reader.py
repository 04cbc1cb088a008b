"""Read the index of captures, so many rows at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver.archive.schema import (
    CONVERSION,
    KINDS,
    RESPONSE,
    REVISIT,
    decode_digest,
    decode_time,
    encode_digest,
    encode_name,
    encode_time,
    open_index,
    open_index_for_reading,
    split_key,
)
from archiver.models import CdxEntry
from archiver.urls import address_key

_MAX_BATCH_ROWS = 1_000
"""Rows that are read from the index at once. Between two batches nothing of it is held, so that whoever writes is not
kept waiting and many threads may read in turn. Fewer rows cost more queries, more cost memory and let others wait; of
100 to 10,000 no number makes a reading of 300,000 captures much quicker (11 to 14 microseconds each)."""
_MIN_MICROSECONDS, _MAX_MICROSECONDS = -(1 << 63), (1 << 63) - 1
"""Microseconds from 1970 on before and behind every time of the index: the first and the last number of SQLite."""
_MAX_BYTES = (1 << 63) - 1
"""Bytes before the end of any file: the last number of SQLite."""
_BEHIND_ALL = b""
"""SQLite sorts bytes behind every text."""

_COLUMNS = "h.name || a.rest, c.url, c.at, c.status, m.name, c.digest, c.kind, f.name, c.offset, c.length"
_TABLES = "captures c JOIN files f ON f.id = c.file JOIN mimes m ON m.id = c.mime"
_JOINED = f"{_TABLES} JOIN addresses a ON a.id = c.address JOIN hosts h ON h.id = a.host"
_SELECT = f"SELECT {_COLUMNS} FROM {_JOINED}"  # noqa: S608  (constants, here and below)
_ANSWERS = f"c.kind IN ({RESPONSE}, {REVISIT})"
"""What answers for an address: neither what a page in a browser fetched, nor what it became there."""
_FETCHED = f"c.kind != {CONVERSION}"
_RENDERED = f"c.kind = {CONVERSION}"
_NEWEST = (
    "SELECT n.at, n.file, n.offset FROM captures n JOIN files l ON l.id = n.file "  # noqa: S608
    f"WHERE n.address = a.id AND n.kind != {CONVERSION} ORDER BY n.at DESC, l.name DESC, n.offset DESC LIMIT 1"
)
_SUMMARIES = (
    "SELECT a.rest, coalesce(c.url, h.name || a.rest), "  # noqa: S608
    f"(SELECT count(*) FROM captures n WHERE n.address = a.id AND n.kind != {CONVERSION}), c.at, c.status "
    "FROM hosts h CROSS JOIN addresses a ON a.host = h.id CROSS JOIN captures c "
    f"ON c.address = a.id AND (c.at, c.file, c.offset) = ({_NEWEST}) WHERE h.id = ?"
)


@dataclass(frozen=True, slots=True)
class AddressSummary:
    """What the index knows of one address."""

    url: str
    """As its newest capture has it."""
    captures: int
    newest: datetime
    """Aware, UTC."""
    status: int
    """Of the newest capture."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Addresses of one host."""

    host: int
    first: str
    """The part behind the host of the first address."""
    end: str | bytes
    """What is greater than that of the last one."""


class IndexReader:
    """The captures in an index, for any thread. Long answers are iterators that read so many rows at a time."""

    def __init__(self, file: Path | None, *, read_only: bool = False) -> None:
        """Open the index in `file`, or an empty one that is gone with the object, on the disk where it grows large.

        Raises sqlite3.DatabaseError; with `read_only` OSError, too.
        """
        self._lock = threading.RLock()
        self.is_read_only = read_only
        self._database = open_index_for_reading(file) if file is not None and read_only else open_index(file)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._database.close()

    def __len__(self) -> int:
        ((count,),) = self.query("SELECT count(*) FROM captures")
        return int(count)

    def captures(self, url: str) -> Iterator[CdxEntry]:
        """The captures of an address, the oldest first; those of one instant in the order of file and offset."""
        return self._walk(self._only(url), _ANSWERS)

    def resources(self, url: str) -> list[CdxEntry]:
        """The answers for an address, those to the parts of a page among them, the oldest first."""
        return list(self._walk(self._only(url), _FETCHED))

    def conversions(
        self, prefix: str, since: datetime | None = None, until: datetime | None = None, *, whole: bool = True
    ) -> Iterator[CdxEntry]:
        """The rendered documents of an address, the oldest first; without `whole` of all addresses that begin so."""
        return self._walk(self._only(prefix) if whole else self._ranges(prefix), _RENDERED, since, until)

    def under(self, prefix: str, since: datetime | None = None, until: datetime | None = None) -> Iterator[CdxEntry]:
        """The captures of all addresses that begin so, by address, then by time; subresources are among them.

        With times those between them, `since` included, `until` not.
        """
        return self._walk(self._ranges(prefix), _FETCHED, since, until)

    def following(self, url: str, since: datetime, until: datetime, most: int) -> list[CdxEntry]:
        """The captures of an address between two instants, both included, the oldest first; so many at most."""
        rows = self.query(
            f"{_SELECT} WHERE h.name = ? AND a.rest = ? AND {_ANSWERS} AND c.at BETWEEN ? AND ? "
            "ORDER BY c.at, f.name, c.offset LIMIT ?",
            (*split_key(address_key(url)), encode_time(since), encode_time(until), most),
        )
        return [_capture(row) for row in rows]

    def in_file(self, file: str, first: int = 0, end: int = _MAX_BYTES) -> Iterator[CdxEntry]:
        """All that is known of a file, or of its records that begin between two offsets, in the order of the file."""
        statement = (
            f"{_SELECT} WHERE f.name = ? AND c.offset >= ? AND c.offset < ? ORDER BY c.offset LIMIT {_MAX_BATCH_ROWS}"
        )
        while rows := self.query(statement, (file, first, end)):
            yield from map(_capture, rows)
            first = rows[-1][8] + 1

    def count_in_file(self, file: str) -> int:
        """How many captures a file has."""
        ((count,),) = self.query(
            "SELECT count(*) FROM captures c JOIN files f ON f.id = c.file WHERE f.name = ?", (file,)
        )
        return int(count)

    def repeated_bytes(self, file: str, first: int, end: int) -> int:
        """The length of the responses that revisits between two offsets of a file repeat out of other files."""
        same = f"FROM captures o WHERE o.digest = c.digest AND o.kind = {RESPONSE}"
        ((found,),) = self.query(
            f"SELECT sum(length) FROM (SELECT DISTINCT c.digest, (SELECT max(o.length) {same}) length "  # noqa: S608
            f"FROM captures c JOIN files f ON f.id = c.file WHERE f.name = ? AND c.kind = {REVISIT} "
            f"AND c.offset >= ? AND c.offset < ? AND NOT EXISTS (SELECT 1 {same} AND o.file = c.file))",
            (file, first, end),
        )
        return int(found or 0)

    def with_digest(self, digest: str) -> list[CdxEntry]:
        """Every response that carries this payload and every revisit that repeats it, the oldest first."""
        rows = self.query(
            f"{_SELECT} WHERE c.digest = ? AND {_ANSWERS} ORDER BY c.at, f.name, c.offset", (encode_digest(digest),)
        )
        return [_capture(row) for row in rows]

    def known(self, digest: str) -> list[CdxEntry]:
        """The responses that carry this payload, the newest first, at most ten."""
        rows = self.query(
            f"{_SELECT} WHERE c.digest = ? AND c.kind = {RESPONSE} ORDER BY c.at DESC, f.name, c.offset LIMIT 10",
            (encode_digest(digest),),
        )
        return [_capture(row) for row in rows]

    def named(self, name: str) -> list[CdxEntry]:
        """The responses that have this among their `names`: a WARC-Record-ID, or a digest that they state."""
        rows = self.query(
            f"{_SELECT} JOIN names n ON n.file = c.file AND n.offset = c.offset WHERE n.name = ? "
            "ORDER BY c.at, f.name, c.offset",
            (encode_name(name),),
        )
        return [_capture(row) for row in rows]

    def addresses(self, prefix: str) -> Iterator[AddressSummary]:
        """The addresses that begin so, sorted, with what answered there."""
        for part in self._ranges(prefix):
            after, first = ">=", part.first
            while rows := self.query(
                f"{_SUMMARIES} AND a.rest {after} ? AND a.rest < ? ORDER BY a.rest LIMIT {_MAX_BATCH_ROWS}",
                (part.host, first, part.end),
            ):
                for _, url, captures, at, status in rows:
                    yield AddressSummary(url, captures, decode_time(at), status)
                after, first = ">", rows[-1][0]

    def sizes(self) -> dict[str, int | None]:
        """The files that have been read, with their size then, in bytes; None for one not yet read to its end."""
        return dict(self.query("SELECT name, size FROM files"))

    def query(self, statement: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement that only reads, which are to be few."""
        with self._lock:
            return self._database.execute(statement, tuple(values)).fetchall()

    def _walk(
        self, ranges: Iterable[_Range], condition: str, since: datetime | None = None, until: datetime | None = None
    ) -> Iterator[CdxEntry]:
        """The captures of some addresses, read so many at a time, each time from behind the last one on."""
        earliest = _MIN_MICROSECONDS if since is None else encode_time(since)
        latest = _MAX_MICROSECONDS if until is None else encode_time(until) - 1
        statement = (
            f"SELECT {_COLUMNS}, a.rest FROM addresses a CROSS JOIN {_TABLES} JOIN hosts h ON h.id = a.host "  # noqa: S608
            "WHERE c.address = a.id AND a.host = ? AND a.rest >= ? AND a.rest < ? AND c.at BETWEEN ? AND ? "
            f"AND (a.rest, c.at, f.name, c.offset) > (?, ?, ?, ?) AND {condition} "
            f"ORDER BY a.rest, c.at, f.name, c.offset LIMIT {_MAX_BATCH_ROWS}"
        )
        for part in ranges:
            place: tuple[Any, ...] = (part.first, _MIN_MICROSECONDS, "", -1)
            while rows := self.query(statement, (part.host, place[0], part.end, earliest, latest, *place)):
                yield from map(_capture, rows)
                if len(rows) < _MAX_BATCH_ROWS:
                    break
                _, _, at, *_, file, offset, _, rest = rows[-1]
                place = (rest, at, file, offset)

    def _only(self, url: str) -> Iterator[_Range]:
        """One address."""
        name, rest = split_key(address_key(url))
        for (host,) in self.query("SELECT id FROM hosts WHERE name = ?", (name,)):
            yield _Range(host, rest, rest + "\0")

    def _ranges(self, prefix: str) -> Iterator[_Range]:
        """The addresses that begin so, host by host."""
        key = address_key(prefix)
        name, rest = split_key(key)
        if name != key or name.count("/") == 3:
            for (host,) in self.query("SELECT id FROM hosts WHERE name = ?", (name,)):
                yield _Range(host, rest, _behind(rest) if rest else _BEHIND_ALL)
            return
        after = ">="
        while rows := self.query(
            f"SELECT id, name FROM hosts WHERE name {after} ? AND name < ? ORDER BY name LIMIT {_MAX_BATCH_ROWS}",  # noqa: S608
            (name, _behind(key)),
        ):
            for host, _ in rows:
                yield _Range(host, "", _BEHIND_ALL)
            after, name = ">", rows[-1][1]


def _behind(prefix: str) -> str:
    """The first text that is greater than all that begin with a prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def _capture(row: tuple[Any, ...]) -> CdxEntry:
    key, url, at, status, mime, digest, kind, file, offset, length = row[:10]
    return CdxEntry(
        key if url is None else url,
        decode_time(at),
        status,
        mime,
        decode_digest(digest),
        KINDS[kind],
        file,
        offset,
        length,
    )
