"""The parts of warcio in use that it does not promise, each behind one function.

Nobody else may touch them, and each has a test that fails by its name when an upgrade takes the part away
(tests/archive/warc/test_warcio_internals.py). All were seen in warcio 1.8. Why one module: docs/design.md D23.
"""

from __future__ import annotations

from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.digestverifyingreader import DigestVerifyingReader


def read_headers_as_latin_1(records: ArchiveIterator) -> None:
    """Let HTTP headers be decoded byte by byte.

    `loader.http_parser.decode_header` is a method put in another's place. warcio takes what can be UTF-8 for UTF-8;
    without it nobody could tell any more which bytes came.
    """
    records.loader.http_parser.decode_header = _latin_1


def _latin_1(line: bytes) -> str:
    return line.decode("latin-1")


def ignore_payload_digest(record: Any) -> None:
    """Let a record, not yet read, be checked against its block digest alone.

    `raw_stream.payload_digester` computes the other one. What a payload digest is made of differs between programs, a
    block digest means the bytes of the record; without it sound records of other programs count as damaged.
    """
    if isinstance(record.raw_stream, DigestVerifyingReader):
        record.raw_stream.payload_digester = None


def has_wrong_length(records: ArchiveIterator) -> bool:
    """Say whether a record that was read to its end was not as long as it says.

    `err_count` counts what warcio else only prints. Without it a torn record in the middle of a file goes unnoticed.
    """
    return bool(records.err_count)
