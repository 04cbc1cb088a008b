"""Small files that are large when they are unpacked: archives, each a trap of another kind."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_MEGABYTE = 1024 * 1024
_ZEROS = bytes(_MEGABYTE)
_URL = b"http://bomb.example/a"
_LINES = b"X-A: b\r\n" * (_MEGABYTE // 8)
_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def _head(size: int) -> bytes:
    return (
        b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        b"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: %b\r\nContent-Type: application/http\r\n"
        b"Content-Length: %d\r\n\r\n" % (_URL, size)
    )


def _parts(megabytes: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    """What unpacked WARCs hold, by a name for each."""
    size = megabytes * _MEGABYTE
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield "payload", (_head(size + len(_PAGE)), _PAGE, *[_ZEROS] * megabytes, b"\r\n\r\n")
    yield "chunk", (_head(size + 99), chunked, b"%x\r\n" % size, *[_ZEROS] * megabytes, b"\r\n0\r\n\r\n")
    yield "chunk-length", (_head(size + 99), chunked, *[b"0" * _MEGABYTE] * megabytes)
    yield "head", (b"WARC/1.1\r\n", *[_LINES] * megabytes)
    yield "head-line", (b"WARC/1.1\r\nX-A: ", *[b"b" * _MEGABYTE] * megabytes)
    yield "answer-head", (_head(size), b"HTTP/1.1 200 OK\r\n", *[_LINES] * megabytes)
    yield "answer-head-line", (_head(size), b"HTTP/1.1 200 OK\r\nX: ", *[b"b" * _MEGABYTE] * megabytes)
    yield "zeros", [_ZEROS] * megabytes
    yield "blank-lines", (b"WARC/1.1\r\n", *[b"\n" * _MEGABYTE] * megabytes)


def write_archives(folder: Path, megabytes: int) -> list[Path]:
    """Write the archives into a folder, each so large unpacked; the files."""
    for name, parts in _parts(megabytes):
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)
        with (folder / f"{name}.warc.gz").open("wb") as out:
            out.writelines(map(packer.compress, parts))
            out.write(packer.flush())
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 1 << 30}]
    with lzma.open(folder / "dictionary.warc.xz", "wb", filters=filters) as out:
        out.writelines(_parts_of("payload", megabytes))
    with zipfile.ZipFile(folder / "description.wacz", "w", zipfile.ZIP_DEFLATED) as package:
        with package.open("datapackage.json", "w", force_zip64=True) as out:
            out.writelines((b'{"resources": [], "x": "', *[b"a" * _MEGABYTE] * megabytes, b'"}'))
        package.writestr("archive/data.warc", _head(len(_PAGE) + 5) + _PAGE + b"hello\r\n\r\n")
    with zipfile.ZipFile(folder / "deflated.wacz", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("datapackage.json", "{}")
        with package.open("archive/data.warc", "w", force_zip64=True) as out:
            out.writelines(_parts_of("payload", megabytes))
    return sorted(folder.iterdir())


def _parts_of(name: str, megabytes: int) -> Iterable[bytes]:
    return dict(_parts(megabytes))[name]
