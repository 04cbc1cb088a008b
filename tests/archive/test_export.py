"""Exports in several files: each whole in itself, none too large, nothing lost, and memory that stays flat."""

from __future__ import annotations

import errno
import gzip
import json
import resource
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.archive.archive import Archive
from archiver.archive.transfer.export import Wanted, export
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.transfer.parts import chosen_records
from archiver.archive.transfer.pending import note_export, sweep_exports
from archiver.archive.transfer.wacz import WaczWriter
from archiver.files.atomic import begin
from archiver.models import CdxEntry
from tests.archive.conftest import open_archive
from tests.archive.test_replay import raw_record, record
from tests.commands.test_archive import local_extras
from tests.conftest import scrapy

NOW = datetime(2025, 6, 1, tzinfo=UTC)
HOST = "https://paper.example"
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def page(path: str, day: int, body: bytes = b"", packed: bool = True) -> bytes:
    """A response with a body of its own that packing makes no shorter."""
    own = body or b"".join(b"%d" % (number * (day + 7) ** 5 % 999_983) for number in range(300))
    return record(f"{HOST}/{path}", own, date=f"2025-03-{day:02}T10:00:00Z", packed=packed)


def repeat(path: str, day: int, digest: str) -> bytes:
    fields = f"WARC-Payload-Digest: {digest}\r\nContent-Type:".encode()
    whole = raw_record("revisit", f"{HOST}/{path}", HTML, date=f"2025-03-{day:02}T10:00:00Z", packed=False)
    return gzip.compress(whole.replace(b"Content-Type:", fields, 1))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """A large file, small ones, one that is not packed, and one with revisits of what the large one holds."""
    made = open_archive(tmp_path / "archive")
    (made.warcs / "old").mkdir(parents=True)
    (made.warcs / "a.warc.gz").write_bytes(b"".join(page(f"a/{day}", day) for day in range(1, 13)))
    (made.warcs / "old" / "b.warc").write_bytes(page("b/1", 13, packed=False) + page("b/2", 14, packed=False))
    made.refresh()
    (first,) = made.captures(f"{HOST}/a/1")
    (made.warcs / "c.warc.gz").write_bytes(repeat("a/1", 20, first.digest) + page("a/1", 21, b"new"))
    made.refresh()
    return made


def captures(archive: Archive) -> list[tuple[object, ...]]:
    found = archive.index.under("http")
    return sorted({(one.url, one.captured_at, one.kind, one.digest, one.status) for one in found})


def taken_in(folder: Path, files: list[Path]) -> Archive:
    made = open_archive(folder)
    for file in files:
        assert {one.outcome for one in import_warcs(made, file)} <= {"taken", "already there"}
    made.refresh()
    return made


@pytest.mark.parametrize("prefix", [None, f"{HOST}/a"])
@pytest.mark.parametrize("most", [0, 4_000, 9_000])
def test_each_part_is_whole_and_all_come_back(
    prefix: str | None, most: int, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if most:
        monkeypatch.setattr("archiver.archive.transfer.parts._MAX_PART_BYTES", most)
    parts = export(archive, tmp_path / "all.wacz", Wanted(prefix), titles=lambda one: one.url[-1], created=NOW)
    names = [part.file.name for part in parts]
    assert names == ([f"all-{number:03}.wacz" for number in range(1, len(parts) + 1)] if most else ["all.wacz"])
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([*names, "archive"])
    assert (len(parts) > 2) == bool(most)
    for part in parts:
        alone = taken_in(tmp_path / part.file.stem, [part.file])
        with zipfile.ZipFile(part.file) as package:
            assert local_extras(part.file, package) == [len(entry.extra) for entry in package.infolist()]
            records = sum(entry.file_size for entry in package.infolist() if entry.filename.startswith("archive/"))
            assert not most or records < most
            lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
            pages = package.read("pages/pages.jsonl").decode().splitlines()[1:]
        assert (len(lines), len(pages)) == (part.captures, part.pages)
        for capture in alone.index.under("http"):
            assert alone.read(capture) is not None, f"{capture.url} refers to what is in another part"
    back = captures(taken_in(tmp_path / "again", [part.file for part in parts]))
    # A revisit takes along what it repeats, whatever its address.
    assert back == [one for one in captures(archive) if str(one[0]).startswith(prefix or "")]


def test_wherever_a_part_ends_a_revisit_has_what_it_repeats(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    digests = [one.digest for one in archive.index.under(f"{HOST}/a") if one.kind == "response"]
    again = [repeat(f"z/{number}", 22, digest) for number, digest in enumerate(digests)]
    (archive.warcs / "a2.warc.gz").write_bytes(b"".join(again))
    archive.refresh()
    for most in range(3_000, 30_000, 1_500):
        monkeypatch.setattr("archiver.archive.transfer.parts._MAX_PART_BYTES", most)
        for part in chosen_records(archive, archive.index.under(f"{HOST}/")):
            with part.records:
                there = {one.digest for one in part.records.in_place() if one.kind == "response"}
                assert {one.digest for one in part.records.revisits()} <= there, most


def test_of_what_was_captured_at_some_time_only_that_is_written(archive: Archive, tmp_path: Path) -> None:
    wanted = Wanted(None, datetime(2025, 3, 12, tzinfo=UTC), datetime(2025, 3, 21, tzinfo=UTC))
    (done,) = export(archive, tmp_path / "part.wacz", wanted, titles=lambda _: "", created=NOW)
    with zipfile.ZipFile(done.file) as package:
        lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
        about = json.loads(package.read("datapackage.json"))
    # The revisit of the 20th takes the answer of the 1st along.
    assert sorted(line.split()[1][:8] for line in lines) == ["20250301", "20250312", "20250313", "20250314", "20250320"]
    assert about["title"] == "A part of the archive"


def test_a_revisit_of_another_program_takes_along_what_its_record_names(archive: Archive, tmp_path: Path) -> None:
    named = f"WARC-Refers-To-Target-URI: {HOST}/b/1\r\nWARC-Refers-To-Date: 2025-03-13T10:00:00Z\r\nContent-Type:"
    whole = raw_record("revisit", f"{HOST}/b/again", HTML, date="2025-03-22T10:00:00Z", packed=False)
    (archive.warcs / "e.warc.gz").write_bytes(gzip.compress(whole.replace(b"Content-Type:", named.encode(), 1)))
    archive.refresh()
    (done,) = export(archive, tmp_path / "e.wacz", Wanted(f"{HOST}/b/again"), titles=lambda _: "", created=NOW)
    alone = taken_in(tmp_path / "alone", [done.file])
    assert [one.kind for one in alone.index.under("http")] == ["response", "revisit"]
    assert alone.find(f"{HOST}/b/again") is not None


def test_what_a_run_is_still_writing_is_exported_as_far_as_it_is_known(archive: Archive, tmp_path: Path) -> None:
    now = page("now", 25)
    (archive.warcs / "d.warc.gz.open").write_bytes(now)
    entry = CdxEntry(f"{HOST}/now", NOW, 200, "text/html", "", "response", "d.warc.gz", 0, len(now))
    archive.index.add([entry])
    (done,) = export(archive, tmp_path / "now.wacz", Wanted(f"{HOST}/now"), titles=lambda _: "", created=NOW)
    assert (done.captures, done.pages) == (1, 1)


def test_a_part_that_fails_leaves_none_behind(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.archive.transfer.parts._MAX_PART_BYTES", 9_000)

    def publish(self: WaczWriter, name: Path) -> None:
        if name.name.endswith("-002.wacz"):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, name)

    real = WaczWriter.publish
    monkeypatch.setattr(WaczWriter, "publish", publish)
    with pytest.raises(OSError, match="No space"):
        export(archive, tmp_path / "all.wacz", Wanted(), titles=lambda _: "", created=NOW)
    assert [file.name for file in tmp_path.iterdir()] == ["archive"]


def test_what_cannot_be_written_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    """A limit on file sizes stands for a disk that fills up; what is left in a buffer cannot be written either."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            export(archive, tmp_path / "all.wacz", Wanted(), titles=lambda _: "", created=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [file.name for file in tmp_path.iterdir()] == ["archive"]


@pytest.mark.parametrize("announced", [0, 10_000])
def test_fields_in_front_are_as_long_as_in_the_directory_however_large_an_entry_is(
    announced: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two gigabytes are taken for 5,000 bytes."""
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 5_000)
    monkeypatch.setattr("archiver.archive.transfer.wacz._MAX_PLAIN_BYTES", 5_000)
    with WaczWriter(tmp_path / "all.wacz", title="", software="", created=NOW) as wacz:
        wacz.add_warc("small.warc.gz", [b"x" * 400], announced)
        wacz.add_warc("large.warc.gz", [b"x" * 9_000], 9_000)
        wacz.add_warc("behind.warc.gz", [b"x" * 400], announced)
        wacz.add_warc("large-behind.warc.gz", [b"x" * 9_000], 9_000)
        wacz.finish()
        wacz.publish(tmp_path / "all.wacz")
    monkeypatch.undo()
    with zipfile.ZipFile(tmp_path / "all.wacz") as package:
        assert package.testzip() is None
        lengths = directory_extras(tmp_path / "all.wacz", package)
        assert local_extras(tmp_path / "all.wacz", package) == lengths
        assert len(set(lengths)) > 1


def directory_extras(file: Path, package: zipfile.ZipFile) -> list[int]:
    """How long the extra field of each entry is in the directory; zipfile drops those that it has read."""
    content, place, found = file.read_bytes(), package.start_dir, []
    for _ in package.infolist():
        name, extra, comment = (int.from_bytes(content[place + at :][:2], "little") for at in (28, 30, 32))
        found.append(extra)
        place += 46 + name + extra + comment
    return found


def test_memory_stays_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five times the captures may not take more memory: all that is held is a batch."""

    def peak(count: int) -> int:
        made = open_archive(tmp_path / str(count))
        made.warcs.mkdir(parents=True)
        records = [page(f"a/{number}", 1, b"%d" % number) for number in range(20)]
        (made.warcs / "a.warc.gz").write_bytes(b"".join(records))
        made.index.add(_many(count, len(records[0])))
        made.index.finish("a.warc.gz", (made.warcs / "a.warc.gz").stat().st_size)
        tracemalloc.start()
        try:
            (done,) = export(made, tmp_path / f"{count}.wacz", Wanted(), titles=lambda _: "", created=NOW)
            assert done.captures == done.pages == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr("archiver.archive.index_reader._MAX_BATCH_ROWS", 50)
    monkeypatch.setattr("archiver.archive.transfer.wacz._BLOCK_LINES", 50)
    monkeypatch.setattr("archiver.files.reading._PART_BYTES", 1_000)
    assert peak(500) < 1.2 * peak(100)


def _many(count: int, length: int) -> Iterator[CdxEntry]:
    for number in range(count):
        yield CdxEntry(f"{HOST}/a/{number}", NOW, 200, "text/html", "", "response", "a.warc.gz", number, length)


def test_what_a_killed_export_left_is_swept_by_the_next_command(tmp_path: Path) -> None:
    archive, elsewhere = tmp_path / "archive", tmp_path / "elsewhere"
    (archive / "warc").mkdir(parents=True)
    elsewhere.mkdir()
    (archive / "warc" / "a.warc.gz").write_bytes(page("a", 1))
    kept = {elsewhere / ".all.wacz-notours.part", elsewhere / ".other.wacz-00000000.part"}
    for file in kept:
        file.touch()
    # As a killed process leaves them: with its end the locks are gone, and the files are not.
    with note_export(archive, elsewhere / "all.wacz"):
        stream, unfinished = begin(elsewhere, "all.wacz")
        (note,) = archive.glob(".export-*")
        assert scrapy("archive", "list", "-s", f"ARCHIVE_DIR={archive}").code == 0
        assert (note.exists(), unfinished.exists()) == (True, True), "its process lives"
        left = note.read_bytes()
        stream.close()
    assert not note.exists()
    note.write_bytes(left)
    assert scrapy("archive", "list", "-s", f"ARCHIVE_DIR={archive}").code == 0
    assert set(elsewhere.iterdir()) == kept
    assert not note.exists()


def test_an_export_that_was_killed_while_its_files_took_their_names_is_ended(tmp_path: Path) -> None:
    names = [tmp_path / f"all-00{number}.wacz" for number in (1, 2)]
    parts = [tmp_path / f".all.wacz-0000000{number}.part" for number in (1, 2)]
    with note_export(tmp_path, tmp_path / "all.wacz") as note_names:
        note_names(zip(parts, names, strict=True))
        (note,) = tmp_path.glob(".export-*")
        left = note.read_bytes()
    names[0].write_text("has its name")
    parts[1].write_text("has none yet")
    note.write_bytes(left + left[:9])  # the kill came as it wrote on
    sweep_exports(tmp_path)
    assert {file: file.read_text() for file in tmp_path.iterdir()} == {
        names[0]: "has its name", names[1]: "has none yet",
    }  # fmt: skip
