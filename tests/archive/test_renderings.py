"""Rendered documents and subresources in the archive: found by who asks for them, not by who asks for a page."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archiver.archive.archive import Archive
from archiver.archive.base import SavedPages
from archiver.archive.replay import open_saved
from archiver.archive.transfer.export import Wanted, export
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.warc.records import Exchange, Rendering
from archiver.archive.writer import ArchiveWriter
from archiver.models import CdxEntry
from tests.archive.conftest import open_archive

PAGE = "https://paper.example/news/a"
AGAIN = "https://paper.example/news/b"
SHELL = b"<html><body><div id=root></div><script src=/app.js></script></body></html>"
DOCUMENT = "<html><body><h1>Überschrift</h1></body></html>".encode()
FIRST, SECOND, LATER = (datetime(2025, 3, 1, 10, minute, tzinfo=UTC) for minute in (0, 5, 9))


def exchange(url: str, at: datetime, body: bytes, resource_type: str | None = None) -> Exchange:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return Exchange(url, at, 200, "text/html", b"GET / HTTP/1.1\r\n\r\n", head, body, resource_type=resource_type)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Two pages of one site, asked in this order: a page, its script and its data, the document; another page."""
    (tmp_path / "archive").mkdir()
    made = open_archive(tmp_path / "archive")
    page = exchange(PAGE, FIRST, SHELL)
    document = Rendering(PAGE, SECOND, DOCUMENT, "Chromium/1.2", page.record_id, FIRST)
    # What a script asks for at the addresses of pages is none, however new it is.
    data = [exchange(url, LATER, b'{"as": "json"}', resource_type="fetch") for url in (PAGE, AGAIN)]
    writer = ArchiveWriter(made, {}, 10**9)
    writer.keep(page, document, *data)
    writer.keep(exchange(AGAIN, SECOND, SHELL))
    writer.close()
    return made


def _as_archive(archive: Archive) -> SavedPages:
    return archive


def _with_new_index(archive: Archive) -> SavedPages:
    archive.refresh(again=True)
    return archive


def _as_files(archive: Archive) -> SavedPages:
    return open_saved(archive.warcs)


def _after_export(archive: Archive) -> SavedPages:
    package = archive.folder / "part.wacz"
    export(archive, package, Wanted("https://paper.example/news/"), titles=lambda _: "", created=LATER)
    other = open_archive(archive.folder / "other")
    assert [report.outcome for report in import_warcs(other, package)] == ["taken"]
    other.refresh()
    return other


@pytest.mark.parametrize("kind", [_as_archive, _with_new_index, _as_files, _after_export])
def test_a_document_is_found_by_the_answer_that_it_was_made_of(
    archive: Archive, kind: Callable[[Archive], SavedPages]
) -> None:
    saved = kind(archive)
    for url, at in ((PAGE, FIRST), (AGAIN, SECOND)):
        answer = saved.find(url)
        assert answer is not None
        assert (answer.body, answer.captured_at) == (SHELL, at)
    document = saved.find_rendering(PAGE, FIRST)
    assert document is not None
    assert (document.body, document.captured_at, document.status) == (DOCUMENT, SECOND, 200)
    assert document.headers == (("Content-Type", "text/html; charset=utf-8"),)
    assert saved.find_rendering(PAGE, SECOND) is None
    assert saved.find_rendering(AGAIN, SECOND) is None


def test_captures_of_an_address_are_its_answers_only(archive: Archive) -> None:
    def places(found: Iterable[CdxEntry]) -> list[tuple[str, str]]:
        return [(one.url, one.kind) for one in found]

    assert places(archive.captures(PAGE)) == [(PAGE, "response")]
    assert places(archive.captures(AGAIN)) == [(AGAIN, "revisit")]
    assert places(archive.index.following(PAGE, FIRST, LATER, 9)) == [(PAGE, "response")]
    # Whoever lists all that was fetched sees the subresources.
    assert places(archive.index.under("https://paper.example/"))[:2] == [(PAGE, "response"), (PAGE, "subresource")]
    assert places(archive.index.conversions(PAGE)) == [(PAGE, "conversion")]


def test_a_document_is_a_conversion_that_names_its_answer(archive: Archive) -> None:
    (file,) = archive.files()
    with file.open("rb") as stream:
        found = {(record.rec_type, record.rec_headers["WARC-Target-URI"]): record.rec_headers for record in
                 ArchiveIterator(stream) if record.rec_type != "warcinfo"}  # fmt: skip
    document = found["conversion", PAGE]
    first_answer = document["WARC-Refers-To"], document["WARC-Refers-To-Target-URI"], document["WARC-Refers-To-Date"]
    assert first_answer[1:] == (PAGE, "2025-03-01T10:00:00Z")
    assert document["WARC-Rendered-By"] == "Chromium/1.2"


def test_conversions_of_other_programs_are_no_rendered_pages(archive: Archive) -> None:
    (file,) = archive.files()
    plain = gzip.decompress(file.read_bytes()).replace(b"WARC-Rendered-By", b"WARC-Converted-By")
    other = archive.folder / "other.warc"
    other.write_bytes(plain)
    assert open_saved(other).find_rendering(PAGE, FIRST) is None
