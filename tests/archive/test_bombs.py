"""Archives that were made to fill the memory: what has no end is given up, what is large is read in pieces."""

from __future__ import annotations

import io
import json
import lzma
import zipfile
from pathlib import Path

import pytest
from scrapy.settings import Settings
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.archive.base import RecordedResponse, utc
from archiver.archive.replay import open_replay
from archiver.archive.transfer import importing
from archiver.archive.warc.reader import iterate
from archiver.archive.warc.warcio_internals import PiecewiseChunkedReader
from archiver.downloader.recording.payload import decode_response
from archiver.errors import CaptureError
from tests.support.pages import add_page

URL = "https://nordblatt.example/news/bridge"
HEAD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
    b"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: https://nordblatt.example/\r\n"
)
BLOCK = b"Content-Length: 9000000\r\n\r\nHTTP/1.1 200 OK\r\n"
MANY, LONG = b"X-Filler: yes\r\n" * 100_000, b"X-Filler: " + b"x" * 2_000_000


@pytest.mark.parametrize("start", [HEAD, HEAD + BLOCK], ids=["record", "answer"])
@pytest.mark.parametrize("filler", [MANY, LONG, LONG + b"\r\n" + MANY, b"X: \r\n" + b" x\r\n" * 300_000])
def test_a_head_without_end_is_damage(start: bytes, filler: bytes) -> None:
    with pytest.raises(ArchiveLoadFailed, match="no end"):
        next(iterate(io.BytesIO(start + filler)))


class Noting(io.BytesIO):
    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        self.largest = max(self.largest, size)
        return super().read(size)


def test_a_large_chunk_is_read_in_pieces() -> None:
    chunks = [b"a" * 3_000_000, b"b" * 10, b"c" * 2_000_000]
    packed = b"".join(b"%X;name=value\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    stream = Noting(packed + b"0\r\n\r\n")
    reader, found = PiecewiseChunkedReader(stream, decomp_type=None), b""
    while part := reader.read(1 << 16):
        found += part
    assert found == b"".join(chunks)
    assert stream.largest <= 1 << 20
    cut = PiecewiseChunkedReader(io.BytesIO(packed[:2_000_000]), decomp_type=None)
    assert len(cut.read()) == 2_000_000 - len(b"2DC6C0;name=value\r\n")
    wrong = PiecewiseChunkedReader(io.BytesIO(packed.replace(b"a\r\n", b"aaa\r\n")), decomp_type=None)
    with pytest.raises(ArchiveLoadFailed, match="not as long as it says"):
        wrong.read()


def test_a_packed_file_that_asks_for_too_much_memory_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    add_page(WARCWriter(out, gzip=False), URL, "<h1>The bridge</h1>")
    for name, size in (("sound", 1 << 26), ("trap", 1 << 30)):
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": size}]
        (tmp_path / f"{name}.warc.xz").write_bytes(lzma.compress(out.getvalue(), filters=filters))
    archive = Archive(tmp_path / "archive")
    outcomes = {Path(one.source).name: one.outcome for one in importing.import_warcs(archive, tmp_path)}
    assert outcomes == {"sound.warc.xz": "taken", "trap.warc.xz": "refused"}


def test_a_description_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MAX_DESCRIPTION_BYTES", 1000)
    out = io.BytesIO()
    add_page(WARCWriter(out, gzip=True), URL, "<h1>The bridge</h1>")
    said = {"resources": [{"path": "archive/a.warc.gz", "hash": "sha256:" + "0" * 64}]}
    for name, more, outcome in (("short", 0, "refused"), ("long", 1000, "taken")):
        with zipfile.ZipFile(tmp_path / f"{name}.wacz", "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("datapackage.json", json.dumps(said) + " " * more)
            package.writestr("archive/a.warc.gz", out.getvalue())
        archive = Archive(tmp_path / f"archive-{name}")
        assert [one.outcome for one in importing.import_warcs(archive, tmp_path / f"{name}.wacz")] == [outcome]


def test_of_a_page_that_is_too_large_no_more_is_read_than_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "pages.warc.gz"
    with file.open("wb") as stream:
        add_page(WARCWriter(stream, gzip=True), URL, "x" * 200_000)
    whole, cut = (open_replay(str(file), tmp_path, limit).find(URL) for limit in (None, 1000))
    assert whole is not None
    assert cut is not None
    assert (len(whole.body), len(cut.body)) == (200_000, 1001)
    large = RecordedResponse(URL, 200, (), bytes(1001), utc("2024-01-01"))
    with pytest.raises(CaptureError, match="more than DOWNLOAD_MAXSIZE=1000 bytes"):
        decode_response(large, Settings({"DOWNLOAD_MAXSIZE": 1000}))
