"""What of warcio is used without its promise: one test each, to fail by name when an upgrade takes it away."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import re
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archiver.archive.warc import warcio_internals
from archiver.archive.warc.reader import iterate
from archiver.archive.warc.scan import scan
from tests.support.pages import add_page
from tests.support.warcs import each_packed

URL = "https://a.example/news"


def one_record(**headers: str) -> bytes:
    out = io.BytesIO()
    add_page(WARCWriter(out, gzip=False), URL, "x" * 100, headers=tuple(headers.items()))
    return out.getvalue()


def test_decode_header() -> None:
    records = ArchiveIterator(io.BytesIO(one_record(Server="nginx").replace(b"nginx", "é".encode() + b"inx")))
    warcio_internals.read_headers_as_latin_1(records)
    assert next(records).http_headers.get_header("Server") == "é".encode().decode("latin-1") + "inx"


def _restated(content: bytes, field: bytes, value: bytes) -> bytes:
    return re.sub(field + rb": \S+", field + b": " + value, content)


@pytest.mark.parametrize(
    ("field", "stated", "differs"),
    [
        (b"WARC-Payload-Digest", b"sha1:" + b"A" * 32, False),
        (b"WARC-Block-Digest", b"sha1:" + b"A" * 32, True),
        (b"WARC-Block-Digest", b"md5:" + b"A" * 32, True),
        (b"WARC-Block-Digest", b"blake9:" + b"A" * 32, False),
        (b"WARC-Block-Digest", b"md5:{md5}", False),
        (b"WARC-Block-Digest", b"SHA-256:{sha256}", False),
        (b"WARC-Block-Digest", b"sha1:{lower}", False),
    ],
)
def test_wrap_digest_verifying_stream(field: bytes, stated: bytes, differs: bool) -> None:
    content = one_record()
    block = content.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n\r\n")
    for name, value in (
        (b"{md5}", hashlib.md5(block, usedforsecurity=False).hexdigest().upper().encode()),
        (b"{sha256}", hashlib.sha256(block).hexdigest().encode()),
        (b"{lower}", base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).lower()),
    ):
        stated = stated.replace(name, value)
    records = ArchiveIterator(io.BytesIO(_restated(content, field, stated)), check_digests=True)
    warcio_internals.digest_blocks(records)
    record = next(records)
    records.read_to_end()
    assert warcio_internals.block_differs(record) is differs


@pytest.mark.parametrize("together", [True, False])
def test_member_goes_on(together: bool) -> None:
    one = one_record()
    content = gzip.compress(one + one) if together else gzip.compress(one) + gzip.compress(one)
    records = ArchiveIterator(io.BytesIO(content))
    next(records)
    records.read_to_end()
    assert warcio_internals.member_goes_on(records) is together


@pytest.mark.parametrize(("more", "wrong"), [(b"", False), (b"too much", True)])
def test_err_count(more: bytes, wrong: bool, capsys: pytest.CaptureFixture[str]) -> None:
    record = one_record()
    records = ArchiveIterator(io.BytesIO(record.removesuffix(b"\r\n\r\n") + more + b"\r\n\r\n" + record))
    next(records)
    records.read_to_end()
    capsys.readouterr()
    assert warcio_internals.has_wrong_length(records) is wrong


def test_recordloader_logger(caplog: pytest.LogCaptureFixture) -> None:
    content = _restated(one_record(), b"WARC-Target-URI", b"https://a.example/a \x1b[2J")
    next(iterate(io.BytesIO(content)))
    assert caplog.records == []


def test_read_next_member(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    record = one_record()
    torn = record[: record.index(URL.encode()) + len(URL)]
    file = tmp_path / "a.warc.gz"
    file.write_bytes(each_packed(record, b"", torn, torn, record))
    places = [(found.offset, found.length) for found in scan(file, file.name)]
    sizes = [len(each_packed(part)) for part in (record, b"", torn)]
    assert places == [(0, sizes[0]), (sizes[0] + sizes[1] + 2 * sizes[2], sizes[0])]
    behind = sizes[0] + sizes[1]
    assert [f"at byte {at} is damaged (its head breaks off)" in caplog.text for at in (behind, behind + sizes[2])] == [
        True,
        True,
    ]
    assert len(caplog.records) == 2
