"""Exchanges as records of WARC 1.1 (ISO 28500:2017), one gzip member each.

Why not by warcio: docs/design.md D44.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from archiver.archive.base import RecordedResponse
from archiver.archive.index import NOT_MODIFIED
from archiver.archive.robots_directives import FIELD as DIRECTIVES
from archiver.archive.warc.members import pack
from archiver.models import CdxEntry

RESOURCE_TYPE = "WARC-Resource-Type"
"""The field that says what a page fetched an answer as; Browsertrix writes it too, and `document` for pages."""
RENDERED_BY = "WARC-Rendered-By"
"""The field of ours by which a conversion is told from those of other processes: the browser."""
RENDERED_TYPE = "text/html; charset=utf-8"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def record_identity() -> str:
    """A new WARC-Record-ID."""
    return f"<urn:uuid:{uuid.uuid4()}>"


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
    resource_type: str | None = None
    """What a page in a browser fetched it as, such as `script`; None for what the crawl asked for itself."""
    validators: tuple[str, str] = ("", "")
    """The ETag and the Last-Modified that the request named; empty where it named none."""
    source: str = ""
    """The address of a web archive's copy, where this is such a copy under the address of its page; empty elsewhere."""
    fetched_at: datetime | None = None
    """When such a copy was fetched; aware, UTC, whole seconds."""
    robots: str = ""
    """What the page asks of programs, as `robots_directives` reads it; empty where it asks for nothing."""
    is_of_service: bool = False
    """Whether a service was asked, such as a web archive for its list; that is no page."""
    record_id: str = field(default_factory=record_identity)
    """Of the answer's record."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The document that a page's scripts made of it in a browser."""

    url: str
    """Of the answer that was rendered."""
    captured_at: datetime
    """When the document was read; aware, UTC, whole seconds."""
    body: bytes
    """HTML in UTF-8."""
    program: str
    """What ran the scripts, such as `Chromium/140.0.7339.207`."""
    rendered_id: str
    """The record of the answer; empty where it was not recorded."""
    answered_at: datetime
    """When that answer came."""


@dataclass(frozen=True, slots=True)
class CopiedRecord:
    """A response record of another archive's WARC, to be kept byte for byte."""

    content: bytes
    """The record as one gzip member."""
    entry: CdxEntry
    """What the index says of it; file, offset and length are those that it gets here."""

    @property
    def url(self) -> str:
        """The address of the page."""
        return self.entry.url


def exchange_records(
    exchange: Exchange, digest: str, original: RecordedResponse | None, warcinfo: str
) -> tuple[bytes, bytes]:
    """The answer, as a response or as a revisit of `original`, and the request, empty where nobody asked.

    `digest` is that of the payload, `warcinfo` the identity of the file's first record.
    """
    answer, request = exchange.record_id, record_identity() if exchange.request else ""
    date = _instant(exchange.captured_at)
    block: tuple[bytes, ...] = (exchange.head, exchange.body) if original is None else (exchange.head,)
    fields = {
        "WARC-Type": "response" if original is None else "revisit",
        "WARC-Record-ID": answer,
        "WARC-Date": date,
        "WARC-Target-URI": exchange.url,
        "WARC-Concurrent-To": request,
        "WARC-Warcinfo-ID": warcinfo,
        "WARC-Source-URI": exchange.source,
        "WARC-Creation-Date": _instant(exchange.fetched_at) if exchange.fetched_at else None,
        "WARC-IP-Address": exchange.address,
        "WARC-Truncated": exchange.truncated,
        RESOURCE_TYPE: exchange.resource_type,
        DIRECTIVES: exchange.robots,
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
    if original is not None and exchange.status == NOT_MODIFIED:
        # With a head of its own in the block the players show it, an answer without a page (docs/design.md D75).
        block = ()
        fields |= {"WARC-Profile": _UNCHANGED, "Content-Type": None}
    if not exchange.request:
        return _compress_record(fields, *block), b""
    asked = {
        "WARC-Type": "request",
        "WARC-Record-ID": request,
        "WARC-Date": date,
        "WARC-Target-URI": exchange.url,
        "WARC-Concurrent-To": answer,
        "WARC-Warcinfo-ID": warcinfo,
        "Content-Type": "application/http; msgtype=request",
    }
    return _compress_record(fields, *block), _compress_record(asked, exchange.request)


def conversion_record(rendering: Rendering, digest: str, warcinfo: str) -> bytes:
    """A rendered document, as what became of an answer; `digest` is that of the document.

    It is no answer of a server, and a conversion is what the standard calls the result of a process that was run on
    another record (ISO 28500:2017, 6.9).
    """
    fields = {
        "WARC-Type": "conversion",
        "WARC-Record-ID": record_identity(),
        "WARC-Date": _instant(rendering.captured_at),
        "WARC-Target-URI": rendering.url,
        "WARC-Warcinfo-ID": warcinfo,
        "WARC-Refers-To": rendering.rendered_id,
        "WARC-Refers-To-Target-URI": rendering.url,
        "WARC-Refers-To-Date": _instant(rendering.answered_at),
        RENDERED_BY: rendering.program,
        "WARC-Payload-Digest": digest,
        "Content-Type": RENDERED_TYPE,
    }
    return _compress_record(fields, rendering.body)


def warcinfo_record(identity: str, file: str, at: datetime, description: Mapping[str, str]) -> bytes:
    """What a file begins with: its name, and what is said of the run that writes it."""
    fields = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": identity,
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


def _compress_record(fields: Mapping[str, str | None], *block: bytes) -> bytes:
    """A record, its block in parts; fields without a value are left out."""
    lines = [f"{name}: {value}\r\n" for name, value in fields.items() if value]
    size = sum(map(len, block))
    head = f"WARC/1.1\r\n{''.join(lines)}WARC-Block-Digest: {sha1(block)}\r\nContent-Length: {size}\r\n\r\n"
    return pack(head.encode(), *block, b"\r\n\r\n")


def _instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
