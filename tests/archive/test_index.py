"""The index of captures: read so many rows at a time, whatever is in it, and small on disk."""

from __future__ import annotations

import base64
import hashlib
import itertools
import random
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archiver.archive.index import CaptureIndex
from archiver.archive.schema import KINDS
from archiver.models import CdxEntry

FIRST = datetime(2025, 3, 1, 10, tzinfo=UTC)
BATCH = 7
HOSTS = (
    "http://a.example",
    "https://a.example",
    "https://a.example.org",
    "https://a.example:8443",
    "https://b.example",
)


class Watched(CaptureIndex):
    """An index that notes how many rows each of its readings gives."""

    def __init__(self, file: Path | None = None) -> None:
        super().__init__(file)
        self.rows: list[int] = []

    def query(self, statement: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        found = super().query(statement, values)
        self.rows.append(len(found))
        return found


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    monkeypatch.setattr("archiver.archive.index_reader._MAX_BATCH_ROWS", BATCH)
    made = Watched()
    yield made
    made.close()


def many() -> list[CdxEntry]:
    """Captures of 60 addresses, one of them in every file at one instant, shuffled; in the index's order."""
    chance = random.Random(5)  # noqa: S311  (nothing secret)
    urls = [f"{host}/{path}" for host in HOSTS for path in ("", "a", "a/b", "a?b", "z%20", "z/1", "z/2", "z/21")]
    made = []
    for place in range(300):
        url, at = chance.choice(urls), FIRST + timedelta(hours=chance.randrange(9))
        digest, kind = "md5:" + "0" * chance.randrange(9), chance.choice(KINDS)
        made.append(CdxEntry(url, at, chance.choice((200, 404)), "text/html", digest, kind, "ba"[place % 2], place, 1))
    made += [CdxEntry(urls[3] + "#x", FIRST, 200, "", "", "response", str(9 - at), at, 1) for at in range(40)]
    chance.shuffle(made)
    return made


def in_place(captures: Iterable[CdxEntry]) -> list[CdxEntry]:
    return sorted(captures, key=lambda one: (one.url.partition("#")[0], one.captured_at, one.file, one.offset))


def test_captures_come_in_their_order_so_many_at_a_time(index: Watched) -> None:
    made = many()
    index.add(made)
    fetched = [one for one in made if one.kind != "conversion"]
    assert list(index.under("http")) == in_place(fetched)
    since, until = FIRST + timedelta(hours=3), FIRST + timedelta(hours=5)
    between = [one for one in fetched if since <= one.captured_at < until]
    assert list(index.under("http", since, until)) == in_place(between)
    for prefix in ("https://a.example/", "https://a.example/z/2", "https://a.example/a"):
        assert list(index.under(prefix)) == in_place(one for one in fetched if one.url.startswith(prefix)), prefix
        rendered = [one for one in made if one.kind == "conversion" and one.url.startswith(prefix)]
        assert list(index.conversions(prefix, whole=False)) == in_place(rendered)
    answers = [one for one in fetched if one.kind != "subresource"]
    for url in {one.url for one in made}:
        mine = in_place(one for one in answers if one.url.partition("#")[0] == url.partition("#")[0])
        assert list(index.captures(url)) == mine
    assert max(index.rows) == BATCH


def test_addresses_are_counted_by_the_index(index: Watched) -> None:
    index.add(many())
    groups = itertools.groupby(index.under("http"), key=lambda one: one.url.partition("#")[0])
    groups_by_hand = [list(group) for _, group in groups]
    index.rows.clear()
    assert [(one.url, one.captures, one.newest, one.status) for one in index.addresses("http")] == [
        (group[-1].url, len(group), group[-1].captured_at, group[-1].status) for group in groups_by_hand
    ]
    assert max(index.rows) == BATCH


def test_nothing_is_held_between_two_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archiver.archive.index_reader._MAX_BATCH_ROWS", BATCH)
    index = CaptureIndex(tmp_path / "index.sqlite")
    index.add(many())
    reading = index.under("http")
    next(reading)
    beside = sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None, timeout=0)
    # Only where nobody reads any more can all of the log be put into the file.
    assert beside.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    index.forget("a")
    assert all(one.file != "a" for one in list(reading)[BATCH:])
    beside.close()
    index.close()


def test_what_is_forgotten_leaves_no_address_behind(index: Watched) -> None:
    made = many()
    index.add(made)
    for file in {one.file for one in made} - {"a"}:
        index.forget(file)
    left = [one for one in made if one.file == "a"]
    assert list(index.under("http")) == in_place(one for one in left if one.kind != "conversion")
    assert index.query("SELECT count(*) FROM addresses") == [(len({one.url for one in left}),)]
    index.forget("a")
    assert [index.query(f"SELECT * FROM {table}") for table in ("addresses", "hosts")] == [[], []]  # noqa: S608


def test_a_file_stands_for_others_at_once_and_keeps_the_order_of_its_records(index: Watched) -> None:
    made = many()
    index.add(made)
    of_file = sorted((one for one in made if one.file in "ab"), key=lambda one: one.offset)
    assert list(index.in_file("b")) == [one for one in of_file if one.file == "b"]
    merged = [replace(one, file="c") for one in of_file]
    index.replace_files(["a", "b"], "c", merged, 9)
    assert (list(index.in_file("a")), index.sizes()["c"]) == ([], 9)
    assert list(index.in_file("c", 50, 90)) == [one for one in merged if 50 <= one.offset < 90]
    same = index.with_digest("md5:000")
    answers = [one for one in merged if one.digest == "md5:000" and one.kind in ("response", "revisit")]
    assert same == sorted(answers, key=lambda one: (one.captured_at, one.offset))
    index.vacuum()
    assert len(index) == len(made)


def test_cells_come_back_as_they_were(index: Watched) -> None:
    digest = "sha1:" + base64.b32encode(hashlib.sha1(b"", usedforsecurity=False).digest()).decode()
    for number, text in enumerate((digest, digest.lower(), digest[:-1] + "8", "md5:" + "0" * 32, "")):
        one = CdxEntry(
            "HTTPS://A.example:443/#x", FIRST + timedelta(microseconds=number), 0, "", text, "response", "f", number, 1
        )
        index.add([one])
        assert list(index.captures("https://a.example/"))[-1] == one
        assert index.known(text) == [one]


def test_an_index_costs_little(tmp_path: Path) -> None:
    """Each capture of its own payload, two for an address of 95 letters."""
    count = 4_000
    index = CaptureIndex(tmp_path / "index.sqlite")
    index.add(
        CdxEntry(
            f"https://www.paper.example/world/{number // 2:07}/north-korea-ratifies-defence-treaty-amid-ukraine-war-x",
            FIRST + timedelta(minutes=number), 200, "text/html",
            "sha1:" + base64.b32encode(hashlib.sha1(b"%d" % number, usedforsecurity=False).digest()).decode(),
            "response", "archiver-20250301T100000Z-00000-0123abcd.warc.gz", number * 20_000, 19_000,
        )
        for number in range(count)
    )  # fmt: skip
    index.close()
    assert (tmp_path / "index.sqlite").stat().st_size / count < 240
