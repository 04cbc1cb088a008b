"""The encodings that answers are asked for in."""

from __future__ import annotations

import sys

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from archiver.downloader.large_answers import ENOUGH_BYTES, MAX_ROOMLESS_BYTES, SMALL_ANSWER_BYTES, LargeAnswers
from archiver.downloader.scrapy_internals import unpacks_to_more

ACCEPTED = "gzip, deflate, br"
"""What every player of archives unpacks; Scrapy would ask for zstd too, which they show as it is."""


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's unpacking of answers, for which what is large waits for room in memory.

    It does not ask for zstd; what comes in it is unpacked all the same.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self._large_answers = LargeAnswers.of(crawler)
        self._limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompressionMiddleware:
        """Called by Scrapy."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # Scrapy passes no spider any more
        """Called by Scrapy."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)

    async def process_response(  # type: ignore[override]  # Scrapy awaits what a middleware returns
        self, request: Request, response: Response
    ) -> Request | Response:
        """Called by Scrapy."""
        if ENOUGH_BYTES in request.meta and unpacks_to_more(response, MAX_ROOMLESS_BYTES):
            raise IgnoreRequest(f"{request.url} exceeds {MAX_ROOMLESS_BYTES} bytes when it is unpacked")
        if self._large_answers.needs_room(request) and unpacks_to_more(response, SMALL_ANSWER_BYTES):
            limit = request.meta.get("download_maxsize", self._limit)
            await self._large_answers.make_room(request, limit or sys.maxsize)
        return super().process_response(request, response)
