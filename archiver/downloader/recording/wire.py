"""Answers as they come over the wire: their heads word for word, and what came of those that broke off."""

from __future__ import annotations

import math
import tempfile
from dataclasses import dataclass, field
from typing import Literal

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    StopDownload,
)
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from archiver.config.run_settings import RunSettings
from archiver.downloader.large_answers import ENOUGH_BYTES, LargeAnswers
from archiver.downloader.recording.answer_body import AnswerBody
from archiver.downloader.run_end import RunEnd
from archiver.downloader.scrapy_internals import BODY_BUFFER, HeadNotingHandler, head_of_answer
from archiver.errors import NotArchived

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

    body: AnswerBody
    head: bytes | None = None
    headers: Headers = field(default_factory=Headers)


class WireDownloadHandler(HeadNotingHandler):
    """Serves http and https as Scrapy's own handler does, and leaves in `request.meta` what that drops."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._run_end = RunEnd.of(crawler)
        run = RunSettings.of(crawler.settings)
        self._folder = run.archive_dir if run.is_recording else None
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self._large_answers = LargeAnswers.of(crawler)
        self._receiving: dict[Request, _Received] = {}
        crawler.signals.connect(self._on_headers_received, signals.headers_received)
        crawler.signals.connect(self._on_bytes_received, signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        """The answer. Raises what Scrapy's handler raises, RunEnded, and NotArchived where its body has no room."""
        self._run_end.check(request.url)
        for key in (HEAD, CUT_ANSWER):
            request.meta.pop(key, None)  # of an earlier try
        received = self._receiving[request] = _Received(AnswerBody(self._folder))
        request.meta[BODY_BUFFER] = received.body
        try:
            async with self._run_end.limit(request.url):
                response = await super().download_request(request)
                if received.body.is_large:
                    response = _with_body(response, await self._read(request, received))
        except Exception as error:
            cause = next((cause for kind, cause in _CAUSES if isinstance(error, kind)), None)
            # Without its head or a byte of its body nothing is known of an answer.
            if cause is not None and received.head is not None and received.body.size:
                request.meta[CUT_ANSWER] = CutAnswer(await self._cut(request, received), cause)
            raise
        finally:
            del self._receiving[request], request.meta[BODY_BUFFER]
            received.body.close()
            if received.head is not None:
                request.meta[HEAD] = received.head
        return response

    async def _read(self, request: Request, received: _Received) -> bytes:
        """The body of an answer, once there is room for it. Raises NotArchived."""
        size = received.body.size
        if received.body.is_large and self._large_answers.needs_room(request):
            # Unpacked it is as large as it may be.
            unpacked = "Content-Encoding" in received.headers and request.meta.get("download_maxsize", self._limit)
            await self._large_answers.make_room(request, size + (unpacked or 0))
        try:
            return received.body.read()
        except OSError as error:
            where = self._folder or tempfile.gettempdir()
            raise NotArchived(
                f"{request.url} answered, but there is no room for its {size} bytes in {where} ({error.strerror}); "
                "make room or mend it, and run again"
            ) from error

    async def _cut(self, request: Request, received: _Received) -> Response:
        """What came of an answer."""
        assert received.head is not None
        protocol, status, *_ = received.head.split(None, 2)
        response = Response(
            request.url, int(status), received.headers, b"", ["dataloss"], request, protocol=protocol.decode("latin-1")
        )
        return _with_body(response, await self._read(request, received))

    def _on_headers_received(self, headers: Headers, request: Request) -> None:
        received = self._receiving.get(request)
        if received is not None:
            received.head, received.headers = head_of_answer(), headers

    def _on_bytes_received(self, data: bytes, request: Request) -> None:
        received = self._receiving.get(request)
        if received is not None and received.body.size >= request.meta.get(ENOUGH_BYTES, math.inf):
            raise StopDownload(fail=False)


def _with_body(response: Response, body: bytes) -> Response:
    """An answer with its body, of the class that Scrapy would have given it."""
    kind = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
    return kind(
        url=response.url, status=response.status, headers=response.headers, body=body, flags=response.flags,
        request=response.request, certificate=response.certificate, ip_address=response.ip_address,
        protocol=response.protocol,
    )  # fmt: skip
