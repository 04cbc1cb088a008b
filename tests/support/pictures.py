"""Pictures of each format, of a few bytes, and archives that have them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from archiver.archive.archive import Archive
from archiver.archive.warc.records import Exchange
from archiver.archive.writer import ArchiveWriter

AT = datetime(2025, 3, 1, 10, tzinfo=UTC)
GIF = b"GIF89a" + bytes(40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>'


def png(red: int = 0, width: int = 320, height: int = 240) -> bytes:
    """A whole PNG of so many pixels, which begin with one of this red."""
    rows = b"\0" + bytes([red, 40, 90]) + b"\0" * 3 * (width - 1) + (b"\0" + b"\x33\x66\x99" * width) * (height - 1)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def keep_pictures(folder: Path, bodies: Mapping[str, bytes], mime: str = "image/jpeg") -> None:
    """Write an archive in which each address has answered with its bytes, whatever these are."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = Archive(folder)
    writer = ArchiveWriter(archive, {}, 10**9)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {mime}\r\n\r\n".encode()
    writer.keep(
        *(
            Exchange(url, AT, 200, mime, b"GET / HTTP/1.1\r\n\r\n", head, body, resource_type="image")
            for url, body in bodies.items()
        )
    )
    writer.close()
    archive.close()
