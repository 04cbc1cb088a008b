"""Answers that break off, over real sockets: kept as far as they came, and never taken for the whole page."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse, first_whole
from tests.archive.test_recording import check, records
from tests.conftest import Crawl
from tests.crawl.test_live import PAGE, QUICK, TEXT, TITLE
from tests.support.pages import add_page

WHOLE = PAGE.body
HALF = WHOLE[: WHOLE.index(TEXT[-1].encode()) + 40]
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
ODD = (
    b"HTTP/1.1 200 All is well\r\nserver: X\r\nX-TWO: 1\r\nset-cookie: a=1\r\nVia: 1.1 b\r\nSet-Cookie: b=2\r\n"
    b"content-type: text/html\r\nTransfer-Encoding: chunked\r\nCONNECTION: close\r\n\r\n"
)

ANSWERS = {
    "/odd": ODD + b"%x\r\n%s\r\n0\r\n\r\n" % (len(WHOLE), WHOLE),
    "/status": b"HTTP/1.1 1000 Strange\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhm",
    "/short": OK + b"Content-Length: %d\r\n\r\n" % len(WHOLE) + HALF,
    "/packed": OK + b"Content-Encoding: gzip\r\nContent-Length: 99999\r\n\r\n" + gzip.compress(WHOLE)[:-90],
    "/chunk": OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(HALF), HALF),
    "/kept": OK + b"Content-Length: %d\r\n\r\n" % len(WHOLE) + HALF,
    "/reset": OK + b"Content-Length: %d\r\n\r\n" % len(WHOLE) + HALF,
    "/slow": OK + b"Content-Length: %d\r\n\r\n" % len(WHOLE) + HALF,
    "/markup": OK + b"Connection: close\r\n\r\n" + HALF,
    "/large": OK + b"Connection: close\r\n\r\n" + WHOLE + b"<!-- " + b"x" * 500_000,
}
CUT = ("short", "packed", "chunk", "reset", "slow", "markup")
"""What gives fields."""


@contextmanager
def wire() -> Iterator[str]:
    """The address of a server that sends ANSWERS byte for byte and closes each connection."""

    def answer(connection: socket.socket) -> None:
        with connection:
            path = connection.recv(65536).split(b" ", 2)[1].decode()
            connection.sendall(ANSWERS.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
            if path == "/reset":
                time.sleep(0.2)  # what was sent is to arrive before
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if path == "/slow":
                done.wait(20)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            done.set()
            listener.shutdown(socket.SHUT_RDWR)


def plant(folder: Path, name: str, url: str) -> None:
    (folder / f"{name}.md").write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n', encoding="utf-8")


def test_half_a_page_goes_before_another_answer_and_a_whole_page_before_half_a_page() -> None:
    half, page, failure = (
        RecordedResponse("https://p.example/", status, (), b"", datetime(2025, 1, 1, tzinfo=UTC), is_cut=is_cut)
        for status, is_cut in ((200, True), (200, False), (503, False))
    )
    assert first_whole([half, failure]) is half
    assert first_whole([None, half, failure, page]) is page
    assert first_whole([failure, half, page]) is failure


def test_what_breaks_off_gives_fields_but_no_body_and_is_kept_as_far_as_it_came(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    settings = {
        **QUICK, "DOWNLOAD_TIMEOUT": 4, "HOST_BREAKER_FAILURES": 0, "REVIEW_BELOW": 0,
        "DOWNLOAD_MAXSIZE": 400_000,
    }  # fmt: skip
    earlier = tmp_path / "archive" / "warc" / "earlier.warc.gz"
    earlier.parent.mkdir(parents=True)
    with wire() as root:
        with earlier.open("wb") as stream:
            add_page(WARCWriter(stream, gzip=True), f"{root}/kept", WHOLE + b"<!-- -->", date="2024-11-13T00:00:00Z")
        for path in ANSWERS:
            plant(seeds, path[1:], root + path)
        empty = {file.name: file.read_bytes() for file in seeds.iterdir()}
        run = crawl(seeds, replay=None, settings=settings)
    for replay in (False, True):
        if replay:
            for name, content in empty.items():
                (seeds / name).write_bytes(content)
            run = crawl(seeds, replay=Path("archive"), settings=settings)
        found = {name: (seeds / f"{name}.md").read_text("utf-8") for name in CUT}
        assert {name for name, text in found.items() if f'title: "{TITLE}"' not in text} == set()
        assert {name for name, text in found.items() if TEXT[0] in text} == set()
        assert {name for name in CUT if "breaks off" not in run.result(f"{name}.md")["detail"]} == set()
        for name in ("odd", "kept"):
            assert TEXT[-1] in (seeds / f"{name}.md").read_text("utf-8")
        assert run.result("kept.md")["capture"]["captured_at"] == "2024-11-13T00:00:00Z"
        assert run.result("large.md")["verdict"] == "too_large"
        assert run.result("status.md")["verdict"] != "article"
    said = {
        fields["WARC-Target-URI"].removeprefix(root): (fields.get("WARC-Truncated"), block)
        for kind, fields, block in records(tmp_path / "archive")
        if kind == "response" and "WARC-Warcinfo-ID" in fields
    }
    assert {path[1:]: why for path, (why, _) in said.items() if why} == {
        **dict.fromkeys(("short", "packed", "chunk", "kept", "reset"), "disconnect"),
        "slow": "time",
        "large": "length",
    }
    assert said["/short"][1] == ANSWERS["/short"]
    assert said["/odd"][1] == ODD.replace(b"Transfer-Encoding: chunked\r\n", b"") + WHOLE
    assert said["/status"][1] == ANSWERS["/status"].replace(b"1000 Strange", b"500 1000 Strange")
    check(tmp_path / "archive")
    with closing(Archive(tmp_path / "archive")) as kept:
        kept.refresh(again=True)
        assert len(kept.index) == len(ANSWERS) + 2  # robots.txt, and the earlier capture
