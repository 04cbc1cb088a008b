"""Pictures in the archive: found by their address, whatever asked for them."""

from __future__ import annotations

import gzip
from argparse import Namespace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archiver.archive.pictures import find_picture
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter
from archiver.commands.archive.looking import _find_capture
from tests.archive.conftest import open_archive

BOAT = "https://img.example/boat.png"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
GIF = b"GIF89a" + bytes(40)
AT = datetime(2025, 3, 1, 10, tzinfo=UTC)


def picture(url: str, days: int, body: bytes, status: int = 200, *, head: str = "", part: bool = True) -> Exchange:
    lines = f"HTTP/1.1 {status} X\r\n{head}Content-Type: image/png\r\n\r\n".encode()
    kind = "image" if part else None
    return Exchange(
        url, AT + timedelta(days=days), status, "image/png", b"GET / HTTP/1.1\r\n\r\n", lines, body, resource_type=kind
    )


def test_the_newest_answer_that_is_a_picture_is_found(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    moved = "https://img.example/old.png"
    writer = ArchiveWriter(archive, {}, 10**9)
    writer.keep(
        picture(BOAT, 0, GIF, part=False),
        picture(BOAT, 1, gzip.compress(PNG), head="Content-Encoding: gzip\r\n"),
        picture(BOAT, 2, b"<html>not there</html>"),
        picture(BOAT, 3, PNG, status=404),
        picture(BOAT, 4, PNG, head="Content-Length: 4000\r\n"),
        picture(moved, 1, b"", 301, head="Location: /boat.png\r\n"),
        picture(moved, 2, b"", 302, head="Location: /old.png\r\n"),
    )
    writer.close()
    found = find_picture(archive, BOAT)
    assert found is not None
    assert (found.body, found.captured_at) == (PNG, AT + timedelta(days=1))
    assert not any(name.lower() == "content-encoding" for name, _ in found.headers)
    before = find_picture(archive, BOAT, AT)
    assert before is not None
    assert before.body == GIF
    after_redirect = find_picture(archive, moved)
    assert after_redirect is not None
    assert (after_redirect.url, after_redirect.body) == (BOAT, PNG)
    assert find_picture(archive, "https://img.example/other.png") is None
    shown = _find_capture(archive, Namespace(url=BOAT, at="2025-03-02"))
    assert (shown.status, shown.body) == (200, GIF), "what stands for itself goes first"
    writer = ArchiveWriter(archive, {}, 10**9)
    writer.keep(picture("https://img.example/part.png", 0, PNG))
    writer.close()
    assert _find_capture(archive, Namespace(url="https://img.example/part.png", at=None)).body == PNG
