"""A server on loopback whose answers are broken, in the way that a number decides; each number has its own port."""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import pairwise
from random import Random

from tests.faults.fuzz.mutations import mutate
from tests.support.servers import html

TOKENS = tuple(
    token.encode("latin-1")
    for token in (
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1", "HTTP/", "HTTP/9.9 200 OK\r\n", "200", "999", "-1", "\r\n", "\n", "\r",
        "\r\n\r\n", "\n\n", ": ", ":", " ", "\t", "Content-Length: 5\r\n", "Content-Length: 99999\r\n",
        "Content-Length: -1\r\n", "Content-Length: 1e9\r\n", "Content-Length: 5, 5\r\n", "Content-Length:\r\n",
        "Content-Length: 99999999999999999999999\r\n", "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n",
        "Content-Encoding: gzip\r\n", "Content-Encoding: br\r\n", "Content-Encoding: deflate\r\n",
        "Content-Encoding: zstd\r\n", "Content-Encoding: gzip, gzip, br\r\n", "Content-Encoding: x\r\n",
        "Content-Type: \r\n", "Content-Type: text/html; charset=undefined\r\n", "Content-Type: image/png\r\n",
        "Content-Type: application/pdf\r\n", "Content-Range: bytes 0-1/9\r\n", "Connection: close\r\n",
        "Connection: upgrade\r\nUpgrade: h2c\r\n", "Connection: keep-alive\r\n", "Set-Cookie: a=b; Domain=.\r\n",
        "Set-Cookie: =\r\n", "Set-Cookie: a=b; Expires=Thu, 99 Foo 99999\r\n", "Set-Cookie: a=b; Max-Age=1e99\r\n",
        "Set-Cookie: \xff=\x00\r\n", "Set-Cookie: a=b; Path=//; Domain=com\r\n",
        "Retry-After: 99999999999999999999\r\n", "Retry-After: -5\r\n",
        "Retry-After: Mon, 01 Jan 0001 00:00:00 GMT\r\n", "Retry-After: x\r\n", "Retry-After: 1\r\n",
        "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n", "Retry-After: 1e5\r\n", "Retry-After: \xb2\r\n",
        "Location: /next\r\n", "Location: \r\n", "Location: http://[\r\n", "ETag: \"\xff\"\r\n", "ETag: x\r\n",
        "Last-Modified: x\r\n", "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT\r\n", "Date: x\r\n", "Link: <x\r\n",
        "Link: <http://[>; rel=canonical\r\n", "Vary: *\r\n", "Refresh: 0; url=/next\r\n",
        "X-Robots-Tag: noarchive, \xff\r\n", "Age: -1\r\n", "Cache-Control: no-store\r\n",
        "WWW-Authenticate: Basic\r\n", "Strict-Transport-Security: max-age=99999\r\n", "Alt-Svc: h3=\":443\"\r\n",
        "A: " + "b" * 9_000 + "\r\n", "a: b\r\n" * 300, " folded\r\n", "\x00", "\xff\xfe", "\x1b[2J",
        "5\r\nhello\r\n", "0\r\n\r\n", "ffffffffffffffff\r\n", "-1\r\n", "5;x=y\r\n", "zz\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 101 x\r\n\r\n",
    )
)  # fmt: skip
_STATUSES = (
    "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 200",
    "HTTP/1.1  200  OK", "HTTP/2 200 OK", "HTTP/1.1 OK", "ICY 200 OK", "200 OK", "", "HTTP/1.1 0 x", "HTTP/1.1 99 x",
    "HTTP/1.1 1000 x", "HTTP/1.1 2e2 x", "HTTP/1.1 -200 x", "HTTP/1.1 204 x", "HTTP/1.1 205 x", "HTTP/1.1 206 x",
    "HTTP/1.1 304 x", "HTTP/1.1 301 x", "HTTP/1.1 302 x", "HTTP/1.1 303 x", "HTTP/1.1 307 x", "HTTP/1.1 308 x",
    "HTTP/1.1 300 x", "HTTP/1.1 400 x", "HTTP/1.1 401 x", "HTTP/1.1 403 x", "HTTP/1.1 404 x", "HTTP/1.1 407 x",
    "HTTP/1.1 410 x", "HTTP/1.1 418 x", "HTTP/1.1 421 x", "HTTP/1.1 429 x", "HTTP/1.1 451 x", "HTTP/1.1 500 x",
    "HTTP/1.1 503 x", "HTTP/1.1 599 x", "HTTP/1.1 200 \xff\xfe", "HTTP/1.1 200 " + "x" * 5_000,
)  # fmt: skip
_LOCATIONS = (
    "/next", "/next", "next", "?next", "//", "///", "", "#", "/next#x", "http://", "http:/next", "http://[",
    "http://[::1", "http://x y/", "//user:pass@127.0.0.1:1/", "http://127.0.0.1:1/", "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "file:///etc/passwd", "data:text/html,x", "javascript:x",
    "ftp://127.0.0.1/", "/\xff\xfe", "/%zz%", "/\x00", "/a b", "\thttp://127.0.0.1:1/", "/" + "x" * 9_000,
    "http://xn--/", "http://\xfc/", "http://a..b/", "mailto:a@b", "/../../..", "http://1/", "urn:x", "\\\\x\\y",
)  # fmt: skip
_ROBOTS = (
    b"", b"User-agent: *\nDisallow: /\n", b"User-agent: *\nAllow: /\n", b"User-agent: *\nDisallow: /*/n*w$\n",
    b"Crawl-delay: 99999\n", b"User-agent: *\nCrawl-delay: nan\n",
    b"User-agent: *\nCrawl-delay: 0.1\nRequest-rate: 1/0\n", b"\xff\xfe\x00", b"User-agent" * 9_000,
    b"Disallow: " + b"*" * 2_000 + b"$\n", b"<html>not found</html>", b"\xef\xbb\xbfUser-agent: *\rDisallow:\r",
    b"Sitemap: http://[\nUser-agent: \x00\nDisallow: %zz\n",
)  # fmt: skip


def page_of(number: int) -> bytes:
    """The page that a number has when nothing is broken."""
    text = (f"Sentence {at} of page {number} goes on for some time, and has a name in it." for at in range(6))
    return html(f"The title of page number {number}", *text)


def answer(number: int, path: str, times: int) -> list[bytes]:
    """The parts of the answer to a path that is asked for the so-manieth time."""
    random = Random(f"{number} {path} {times}")  # noqa: S311  a reproducible choice, nothing secret
    is_robots = path == "/robots.txt"
    if is_robots and random.random() < 0.85:
        return [b"HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n"]
    body = random.choice(_ROBOTS) if is_robots else page_of(number)
    raw = _whole(random, body, kind="text/plain" if is_robots else "text/html; charset=utf-8")
    if random.random() < 0.6:
        head = raw.find(b"\r\n\r\n") + 4
        raw = (
            mutate(random, raw[:head], TOKENS, most=4) + raw[head:]
            if random.random() < 0.7
            else mutate(random, raw, TOKENS)
        )
    if random.random() < 0.05:
        raw = random.choice(
            (
                b"",
                body,
                random.randbytes(500),
                b"\r\n" * 50 + raw,
                raw + raw,
                raw + b"trailing" * 99,
                b"\x16\x03\x01\x00\x05",
                raw[: len(raw) // 2],
            )
        )
    cut = sorted(random.randint(0, len(raw)) for _ in range(random.choice((0, 0, 1, 5))))
    places = [0, *cut, len(raw)]
    return [raw[one:two] for one, two in pairwise(places)]


def _whole(random: Random, body: bytes, kind: str) -> bytes:
    """An answer that could be meant so, or nearly."""
    lines = [random.choice(_STATUSES), f"Content-Type: {kind}"]
    packed = body
    match random.randrange(9):
        case 0:
            packed = gzip.compress(body)
            lines.append("Content-Encoding: gzip")
        case 1:
            packed = zlib.compress(body)
            lines.append(f"Content-Encoding: {random.choice(('deflate', 'gzip', 'br', 'zstd'))}")
        case 2:
            lines.append("Content-Encoding: gzip")
        case 3:
            packed = gzip.compress(gzip.compress(body))[: random.choice((-1, -9, None))]
            lines.append("Content-Encoding: gzip, gzip")
        case _:
            pass
    if random.random() < 0.3:
        size = random.choice((1, 7, 1_000))
        chunks = [packed[at : at + size] for at in range(0, min(len(packed), size * 60), size)]
        end = random.choice((b"0\r\n\r\n", b"0\r\n\r\n", b"0\r\nX: y\r\n\r\n", b"", b"0\r\n", b"00000\r\n\r\nmore"))
        packed = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + end
        lines.append("Transfer-Encoding: chunked")
    elif random.random() < 0.8:
        lines.append(f"Content-Length: {len(packed) + random.choice((0, 0, 0, 0, -5, 5, 10_000))}")
    if " 3" in lines[0] or random.random() < 0.05:
        lines.append(f"Location: {random.choice(_LOCATIONS)}")
    newline = "\n" if random.random() < 0.05 else "\r\n"
    return newline.join((*lines, "", "")).encode("latin-1") + packed


@contextmanager
def fuzzing_server(tries: range) -> Iterator[dict[int, int]]:
    """The port of loopback of each number, while they are served."""
    sockets = {number: socket.create_server(("127.0.0.1", 0)) for number in tries}
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    thread = threading.Thread(target=_serve, args=(loop, sockets, ready), daemon=True)
    thread.start()
    ready.wait()
    try:
        yield {number: one.getsockname()[1] for number, one in sockets.items()}
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for one in sockets.values():
            one.close()


def _serve(loop: asyncio.AbstractEventLoop, sockets: dict[int, socket.socket], ready: threading.Event) -> None:
    async def begin() -> list[asyncio.Server]:
        return [await asyncio.start_server(_Talk(number).answer, sock=one) for number, one in sockets.items()]

    asyncio.set_event_loop(loop)
    with closing(loop):
        servers = loop.run_until_complete(begin())
        ready.set()
        loop.run_forever()
        for server in servers:
            server.close()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())


class _Talk:
    """The connections of one number."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._asked: dict[str, int] = {}

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode("latin-1")
                times = self._asked[path] = self._asked.get(path, 0) + 1
                random = Random(f"{self._number} {path} {times} end")  # noqa: S311  as above
                for part in answer(self._number, path, times):
                    writer.write(part)
                    await writer.drain()
                    await asyncio.sleep(random.choice((0, 0, 0.02)))
                end = random.random()
                if end < 0.1:
                    # A reset, in place of an end.
                    linger = struct.pack("ii", 1, 0)
                    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                if end < 0.85:
                    break
        writer.close()
