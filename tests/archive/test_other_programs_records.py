"""Records as other programs write them: read from a file as from the archive, nothing of them taken for damage."""

from __future__ import annotations

import base64
import gzip
import hashlib
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.archive.index import NOT_MODIFIED
from archiver.archive.lookup import find_copies
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc.fields import parse_date, same_digest_spelling
from archiver.archive.warc.scan import scan
from archiver.archive.warc_pages import WarcPages, WarcSet
from tests.archive.conftest import open_archive
from tests.archive.test_replay import PAGE, A
from tests.support.warcs import HEAD, block_digest, each_packed, warc_record, wget_pair

Reader = Callable[..., WarcPages]
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
LATER = {"date": "2025-03-09T10:00:00Z"}


@pytest.fixture(params=["files", "archive"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Reader:
    """What reads WARCs of these contents, and finds nothing damaged in them."""

    def reader(*contents: bytes) -> WarcPages:
        (tmp_path / "warc").mkdir()
        for number, content in enumerate(contents):
            suffix = ".gz" if content.startswith(b"\x1f\x8b") else ""
            (tmp_path / "warc" / f"{number}.warc{suffix}").write_bytes(content)
        archive = open_archive(tmp_path)
        assert verify(archive).damages == ()
        return archive if request.param == "archive" else WarcSet(archive.files())

    return reader


def test_what_wget_deduplicates_is_read(read: Reader) -> None:
    first, again = wget_pair(A, PAGE)
    pages = read(each_packed(again), each_packed(first))
    answers = [pages.read(capture) for capture in pages.captures(A)]
    assert [(one.body, one.is_cut, one.captured_at.day) for one in answers if one] == [
        (PAGE, False, 1),
        (PAGE, False, 9),
    ]


@pytest.mark.parametrize("named", ["id", "id without brackets", "digest in hexadecimal", "address and time", "md5"])
def test_a_revisit_is_resolved_by_whatever_names_its_original(read: Reader, named: str) -> None:
    md5 = "md5:" + hashlib.md5(PAGE, usedforsecurity=False).hexdigest()
    fields = {
        "id": {"WARC_Refers_To": "<urn:uuid:original>"},
        "id without brackets": {"WARC_Refers_To": "urn:uuid:original"},
        "digest in hexadecimal": {
            "WARC_Payload_Digest": "SHA1:" + hashlib.sha1(PAGE, usedforsecurity=False).hexdigest()
        },
        "address and time": {"WARC_Refers_To_Target_URI": f"{A}1", "WARC_Refers_To_Date": "2025-03-01T10:00:00.25Z"},
        "md5": {"WARC_Payload_Digest": md5.upper()},
    }[named]
    pages = read(
        warc_record("revisit", A, HEAD.replace(b"\r\n\r\n", b"\r\nX-Again: yes\r\n\r\n"), **fields, **LATER),
        each_packed(warc_record("response", f"{A}1", HEAD + PAGE, identity="original", WARC_Payload_Digest=md5)),
    )
    answer = pages.find(A)
    assert answer is not None
    assert (answer.body, answer.headers[-1], answer.captured_at.day) == (PAGE, ("X-Again", "yes"), 9)


@pytest.mark.parametrize("block", [b"", b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n', HEAD])
def test_a_page_that_was_unchanged_is_the_one_before(read: Reader, block: bytes) -> None:
    pages = read(
        warc_record("response", A, HEAD + PAGE),
        warc_record("revisit", A, block, WARC_Profile=UNCHANGED, WARC_Payload_Digest=block_digest(PAGE), **LATER),
    )
    answer, (_, unchanged) = pages.find(A), pages.captures(A)
    assert answer is not None
    assert (answer.body, answer.captured_at.day) == (PAGE, 1)
    recorded = pages.read(unchanged)
    assert recorded is not None
    assert (unchanged.status, recorded.status, recorded.body) == (NOT_MODIFIED, NOT_MODIFIED, b"")


def test_resources_at_web_addresses_are_pages(read: Reader) -> None:
    pages = read(
        warc_record("resource", A, PAGE, media="text/html; charset=utf-8", WARC_Source_URI="file://site/a.html"),
        warc_record("resource", "urn:thumbnail:1", b"\x89PNG", media="image/png"),
        warc_record("resource", "dns:paper.example", b"127.0.0.1", media="text/dns"),
        warc_record("resource", f"{A}.css", b"a {}", media="text/css", WARC_Resource_Type="stylesheet"),
    )
    answer = pages.find(A)
    assert answer is not None
    assert (answer.status, answer.headers, answer.body, answer.kind, answer.source) == (
        200, (("Content-Type", "text/html; charset=utf-8"),), PAGE, "response", "",
    )  # fmt: skip
    assert pages.captures(A)[0].mime == "text/html"
    assert pages.ask(len) == 2
    assert pages.captures(f"{A}.css") == []


def test_a_revisit_without_a_head_is_a_copy_of_its_page(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    archive.warcs.mkdir()
    refers = {"WARC_Refers_To_Target_URI": f"{A}.html", "WARC_Refers_To_Date": "2025-03-01T10:00:00Z"}
    content = warc_record("resource", f"{A}.html", PAGE, media="text/html") + warc_record("revisit", A, b"", **refers)
    (archive.warcs / "warcit.warc").write_bytes(content)
    archive.refresh()
    assert [(copy.url, copy.status, copy.body) for copy in find_copies(archive, A, None)] == [(A, 200, PAGE)]


def test_a_record_without_an_address_is_damaged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "a.warc").write_bytes(
        warc_record("response", "", HEAD + PAGE) + warc_record("response", A, HEAD + PAGE)
    )
    assert WarcSet([tmp_path / "a.warc"]).find(A) is not None
    assert "byte 0 is damaged (it has no address)" in caplog.text


def test_a_part_of_a_page_is_not_the_page(read: Reader) -> None:
    pages = read(warc_record("response", A, HEAD + PAGE, WARC_Segment_Number="1"))
    answer = pages.find(A)
    assert answer is not None
    assert answer.is_cut


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.data())
def test_what_a_check_finds_whole_can_be_read_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    first, again = wget_pair(A, PAGE)
    unchanged = warc_record("revisit", A, b"", WARC_Profile=UNCHANGED, **LATER)
    other = warc_record("resource", f"{A}1", PAGE, media="text/html", WARC_Block_Digest=block_digest(PAGE))
    records = data.draw(st.permutations([first, again, unchanged, other]))
    content = each_packed(*records) if data.draw(st.booleans()) else b"".join(records)
    sound = content
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(content) - 1))
        content = content[:at] + data.draw(st.binary(max_size=4)) + content[at + data.draw(st.integers(0, 9)) :]
    folder = tmp_path_factory.mktemp("checked")
    (folder / "warc").mkdir()
    (folder / "warc" / "a.warc").write_bytes(content)
    archive = open_archive(folder)
    found = verify(archive)
    read = [archive.read(capture) for file in archive.files() for capture in scan(file, file.name)]
    orphans = [damage for damage in found.damages if "repeats a page" in damage.reason]
    assert len(read) == found.captures
    assert read.count(None) == len(orphans)
    assert content != sound or (found.damages, len(read)) == ((), 4)
    files = WarcSet(archive.files())
    for url in (A, f"{A}1"):
        assert files.find(url) == archive.find(url)
    archive.close()


LONG = b"<!doctype html>" + PAGE * 9


@pytest.mark.parametrize(
    ("encoding", "body", "packed"),
    [
        ("gzip", LONG, False),
        ("gzip", gzip.compress(LONG, mtime=0), True),
        ("x-gzip", PAGE, False),
        ("zstd", LONG, False),
        ("br", LONG, False),
        ("br", brotli.compress(LONG), True),
        ("br", brotli.compress(b"<p>"), True),
        ("deflate", b"\n " + LONG, False),
        ("deflate", zlib.compress(LONG), True),
        ("deflate", zlib.compress(LONG)[2:-4], True),
        ("br, gzip", LONG, False),
        ("br, gzip", gzip.compress(brotli.compress(LONG), mtime=0), True),
    ],
)
def test_a_body_that_was_unpacked_is_read_as_it_is(read: Reader, encoding: str, body: bytes, packed: bool) -> None:
    head = HEAD.replace(b"\r\n\r\n", f"\r\nContent-Encoding: {encoding}\r\n\r\n".encode())
    first = warc_record("response", A, head + body, WARC_Payload_Digest=block_digest(body))
    pages = read(first, warc_record("revisit", A, head, WARC_Payload_Digest=block_digest(body), **LATER))
    for capture in pages.captures(A):
        answer = pages.read(capture)
        assert answer is not None
        assert answer.body == body
        assert (("Content-Encoding", encoding) in answer.headers) is packed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-11", datetime(2024, 11, 1, tzinfo=UTC)),
        ("2024-11-03", datetime(2024, 11, 3, tzinfo=UTC)),
        ("2024-11-03T04:10Z", datetime(2024, 11, 3, 4, 10, tzinfo=UTC)),
        ("2024-11-03T04:10:05.123456789Z", datetime(2024, 11, 3, 4, 10, 5, 123456, tzinfo=UTC)),
        ("20241103041005", datetime(2024, 11, 3, 4, 10, 5, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_less_or_more_precise(read: Reader, written: str, meant: datetime) -> None:
    pages = read(warc_record("response", A, HEAD + PAGE, date=written))
    answer = pages.find(A)
    assert answer is not None
    assert answer.captured_at == meant == pages.captures(A)[0].captured_at


@pytest.mark.parametrize("written", ["", "yesterday", "2024-13", "24", "202411", "99999999999999"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_date(written)


@given(
    st.binary(max_size=40),
    st.sampled_from(["md5", "sha1", "sha256", "sha512"]),
    st.sampled_from(["hexadecimal", "base32", "base64"]),
    st.booleans(),
    st.booleans(),
)
def test_one_digest_has_one_spelling(content: bytes, name: str, form: str, upper: bool, bare: bool) -> None:
    value = hashlib.new(name, content, usedforsecurity=False).digest()
    base32 = base64.b32encode(value).decode()
    written = {"hexadecimal": value.hex(), "base32": base32, "base64": base64.b64encode(value).decode()}[form]
    if form != "base64":
        written = written.upper() if upper else written.lower()
    spelled = same_digest_spelling(f"{name.upper() if upper else name}:{written.rstrip('=') if bare else written}")
    assert spelled == f"{name}:{base32.rstrip('=')}" == same_digest_spelling(spelled)


@pytest.mark.parametrize(
    "text", ["", "sha1", "sha1:", "sha1:short", "magic:ABCDEF", "sha1:" + "!" * 32, "md5:" + "z" * 32]
)
def test_what_is_no_digest_stays_as_it_is(text: str) -> None:
    assert same_digest_spelling(text) == text
