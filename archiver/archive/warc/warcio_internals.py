"""The parts of warcio in use that it does not promise, each behind one function.

Nobody else may touch them, and each has a test that fails by its name when an upgrade takes the part away
(tests/archive/warc/test_warcio_internals.py). All were seen in warcio 1.8. Why one module: docs/design.md D23.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.limitreader import LimitReader

from archiver.archive.warc.fields import split_digest


def read_headers_as_latin_1(records: ArchiveIterator) -> None:
    """Let HTTP headers be decoded byte by byte.

    `loader.http_parser.decode_header` is a method put in another's place. warcio takes what can be UTF-8 for UTF-8;
    without it nobody could tell any more which bytes came.
    """
    records.loader.http_parser.decode_header = _latin_1


def _latin_1(line: bytes) -> str:
    return line.decode("latin-1")


def silence_notices() -> None:
    """Keep warcio from logging addresses with blanks in them, as they are: a terminal obeys what else they hold.

    `warcio.recordloader` is the logger's name.
    """
    logging.getLogger("warcio.recordloader").setLevel(logging.ERROR)


def digest_blocks(records: ArchiveIterator) -> None:
    """Let the blocks of records be compared with the digest that they state, and nothing else; `block_differs` tells.

    `loader.wrap_digest_verifying_stream` is a method put in another's place, which is asked for `check_digests` only.
    warcio's own takes a digest in hexadecimal that is as long as one in Base32, or one in lower case, for another, and
    compares payload digests too: what these are made of differs between programs. Without it sound records count as
    damaged.
    """
    records.loader.wrap_digest_verifying_stream = _digesting


def _digesting(
    stream: Any, kind: str, fields: Any, checker: object, length: int | None = None
) -> tuple[LimitReader, bool]:
    # What a revisit states may be the digest of the record that it repeats.
    stated = "" if kind == "revisit" else fields.get_header("WARC-Block-Digest") or ""
    return _DigestingReader(stream, length or 0, stated), False


class _DigestingReader(LimitReader):  # type: ignore[misc]  # warcio has no types
    """Reads a block, and digests it the way that its record states."""

    def __init__(self, stream: Any, length: int, stated: str) -> None:
        super().__init__(stream, length)
        algorithm, self._stated = split_digest(stated)
        self._digester = hashlib.new(algorithm, usedforsecurity=False) if self._stated else None

    def _update(self, part: bytes) -> bytes:
        self.limit -= len(part)
        if self._digester is not None:
            self._digester.update(part)
        return part

    def differs(self) -> bool:
        return self._digester is not None and self._digester.digest() != self._stated


def count_members(records: ArchiveIterator) -> Callable[[], int]:
    """Let the gzip members be counted that are begun behind the first; what is returned says how many.

    `reader.read_next_member` is a method put in another's place. Where a head breaks off at the end of a member, warcio
    goes on with the next one without a word; without it nobody is told of that damage.
    """
    begun, begin = 0, records.reader.read_next_member

    def read_next_member() -> Any:
        nonlocal begun
        begun += 1
        return begin()

    records.reader.read_next_member = read_next_member
    return lambda: begun


def block_differs(record: Any) -> bool:
    """Say whether the bytes of a record, read to its end, are not those of the digest that it states for them."""
    return isinstance(record.raw_stream, _DigestingReader) and record.raw_stream.differs()


def has_wrong_length(records: ArchiveIterator) -> bool:
    """Say whether a record that was read to its end was not as long as it says.

    `err_count` counts what warcio else only prints. Without it a torn record in the middle of a file goes unnoticed.
    """
    return bool(records.err_count)


def member_goes_on(records: ArchiveIterator) -> bool:
    """Say whether the gzip member of a record that was read to its end holds another record.

    `next_line` is the line behind the record, `reader.decompressor` is there in packed files. Without it the records
    behind the first of a member are looked for at offsets that are none.
    """
    return bool(records.next_line and records.reader.decompressor)
