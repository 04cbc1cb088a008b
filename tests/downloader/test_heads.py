"""A head without end is given up before it fills the memory."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Crawl
from tests.crawl.test_live import QUICK, plant

_MAX_SENT_BYTES = 64 * 1024 * 1024
"""What a server sends in vain; the buffers of both sides on loopback take a tenth."""


@contextmanager
def endless(start: bytes, part: bytes) -> Iterator[tuple[str, list[int]]]:
    """The address of a server whose heads never end, and how many bytes each of its answers had when it was left."""
    sent: list[int] = []

    def answer(connection: socket.socket) -> None:
        count = 0
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            connection.sendall(start)
            while count < _MAX_SENT_BYTES:
                count += connection.send(part * 500)
        sent.append(count)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                threads.append(threading.Thread(target=answer, args=(listener.accept()[0],), daemon=True))
                threads[-1].start()

    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", sent
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()
        for thread in threads:
            thread.join()


HINTS = b"HTTP/1.1 103 Early Hints\r\n"


@pytest.mark.parametrize(
    ("start", "part", "said"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 1000 + b"\r\n", "256 KB"),
        (HINTS, b"Link: </a>\r\n\r\n" + HINTS, "2000 lines"),
    ],
)
def test_an_answer_whose_head_never_ends_is_given_up(
    start: bytes, part: bytes, said: str, crawl: Crawl, seeds: Path
) -> None:
    with endless(start, part) as (root, sent):
        plant(seeds, "a", f"{root}/news/a")
        run = crawl(seeds, replay=None, settings={**QUICK, "ROBOTSTXT_OBEY": 0})
        (result,) = run.results
        assert (result["outcome"], result["verdict"]) == ("missed", "unreachable")
        assert f"cannot be reached (its head has more than {said}); run again later." in result["detail"]
    assert [count < _MAX_SENT_BYTES / 2 for count in sent] == [True]
