"""The parts of Scrapy in use that it does not promise, each behind one function.

Nobody else may touch them, and each has a test that fails by its name when an upgrade takes the part away
(tests/downloader/test_scrapy_internals.py). All were seen in Scrapy 2.19. Why one module: docs/design.md D23.
"""

from __future__ import annotations

from collections.abc import ItemsView
from contextvars import ContextVar
from typing import Any, Literal

from protego import Protego
from scrapy import Request
from scrapy.commands import BaseRunSpiderCommand
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.feedexport import FeedExporter
from scrapy.http import Headers, Response
from scrapy.robotstxt import RobotParser


class DownloadHandler(BaseDownloadHandler):
    """The base of our download handlers.

    Its interface is documented, its place in `scrapy.core` is not for others. Without it nothing is recorded or
    replayed.
    """


_MAX_HEAD_BYTES = 256 * 1024
"""Bytes of the heads of one answer, interim ones (1xx) included; servers and browsers take 8 to 256 KB. With fewer a
server that sets hundreds of cookies is not read, with more each connection to a hostile one takes so much memory: heads
without end took 3 GB."""

_MAX_HEAD_LINES = 2000
"""Lines of the heads of one answer; pages have 10 to 100. With fewer a server that sets hundreds of cookies is not
read, with more 256 KB of short lines take 20 MB for each answer: 22,000 names took 10 in Scrapy alone."""

_HEAD: ContextVar[bytes | None] = ContextVar("_HEAD", default=None)


def head_of_answer() -> bytes | None:
    """Return the head of an answer as it came, to a handler of the signal `headers_received`; None where it is unknown.

    Scrapy sends the signal while its parser deals with the last line of the head. Without it heads are kept as Scrapy
    has them: names capitalised, one name's values together, the reason phrase the standard's.
    """
    return _HEAD.get()


BODY_BUFFER = "body_buffer"
"""Key of `request.meta`: what takes the place of the buffer of Scrapy's `_ResponseReader` (write, truncate, getvalue).

Without it each body is in memory twice while it comes, and sixteen large ones at once are 1 GB.
"""


class HeadTooLong(Exception):
    """An answer's head has no end that anybody waits for; the connection is given up."""


class _HeadNotingParser(_LenientHTTPClientParser):
    """Notes the lines of a head, up to a length that no head has."""

    noted_bytes = noted_lines = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802  (Twisted's name)
        self.noted_bytes += len(line) + 2
        self.noted_lines += 1
        if self.noted_bytes > _MAX_HEAD_BYTES:
            raise HeadTooLong(f"its head has more than {_MAX_HEAD_BYTES // 1024} KB")
        if self.noted_lines > _MAX_HEAD_LINES:
            raise HeadTooLong(f"its head has more than {_MAX_HEAD_LINES} lines")
        if self.state == "STATUS":
            self.lines: list[bytes] = []
        self.lines.append(line)
        noted = _HEAD.set(b"\n".join([*self.lines, b""]) if line in {b"", b"\r"} else None)
        try:
            super().lineReceived(line)
        finally:
            _HEAD.reset(noted)


class _HeadNotingProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol, which puts its parser in the place of Twisted's in the same way."""

    def request(self, request: Any) -> Any:
        answered = super().request(request)
        self._parser.__class__ = _HeadNotingParser
        return answered.addCallback(_buffer_body)


def _buffer_body(response: Any) -> Any:
    """Let the reader of an answer's body write it where its request says."""
    deliver = response.deliverBody

    def deliver_buffered(reader: Any) -> None:
        reader._bodybuf = reader._request.meta[BODY_BUFFER]
        deliver(reader)

    response.deliverBody = deliver_buffered
    return response


class _HeadNotingFactory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _HeadNotingProtocol:  # noqa: N802  (Twisted's name)
        return _HeadNotingProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class HeadNotingHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https, so that `head_of_answer` knows the heads of its answers.

    `_pool._factory` makes its connections.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _HeadNotingFactory


def export_item(crawler: Crawler, item: Any) -> None:
    """Write an item to the feeds that comes from no callback, when the run is ending.

    `FeedExporter.item_scraped` is the extension's own handler of a signal. Scrapy takes items from callbacks and
    `start()` only, which are over when `spider_closed` is sent. Without it feeds lack the seeds that had no turn.
    """
    exporter = crawler.get_extension(FeedExporter)
    if exporter is not None and crawler.spider is not None:
        exporter.item_scraped(item, crawler.spider)


def create_crawler(command: BaseRunSpiderCommand, name: str) -> Crawler:
    """Return the crawler that a command runs a spider with.

    `BaseRunSpiderCommand._create_crawler` also warns of feeds that nobody writes. Without it no command crawls.
    """
    return command._create_crawler(name)


def stored_items(headers: Headers) -> ItemsView[bytes, list[bytes]]:
    """Return names with all their values.

    `Headers` is a dict of lists, whose own method `items` looks each name up again in every capitalisation, and gives
    the last value only. Were it no dict, nothing could be recorded or judged.
    """
    return dict.items(headers)


class _Decompression(HttpCompressionMiddleware):
    """The middleware on its own: it is made for a crawler, and a new crawler would change this one's logging."""

    def __init__(self, max_size: int) -> None:
        self.stats = None
        self._max_size = max_size
        self._warn_size = 0


def decompress(request: Request, response: Response, max_size: int) -> Response | Request:
    """Undo the Content-Encoding of an answer as a crawl would. Raises IgnoreRequest above `max_size` bytes.

    The initializer is skipped, and `stats`, `_max_size` and `_warn_size` set in its place. Without that, what was
    recorded in other encodings than the plain one cannot be read.
    """
    return _Decompression(max_size).process_response(request, response)


def unpacks_to_more(response: Response, size: int) -> bool:
    """Whether an answer unpacks to more than so many bytes; False for one that is damaged.

    `_decode` and `_split_encodings` of the middleware, which takes no other limit. Without it sixteen answers that are
    small as they came are 500 MB at once.
    """
    body = response.body
    try:
        for encoding in _Decompression._split_encodings(response.headers.getlist("Content-Encoding"))[0]:
            body = _Decompression._decode(body, encoding, size)
    except ValueError as error:
        return type(error).__name__ == "_DecompressionMaxSizeExceeded"
    except Exception:  # noqa: BLE001  (whatever the decoders of four formats raise; whoever unpacks it next says it)
        return False
    return False


def fail_waiting_requests(crawler: Crawler, name: str, error: type[Exception], reason: str) -> None:
    """Fail all requests that wait in a download slot.

    `Slot.queue` holds them with their Deferreds; the slot is found in `engine.downloader.slots`, here and below.
    Without them requests would be sent to a host that wants to be left alone.
    """
    slot = _slots(crawler).get(name)
    while slot is not None and slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(error(reason))


def fail_all_waiting_requests(crawler: Crawler, error: type[Exception], reason: str) -> None:
    """Fail all requests that wait in any download slot.

    `engine.downloader.slots` again. Without it a run that is ended goes on sending what waits, one delay after another.
    """
    for name in list(_slots(crawler)):
        fail_waiting_requests(crawler, name, error, reason)


def advance_request(crawler: Crawler, name: str, request: Request) -> None:
    """Let a request be the next one that leaves its download slot; one that has left it stays as it is.

    `Slot.queue` again. Without it what a page in a browser needs waits behind all pages that wait for the host.
    """
    slot = _slots(crawler).get(name)
    if slot is None:
        return
    for waiting in [waiting for waiting in slot.queue if waiting[0] is request]:
        slot.queue.remove(waiting)
        slot.queue.appendleft(waiting)


def raise_slot_delay(crawler: Crawler, name: str, seconds: float) -> None:
    """Let a slot wait so long between two requests, at least, and take its jitter away.

    `Slot.delay` and `Slot.jitter`, which would shorten half of all waits. Without them AutoThrottle goes below the
    Crawl-delay of a robots.txt.
    """
    slot = _slots(crawler).get(name)
    if slot is not None:
        slot.delay = max(slot.delay, seconds)
        slot.jitter = 0


def pause_slot(crawler: Crawler, name: str, until: float, shortest_delay: float) -> None:
    """Let a slot send nothing until a moment of `time.monotonic`.

    The slot waits until `Slot.delay`, give or take `Slot.jitter`, after `Slot.lastseen`, and looks at all three again
    when its timer ends; one without a delay, hence `shortest_delay`, never waits. Without it a 429 slows nobody down.
    """
    slot = _slots(crawler).get(name)
    if slot is not None:
        slot.delay = max(slot.delay, shortest_delay)
        slot.lastseen = max(slot.lastseen, until - slot.delay * max(0.0, 1 - slot.jitter))


def _slots(crawler: Crawler) -> dict[str, Any]:
    assert crawler.engine is not None
    slots: dict[str, Any] = crawler.engine.downloader.slots
    return slots


def request_rate_delay(parser: RobotParser, agent: str) -> float:
    """Return the seconds between two requests by a robots.txt's Request-rate, at any time of the day; 0 without one.

    `RobotParser` has no method for it; `ProtegoRobotParser.rp` is protego's parser. Without it Request-rate is ignored.
    """
    rules = getattr(parser, "rp", None)
    rate = rules.request_rate(agent) if isinstance(rules, Protego) else None
    return rate.seconds / rate.requests if rate else 0.0


_REASONS: tuple[tuple[str, Literal["redirects", "size"]], ...] = (("redirect", "redirects"), ("exceed", "size"))


def reason_of(error: IgnoreRequest) -> Literal["redirects", "size"] | None:
    """Say why Scrapy's middlewares ignored a request: too many redirects, too large a body, or another reason.

    `IgnoreRequest` is one class for all, and only the words of its message differ. Without them such a page has the
    verdict `error`, not `moved` or `too-large`.
    """
    text = str(error).lower()
    return next((reason for word, reason in _REASONS if word in text), None)
