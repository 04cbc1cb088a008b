"""Answers as they come over the wire: their heads word for word, and what came of those that broke off."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import HeadNotingHandler, head_of_answer

HEAD = "head"
"""Key of `request.meta` under which the head of the answer is left as it came (bytes), where it is known."""
CUT_ANSWER = "cut_answer"
"""Key of `request.meta` under which it is left what came of an answer that broke off (CutAnswer)."""

Cause = Literal["disconnect", "length", "time"]
"""Why an answer is not whole, in the words of WARC-Truncated."""

_CAUSES: tuple[tuple[type[BaseException], Cause], ...] = (
    (DownloadTimeoutError, "time"),
    (DownloadCancelledError, "length"),
    (ResponseDataLossError, "disconnect"),
    (DownloadFailedError, "disconnect"),
)


@dataclass(frozen=True, slots=True)
class CutAnswer:
    """The beginning of an answer."""

    response: Response
    """As Scrapy would have given it, still in its Content-Encoding."""
    cause: Cause


@dataclass(slots=True)
class _Received:
    """What has come of one answer."""

    head: bytes | None = None
    headers: Headers = field(default_factory=Headers)
    parts: list[bytes] = field(default_factory=list)


class WireDownloadHandler(HeadNotingHandler):
    """Serves http and https as Scrapy's own handler does, and leaves in `request.meta` what that drops."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._run_end = RunEnd.of(crawler)
        self._receiving: dict[Request, _Received] = {}
        crawler.signals.connect(self._on_headers_received, signals.headers_received)
        crawler.signals.connect(self._on_bytes_received, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        """The answer. Raises what Scrapy's handler raises, and RunEnded."""
        self._run_end.check(request.url)
        for key in (HEAD, CUT_ANSWER):
            request.meta.pop(key, None)  # of an earlier try
        self._receiving[request] = _Received()
        try:
            async with self._run_end.limit(request.url):
                response = await super().download_request(request)
        except Exception as error:
            cause = next((cause for kind, cause in _CAUSES if isinstance(error, kind)), None)
            if cause is not None:
                _leave_cut(request, self._receiving[request], cause)
            raise
        finally:
            received = self._receiving.pop(request)
            if received.head is not None:
                request.meta[HEAD] = received.head
        return response

    def _on_headers_received(self, headers: Headers, request: Request) -> None:
        received = self._receiving.get(request)
        if received is not None:
            received.head, received.headers = head_of_answer(), headers

    def _on_bytes_received(self, data: bytes, request: Request) -> None:
        received = self._receiving.get(request)
        if received is not None:
            received.parts.append(data)


def _leave_cut(request: Request, received: _Received, cause: Cause) -> None:
    """Leave what came of an answer; without its head or a byte of its body nothing is known of it."""
    if received.head is None or not received.parts:
        return
    protocol, status, *_ = received.head.split(None, 2)
    body = b"".join(received.parts)
    kind = responsetypes.from_args(headers=received.headers, url=request.url, body=body)
    response = kind(
        url=request.url,
        status=int(status),
        headers=received.headers,
        body=body,
        flags=["dataloss"],
        request=request,
        protocol=protocol.decode("latin-1"),
    )
    request.meta[CUT_ANSWER] = CutAnswer(response, cause)
