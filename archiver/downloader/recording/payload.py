"""Answers as captures: one that has just come, and a recorded one as a replay would see it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import Settings

from archiver.archive.base import RecordedResponse
from archiver.downloader.headers import headers_of, scrapy_headers
from archiver.downloader.recording.record import ANSWERED_AT
from archiver.downloader.recording.replay import CAPTURED_AT, CUT
from archiver.downloader.recording.wire import CUT_ANSWER, CutAnswer
from archiver.downloader.scrapy_internals import decompress
from archiver.errors import CaptureError
from archiver.extract.dom.truncation import breaks_off
from archiver.models import Capture, CaptureReference
from archiver.urls import PERMANENT_REDIRECTS
from archiver.wayback.endpoints import viewing_address

_MIN_THREAD_BYTES = 512 * 1024
"""Bytes below which a page is digested quicker than a thread is asked for it; with fewer each page pays for a thread,
with more a large one holds up the event loop. No measurement is on record."""


def decode_response(answer: RecordedResponse, settings: Settings) -> Capture:
    """The capture of a recorded answer, as a replay would see it. Raises CaptureError when it cannot be unpacked."""
    limit = settings.getint("DOWNLOAD_MAXSIZE")
    if limit and len(answer.body) > limit:
        raise CaptureError(f"{answer.url} was recorded with more than DOWNLOAD_MAXSIZE={limit} bytes; raise it")
    headers = scrapy_headers(answer.headers)
    response: Any = Response(answer.url, status=answer.status, headers=headers, body=answer.body)
    response = _unpack(Request(answer.url), response, settings)
    return Capture(
        url=answer.url,
        requested_url=answer.url,
        status=answer.status,
        headers=tuple((name, value) for name, value in answer.headers if name.lower() != "content-encoding"),
        body=response.body,
        captured_at=answer.captured_at,
        origin="wayback" if answer.source else "archive",
        snapshot=viewing_address(answer.source) or None,
        is_cut=answer.is_cut or _breaks_off(response),
    )


def rendering_of(document: RecordedResponse, page: Capture) -> Capture:
    """The capture of a rendered document, in the place of that of the page that was rendered."""
    return replace(
        page,
        status=document.status,
        headers=document.headers,
        body=document.body,
        captured_at=document.captured_at,
        is_cut=document.is_cut or page.is_cut,
    )


def cut_capture_of(request: Request, settings: Settings) -> Capture | None:
    """The capture of what came of a request's answer before it broke off; None where nothing is known of it.

    Nor of one that was larger than DOWNLOAD_MAXSIZE.
    """
    cut: CutAnswer | None = request.meta.get(CUT_ANSWER)
    if cut is None or cut.cause == "length":
        return None
    try:
        return replace(capture_of(_unpack(request, cut.response, settings)), is_cut=True)
    except CaptureError:
        return None


def _unpack(request: Request, response: Response, settings: Settings) -> Response:
    """An answer without its Content-Encoding. Raises CaptureError."""
    try:
        unpacked = decompress(request, response, settings.getint("DOWNLOAD_MAXSIZE"))
    except IgnoreRequest:
        raise CaptureError(f"{request.url} unpacks to more than DOWNLOAD_MAXSIZE; raise it") from None
    except Exception as error:  # whatever the decoders of four formats raise for damaged bytes
        raise CaptureError(f"{request.url} was recorded with a damaged Content-Encoding ({error})") from error
    assert isinstance(unpacked, Response)
    return unpacked


def capture_of(response: Response) -> Capture:
    """The answer without Scrapy around it."""
    recorded = response.meta.get(CAPTURED_AT)
    return Capture(
        url=response.url,
        requested_url=response.meta["requested_url"],
        status=response.status,
        headers=headers_of(response),
        body=response.body,
        captured_at=recorded or response.meta.get(ANSWERED_AT) or datetime.now(UTC).replace(microsecond=0),
        origin="archive" if recorded else "live",
        is_cut=bool(response.meta.get(CUT)) or ((recorded or "partial" in response.flags) and _breaks_off(response)),
    )


def _breaks_off(response: Response) -> bool:
    """Whether an answer ends in the middle of its page, where it does not say how long it is.

    Of a live one Scrapy says whether nothing told its end (the flag `partial`).
    """
    if response.status != 200 or "Content-Length" in response.headers:
        return False
    return breaks_off(response.body)


async def reference_of(capture: Capture) -> CaptureReference:
    """Return what a result keeps of a capture; a large one is digested in a thread."""
    if len(capture.body) < _MIN_THREAD_BYTES:
        return capture.reference()
    return await asyncio.to_thread(capture.reference)


def validators_of(capture: Capture) -> tuple[str | None, str | None]:
    """(ETag, Last-Modified) of an answer; of one that breaks off none, for the whole page is wanted the next time."""
    return (None, None) if capture.is_cut else (capture.header("ETag"), capture.header("Last-Modified"))


def permanent_target(response: Response) -> str | None:
    """Return where the page has its place now, when every redirect on the way there is permanent."""
    hops = response.meta.get("redirect_reasons") or ()
    return response.url if hops and all(reason in PERMANENT_REDIRECTS for reason in hops) else None
