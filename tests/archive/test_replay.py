"""Saved pages, read directly: what a WARC or a fixture tree answers, and what damage does to it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import logging
import re
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.archive.fixtures.tree import FixtureTree
from archiver.archive.replay import open_saved
from archiver.archive.warc_pages import WarcSet
from archiver.errors import SettingsError
from archiver.urls import address_key
from tests.support.servers import html

A = "https://paper.example/news/a"
PAGE = html("Orchard keepers count more bees than last spring", "They put the number down to a mild winter.")


def record(
    url: str = A,
    body: bytes = PAGE,
    *,
    headers: dict[str, str] | None = None,
    date: str = "2025-03-01T10:00:00Z",
    packed: bool = True,
) -> bytes:
    """One response record."""
    fields = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return raw_record("response", url, f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body, date=date, packed=packed)


def raw_record(kind: str, url: str, block: bytes, *, date: str = "2025-03-01T10:00:00Z", packed: bool = True) -> bytes:
    """A record of WARC 1.1 (ISO 28500:2017), as its own gzip member or plain."""
    lines = (
        "WARC/1.1",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, kind + url + date)}>",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {date}",
        f"WARC-Block-Digest: sha1:{base64.b32encode(hashlib.sha1(block, usedforsecurity=False).digest()).decode()}",
        f"Content-Type: application/http; msgtype={kind}",
        f"Content-Length: {len(block)}",
    )
    whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"
    return gzip.compress(whole, mtime=0) if packed else whole


def other_records(packed: bool = True) -> bytes:
    """What else a WARC holds."""
    return (
        raw_record("warcinfo", "urn:a.warc", b"software: a crawler\r\n", packed=packed)
        + raw_record("request", A, b"GET /news/a HTTP/1.1\r\nHost: paper.example\r\n\r\n", packed=packed)
        + raw_record("metadata", A, b"a note", packed=packed)
        + raw_record("resource", "dns:paper.example", b"127.0.0.1", packed=packed)
    )


# ---- WARC ---------------------------------------------------------------------------------------------------------

BOTH = pytest.mark.parametrize("packed", [True, False], ids=["gzip per record", "plain"])


@BOTH
def test_responses_are_found_among_other_records(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / ("a.warc.gz" if packed else "a.warc")
    pages = [record(f"{A}{number}", b"page %d" % number, packed=packed) for number in range(5)]
    file.write_bytes(other_records(packed) + b"".join(pages) + other_records(packed))
    saved = open_saved(file)
    for number in range(5):
        answer = saved.find(f"{A}{number}")
        assert answer is not None
        assert (answer.url, answer.status, answer.body) == (f"{A}{number}", 200, b"page %d" % number)
        assert answer.captured_at.isoformat() == "2025-03-01T10:00:00+00:00"
        assert ("Content-Type", "text/html; charset=utf-8") in answer.headers
    assert saved.find(A) is None


def test_the_newest_capture_of_an_address_wins_wherever_it_stands(tmp_path: Path) -> None:
    for number, day in enumerate(("2025-03-02", "2025-03-04", "2025-03-01")):
        content = record(body=day.encode(), date=f"{day}T10:00:00Z") + record(body=b"1999", date="1999-01-01T00:00:00Z")
        (tmp_path / f"{number}.warc.gz").write_bytes(content)
    answer = open_saved(tmp_path).find(A)
    assert answer is not None
    assert answer.body == b"2025-03-04"


def test_a_chunked_answer_loses_its_chunks_and_keeps_its_encoding(tmp_path: Path) -> None:
    content = gzip.compress(PAGE)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (content[:100], content[100:]))
    headers = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
    (tmp_path / "a.warc.gz").write_bytes(record(body=chunks + b"0\r\n\r\n", headers=headers))
    answer = open_saved(tmp_path).find(A)
    assert answer is not None
    assert gzip.decompress(answer.body) == PAGE
    names = {name.lower() for name, _ in answer.headers}
    assert ("transfer-encoding" in names, "content-encoding" in names) == (False, True)


@pytest.mark.parametrize(
    ("saved", "asked"),
    [
        ("https://paper.example/straße/größe", "https://paper.example/stra%C3%9Fe/gr%C3%B6%C3%9Fe"),
        ("https://paper.example/a b", "https://paper.example/a%20b"),
        ("https://paper.example/a#part", "https://paper.example/a"),
        ("https://paper.example/a", "https://paper.example/a#part"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://Paper.EXAMPLE/a", "HTTPS://paper.example:443/a"),
        ("http://paper.example", "http://paper.example:80/"),
        ("<https://paper.example/a>", "https://paper.example/a"),
    ],
)
def test_an_address_is_found_however_it_is_written(tmp_path: Path, saved: str, asked: str) -> None:
    (tmp_path / "a.warc.gz").write_bytes(record(saved))
    assert open_saved(tmp_path).find(asked) is not None


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("https://paper.example/a", "http://paper.example/a"),
        ("https://paper.example/a", "https://paper.example/A"),
        ("https://paper.example/a", "https://paper.example/a/"),
        ("https://paper.example/?a=1&b=2", "https://paper.example/?b=2&a=1"),
        ("https://paper.example:8443/a", "https://paper.example/a"),
    ],
)
def test_addresses_that_servers_tell_apart_are_kept_apart(one: str, two: str) -> None:
    assert address_key(one) != address_key(two)


@given(st.from_regex(r"https?://[a-z][a-z0-9.-]*(:[0-9]{1,4})?/[a-zA-Z0-9_/.~%-]*(\?[a-z0-9_=&.~-]*)?", fullmatch=True))
def test_a_fragment_makes_no_other_address(url: str) -> None:
    assert address_key(url) == address_key(f"{url}#part") == address_key(address_key(url))


Damage = Callable[[bytes], bytes]


def flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def claims(pattern: bytes, replacement: bytes) -> Damage:
    """Another Content-Length than the true one, whether the record is packed or not."""

    def damage(content: bytes) -> bytes:
        packed = content.startswith(b"\x1f\x8b")
        changed = re.sub(pattern, replacement, gzip.decompress(content) if packed else content)
        return gzip.compress(changed) if packed else changed

    return damage


def flipped_at(tenths: int) -> Damage:
    return lambda content: flipped(content, len(content) * tenths // 10)


DAMAGES: dict[str, Damage] = {
    "half": lambda content: content[: len(content) // 2],
    "middle lost": lambda content: content[:12] + content[-30:],
    "zeros": lambda content: bytes(len(content)),
    "longer": claims(rb"(Content-Length: )\d", rb"\g<1>9"),
    "shorter": claims(rb"(Content-Length: )\d", rb"\g<1>"),
    **{f"bit at {tenths}/10": flipped_at(tenths) for tenths in (0, 5, 6, 7, 8, 9)},
}


@BOTH
@pytest.mark.parametrize("damage", [damage for name, damage in DAMAGES.items() if not name.startswith("bit")])
def test_damage_is_found_without_digests(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Damage, packed: bool
) -> None:
    def bare(url: str, body: bytes) -> bytes:
        whole = re.sub(rb"WARC-Block-Digest: .*\r\n", b"", record(url, body, packed=False))
        return gzip.compress(whole, mtime=0) if packed else whole

    (tmp_path / "a.warc").write_bytes(bare(f"{A}1", PAGE) + damage(bare(f"{A}2", PAGE * 3)) + bare(f"{A}3", PAGE))
    saved = WarcSet([tmp_path / "a.warc"])
    for number, there in ((1, True), (2, False), (3, True)):
        assert (saved.find(f"{A}{number}") is not None) == there
    assert len(caplog.records) == 1


@BOTH
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_record_is_reported_by_file_and_offset_and_the_others_serve(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], damage: Damage, packed: bool
) -> None:
    first, last = record(f"{A}1", packed=packed), record(f"{A}3", packed=packed)
    whole = record(f"{A}2", PAGE * 3, packed=packed)
    broken = damage(whole)
    assert broken != whole
    file = tmp_path / "a.warc"
    file.write_bytes(first + broken + last)
    saved = WarcSet([file])
    for number in (1, 3):
        answer = saved.find(f"{A}{number}")
        assert answer is not None
        assert answer.body == PAGE
    assert saved.find(f"{A}2") is None
    (entry,) = caplog.records
    assert entry.levelno == logging.WARNING
    assert f"{file}: the record at byte {len(first)} is damaged" in entry.getMessage()
    assert entry.getMessage().isprintable()
    assert capfd.readouterr() == ("", "")


@BOTH
def test_a_warc_that_was_cut_off_serves_what_is_whole(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, packed: bool
) -> None:
    one, two = record(f"{A}1", packed=packed), record(f"{A}2", PAGE * 20, packed=packed)
    for cut in range(len(two) // 7, len(two) - 20, len(two) // 7):
        (tmp_path / "a.warc").write_bytes(one + two[:cut])
        saved = WarcSet([tmp_path / "a.warc"])
        assert saved.find(f"{A}1") is not None
        assert saved.find(f"{A}2") is None
        (entry,) = caplog.records
        assert f"byte {len(one)} " in entry.getMessage()
        caplog.clear()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_no_damage_changes_a_page(tmp_path: Path, data: st.DataObject) -> None:
    packed = data.draw(st.booleans())
    pages = [record(f"{A}{number}", b"page %d" % number * 50, packed=packed) for number in range(3)]
    content = other_records(packed) + b"".join(pages)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        length = data.draw(st.integers(0, 60))
        content = content[:at] + data.draw(st.binary(max_size=8)) + content[at + length :]
    (tmp_path / "a.warc.gz").write_bytes(content)
    saved = WarcSet([tmp_path / "a.warc.gz"])
    for number in range(3):
        answer = saved.find(f"{A}{number}")
        assert answer is None or answer.body == b"page %d" % number * 50


@pytest.mark.parametrize(
    "content",
    [b"<html>not an archive</html>", b"\x1f\x8b\x08 nor this", gzip.compress(b"hello", mtime=0), b"PK\x03\x04" * 99],
)
def test_what_is_no_warc_is_reported_once(tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    (tmp_path / "b.warc.gz").write_bytes(record())
    (tmp_path / "c.warc").write_bytes(b"")
    assert open_saved(tmp_path).find(A) is not None
    (entry,) = caplog.records
    assert f"{tmp_path / 'a.warc'}: the record at byte 0 is damaged" in entry.getMessage()


def test_a_warc_that_changes_during_the_run_is_not_believed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.warc.gz"
    for changed in (record()[:-40], record()[:100], b"", record(f"{A}2"), b"\0" * 500):
        file.write_bytes(record())
        saved = open_saved(file)
        file.write_bytes(changed)
        caplog.clear()
        assert saved.find(A) is None
        assert f"{file}: the record at byte 0 is damaged" in caplog.text


# ---- Fixture trees ------------------------------------------------------------------------------------------------


def case(folder: Path, description: object, page: bytes | None = PAGE) -> Path:
    folder.mkdir(parents=True)
    text = description if isinstance(description, str) else json.dumps(description)
    (folder / "capture.json").write_text(text)
    if page is not None:
        (folder / "response.html").write_bytes(page)
    return folder


GOOD = {"url": A, "status": 200, "headers": {"Content-Type": "text/html"}, "captured_at": "2025-03-01T10:00:00Z"}


def test_a_fixture_is_an_answer(tmp_path: Path) -> None:
    wire = {"Content-Encoding": "gzip", "Content-Length": "5", "Transfer-Encoding": "chunked", "X-Kept": "yes"}
    case(tmp_path / "p" / "a", {**GOOD, "headers": wire, "captured_at": "2025-03-01T17:00:00+07:00"})
    answer = open_saved(tmp_path).find(A)
    assert answer is not None
    assert (answer.url, answer.status, answer.body, answer.headers) == (A, 200, PAGE, (("X-Kept", "yes"),))
    assert answer.captured_at.isoformat() == "2025-03-01T10:00:00+00:00"


def test_the_newest_fixture_of_an_address_wins(tmp_path: Path) -> None:
    case(tmp_path / "a", {**GOOD, "captured_at": "2025-03-05T10:00:00Z"}, b"new")
    case(tmp_path / "b", GOOD, b"old")
    answer = open_saved(tmp_path).find(A)
    assert answer is not None
    assert answer.body == b"new"


@pytest.mark.parametrize(
    "description",
    [
        "{",
        "[]",
        "null",
        "\ufeff",
        {key: value for key, value in GOOD.items() if key != "url"},
        {key: value for key, value in GOOD.items() if key != "captured_at"},
        {**GOOD, "url": "https://[half/a"},
        {**GOOD, "status": "ok"},
        {**GOOD, "headers": ["Content-Type"]},
        {**GOOD, "captured_at": "yesterday"},
    ],
)
def test_a_broken_description_is_reported_and_the_others_serve(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, description: object
) -> None:
    broken = case(tmp_path / "a", description)
    case(tmp_path / "b", {**GOOD, "url": f"{A}2"})
    saved = FixtureTree(tmp_path)
    assert saved.find(A) is None
    assert saved.find(f"{A}2") is not None
    (entry,) = caplog.records
    assert f"{broken / 'capture.json'} is not the description of a capture" in entry.getMessage()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("missing", "does not exist"), ("page.html", "not named like a WARC"), ("empty", "holds neither")],
)
def test_what_cannot_be_replayed_is_named(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    (tmp_path / "empty").mkdir()
    with pytest.raises(SettingsError, match=sentence):
        open_saved(tmp_path / name)
