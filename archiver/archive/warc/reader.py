"""One record of a WARC (ISO 28500), as an entry of an index and as a recorded answer."""

from __future__ import annotations

import logging
import re
from typing import Any, Literal

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed

from archiver.archive.base import RecordedResponse
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.warc.fields import parse_date, same_digest_spelling
from archiver.archive.warc.places import WarcPlace
from archiver.archive.warc.records import RENDERED_BY, RENDERED_TYPE, RESOURCE_TYPE, sha1
from archiver.archive.warc.warcio_internals import (
    PiecewiseChunkedReader,
    block_differs,
    digest_blocks,
    limit_heads,
    read_headers_as_latin_1,
    silence_notices,
)
from archiver.models import CdxEntry
from archiver.urls import address_key

logger = logging.getLogger(__name__)

WARC_SUFFIXES = (".warc", ".warc.gz")

# What damaged input makes warcio raise: its own error, and those of the header and gzip readers below it.
DAMAGE = (ArchiveLoadFailed, ValueError, EOFError, OSError, LookupError, AttributeError, TypeError, OverflowError)

_Kind = Literal["response", "revisit", "subresource", "conversion"]
_DOCUMENT = "document"
"""What other programs write in RESOURCE_TYPE for a page itself."""
_UNCHANGED = "/revisit/server-not-modified"
"""How the profile of a revisit ends that stands for a 304, whose block may have its head or nothing at all."""
_ANSWERS = ("response", "revisit", "resource")
_WEB = ("http:", "https:")
_ONCE = frozenset({"warc-type", "warc-record-id", "warc-target-uri", "warc-date", "content-length"})
"""Fields that a head has once (ISO 28500, 5), in lower case."""
_PART_BYTES = 1 << 16
"""Bytes of a payload that are digested at once; fewer cost more calls, more cost memory. Nothing but speed depends on
it. No measurement is on record."""
_MAX_REASON_LETTERS = 100
"""Letters of a reason that are shown: with more a damaged head fills the screen. Chosen, not measured."""
_TEXT_BYTES = 256
"""Bytes at the start of a body that are looked at for being text; of so many packed ones some are control characters,
but for one body in a hundred thousand million. With fewer packed ones pass for text, with more a page that has a stray
control character does not."""
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}
"""How a body begins that is packed so (RFC 1952, RFC 8878)."""


def is_named_like_warc(name: str) -> bool:
    """Whether a file is named like a WARC, in letters of any case."""
    return name.lower().endswith(WARC_SUFFIXES)


def iterate(stream: object) -> WARCIterator:
    """The records from where a stream stands, their blocks digested as they are read."""
    silence_notices()
    records = WARCIterator(stream, check_digests=True)
    read_headers_as_latin_1(records)
    digest_blocks(records)
    limit_heads(records)
    return records


def read_answer(place: WarcPlace, offset: int, url: str, max_bytes: int | None = None) -> RecordedResponse | None:
    """The record of an address at a place that `scan` gave; None when it is damaged by now (reported).

    Of a body of more than `max_bytes` so many are read, and one more.
    """
    try:
        with place.open("rb") as stream:
            stream.seek(offset)
            records = iterate(stream)
            record = next(records)
            recorded = _to_response(record, max_bytes)
            # The file may have changed since it was indexed.
            records.read_to_end()
            check(record)
            if recorded.url != url and address_key(recorded.url) != address_key(url):
                raise ArchiveLoadFailed("it was another one before")
            return recorded
    except (*DAMAGE, StopIteration) as error:
        report(place, offset, error)
        return None


def kind_of(record: Any) -> _Kind | None:
    """What a record is in an index; None for one that has no place there."""
    fields = record.rec_headers
    _check_head(fields)
    if record.rec_type == "conversion":
        return "conversion" if fields.get_header(RENDERED_BY) else None
    if record.rec_type in _ANSWERS and not fields.get_header("WARC-Target-URI"):
        raise ArchiveLoadFailed("it has no address")
    is_answer = record.rec_type == "response" and record.http_headers is not None
    # What lies at no web address (`dns:`, `urn:`, `metadata:`) is a note of the program that wrote it.
    is_answer = is_answer or (record.rec_type == "resource" and _url(record).lower().startswith(_WEB))
    if record.rec_type == "revisit" or is_answer:
        is_subresource = (fields.get_header(RESOURCE_TYPE) or _DOCUMENT) != _DOCUMENT
        return "subresource" if is_subresource else "revisit" if record.rec_type == "revisit" else "response"
    return None


def _check_head(fields: Any) -> None:
    """Raise ArchiveLoadFailed for a head without a kind, and for two heads that were taken for one.

    A writer that is ended within a head leaves its beginning, and what the next one appends goes on from there: then
    the address of the first would stand above the bytes of the second.
    """
    said: dict[str, str] = {}
    for name, value in fields.headers:
        if said.setdefault(name.lower(), value) != value and name.lower() in _ONCE:
            raise ArchiveLoadFailed(f"its head has two of {name}")
    if not said.get("warc-type"):
        raise ArchiveLoadFailed("it has no WARC-Type")


def check(record: Any) -> None:
    """Raises ArchiveLoadFailed for a record that was read to its end and is not as it was written."""
    if record.raw_stream.limit:
        raise ArchiveLoadFailed(f"{record.raw_stream.limit} bytes of it are missing")
    if block_differs(record):
        raise ArchiveLoadFailed("its bytes do not match their digest")


def payload_digest(record: Any) -> str:
    """The digest of a payload, which is read for it: programs differ in what they take for the payload."""
    if record.rec_type == "revisit":
        return _stated_digest(record)
    stream = _payload(record)
    return sha1(iter(lambda: stream.read(_PART_BYTES), b""))


def to_index_entry(record: Any, digest: str, name: str, offset: int, length: int) -> CdxEntry:
    """The entry of a record whose payload has that digest. Raises what DAMAGE has."""
    kind = kind_of(record)
    assert kind is not None
    mime = next((value for key, value in _headers(record) if key.lower() == "content-type"), "")
    names = (identity(record.rec_headers.get_header("WARC-Record-ID") or ""), _stated_digest(record))
    return CdxEntry(
        url=_url(record),
        captured_at=parse_date(record.rec_headers.get_header("WARC-Date") or ""),
        status=_status(record),
        mime=mime.partition(";")[0].strip().lower(),
        digest=digest,
        kind=kind,
        file=name,
        offset=offset,
        length=length,
        names=tuple(one for one in names if one and one != digest) if kind == "response" else (),
    )


def identity(record_id: str) -> str:
    """A WARC-Record-ID without its brackets, which some programs leave out."""
    return record_id.strip().strip("<>")


def _stated_digest(record: Any) -> str:
    return same_digest_spelling(record.rec_headers.get_header("WARC-Payload-Digest") or "")


def _to_response(record: Any, max_bytes: int | None) -> RecordedResponse:
    if kind_of(record) is None:
        raise ArchiveLoadFailed("it is no answer")
    fields = record.rec_headers
    has_payload = record.http_headers is not None or record.rec_type in {"conversion", "resource"}
    body = _read_body(_payload(record), max_bytes) if has_payload else b""
    headers = tuple((name, value) for name, value in _headers(record) if name.lower() != "transfer-encoding")
    is_revisit = record.rec_type == "revisit"
    return RecordedResponse(
        url=_url(record),
        status=_status(record),
        headers=headers if is_revisit else without_false_encoding(headers, body),
        body=b"" if is_revisit else body,
        captured_at=parse_date(fields.get_header("WARC-Date") or ""),
        kind="response" if record.rec_type == "resource" else record.rec_type,
        record_id=fields.get_header("WARC-Record-ID") or "",
        refers_to=(
            (fields.get_header("WARC-Refers-To-Target-URI") or "").strip("<>"),
            fields.get_header("WARC-Refers-To-Date") or "",
        ),
        refers_to_id=identity(fields.get_header("WARC-Refers-To") or ""),
        source=_source(record),
        is_cut=not is_revisit and _is_cut(record, body),
    )


def without_false_encoding(headers: tuple[tuple[str, str], ...], body: bytes) -> tuple[tuple[str, str], ...]:
    """The headers without a Content-Encoding that the body no longer has: some programs keep bodies unpacked."""
    encodings = [value for name, value in headers if name.lower() == "content-encoding"]
    if not encodings or not body or _is_packed(encodings[-1].rpartition(",")[2].strip().lower(), body):
        return headers
    return tuple((name, value) for name, value in headers if name.lower() != "content-encoding")


def _is_packed(encoding: str, body: bytes) -> bool:
    if encoding in _MAGIC:
        return body.startswith(_MAGIC[encoding])
    # Brotli and deflate begin with no mark of their own.
    start = body[:_TEXT_BYTES]
    return not _MARKUP.match(start) or _CONTROL.search(start) is not None


def _is_cut(record: Any, body: bytes) -> bool:
    """True for a body that its record calls cut, or a part, or that has fewer bytes than its own head says."""
    fields, head = record.rec_headers, record.http_headers
    if fields.get_header("WARC-Truncated") or fields.get_header("WARC-Segment-Number"):
        return True
    if record.rec_type != "response" or "chunked" in (head.get_header("Transfer-Encoding") or "").lower():
        return False
    stated = (head.get_header("Content-Length") or "").strip()
    # No page has a length of twenty digits, and Python reads no number of thousands.
    return stated.isdecimal() and len(stated) < 20 and len(body) < int(stated)


def _headers(record: Any) -> tuple[tuple[str, str], ...]:
    """The HTTP headers; of a document that has none, the one that says what it is."""
    if record.rec_type == "conversion":
        return (("Content-Type", RENDERED_TYPE),)
    if record.rec_type == "resource":
        return (("Content-Type", record.rec_headers.get_header("Content-Type") or ""),)
    head = record.http_headers
    return tuple((str(name), str(value)) for name, value in head.headers) if head else ()


def _url(record: Any) -> str:
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    address_key(url)
    return url


def _source(record: Any) -> str:
    """The address in a web archive that gave a copy; warcit names the file on its disk instead."""
    source = (record.rec_headers.get_header("WARC-Source-URI") or "").strip("<>")
    return source if source.lower().startswith(_WEB) else ""


def _status(record: Any) -> int:
    if record.rec_type in {"conversion", "resource"}:
        return 200
    if (record.rec_headers.get_header("WARC-Profile") or "").lower().endswith(_UNCHANGED):
        return NOT_MODIFIED
    if record.http_headers is None:
        return 0
    status = int(record.http_headers.get_statuscode())
    if not 100 <= status <= 999:
        raise ArchiveLoadFailed("it has no HTTP status")
    return status


def _payload(record: Any) -> Any:
    head = record.http_headers
    chunked = head and "chunked" in (head.get_header("Transfer-Encoding") or "").lower()
    return PiecewiseChunkedReader(record.raw_stream, decomp_type=None) if chunked else record.raw_stream


def _read_body(payload: Any, max_bytes: int | None) -> bytes:
    if max_bytes is None:
        return bytes(payload.read())
    body = bytearray()
    while len(body) <= max_bytes and (part := payload.read(min(_PART_BYTES, max_bytes + 1 - len(body)))):
        body += part
    return bytes(body)


def report(place: WarcPlace, offset: int, error: Exception) -> None:
    """Tell a person of a damaged record."""
    spoken = isinstance(error, (ArchiveLoadFailed, OSError)) and str(error).strip()
    reason = spoken.splitlines()[0][:_MAX_REASON_LETTERS] if spoken else "it cannot be understood"
    shown = "".join(character if character.isprintable() else "\ufffd" for character in reason)
    logger.warning("%s: the record at byte %d is damaged (%s); it is passed over", place, offset, shown)
