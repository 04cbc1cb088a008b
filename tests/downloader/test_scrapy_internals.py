"""What of Scrapy is used without its promise: one test each, to fail by name when an upgrade takes it away."""

from __future__ import annotations

import ast
import asyncio
import gzip
import json
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy import Request, Spider
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred
from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request as TwistedRequest
from twisted.web.http_headers import Headers as TwistedHeaders

from archiver.commands.crawl import Command
from archiver.downloader import scrapy_internals
from tests.conftest import ROOT, Crawl

URL = "https://a.example/news"


def with_slot(slot: Slot) -> Any:
    return SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(slots={"a.example": slot})))


def test_feed_exporter_item_scraped(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "exporting.py").write_text(
        "from archiver.crawl.spider import SeedSpider\n"
        "class Silent(SeedSpider):\n"
        "    name = 'silent'\n"
        "    every_host = True\n"
        "    async def _start(self):\n"
        "        async for step in super()._start():\n"
        "            if step is None: yield\n",
        encoding="utf-8",
    )
    (seeds / "a.md").write_text(f'---\norigin_url: "{URL}"\ntitle: ""\n---\n\nText.\n', encoding="utf-8")
    settings = {"SPIDER_MODULES": "exporting", "FEED_EXPORT_FIELDS": json.dumps(["verdict"])}
    run = crawl(seeds, "silent", settings=settings, env={"PYTHONPATH": str(tmp_path)})
    assert (run.code, run.results) == (2, [{"verdict": "error"}])


def test_command_create_crawler(monkeypatch: pytest.MonkeyPatch) -> None:
    command, crawler = Command(), Crawler(Spider)
    monkeypatch.setattr(command, "crawler_process", SimpleNamespace(create_crawler={"seeds": crawler}.get))
    assert scrapy_internals.create_crawler(command, "seeds") is crawler


def test_headers_are_a_dict_of_lists() -> None:
    headers = Headers({"Link": ["<a>", "<b>"], "Via": "1.1 a"})
    assert dict(scrapy_internals.stored_items(headers)) == {b"Link": [b"<a>", b"<b>"], b"Via": [b"1.1 a"]}


def test_compression_middleware_max_size() -> None:
    def packed() -> Response:
        return Response(URL, headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"x" * 5000))

    unpacked = scrapy_internals.decompress(Request(URL), packed(), 5000)
    assert isinstance(unpacked, Response)
    assert unpacked.body == b"x" * 5000
    with pytest.raises(IgnoreRequest):
        scrapy_internals.decompress(Request(URL), packed(), 4999)
    # What the skipped initializer sets, and nothing else.
    assert set(vars(HttpCompressionMiddleware(crawler=get_crawler()))) == {"stats", "_max_size", "_warn_size"}


def test_downloader_slots() -> None:
    async def slow_down() -> tuple[str, float]:
        crawler = get_crawler(settings_dict={"DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https", "ftp", "s3"))})
        downloader = Downloader(crawler)
        crawler.engine = cast("Any", SimpleNamespace(downloader=downloader))
        name, slot = downloader._get_slot(Request(URL))
        scrapy_internals.raise_slot_delay(crawler, name, 3)
        downloader.close()
        return name, slot.delay

    assert asyncio.run(slow_down()) == ("a.example", 3)


def test_slot_queue() -> None:
    slot, deferred = Slot(1, 1.0, 0.0), Deferred[Response]()
    slot.queue.append((Request(URL), deferred))
    failures: list[Any] = []
    deferred.addErrback(failures.append)
    scrapy_internals.fail_waiting_requests(with_slot(slot), "a.example", LookupError, "quiet")
    assert not slot.queue
    assert [(type(failure.value), str(failure.value)) for failure in failures] == [(LookupError, "quiet")]
    scrapy_internals.fail_waiting_requests(with_slot(slot), "b.example", LookupError, "quiet")


def test_queues_of_all_slots() -> None:
    slots, failures = {name: Slot(1, 1.0, 0.0) for name in ("a.example", "b.example")}, list[Any]()
    for slot in slots.values():
        deferred = Deferred[Response]()
        slot.queue.append((Request(URL), deferred))
        deferred.addErrback(failures.append)
    crawler: Any = SimpleNamespace(engine=SimpleNamespace(downloader=SimpleNamespace(slots=slots)))
    scrapy_internals.fail_all_waiting_requests(crawler, LookupError, "quiet")
    assert [str(failure.value) for failure in failures] == ["quiet", "quiet"]
    assert not any(slot.queue for slot in slots.values())


def test_order_of_the_slot_queue() -> None:
    slot, requests = Slot(1, 1.0, 0.0), [Request(f"{URL}/{number}") for number in range(3)]
    slot.queue.extend((request, Deferred[Response]()) for request in requests)
    scrapy_internals.advance_request(with_slot(slot), "a.example", requests[2])
    scrapy_internals.advance_request(with_slot(slot), "a.example", Request(URL))
    scrapy_internals.advance_request(with_slot(slot), "b.example", requests[1])
    assert [request for request, _ in slot.queue] == [requests[2], requests[0], requests[1]]


def test_slot_delay_and_jitter() -> None:
    slot = Slot(1, 1.0, 0.5)
    scrapy_internals.raise_slot_delay(with_slot(slot), "a.example", 4.0)
    assert slot.download_delay() == 4.0
    scrapy_internals.raise_slot_delay(with_slot(slot), "a.example", 2.0)
    assert slot.download_delay() == 4.0


@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.5])
def test_slot_lastseen(jitter: float) -> None:
    slot, until = Slot(1, 0.0, jitter), time.monotonic() + 100
    scrapy_internals.pause_slot(with_slot(slot), "a.example", until, 0.001)
    # How Scrapy finds when it may send again.
    assert all(slot.lastseen + slot.download_delay() >= until - 1e-6 for _ in range(20))
    scrapy_internals.pause_slot(with_slot(slot), "a.example", until - 50, 0.001)
    assert slot.lastseen + slot.download_delay() >= until - 1e-6


def test_protego_parser_rp() -> None:
    parser = ProtegoRobotParser(b"User-agent: *\nRequest-rate: 1/8\n", None)
    assert scrapy_internals.request_rate_delay(parser, "seed-archiver") == 8.0
    assert scrapy_internals.request_rate_delay(ProtegoRobotParser(b"", None), "seed-archiver") == 0.0


def test_words_of_ignore_request() -> None:
    middleware = RedirectMiddleware.from_crawler(get_crawler())
    request = Request(URL, meta={"redirect_ttl": 0})
    with pytest.raises(IgnoreRequest) as redirected:
        middleware._redirect(request.copy(), request, 302)
    assert scrapy_internals.reason_of(redirected.value) == "redirects"
    packed = Response(URL, headers={"Content-Encoding": "gzip"}, body=gzip.compress(b"x" * 5000))
    with pytest.raises(IgnoreRequest) as large:
        scrapy_internals.decompress(Request(URL), packed, 10)
    assert scrapy_internals.reason_of(large.value) == "size"
    assert scrapy_internals.reason_of(IgnoreRequest("Forbidden by robots.txt")) is None


def test_lines_of_a_head_as_scrapys_parser_reads_them() -> None:
    protocol: Any = cast("Any", scrapy_internals._HeadNotingFactory)(lambda _: None, "").buildProtocol(None)
    protocol.makeConnection(cast("Any", StringTransport)())
    head = b"HTTP/1.1 200 All is well\r\nx-ODD: 1\r\nVia: b\nX-Odd:  2\r\n folded\r\nTransfer-Encoding: chunked\r\n\r\n"
    noted: list[bytes | None] = []
    request: Any = cast("Any", TwistedRequest)(b"GET", b"/", TwistedHeaders({b"Host": [b"a.example"]}), None)
    asked = protocol.request(request)
    asked.addCallback(lambda _: noted.append(scrapy_internals.head_of_answer()))
    protocol.dataReceived(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + head)
    assert noted == [head]
    assert scrapy_internals.head_of_answer() is None


def test_base_download_handler() -> None:
    class Handler(scrapy_internals.DownloadHandler):
        async def download_request(self, request: Request) -> Response:
            return Response(request.url)

        async def close(self) -> None: ...

    crawler = Crawler(Spider)
    assert Handler(crawler).crawler is crawler
    assert Handler.lazy in {True, False}


_PRIVATE = {
    "_max_size", "_warn_size", "_create_crawler", "lastseen", "jitter", "randomize_delay", "slots", "rp",
    "decode_header", "payload_digester", "err_count", "scraper", "_slot", "_engine",
}  # fmt: skip
"""Attributes of Scrapy's and warcio's objects that are theirs."""


@pytest.mark.parametrize("file", sorted((ROOT / "archiver").rglob("*.py")), ids=lambda file: file.stem)
def test_nobody_else_uses_what_is_not_promised(file: Path) -> None:
    if file.name in {"scrapy_internals.py", "warcio_internals.py"}:
        return
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in _PRIVATE:
            found.append(f"{node.lineno}: .{node.attr}")
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("scrapy.core"):
            found.append(f"{node.lineno}: {node.module}")
        if isinstance(node, ast.ImportFrom) and any(name.name == "RetryCallState" for name in node.names):
            found.append(f"{node.lineno}: RetryCallState")
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "dict.items":
            found.append(f"{node.lineno}: dict.items")
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("signals.send_catch_log"):
            signal = ast.unparse(node.args[0])
            found += [f"{node.lineno}: sends {signal}"] if signal.startswith("signals.") else []
    assert not found
