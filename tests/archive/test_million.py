"""The short form of `make million`: an archive of 2,000 captures, for which rows and questions are counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.archive.index_reader import IndexReader
from archiver.archive.statistics import measure
from archiver.archive.transfer.export import Wanted, export
from tests.archive.conftest import open_archive
from tests.million.making import HOST, address, make, real_address

COUNT, BATCH = 2_000, 30
HOSTS = 51


def test_what_is_read_of_the_index_depends_on_what_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def query(self: IndexReader, statement: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        found = real_query(self, statement, values)
        rows.append(len(found))
        return found

    def asked() -> tuple[int, int]:
        """How many questions there were since the last time, and the most rows of one."""
        counted = (len(rows), max(rows))
        rows.clear()
        return counted

    rows: list[int] = []
    real = make(tmp_path, COUNT)
    real_query = IndexReader.query
    monkeypatch.setattr(IndexReader, "query", query)
    monkeypatch.setattr("archiver.archive.index_reader._MAX_BATCH_ROWS", BATCH)
    archive = open_archive(tmp_path)
    monkeypatch.setattr("archiver.archive.archive.scan", None)
    archive.refresh()
    assert asked() == (1, 2)  # the sizes of two files

    addresses = list(archive.index.addresses("http"))
    assert len(addresses) == COUNT * 5 // 6 + 4
    questions, most = asked()
    assert (questions <= 3 * HOSTS + len(addresses) / BATCH, most) == (True, BATCH)
    assert sum(1 for _ in archive.index.under("http")) == COUNT
    questions, most = asked()
    assert (questions <= 3 * HOSTS + COUNT / BATCH, most) == (True, BATCH)

    assert [one.kind for one in archive.captures(address(10))] == ["response", "revisit"]
    assert archive.find(real_address(7)) is not None
    assert asked() == (4, 2)  # the host, then the captures

    figures = measure(archive)
    assert (figures.captures, figures.addresses, figures.files) == (COUNT, len(addresses), 2)
    questions, most = asked()
    assert (questions, most < 6 * HOSTS) == (4, True)

    (done,) = export(
        archive,
        tmp_path / "part.wacz",
        Wanted(f"{HOST}/"),
        titles=lambda _: "",
        created=datetime(2025, 1, 1, tzinfo=UTC),
    )
    assert (done.captures, done.pages) == (real, real)
    assert asked() == (4, real)
