"""The encodings that answers are asked for in."""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware

ACCEPTED = "gzip, deflate, br"
"""What every player of archives unpacks; Scrapy would ask for zstd too, which they show as it is."""


class CompressionMiddleware(HttpCompressionMiddleware):
    """Scrapy's unpacking of answers, which does not ask for zstd; what comes in it is unpacked all the same."""

    def process_request(self, request: Request) -> None:  # type: ignore[override]  # Scrapy passes no spider any more
        """Called by Scrapy."""
        request.headers.setdefault("Accept-Encoding", ACCEPTED)
