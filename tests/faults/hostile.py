"""Servers that do what no server should, each in one way, on addresses of the loopback interface.

They are one process, so that what they hold is not counted with the program that asks them.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import hashlib
import itertools
import json
import socket
import struct
import sys
import zlib
from collections.abc import Awaitable, Callable
from functools import cache, partial

import brotli  # type: ignore[import-untyped]

from tests.support.servers import html

MEGABYTE = 1024 * 1024
LARGE_BYTES = 31 * MEGABYTE
"""Bytes of a body that is just below the DOWNLOAD_MAXSIZE of the program."""
_MAX_SENT_BYTES = 4 * 1024 * MEGABYTE
"""Bytes of an answer without end; nobody takes so many, and a server that is never left does end."""
_LONG_SECONDS = 600
"""How long a server keeps silent: longer than any time limit of the program."""
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
_NUMBERS = itertools.count(10**6)
_TEXT = "The harbour office wants to measure the channel before the winter, a clerk said on Friday. "
ARTICLE = html("Ferry pilots ask for a second lighthouse", *([_TEXT * 2] * 3))


class Talk:
    """One request, and the connection that it came on."""

    def __init__(self, path: str, writer: asyncio.StreamWriter) -> None:
        self.path, self.writer = path, writer

    async def send(self, *parts: bytes) -> None:
        """Send some bytes, as fast as they are taken."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()

    async def trickle(self, part: bytes, seconds: float = 1.0) -> None:
        """Send the same bytes again and again with a pause."""
        for _ in range(int(_LONG_SECONDS / seconds)):
            await self.send(part)
            await asyncio.sleep(seconds)

    async def flood(self, part: bytes) -> None:
        """Send the same bytes without end."""
        for _ in range(_MAX_SENT_BYTES // len(part)):
            await self.send(part)

    async def hang(self) -> None:
        """Say nothing more."""
        await asyncio.sleep(_LONG_SECONDS)

    def reset(self) -> None:
        """Break the connection by RST."""
        there = self.writer.get_extra_info("socket")
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def body(self, content: bytes, *lines: str, head: bytes = _OK) -> None:
        """Send a whole answer."""
        more = "".join(f"{line}\r\n" for line in lines).encode()
        await self.send(head + more + b"Content-Length: %d\r\n\r\n" % len(content), content)

    async def moved(self, target: str) -> None:
        """Send a redirect."""
        await self.send(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))


Way = Callable[[Talk], Awaitable[None]]


def _then_hang(*parts: bytes) -> Way:
    async def way(talk: Talk) -> None:
        await talk.send(*parts)
        await talk.hang()

    return way


def _then_reset(*parts: bytes) -> Way:
    async def way(talk: Talk) -> None:
        await talk.send(*parts)
        await asyncio.sleep(0.05)
        talk.reset()

    return way


def _flood(part: bytes, *before: bytes) -> Way:
    async def way(talk: Talk) -> None:
        await talk.send(*before)
        await talk.flood(part)

    return way


def _trickle(part: bytes, *before: bytes, seconds: float = 1.0) -> Way:
    async def way(talk: Talk) -> None:
        await talk.send(*before)
        await talk.trickle(part, seconds)

    return way


def _whole(content: Callable[[], bytes], *lines: str) -> Way:
    """An answer whose body is made when it is first asked for."""
    made = cache(content)

    async def way(talk: Talk) -> None:
        await talk.body(made(), *lines)

    return way


def _moved(target: Callable[[Talk], str]) -> Way:
    async def way(talk: Talk) -> None:
        await talk.moved(target(talk))

    return way


def _raw(*parts: bytes) -> Way:
    async def way(talk: Talk) -> None:
        await talk.send(*parts)

    return way


async def _next_part(talk: Talk) -> None:
    number = next(_NUMBERS)
    text = [f"{_TEXT * 2} The clerk named {number + line}." for line in range(4)]
    link = f'<link rel="next" href="/news/page?part={number}">'
    await talk.body(html("Ferry pilots ask for a second lighthouse", *text, head=link))


# ---- Bodies -------------------------------------------------------------------------------------------------------


def _bytes(size: int) -> bytes:
    """So many bytes that nothing can be made of."""
    return hashlib.shake_128(b"noise").digest(size)


def _large_page() -> bytes:
    return (ARTICLE + b"<p>" + _TEXT.encode() * (LARGE_BYTES // len(_TEXT)))[:LARGE_BYTES]


def _noise() -> bytes:
    return _bytes(LARGE_BYTES)


def _gzip_bomb(megabytes: int) -> bytes:
    return gzip.compress(bytes(MEGABYTE)) * megabytes


def _nested(times: int) -> bytes:
    packed = _gzip_bomb(2000)
    for _ in range(times - 1):
        packed = gzip.compress(packed)
    return packed


def _deflated(megabytes: int, bits: int = 15) -> bytes:
    packer = zlib.compressobj(1, zlib.DEFLATED, bits)
    return b"".join([*(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)), packer.flush()])


def _brotli_bomb(megabytes: int) -> bytes:
    packer = brotli.Compressor(quality=1)
    return b"".join([*(packer.process(bytes(MEGABYTE)) for _ in range(megabytes)), packer.finish()])


def _zstd_bomb(megabytes: int) -> bytes:
    """A frame of blocks that repeat one byte (RFC 8878, 3.1.1.2): a window of 8 MB, blocks of 128 KB, no checksum."""
    block = (128 * 1024 << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = (128 * 1024 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x68" + block * (megabytes * 8 - 1) + last


def _elements(element: str, count: int) -> Callable[[], bytes]:
    return lambda: ARTICLE.replace(b"</article>", (element * count).encode() + b"</article>")


def _chunks(part: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(part), part)


_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
_ENDS_WITH_CONNECTION = _OK + b"Connection: close\r\n\r\n"

# ---- Ways -----------------------------------------------------------------------------------------------------------

HEADS: dict[str, Way] = {
    "header lines without end": _flood(b"X-Filler: " + b"x" * 1000 + b"\r\n", _OK),
    "short header lines without end": _flood(b"a:b\r\n" * 1000, _OK),
    "one header line without end": _flood(b"x" * 65536, _OK + b"X-Filler: "),
    "one folded header without end": _flood(b" x" * 500 + b"\r\n", _OK + b"X-Filler: \r\n"),
    "a status line without end": _flood(b"x" * 65536, b"HTTP/1.1 200 "),
    "interim answers without end": _flood(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
    "continue without end": _trickle(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a head of thousands of names": _raw(
        _OK, b"".join(b"X-%d: 1\r\n" % n for n in range(22000)), b"Connection: close\r\n\r\n", ARTICLE
    ),
    "a head of thousands of values": _raw(_OK, b"A:\r\n" * 60000, b"Connection: close\r\n\r\n", ARTICLE),
    "cookies of 200 KB": _raw(
        _OK, b"Set-Cookie: c=%s\r\n" % (b"x" * 3900) * 50, b"Connection: close\r\n\r\n", ARTICLE
    ),
    "a head of a byte a second": _trickle(b"x", _OK + b"X-Slow: "),
    "silence": _then_hang(),
    "silence in the status line": _then_hang(b"HTTP/1.1 20"),
    "silence in the head": _then_hang(_OK + b"X-And: "),
    "RST at once": _then_reset(),
    "RST in the head": _then_reset(_OK),
    "an end at once": _raw(),
    "no HTTP": _raw(bytes(range(256)) * 20),
    "HTTP/0.9": _raw(ARTICLE),
    "the status 99999999999": _raw(b"HTTP/1.1 99999999999 Yes\r\nContent-Length: 0\r\n\r\n"),
    "the status -1": _raw(b"HTTP/1.1 -1 No\r\nContent-Length: 0\r\n\r\n"),
    "101 and noise": _flood(b"noise" * 1000, b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    "204 with a body": _flood(b"body" * 1000, b"HTTP/1.1 204 No Content\r\n\r\n"),
    "304 that nobody asked for": _raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
}  # fmt: skip
BODIES: dict[str, Way] = {
    "a body without end": _flood(b"x" * 65536, _ENDS_WITH_CONNECTION),
    "a body without end in chunks": _flood(_chunks(b"<p>" * 5000), _CHUNKED),
    "chunks of one byte without end": _flood(_chunks(b"x") * 5000, _CHUNKED),
    "a chunk length without end": _flood(b"0" * 65536, _CHUNKED),
    "chunk extensions without end": _flood(b"1;" + b"x=y;" * 200 + b"\r\nx\r\n", _CHUNKED),
    "trailers without end": _flood(b"X-More: 1\r\n" * 500, _CHUNKED + _chunks(ARTICLE) + b"0\r\n"),
    "a chunk of 2^64 bytes": _flood(b"x" * 65536, _CHUNKED + b"ffffffffffffffff\r\n"),
    "a body of a byte a second": _trickle(b"x", _OK + b"Content-Length: 100000\r\n\r\n"),
    "a body of 100 KB a second": _trickle(b"x" * 10_000, _ENDS_WITH_CONNECTION, seconds=0.1),
    "silence before the body": _then_hang(_OK + b"Content-Length: 1000\r\n\r\n"),
    "silence in the body": _then_hang(_OK + b"Content-Length: 1000000\r\n\r\n", ARTICLE),
    "silence after 31 MB": _then_hang(_CHUNKED, *[_chunks(b"x" * MEGABYTE)] * 31),
    "RST in the body": _then_reset(_OK + b"Content-Length: 1000000\r\n\r\n", ARTICLE),
    "RST after 31 MB": _then_reset(_CHUNKED, *[_chunks(b"x" * MEGABYTE)] * 31),
    "a length of 10^18": _flood(b"x" * 65536, _OK + b"Content-Length: 1000000000000000000\r\n\r\n"),
    "a negative length": _raw(_OK + b"Content-Length: -1\r\n\r\n", ARTICLE),
    "two lengths": _raw(_OK + b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n", ARTICLE),
    "a length that is too short": _raw(_OK + b"Content-Length: 100\r\n\r\n", ARTICLE),
    "a length that is too long": _raw(_OK + b"Content-Length: 100000\r\nConnection: close\r\n\r\n", ARTICLE),
    "two answers to one request": _raw((_OK + b"Content-Length: %d\r\n\r\n%s" % (len(ARTICLE), ARTICLE)) * 2),
    "an unknown transfer encoding": _raw(_OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n", ARTICLE),
    "a broken chunk": _raw(_CHUNKED + b"zz\r\n", ARTICLE),
    "31 MB of text": _whole(_large_page),
    "31 MB of noise": _whole(_noise, "Content-Encoding: identity"),
    "31 MB of text in chunks": _raw(_CHUNKED, *[_chunks(_TEXT.encode() * 11000)] * 31, b"0\r\n\r\n"),
    "32 MB and one byte": _whole(lambda: bytes(32 * MEGABYTE + 1)),
}
BOMBS: dict[str, Way] = {
    "a gzip bomb": _whole(lambda: _gzip_bomb(10_000), "Content-Encoding: gzip"),
    "a gzip bomb just below the limit": _whole(lambda: _gzip_bomb(31), "Content-Encoding: gzip"),
    "a page of 31 MB, packed": _whole(lambda: gzip.compress(_large_page(), 1), "Content-Encoding: gzip"),
    "31 MB of noise, packed": _whole(lambda: gzip.compress(_noise(), 1), "Content-Encoding: gzip"),
    "a gzip bomb three times": _whole(lambda: _nested(3), "Content-Encoding: gzip, gzip, gzip"),
    "a gzip bomb twenty times": _whole(lambda: _nested(20), *["Content-Encoding: gzip"] * 20),
    "thousands of encodings": _whole(lambda: _gzip_bomb(1), "Content-Encoding: " + ", ".join(["gzip"] * 10_000)),
    "a deflate bomb": _whole(lambda: _deflated(200), "Content-Encoding: deflate"),
    "a raw deflate bomb": _whole(lambda: _deflated(200, -15), "Content-Encoding: deflate"),
    "a brotli bomb": _whole(lambda: _brotli_bomb(500), "Content-Encoding: br"),
    "a brotli bomb just below the limit": _whole(lambda: _brotli_bomb(31), "Content-Encoding: br"),
    "a zstd bomb": _whole(lambda: _zstd_bomb(4000), "Content-Encoding: zstd"),
    "gzip without end": _flood(gzip.compress(bytes(MEGABYTE)), _OK + b"Content-Encoding: gzip\r\n\r\n"),
    "gzip and noise behind it": _whole(lambda: gzip.compress(ARTICLE) + _noise(), "Content-Encoding: gzip"),
    "damaged gzip": _whole(lambda: gzip.compress(_noise())[:MEGABYTE] + _bytes(MEGABYTE), "Content-Encoding: gzip"),
    "an encoding that nobody knows": _whole(lambda: ARTICLE, "Content-Encoding: rot13"),
}  # fmt: skip
PAGES: dict[str, Way] = {
    "a redirect to itself": _moved(lambda talk: talk.path),
    "redirects without end": _moved(lambda talk: f"/news/{next(_NUMBERS)}"),
    "a redirect to 200 KB of address": _moved(lambda _: "/news/" + "a" * 200_000),
    "a redirect to a file": _moved(lambda _: "file:///etc/passwd"),
    "a redirect to data": _moved(lambda _: "data:text/html,<h1>No</h1>"),
    "a redirect to ftp": _moved(lambda _: "ftp://127.0.0.1/news"),
    "a redirect to gopher": _moved(lambda _: "gopher://127.0.0.1/1news"),
    "a redirect with 31 MB": _raw(
        b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: %d\r\n\r\n" % LARGE_BYTES, bytes(LARGE_BYTES)
    ),
    "parts without end": _next_part,
    "100,000 pictures": _whole(_elements('<img src="/picture.png" alt="A boat">', 100_000)),
    "100,000 links": _whole(_elements('<a href="/news/1">A boat touches the sandbank</a> ', 100_000)),
    "elements nested 100,000 deep": _whole(_elements("<div><b>", 100_000)),
    "100,000 tables": _whole(_elements("<table><tr><td>", 100_000)),
    "attributes without end": _whole(_elements("<p " + "a=b " * 100_000 + ">", 10)),
    "an entity of a megabyte": _whole(_elements("&" + "a" * MEGABYTE, 2)),
    "too often, for 30 years": _raw(b"HTTP/1.1 429 Slow\r\nRetry-After: 999999999\r\nContent-Length: 0\r\n\r\n"),
    "unavailable until the year 9999": _raw(
        b"HTTP/1.1 503 No\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"
    ),
    "errors for ever": _raw(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
}  # fmt: skip
_ROBOTS_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
ROBOTS: dict[str, Way] = {
    "robots.txt without end": _flood(b"Disallow: /private\n" * 1000, _ROBOTS_HEAD + b"Connection: close\r\n\r\n"),
    "robots.txt of 31 MB": _whole(lambda: b"User-agent: *\n" + b"Disallow: /private/*a*b*c\n" * 1_200_000),
    "robots.txt of 14,000 groups": _whole(
        lambda: b"".join(b"User-agent: a%d\nDisallow: /*a*a*a%d$\n" % (n, n) for n in range(14_000))
    ),
    "robots.txt that is a gzip bomb": _whole(lambda: _gzip_bomb(10_000), "Content-Encoding: gzip"),
    "robots.txt that is a brotli bomb": _whole(lambda: _brotli_bomb(500), "Content-Encoding: br"),
    "robots.txt that is silent": _then_hang(),
    "robots.txt of a byte a second": _trickle(b"D", _ROBOTS_HEAD + b"Content-Length: 100000\r\n\r\n"),
    "robots.txt that is reset": _then_reset(_ROBOTS_HEAD),
    "robots.txt that redirects to itself": _moved(lambda talk: talk.path),
    "robots.txt that redirects to a file": _moved(lambda _: "file:///etc/passwd"),
    "robots.txt with a delay of years": _whole(lambda: b"User-agent: *\nCrawl-delay: 999999999\n"),
    "robots.txt of noise": _whole(_noise),
}
HANDSHAKES: dict[str, Way] = {
    "a TLS handshake that is silent": _then_hang(),
    "a TLS handshake of noise": _flood(_bytes(1000)),
    "a TLS handshake of a byte a second": _trickle(b"\x16"),
    "a TLS handshake that is HTTP": _raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    "a TLS handshake that is reset": _then_reset(b"\x16\x03\x03"),
    "a TLS record of 2^14 bytes": _then_hang(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xff" + bytes(1000)),
}
WAYS: dict[str, Way] = {**HEADS, **BODIES, **BOMBS, **PAGES, **ROBOTS, **HANDSHAKES}


async def _answer(name: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        path = "" if name in HANDSHAKES else await _path(reader)
        talk = Talk(path, writer)
        if (path == "/robots.txt") != (name in ROBOTS) and path:
            await (talk.body(ARTICLE) if name in ROBOTS else talk.body(b"", head=b"HTTP/1.1 404 Not Found\r\n"))
        else:
            await WAYS[name](talk)
    with contextlib.suppress(OSError):
        writer.close()
        await writer.wait_closed()


async def _path(reader: asyncio.StreamReader) -> str:
    head = await reader.readuntil(b"\r\n\r\n")
    return head.split(b" ", 2)[1].decode("latin-1")


async def serve(names: list[str]) -> None:
    """Serve a way per name, each on an address of its own; the addresses go to standard output as a list."""
    addresses = []
    for number, name in enumerate(names):
        host = f"127.7.{number // 250}.{number % 250 + 1}"
        server = await asyncio.start_server(partial(_answer, name), host, 0, limit=2**20)
        scheme = "https" if name in HANDSHAKES else "http"
        addresses.append(f"{scheme}://{host}:{server.sockets[0].getsockname()[1]}/news/{number}")
    print(json.dumps(addresses), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until who started it is gone


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])))
