"""Requests and answers of Scrapy → what an archive keeps of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response

from archiver.archive.warc.records import CopiedRecord, Exchange
from archiver.downloader.recording.wire import HEAD, Cause
from archiver.downloader.scrapy_internals import stored_items
from archiver.downloader.services import OF_SERVICE, RESOURCE_TYPE_KEY
from archiver.models import Capture, CdxEntry
from archiver.urls import host_of
from archiver.wayback.web_archive import FetchedRecord

_CUT_FLAGS: dict[str, Cause] = {"dataloss": "disconnect", "download_stopped": "length"}
"""Flags that Scrapy gives an answer that is not whole."""
_CREDENTIALS = frozenset({b"authorization", b"cookie", b"proxy-authorization"})


def exchange_of(request: Request, response: Response, at: datetime, cause: Cause | None = None) -> Exchange:
    """A request and its answer as they went over the wire, without credentials; `cause` says why it is not whole."""
    url = _without_user(response.url)
    noted = request.meta.get(HEAD)
    head = _made_head(response) if noted is None else _noted_head(noted)
    mime = (response.headers.get("Content-Type") or b"").decode("latin-1")
    address = response.ip_address if not request.meta.get("proxy") else None
    return Exchange(
        url=url,
        captured_at=at,
        status=_usual(response.status),
        mime=mime.partition(";")[0].strip().lower(),
        request=_request(request, url),
        head=head,
        body=response.body,
        address=str(address) if address else None,
        truncated=cause or next((why for flag, why in _CUT_FLAGS.items() if flag in response.flags), None),
        resource_type=request.meta.get(RESOURCE_TYPE_KEY),
        # A copy of a picture is one: a seed may name its address.
        is_of_service=bool(request.meta.get(OF_SERVICE)) and RESOURCE_TYPE_KEY not in request.meta,
        validators=(_stated(request, "If-None-Match"), _stated(request, "If-Modified-Since")),
    )


def copied_record(fetched: FetchedRecord) -> CopiedRecord:
    """A record of another archive, to be kept as it came under the address of its page."""
    page = fetched.capture
    mime = (page.header("Content-Type") or "").partition(";")[0].strip().lower()
    entry = CdxEntry(fetched.url, page.captured_at, page.status, mime, fetched.digest, "response")
    return CopiedRecord(fetched.member, entry)


def _noted_head(head: bytes) -> bytes:
    """A head as it came, without the Transfer-Encoding, which Scrapy undoes."""
    first, *lines = head.splitlines(keepends=True)
    protocol, status, *reason = first.split(None, 2)
    if _usual(int(status)) != int(status):
        # No reader opens such a record; what came stays readable in the reason phrase.
        first = b" ".join([protocol, b"%d" % _usual(int(status)), status, *reason]).rstrip() + b"\r\n"
    kept, is_dropped = [first], False
    for line in lines:
        if line[:1] not in {b" ", b"\t"}:
            is_dropped = line.partition(b":")[0].strip().lower() == b"transfer-encoding"
        if not is_dropped:
            kept.append(line)
    return b"".join(kept)


def _made_head(response: Response) -> bytes:
    """A head as Scrapy has it, where another handler than ours asked."""
    protocol = (response.protocol or "").upper()
    protocol = protocol if protocol.startswith("HTTP/1") else "HTTP/1.1"
    status = _usual(response.status)
    return f"{protocol} {status} {_reason(status)}\r\n".encode() + _lines(stored_items(response.headers)) + b"\r\n"


def _usual(status: int) -> int:
    """A status of three digits; another one is taken for a failure of the server (RFC 9110, 15)."""
    return status if 100 <= status <= 999 else 500


def copy_exchange(capture: Capture, source: str, fetched_at: datetime) -> Exchange:
    """A web archive's copy of a page, as if the page itself had been asked then; `source` is the copy's address."""
    lines = ((name.encode("latin-1"), [value.encode("latin-1")]) for name, value in capture.headers)
    mime = capture.header("Content-Type") or ""
    return Exchange(
        url=_without_user(capture.url),
        captured_at=capture.captured_at,
        status=capture.status,
        mime=mime.partition(";")[0].strip().lower(),
        request=b"",
        head=f"HTTP/1.1 {capture.status} {_reason(capture.status)}\r\n".encode() + _lines(lines) + b"\r\n",
        body=capture.body,
        source=source,
        fetched_at=fetched_at,
    )


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _stated(request: Request, name: str) -> str:
    return (request.headers.get(name) or b"").decode("latin-1").strip()


def _request(request: Request, url: str) -> bytes:
    parts = urlsplit(url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    headers = [(name, values) for name, values in stored_items(request.headers) if name.lower() not in _CREDENTIALS]
    if b"Host" not in request.headers:
        # The handler adds it behind the others.
        headers.append((b"Host", [host_of(url).encode()]))
    return f"{request.method} {target} HTTP/1.1\r\n".encode() + _lines(headers) + b"\r\n" + request.body


def _lines(headers: Iterable[tuple[bytes, Iterable[bytes]]]) -> bytes:
    return b"".join(b"%s: %s\r\n" % (name, value) for name, values in headers for value in values)


def _without_user(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
