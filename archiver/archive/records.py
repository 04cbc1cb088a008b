"""Exchanges as records of WARC 1.1 (ISO 28500:2017), one gzip member each.

Why not by warcio: docs/design.md D44.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from isal import isal_zlib

from archiver.archive.base import RecordedResponse

_COMPRESSION_LEVEL = 2
"""The level of ISA-L, 0 to 3. On a real page of 92 KB it takes 0.19 ms and makes 23.0 KB; zlib takes 0.9 ms for 22.6 KB
and 1.9 ms for 20.5 KB (levels 3 and 6)."""
_GZIP = isal_zlib.MAX_WBITS + 16
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they went over the wire but for the answer's Transfer-Encoding."""

    url: str
    captured_at: datetime
    """Aware, UTC, whole seconds: other indexes of WARCs know no fractions."""
    status: int
    mime: str
    """The media type that the answer claims, without parameters."""
    request: bytes
    """Request line, headers without credentials, empty line, body."""
    head: bytes
    """Status line, headers, empty line."""
    body: bytes
    """Still in its Content-Encoding."""
    address: str | None = None
    """The IP address that answered, where it is known."""
    truncated: str | None = None
    """Why the body is not whole, in a word of the WARC standard; None when it is."""


def exchange_records(exchange: Exchange, digest: str, original: RecordedResponse | None) -> tuple[bytes, bytes]:
    """The answer, as a response or as a revisit of `original`, and the request; `digest` is that of the payload."""
    answer, request = _identity(), _identity()
    date = _instant(exchange.captured_at)
    block = exchange.head + exchange.body if original is None else exchange.head
    fields = {
        "WARC-Type": "response" if original is None else "revisit",
        "WARC-Record-ID": answer,
        "WARC-Date": date,
        "WARC-Target-URI": exchange.url,
        "WARC-Concurrent-To": request,
        "WARC-IP-Address": exchange.address,
        "WARC-Truncated": exchange.truncated,
        "WARC-Payload-Digest": digest,
        "Content-Type": "application/http; msgtype=response",
    }
    if original is not None:
        fields |= {
            "WARC-Profile": _SAME_PAYLOAD,
            "WARC-Refers-To": original.record_id,
            "WARC-Refers-To-Target-URI": original.url,
            "WARC-Refers-To-Date": _instant(original.captured_at),
        }
    asked = {
        "WARC-Type": "request",
        "WARC-Record-ID": request,
        "WARC-Date": date,
        "WARC-Target-URI": exchange.url,
        "WARC-Concurrent-To": answer,
        "Content-Type": "application/http; msgtype=request",
    }
    return _compress_record(fields, block), _compress_record(asked, exchange.request)


def warcinfo_record(file: str, at: datetime, description: Mapping[str, str]) -> bytes:
    """What a file begins with: its name, and what is said of the run that writes it."""
    fields = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": _identity(),
        "WARC-Date": _instant(at),
        "WARC-Filename": file,
        "Content-Type": "application/warc-fields",
    }
    return _compress_record(fields, "".join(f"{name}: {value}\r\n" for name, value in description.items()).encode())


def sha1(parts: Iterable[bytes]) -> str:
    """The digest of some bytes, given part by part, as WARCs have it."""
    digest = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return "sha1:" + base64.b32encode(digest.digest()).decode()


def _compress_record(fields: Mapping[str, str | None], block: bytes) -> bytes:
    """A record; fields without a value are left out."""
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value]
    head = f"WARC/1.1\r\n{''.join(lines)}WARC-Block-Digest: {sha1([block])}\r\nContent-Length: {len(block)}\r\n\r\n"
    return isal_zlib.compress(b"%b%b\r\n\r\n" % (head.encode(), block), _COMPRESSION_LEVEL, _GZIP)


def _identity() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
