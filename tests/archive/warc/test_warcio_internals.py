"""What of warcio is used without its promise: one test each, to fail by name when an upgrade takes it away."""

from __future__ import annotations

import io

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archiver.archive.warc import warcio_internals
from tests.support.pages import add_page

URL = "https://a.example/news"


def one_record(**headers: str) -> bytes:
    out = io.BytesIO()
    add_page(WARCWriter(out, gzip=False), URL, "x" * 100, headers=tuple(headers.items()))
    return out.getvalue()


def test_decode_header() -> None:
    records = ArchiveIterator(io.BytesIO(one_record(Server="nginx").replace(b"nginx", "é".encode() + b"inx")))
    warcio_internals.read_headers_as_latin_1(records)
    assert next(records).http_headers.get_header("Server") == "é".encode().decode("latin-1") + "inx"


def test_payload_digester() -> None:
    content = one_record()
    start = content.index(b"WARC-Payload-Digest: sha1:") + len(b"WARC-Payload-Digest: sha1:")
    wrong = content[:start] + b"A" * 32 + content[start + 32 :]
    for ignored in (True, False):
        record = next(ArchiveIterator(io.BytesIO(wrong), check_digests=True))
        if ignored:
            warcio_internals.ignore_payload_digest(record)
        record.content_stream().read()
        assert (record.digest_checker.problems == []) is ignored


@pytest.mark.parametrize(("more", "wrong"), [(b"", False), (b"too much", True)])
def test_err_count(more: bytes, wrong: bool, capsys: pytest.CaptureFixture[str]) -> None:
    record = one_record()
    records = ArchiveIterator(io.BytesIO(record.removesuffix(b"\r\n\r\n") + more + b"\r\n\r\n" + record))
    next(records)
    records.read_to_end()
    capsys.readouterr()
    assert warcio_internals.has_wrong_length(records) is wrong
