"""The parts of warcio in use that it does not promise, each behind one function.

Nobody else may touch them, and each has a test that fails by its name when an upgrade takes the part away
(tests/archive/warc/test_warcio_internals.py). All were seen in warcio 1.8. Why one module: docs/design.md D23.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader

from archiver.archive.warc.fields import split_digest

_MAX_HEAD_BYTES = 1 << 20
"""Bytes of the head of a record, and of that of an answer in it; no program writes so many. With fewer a long address
is damage, with more damage is read as a head for longer. Chosen, not measured."""
_PIECE_BYTES = 1 << 20
"""Bytes of a chunk that are read at once; what is smaller warcio reads itself. Nothing but memory depends on it."""
_MAX_CHUNK_BYTES = 1 << 31
"""Bytes of a chunk that warcio takes for one; a longer one it takes for text."""
_CHUNK_LENGTH = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[^\r\n]*)?\r\n")


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


def limit_heads(records: ArchiveIterator) -> None:
    """Let a line of a head, and a head, have a length that is read; ArchiveLoadFailed for a longer one.

    `reader.readline` and the `parse` of the loader's parsers are methods put in others' places. Without it a record
    whose head has no end fills the memory, and packed it is a thousand times smaller.
    """
    read_line = records.reader.readline

    def limited_line(length: int | None = None) -> bytes:
        line: bytes = read_line(_MAX_HEAD_BYTES if length is None else min(length, _MAX_HEAD_BYTES))
        if len(line) == _MAX_HEAD_BYTES:
            raise ArchiveLoadFailed("a line of it has no end")
        return line

    records.reader.readline = limited_line
    loader = records.loader
    for parser in (loader.warc_parser, loader.http_parser, loader.http_req_parser):
        parser.parse = partial(_parse_head, parser.parse)


def _parse_head(parse: Callable[..., Any], stream: Any, *first: Any) -> Any:
    return parse(_HeadReader(stream), *first)


class _HeadReader:
    """The lines of one head."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = _MAX_HEAD_BYTES

    def readline(self) -> bytes:
        line: bytes = self._stream.readline()
        self._left -= len(line)
        if self._left < 0:
            raise ArchiveLoadFailed("its head has no end")
        return line


class PiecewiseChunkedReader(ChunkedDataReader):  # type: ignore[misc]  # warcio has no types
    """Undoes the chunks of a payload without having a large one in memory.

    `_try_decode`, `_process_read` and `all_chunks_read` are what `ChunkedDataReader` reads a chunk by. Without it a
    chunk of a gigabyte, which packs into a megabyte, is read at once.
    """

    _left = 0

    def _fillbuff(self, block_size: int | None = None) -> None:
        while self._left and self.empty():
            part = self.stream.read(min(self._left, _PIECE_BYTES))
            self._left -= len(part)
            if not part:
                self._left, self.all_chunks_read = 0, True
            elif not self._left and self.stream.read(2) != b"\r\n":
                raise ArchiveLoadFailed("a chunk of its payload is not as long as it says")
            self._process_read(part)
        super()._fillbuff(block_size)

    def _try_decode(self, length_header: bytes) -> None:
        match = _CHUNK_LENGTH.fullmatch(length_header)
        if match is None or not _PIECE_BYTES < int(match[1], 16) <= _MAX_CHUNK_BYTES:
            super()._try_decode(length_header)
            return
        self._left = int(match[1], 16)
        self._fillbuff()


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
