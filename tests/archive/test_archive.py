"""The archive read directly: what its index knows, and what it does when the index or the WARCs are damaged."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.archive.archive import Archive
from archiver.archive.index import CaptureIndex, in_order
from archiver.archive.schema import open_index
from archiver.archive.warc_pages import WarcSet
from archiver.models import CdxEntry
from tests.archive.conftest import open_archive
from tests.archive.test_replay import BOTH, DAMAGES, PAGE, A, Damage, other_records, raw_record, record

DAY = timedelta(days=1)
FIRST = datetime(2025, 3, 1, 10, tzinfo=UTC)


def archive(folder: Path, **files: bytes) -> Archive:
    """An archive of these WARCs, `__` in a name for a folder."""
    for name, content in files.items():
        file = folder / "warc" / (name.replace("__", "/") + ".warc.gz")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (folder / "warc").mkdir(parents=True, exist_ok=True)
    made = open_archive(folder)
    made.refresh()
    return made


def on(day: int, **kwargs: object) -> bytes:
    """A response of that day, whose body names it."""
    return record(body=b"day %d" % day, date=f"2025-03-{day:02}T10:00:00Z", **kwargs)  # type: ignore[arg-type]


def revisit(
    fields: str, head: bytes = b"HTTP/1.1 200 OK\r\nX-Again: yes\r\n\r\n", date: str = "2025-03-09T10:00:00Z"
) -> bytes:
    """A record that repeats another's payload."""
    whole = raw_record("revisit", A, head, date=date, packed=False)
    return whole.replace(b"Content-Type:", fields.encode() + b"\r\nContent-Type:", 1)


# ---- Finding --------------------------------------------------------------------------------------------------------


def test_captures_are_listed_in_time_over_all_files(tmp_path: Path) -> None:
    made = archive(tmp_path, b=other_records() + on(2) + on(5), a__c=on(3), a=on(4))
    assert [one.captured_at.day for one in made.captures(A + "#part")] == [2, 3, 4, 5]
    (second, *_) = made.captures(A)
    assert (second.url, second.status, second.mime, second.kind, second.file) == (
        A,
        200,
        "text/html",
        "response",
        "b.warc.gz",
    )
    content = (made.warcs / second.file).read_bytes()
    assert content[second.offset : second.offset + second.length] == on(2)
    answer = made.read(second)
    assert answer is not None
    assert (answer.body, answer.captured_at) == (b"day 2", FIRST + DAY)
    assert made.captures(A + "2") == []
    assert made.find(A + "2") is None


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (None, 9),
        (FIRST - 99 * DAY, 2),
        (FIRST + DAY, 2),
        (FIRST + 1.9 * DAY, 3),
        (FIRST + 1.5 * DAY, 3),
        (FIRST + 99 * DAY, 9),
    ],
)
@pytest.mark.parametrize("kind", ["archive", "files"])
def test_the_nearest_in_time_is_found_and_of_two_the_newer(
    tmp_path: Path, at: datetime | None, day: int, kind: str
) -> None:
    made = archive(tmp_path, a=on(9) + on(3), b=on(2))
    saved = made if kind == "archive" else WarcSet(made.files())
    answer = saved.find(A, at)
    assert answer is not None
    assert answer.body == b"day %d" % day


def test_of_one_instant_the_later_record_counts(tmp_path: Path) -> None:
    made = archive(tmp_path, a=record(body=b"503") + record(body=b"200"))
    for at in (None, FIRST, FIRST - DAY):
        answer = made.find(A, at)
        assert answer is not None
        assert answer.body == b"200"


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9), st.integers(0, 99)), unique_by=lambda c: c[2]),
    st.integers(0, 9),
)
def test_the_index_finds_what_a_walk_over_all_finds(captures: list[tuple[str, int, int]], hour: int) -> None:
    index = CaptureIndex(None)
    made = [
        CdxEntry(f"https://p.example/{name}", FIRST + timedelta(hours=age), 200, "", "", "response", "f", offset, 1)
        for name, age, offset in captures
    ]
    index.add(made)
    index.add(made)
    assert len(index) == len(made)
    assert list(index.under("https://p.example/")) == sorted(
        made, key=lambda one: (one.url, one.captured_at, one.offset)
    )
    at = FIRST + timedelta(hours=hour)
    for name in "ab":
        url = f"https://p.example/{name}"
        mine = [one for one in made if one.url == url]
        found = in_order(index.captures(url), at)
        away = [abs(one.captured_at - at) for one in found]
        assert away == sorted(abs(one.captured_at - at) for one in mine)
    index.close()


@pytest.mark.parametrize(
    ("prefix", "count"),
    [
        ("https://paper.example", 4),
        ("https://paper.example/news/", 3),
        ("https://paper.example/news/2", 2),
        ("http://paper.example/", 0),
    ],
)
def test_addresses_are_found_by_how_they_begin(tmp_path: Path, prefix: str, count: int) -> None:
    paths = ("news/1", "news/2", "news/21", "weather")
    made = archive(tmp_path, a=b"".join(record(f"https://paper.example/{path}") for path in paths))
    assert len(list(made.index.under(prefix))) == count


# ---- Revisits -------------------------------------------------------------------------------------------------------


def _digest(made: Archive) -> str:
    return made.captures(A)[0].digest


@pytest.mark.parametrize("by", ["digest", "address"])
def test_a_revisit_has_its_own_head_and_the_payload_it_repeats(tmp_path: Path, by: str) -> None:
    made = archive(tmp_path, a=record())
    named = {
        "digest": f"WARC-Payload-Digest: {_digest(made)}",
        "address": f"WARC-Refers-To-Target-URI: {A}\r\nWARC-Refers-To-Date: 2025-03-01T10:00:00Z",
    }
    made = archive(tmp_path, b=revisit(named[by]), c=revisit(named[by], b"", date="2025-03-08T10:00:00Z"))
    assert [one.kind for one in made.captures(A)] == ["response", "revisit", "revisit"]
    answer = made.find(A)
    assert answer is not None
    assert (answer.body, answer.headers, answer.captured_at.day) == (PAGE, (("X-Again", "yes"),), 9)
    bare = made.find(A, FIRST + 7 * DAY)
    assert bare is not None
    assert (bare.body, bare.status, bare.captured_at.day) == (PAGE, 200, 8)


@pytest.mark.parametrize(
    "field", ["WARC-Payload-Digest: sha1:NOWHERE", "WARC-Refers-To-Target-URI: https://a.example/", "X: y"]
)
def test_a_revisit_of_nothing_is_reported_and_the_next_capture_serves(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, field: str
) -> None:
    made = archive(tmp_path, a=record(), b=revisit(field))
    answer = made.find(A)
    assert answer is not None
    assert answer.captured_at == FIRST
    (entry,) = caplog.records
    assert f"{made.warcs / 'b.warc.gz'}: the record at byte 0 repeats a page" in entry.getMessage()


# ---- Damage ---------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_record_is_reported_and_the_others_serve(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Damage, packed: bool
) -> None:
    first = record(f"{A}1", packed=packed)
    made = archive(
        tmp_path, a=first + damage(record(f"{A}2", PAGE * 3, packed=packed)) + record(f"{A}3", packed=packed)
    )
    assert [made.find(f"{A}{number}") is not None for number in (1, 2, 3)] == [True, False, True]
    (entry,) = caplog.records
    assert f"a.warc.gz: the record at byte {len(first)} is damaged" in entry.getMessage()
    made.refresh()
    assert len(caplog.records) == 1, "a file that did not change is read again"


@pytest.mark.parametrize("status", ["99999999999999999999999", "20", "-1", "ok"])
def test_an_answer_without_a_status_is_damaged(tmp_path: Path, caplog: pytest.LogCaptureFixture, status: str) -> None:
    made = archive(tmp_path, a=raw_record("response", A, f"HTTP/1.1 {status} OK\r\n\r\n".encode()) + record(f"{A}2"))
    assert (made.find(A), made.find(f"{A}2") is not None) == (None, True)
    assert "byte 0 is damaged" in caplog.text


def test_the_next_nearest_serves_when_the_nearest_is_damaged_since(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = archive(tmp_path, a=on(2), b=on(3))
    file = made.warcs / "b.warc.gz"
    file.write_bytes(file.read_bytes()[:-40])
    answer = made.find(A)
    assert answer is not None
    assert answer.body == b"day 2"
    assert f"{file}: the record at byte 0 is damaged" in caplog.text


@pytest.mark.parametrize("kind", ["no database", "overwritten", "foreign", "older"])
def test_an_index_that_cannot_be_used_is_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    made = archive(tmp_path, a=on(2) + b"".join(record(f"{A}{number}") for number in range(400)))
    made.close()
    file = tmp_path / "index.sqlite"
    if kind == "no database":
        file.write_bytes(b"not a database" * 500)
    elif kind == "overwritten":
        file.write_bytes(file.read_bytes()[:4096] + b"\xee" * (file.stat().st_size - 4096))
    else:
        if kind == "foreign":
            file.unlink()
        with sqlite3.connect(file) as database:
            database.execute("PRAGMA user_version=77" if kind == "older" else "CREATE TABLE notes (text)")
        database.close()
    answer = open_archive(tmp_path).find(A)
    if kind in {"no database", "foreign", "older"}:
        assert answer is None, "it is filled by refresh()"
    again = open_archive(tmp_path)
    again.refresh()
    answer = again.find(A)
    assert answer is not None
    assert answer.body == b"day 2"
    aside = tmp_path / "index.sqlite.unusable"
    if kind == "older":
        assert caplog.records == []
        assert not aside.exists(), "the WARCs say all that is in it"
        return
    (entry,) = caplog.records
    assert entry.levelno == logging.WARNING
    assert f"{file} cannot be used" in entry.getMessage()
    assert aside.exists()


def test_a_process_with_an_older_index_goes_on_beside_one_that_makes_it_anew(tmp_path: Path) -> None:
    made = archive(tmp_path, a=on(2))
    older = made.index
    older.query("PRAGMA user_version=1")
    newer = open_archive(tmp_path)
    newer.refresh()
    older.add([CdxEntry(A, FIRST + DAY, 200, "", "", "response", "b.warc.gz", 0, 1)])
    assert ([one.file for one in older.captures(A)], len(newer.captures(A))) == (["a.warc.gz", "b.warc.gz"], 1)
    (made.warcs / "b.warc.gz").write_bytes(on(3))
    newer.refresh()
    assert [one.captured_at.day for one in newer.captures(A)] == [2, 3]
    assert len(open_archive(tmp_path).captures(A)) == 2


def test_without_a_place_for_an_index_one_is_made_in_memory(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    archive(tmp_path, a=on(2)).close()
    for file in tmp_path.glob("index.sqlite*"):
        file.unlink()
    (tmp_path / "index.sqlite").mkdir()
    made = open_archive(tmp_path)
    made.refresh()
    assert made.find(A) is not None
    assert "cannot be used" in caplog.text


# ---- Change ---------------------------------------------------------------------------------------------------------


def test_the_index_follows_the_files(tmp_path: Path) -> None:
    made = archive(tmp_path, a=on(2), b=on(3))
    (made.warcs / "a.warc.gz").write_bytes(on(2) + on(4))
    (made.warcs / "b.warc.gz").unlink()
    made.refresh()
    assert [one.captured_at.day for one in made.captures(A)] == [2, 4]
    assert made.index.sizes() == {"a.warc.gz": len(on(2) + on(4))}


def test_known_files_are_not_read_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = archive(tmp_path, a=on(2), b=on(3))
    read: list[Path] = []

    def scan(file: Path, name: str) -> Iterator[CdxEntry]:
        read.append(file)
        return iter(())

    monkeypatch.setattr("archiver.archive.archive.scan", scan)
    made.refresh()
    assert read == []
    made.refresh(again=True)
    assert read == made.files()


def test_a_file_that_is_being_written_is_no_file_yet_but_what_was_noted_of_it_can_be_read(tmp_path: Path) -> None:
    made = archive(tmp_path, a=on(2))
    (made.warcs / "b.warc.gz.open").write_bytes(on(3))
    made.refresh()
    assert len(made.captures(A)) == 1
    capture = made.captures(A)[0]
    made.index.add([CdxEntry(A, FIRST + 2 * DAY, 200, "", capture.digest, "response", "b.warc.gz", 0, len(on(3)))])
    made.refresh()
    answer = made.find(A)
    assert answer is not None
    assert answer.body == b"day 3"
    assert [file.name for file in made.files()] == ["a.warc.gz"]


def test_an_index_is_shared(tmp_path: Path) -> None:
    one, two = archive(tmp_path, a=on(2)), open_archive(tmp_path)
    assert len(two.captures(A)) == 1
    (one.warcs / "b.warc.gz").write_bytes(on(3))
    two.refresh()
    assert len(one.captures(A)) == 2


def test_an_index_that_cannot_be_written_is_read_while_it_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    archive(tmp_path, a=on(2)).close()

    def refuse(file: Path | None) -> sqlite3.Connection:
        if file is None:
            return open_index(None)
        raise sqlite3.OperationalError("attempt to write a readonly database")

    # For root every folder can be written.
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    monkeypatch.setattr("archiver.archive.index_reader.open_index", refuse)
    read = open_archive(tmp_path)
    read.refresh()
    assert [one.captured_at.day for one in read.captures(A)] == [2]
    assert caplog.text == ""
    (tmp_path / "warc" / "b.warc.gz").write_bytes(on(3))
    read.refresh()
    assert [one.captured_at.day for one in read.captures(A)] == [2, 3]
    assert "(it is behind the files, and cannot be written); this run makes an index of its own" in caplog.text
