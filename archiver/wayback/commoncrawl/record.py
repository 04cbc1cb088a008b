"""A record of Common Crawl, fetched by its byte range: unpacked, checked, and the capture in it.

What is handed out is one whole gzip member with one whole WARC record, so that it can be kept byte for byte. Whatever
is not exactly what was asked for is refused before anything in it is judged: docs/design.md D93.
"""

from __future__ import annotations

import base64
import hashlib
import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from archiver.errors import MementoError
from archiver.models import Capture, Origin
from archiver.urls import address_key
from archiver.wayback.commoncrawl.endpoints import CommonCrawl, CrawlEntry
from archiver.wayback.endpoints import Answer, Headers
from archiver.wayback.web_archive import FetchedRecord

MIN_CUT_BYTES = 1024 * 1024
"""Bytes of a page from which on it may have been cut, whether its record says so or not: Common Crawl's limit until
2025, which early crawls do not mark. With a byte more, pages cut there pass for whole, with less, whole ones are
refused."""
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
"""Bytes that a record may unpack to. Common Crawl cuts pages at 5 MiB and heads are small; with a quarter of it a cut
page with a packed body is refused, more allow a bomb."""

_ENCODING = frozenset({"content-encoding", "transfer-encoding"})
_RANGE = re.compile(r"bytes ([0-9]{1,19})-([0-9]{1,19})/(?:[0-9]{1,19}|\*)")
_STATUS_LINE = re.compile(rb"HTTP/[0-9.]+ ([0-9]{3})(?: .*)?")


def read_record(
    service: CommonCrawl, entry: CrawlEntry, requested_url: str, answer: Answer, origin: Origin
) -> FetchedRecord:
    """Return what came in answer to the question for the record of `entry`, `requested_url` being the seed's source.

    The capture has the site's own status, headers and time, so that it is judged and read like any other. Raises
    MementoError for an answer that is not exactly that record, or a record that is no answer of the page.
    """
    name = f"{service.record(entry).address}, bytes {entry.offset} to {entry.offset + entry.length - 1}"
    if (wrong := _wrong_answer(entry, answer)) is not None:
        raise MementoError(f"{name}: {wrong}.")
    try:
        fields, block = _record(_unpack(answer.body))
        _check_record(entry, fields, block)
        status, headers, body = _response(block)
        _check_payload(entry, fields, body)
        at = _date(fields)
        says_cut = bool(_value(fields, "WARC-Truncated")) or _is_short(headers, body)
        is_cut = says_cut or entry.is_cut or len(body) >= MIN_CUT_BYTES
        digest, body = _sha1(body), _decoded(headers, body)
    except zlib.error:
        raise MementoError(f"{name}: it cannot be unpacked.") from None
    except ValueError as error:
        raise MementoError(f"{name}: {error}.") from None
    capture = Capture(
        url=entry.url,
        requested_url=requested_url,
        status=status,
        headers=tuple((key, value) for key, value in headers if key.lower() not in _ENCODING),
        body=body,
        captured_at=at,
        origin=origin,
        snapshot=service.viewing_address(entry),
        is_cut=is_cut,
    )
    url = _value(fields, "WARC-Target-URI").strip("<>")
    return FetchedRecord(answer.body, url, digest, capture, can_be_kept=says_cut or not is_cut)


def _wrong_answer(entry: CrawlEntry, answer: Answer) -> str | None:
    """What is wrong with the answer to a question for a range; None where it is that range."""
    if answer.status == 200:
        return "the whole file was sent in the place of its range, and nothing of it is taken"
    if answer.status in {404, 410}:
        return f"the host answered {answer.status}, the record is not there"
    if answer.status != 206:
        return f"the host answered {answer.status}; run again later"
    stated = (answer.header("Content-Range") or "").strip()
    match = _RANGE.fullmatch(stated)
    if match is None or (int(match[1]), int(match[2])) != (entry.offset, entry.offset + entry.length - 1):
        return f"another range was sent, {stated[:100] or 'without a Content-Range'}"
    if len(answer.body) != entry.length:
        return f"{len(answer.body)} bytes came in the place of {entry.length}"
    return None


def _unpack(member: bytes) -> bytes:
    """The record in one gzip member. Raises ValueError or zlib.error."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    record = unpacker.decompress(member, MAX_UNPACKED_BYTES)
    if unpacker.unconsumed_tail:
        raise ValueError(f"the record unpacks to more than {MAX_UNPACKED_BYTES} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("it is not one gzip member")
    return record


def _record(record: bytes) -> tuple[Headers, bytes]:
    """The fields and the block of a WARC record (ISO 28500:2017, 4). Raises ValueError."""
    head, separator, rest = record.partition(b"\r\n\r\n")
    version, _, lines = head.partition(b"\r\n")
    if not separator or not version.startswith(b"WARC/1."):
        raise ValueError("it is no WARC record")
    fields = _headers(lines)
    length = _value(fields, "Content-Length")
    if not length.isdecimal() or len(length) > 19 or rest[int(length) :] != b"\r\n\r\n":
        raise ValueError("the record is not as long as it says")
    return fields, rest[: int(length)]


def _check_record(entry: CrawlEntry, fields: Headers, block: bytes) -> None:
    """Raise ValueError for a record of another kind or page, or whose bytes are not those that were written."""
    kind = _value(fields, "WARC-Type")
    if kind != "response":
        raise ValueError(f"the record is a {kind[:20] or 'record without a type'}, which holds no page")
    url = _value(fields, "WARC-Target-URI").strip("<>")
    if address_key(url) != address_key(entry.url):
        raise ValueError(f"the record is of another page, {url[:200]}")
    if _differs(_value(fields, "WARC-Block-Digest"), block):
        raise ValueError("the record's bytes do not match its digest")


def _check_payload(entry: CrawlEntry, fields: Headers, body: bytes) -> None:
    """Raise ValueError where the page is not the one that index and record state."""
    for digest in (_value(fields, "WARC-Payload-Digest"), entry.digest and f"sha1:{entry.digest}"):
        if _differs(digest, body):
            raise ValueError("the page's bytes do not match the digest that is stated")


def _date(fields: Headers) -> datetime:
    try:
        at = datetime.fromisoformat(_value(fields, "WARC-Date"))
    except ValueError:
        raise ValueError("the record has no date") from None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _differs(stated: str, content: bytes) -> bool:
    """Whether a digest that is stated in SHA-1, Base32, is that of other bytes; False where none is."""
    algorithm, _, value = stated.partition(":")
    if algorithm.lower() != "sha1":
        return False
    return _sha1(content) != f"sha1:{value.upper()}"


def _sha1(content: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(content, usedforsecurity=False).digest()).decode()


def _response(block: bytes) -> tuple[int, Headers, bytes]:
    """Status, headers and body of an HTTP answer as it was recorded. Raises ValueError."""
    head, separator, body = block.partition(b"\r\n\r\n")
    line, _, lines = head.partition(b"\r\n")
    match = _STATUS_LINE.fullmatch(line)
    if match is None or not separator:
        raise ValueError("the record holds no HTTP answer")
    return int(match[1]), _headers(lines), body


def _headers(lines: bytes) -> Headers:
    # A line that begins with a blank goes on with the one before (https://www.rfc-editor.org/rfc/rfc9112#section-5.2).
    unfolded = re.sub(rb"\r\n[ \t]+", b" ", lines)
    pairs = (line.decode("latin-1").partition(":") for line in unfolded.split(b"\r\n") if b":" in line)
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _value(fields: Sequence[tuple[str, str]], name: str) -> str:
    return next((value for key, value in fields if key.lower() == name.lower()), "")


def _is_short(headers: Headers, body: bytes) -> bool:
    """Whether a body has fewer bytes than its own head says, where both speak of the same bytes."""
    stated = _value(headers, "Content-Length")
    is_packed = any(name.lower() in _ENCODING for name, _ in headers)
    return not is_packed and stated.isdecimal() and len(stated) < 20 and len(body) < int(stated)


def _decoded(headers: Headers, body: bytes) -> bytes:
    """The page without its Content-Encoding. Common Crawl undoes it; early crawls kept its header all the same."""
    if "gzip" not in _value(headers, "Content-Encoding").lower() or not body.startswith(b"\x1f\x8b"):
        return body
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
    page = unpacker.decompress(body, MAX_UNPACKED_BYTES)
    if not unpacker.eof:
        raise ValueError("the page breaks off in its Content-Encoding, or unpacks to too much")
    return page
