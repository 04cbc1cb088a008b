"""What others have archived goes in, in whatever form, and nothing is passed over without a word."""

from __future__ import annotations

import bz2
import errno
import gzip
import json
import lzma
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.archive.archive import Archive
from archiver.archive.replay import open_saved
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.transfer.intake import ImportReport
from archiver.archive.upkeep.verify import verify
from archiver.errors import SettingsError
from tests.archive.conftest import open_archive
from tests.archive.test_replay import PAGE, A
from tests.support.warcs import (
    HEAD,
    arc_header,
    arc_record,
    each_packed,
    warc_record,
    wget_pair,
    zstd_dictionary,
    zstd_warc,
)

DICTIONARY = zstd_dictionary([warc_record("response", f"{A}{number}", HEAD + PAGE) for number in range(100)])

FORMS: dict[str, Callable[[list[bytes]], bytes]] = {
    "a.warc": b"".join,
    "a.WARC.GZ": lambda records: each_packed(*records),
    "whole.warc.gz": lambda records: gzip.compress(b"".join(records), mtime=0),
    "halves.warc.gz": lambda records: (
        each_packed(records[0], b"".join(records[1:])) if records[1:] else gzip.compress(records[0], mtime=0)
    ),
    "a.warc.zst": lambda records: zstd_warc(*records),
    "b.warc.zst": lambda records: zstd_warc(*records, dictionary=DICTIONARY),
    "c.warc.zst": lambda records: zstd_warc(*records, dictionary=DICTIONARY, pack_dictionary=True),
    "a.warc.bz2": lambda records: bz2.compress(b"".join(records)),
    "a.Warc.xz": lambda records: lzma.compress(b"".join(records)),
    "noname": b"".join,
    "a.wacz": lambda records: zipped({"archive/a.warc.gz": each_packed(*records)}),
    "packed.wacz": lambda records: zipped({"archive/A.WARC": b"".join(records)}, zipfile.ZIP_DEFLATED),
    "collection.wacz": lambda records: zipped({"one.wacz": zipped({"archive/b.warc": b"".join(records)})}),
}


def zipped(entries: dict[str, bytes], packing: int = zipfile.ZIP_STORED, **description: object) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", packing) as package:
        for name, content in entries.items():
            # Without a date of its own an entry has the time of the process, and so the name of a test.
            package.writestr(zipfile.ZipInfo(name), content, packing)
        described = {"profile": "data-package", "resources": [], **description}
        package.writestr(zipfile.ZipInfo("datapackage.json"), json.dumps(described), packing)
    return out.getvalue()


def nested(content: bytes, levels: int) -> bytes:
    """A zip file in a zip file, and so on."""
    return content if levels == 0 else zipped({"inner.wacz": nested(content, levels - 1)})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(tmp_path / "archive")


def taken(archive: Archive, source: Path) -> dict[str, ImportReport]:
    """The reports by the names of files; nothing is left over beside the WARCs."""
    reports = {report.source.rpartition("/")[2]: report for report in import_warcs(archive, source)}
    archive.refresh()
    assert not archive.warcs.exists() or {file.name for file in archive.warcs.iterdir()} == {
        file.name for file in archive.files()
    }
    return reports


def found(archive: Archive) -> Iterator[tuple[object, ...]]:
    """The captures as a reader gets them."""
    for capture in archive.index.under("http"):
        answer = archive.read(capture)
        assert answer is not None
        yield answer.url, answer.captured_at, answer.status, answer.headers, answer.body


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(FORMS)), st.integers(1, 3)),
        min_size=1,
        max_size=4,
        unique_by=lambda one: one[0],
    )
)
def test_any_mix_of_forms_gives_the_captures_that_are_in_it(
    tmp_path_factory: pytest.TempPathFactory, mix: list[tuple[str, int]]
) -> None:
    folder, numbers, expected = tmp_path_factory.mktemp("mix"), count(), []
    for name, size in mix:
        pages = [(f"{A}{next(numbers)}", PAGE + name.encode()) for _ in range(size)]
        expected += pages
        content = FORMS[name]([warc_record("response", url, HEAD + body) for url, body in pages])
        (folder / name).write_bytes(content)
    archive = open_archive(folder / "archive")
    reports = list(import_warcs(archive, folder))
    archive.refresh()
    assert [(report.outcome, report.damages) for report in reports] == [("taken", ())] * len(mix)
    assert sorted((url, body) for url, _, _, _, body in found(archive)) == sorted(expected)
    assert verify(archive).damages == ()
    before = {file.name: file.read_bytes() for file in archive.files()}
    again = list(import_warcs(archive, folder))
    assert {report.outcome for report in again if "/archive/" not in report.source} == {"already there"}
    assert {file.name: file.read_bytes() for file in archive.files()} == before


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("packed", ["", "alone", "as one"])
def test_an_arc_becomes_a_warc(archive: Archive, source: Path, version: int, packed: str) -> None:
    block = b"HTTP/1.0 200 OK\nX-Odd:  kept \nContent-Type: text/html\n\n" + PAGE
    records = [
        arc_header(version),
        arc_record(f"{A} b", block, version=version),
        arc_record("dns:paper.example", b"20040301101112\npaper.example. 1 IN A 192.0.2.7\n", version=version),
        arc_record(A, block, version=version, date="20050301101112"),
        arc_record(f"{A}?old", PAGE, version=version),
    ]
    whole = b"".join(records)
    content = {"": whole, "alone": each_packed(*records), "as one": gzip.compress(whole, mtime=0)}[packed]
    (source / f"crawl.arc{'.gz' if packed else ''}").write_bytes(content)
    (report,) = taken(archive, source).values()
    assert (report.outcome, report.captures, report.damages) == ("taken", 3, ())
    assert report.detail.endswith(".warc.gz, converted from ARC")
    head = (("X-Odd", "kept"), ("Content-Type", "text/html"))
    assert list(found(archive)) == [
        (A, datetime(2005, 3, 1, 10, 11, 12, tzinfo=UTC), 200, head, PAGE),
        (f"{A}%20b", datetime(2004, 3, 1, 10, 11, 12, tzinfo=UTC), 200, head, PAGE),
        (f"{A}?old", datetime(2004, 3, 1, 10, 11, 12, tzinfo=UTC), 200, (("Content-Type", "text/html"),), PAGE),
    ]
    (file,) = archive.files()
    plain = gzip.decompress(file.read_bytes())
    assert plain.count(b"WARC-IP-Address: 192.0.2.7\r\n") == 4
    assert block + b"\r\n\r\nWARC/1.1\r\n" in plain
    assert verify(archive).damages == ()


@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz", "a.warc.xz"])
def test_a_record_need_not_end_in_a_line_of_its_own(archive: Archive, source: Path, name: str) -> None:
    records = PAIR if "warc" in name else ARCS
    content = b"".join(record.removesuffix(b"\r\n\r\n").removesuffix(b"\n") for record in records)
    packed = {"a.arc": content, "a.arc.gz": gzip.compress(content), "a.warc.xz": lzma.compress(content)}[name]
    (source / name).write_bytes(packed)
    (report,) = taken(archive, source).values()
    assert (report.outcome, report.captures, report.damages) == ("taken", 4, ())


PAIR = [warc_record("response", f"{A}{number}", HEAD + PAGE * 9) for number in range(4)]
ARCS = [arc_header(), *(arc_record(f"{A}{number}", HEAD + PAGE * 9) for number in range(4))]


CONVERTED: dict[str, tuple[list[bytes], Callable[..., bytes]]] = {
    "a.warc.zst": (PAIR, zstd_warc),
    "a.arc.gz": (ARCS, each_packed),
    "a.arc": (ARCS, lambda *parts: b"".join(parts)),
    "a.warc.bz2": (PAIR, lambda *parts: b"".join(map(bz2.compress, parts))),
}


@pytest.mark.parametrize("name", CONVERTED)
@pytest.mark.parametrize("damage", ["cut", "overwritten", "longer"])
def test_damage_in_what_is_converted_costs_its_record_and_is_named(
    archive: Archive, source: Path, name: str, damage: str
) -> None:
    (*before, broken, last), pack = CONVERTED[name]
    bad = {
        "cut": pack(broken)[:-20],
        "overwritten": pack(broken)[:20] + bytes(len(pack(broken)) - 20),
        "longer": pack(re.sub(rb"(Content-Length: |html )(\d+\r?\n)", rb"\g<1>9\2", broken)),
    }[damage]
    (source / name).write_bytes(pack(*before) + bad + pack(last))
    (report,) = taken(archive, source).values()
    assert report.outcome == "taken"
    (found_damage,) = report.damages
    assert (found_damage.file, found_damage.offset) == (str(source / name), len(pack(*before)))
    assert [url for url, *_ in found(archive)] == [f"{A}0", f"{A}1", f"{A}3"]
    assert verify(archive).damages == ()


def test_a_line_that_is_none_costs_no_record_behind_it(archive: Archive, source: Path) -> None:
    content = b"".join([*ARCS[:3], b"no line of ARC\n", *ARCS[3:]])
    (source / "a.arc.gz").write_bytes(gzip.compress(content, mtime=0))
    (report,) = taken(archive, source).values()
    assert (report.outcome, report.captures) == ("taken", 4)
    assert [(damage.offset, damage.reason) for damage in report.damages] == [(0, "it begins with no line of ARC")]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.warc.lz4", b"\x04\x22\x4d\x18" + b"x" * 40, "packed by lz4"),
        ("a.har", b"{}", "HAR"),
        ("A.MHTML", b"From: me", "MHTML"),
        ("a.zim", b"ZIM\x04", "ZIM"),
        ("a.warc.gz.open", each_packed(*PAIR), "still being written"),
        ("a.warc.zst", b"\x28\xb5\x2f\xfd torn", "fetch it again"),
        ("a.warc.br", b"\x0b\x02", "fetch it again"),
        ("a.arc.gz", gzip.compress(b"<html>", mtime=0), "fetch it again"),
        ("a.warc", b"<html>", "no whole answer"),
        ("a.wacz", b"PK\x03\x04 torn", "damaged zip file"),
        ("a.wacz", b"<html>", "damaged zip file"),
        ("b.wacz", zipped({"pages/pages.jsonl": b""}), "there is no WARC in it"),
        ("c.wacz", zipped({"archive/a.warc": b"WARC" * 99_999}, zipfile.ZIP_DEFLATED), "unpacks to a multiple"),
        ("e.wacz", nested(b"PK", 4), "it lies too deep in others"),
        ("d.arc", arc_header(), "it is sound, but of notes"),
        (
            "text.warc",
            warc_record("resource", f"urn:text:{A}", b"text", media="text/plain"),
            "it is sound, but of notes",
        ),
    ],
)
def test_what_is_refused_is_named_with_its_reason(
    archive: Archive, source: Path, name: str, content: bytes, reason: str
) -> None:
    (source / name).write_bytes(content)
    (source / "notes.txt").write_text("not an archive")
    (source / "photos.zip").write_bytes(zipped({"a.jpg": b""}))
    (source / "index.cdx.gz").write_bytes(gzip.compress(b"com,example)/ 2025"))
    for where in (source, source / name):
        (report,) = taken(archive, where).values()
        assert report.outcome == "refused"
        assert reason in report.detail
    assert archive.files() == []


def test_names_in_a_zip_file_lead_nowhere(archive: Archive, source: Path) -> None:
    names = ("../../outside.warc", "/tmp/outside.warc", "archive/../../../outside.warc", "..\\outside.warc")  # noqa: S108
    for number, name in enumerate(names):
        record = warc_record("response", f"{A}{number}", HEAD + PAGE)
        (source / f"{number}.wacz").write_bytes(zipped({name: record}))
    before = {path for path in source.parent.rglob("*") if archive.folder not in (path, *path.parents)}
    assert [report.outcome for report in import_warcs(archive, source)] == ["taken"] * len(names)
    archive.refresh()
    assert {path for path in source.parent.rglob("*") if archive.folder not in (path, *path.parents)} == before
    assert {file.parent for file in archive.files()} == {archive.warcs}
    assert len({url for url, *_ in found(archive)}) == len(names)


def test_what_is_no_archive_is_no_reason_to_look_further(archive: Archive, source: Path) -> None:
    (source / "notes.txt").write_text("not an archive")
    with pytest.raises(SettingsError, match="holds no WARC"):
        list(import_warcs(archive, source))
    (report,) = taken(archive, source / "notes.txt").values()
    assert "it is no WARC, ARC or WACZ" in report.detail


def test_what_cannot_be_opened_is_named_and_links_are_followed_once(
    archive: Archive, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = source.with_name("elsewhere")
    for folder in (elsewhere, source / "closed"):
        folder.mkdir()
        (folder / "a.warc").write_bytes(PAIR[0])
    (source / "link").symlink_to(elsewhere)
    (elsewhere / "loop").symlink_to(source)
    (source / "broken.warc").symlink_to(source / "nothing")
    os.mkfifo(source / "pipe.warc")
    os.mkfifo(source / "pipe")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    reports = {report.source.removeprefix(f"{source}/"): report for report in import_warcs(archive, source)}
    assert {name: report.outcome for name, report in reports.items()} == {
        "closed": "refused", "broken.warc": "refused", "pipe.warc": "refused", "link/a.warc": "taken",
    }  # fmt: skip
    assert "Permission denied" in reports["closed"].detail
    assert "no regular file" in reports["pipe.warc"].detail


def test_a_check_names_what_lies_among_the_warcs_and_is_not_read(archive: Archive) -> None:
    archive.warcs.mkdir(parents=True)
    for name in ("a.WARC", "b.arc", "run.warc.gz.open", "notes.txt"):
        (archive.warcs / name).write_bytes(PAIR[0])
    found = verify(archive)
    assert found.captures == 1
    assert [(Path(damage.file).name, damage.offset) for damage in found.damages] == [("b.arc", 0)]
    assert "archive import" in found.damages[0].reason


def test_a_disk_that_is_full_leaves_nothing_behind(
    archive: Archive, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a.arc").write_bytes(b"".join(ARCS))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("archiver.archive.transfer.conversion.pack_parts", full)
    with pytest.raises(OSError, match="No space"):
        list(import_warcs(archive, source))
    assert list(archive.warcs.iterdir()) == []


def test_a_collection_of_waczs_is_taken_in_and_what_lies_elsewhere_is_named(archive: Archive, source: Path) -> None:
    (source / "there").mkdir()
    (source / "there" / "a b.wacz").write_bytes(zipped({"archive/a.warc.gz": each_packed(PAIR[0])}))
    paths = ["there/a%20b.wacz", "https://archive.example/b.wacz?x=1", "there/c.wacz"]
    description = {"profile": "multi-wacz-package", "resources": [{"name": "x", "path": path} for path in paths]}
    (source / "datapackage.json").write_text(json.dumps(description))
    inside = {"x.wacz": zipped({"archive/x.warc": PAIR[1]})}
    (source / "d.wacz").write_bytes(zipped(inside, resources=[{"path": "x.wacz", "hash": "sha256:" + "0" * 64}]))
    (source / "e.wacz").write_bytes(zipped(inside, resources=[{"path": path} for path in ("x.wacz", paths[1])]))
    reports = sorted(
        (report.outcome, report.source.removeprefix(f"{source}/")) for report in import_warcs(archive, source)
    )
    assert reports == [
        ("refused", "d.wacz: x.wacz"),
        ("refused", f"datapackage.json: {paths[1]}"),
        ("refused", f"datapackage.json: {paths[2]}"),
        ("refused", f"e.wacz: {paths[1]}"),
        ("taken", "e.wacz: x.wacz: archive/x.warc"),
        ("taken", "there/a b.wacz: archive/a.warc.gz"),
    ]
    alone = [(report.outcome, report.source) for report in import_warcs(archive, source / "datapackage.json")]
    assert alone[0] == ("already there", f"{source / 'there' / 'a b.wacz'}: archive/a.warc.gz")


# ---- Replaying in place ---------------------------------------------------------------------------------------------


def test_a_wacz_and_a_mixed_folder_are_replayed_in_place(source: Path, caplog: pytest.LogCaptureFixture) -> None:
    first, again = wget_pair(A, PAGE)
    (source / "a.wacz").write_bytes(
        zipped({"archive/a.warc.gz": each_packed(PAIR[0], again), "b.wacz": zipped({"archive/b.warc": first})})
    )
    for place in (source / "a.wacz", source):
        saved = open_saved(place)
        answer, other = saved.find(A), saved.find(f"{A}0")
        assert answer is not None
        assert other is not None
        assert (answer.body, answer.captured_at.day, other.body) == (PAGE, 9, PAGE * 9)
    (source / "B.WARC").write_bytes(PAIR[1])
    (source / "case").mkdir()
    described = {"url": A, "status": 200, "headers": {}, "captured_at": "2026-01-01T00:00:00Z"}
    (source / "case" / "capture.json").write_text(json.dumps(described))
    (source / "case" / "response.html").write_bytes(b"newer")
    (source / "old.arc").write_bytes(b"".join(ARCS))
    (source / "c.wacz").write_bytes(zipped({"archive/c.warc": PAIR[2]}, zipfile.ZIP_DEFLATED))
    (source / "torn.wacz").write_bytes(b"PK\x03\x04")
    saved = open_saved(source)
    bodies = [answer and answer.body for answer in map(saved.find, (A, f"{A}0", f"{A}1", f"{A}2"))]
    assert bodies == [b"newer", PAGE * 9, PAGE * 9, None]
    earlier = saved.find(A, datetime(2025, 3, 1, tzinfo=UTC))
    assert earlier is not None
    assert earlier.body == PAGE
    for words in (
        "old.arc is not read in place; take it in",
        "c.wacz: archive/c.warc is not stored",
        "torn.wacz is a damaged",
    ):
        assert words in caplog.text


def test_damage_in_a_wacz_is_named_by_the_file_in_it(source: Path, caplog: pytest.LogCaptureFixture) -> None:
    content = each_packed(*PAIR)
    start = len(each_packed(*PAIR[:2]))
    content = content[: start + 30] + b"\0\0\0\0" + content[start + 34 :]
    (source / "a.wacz").write_bytes(zipped({"archive/a.warc.gz": content}))
    saved = open_saved(source)
    assert [saved.find(f"{A}{number}") is not None for number in range(4)] == [True, True, False, True]
    assert f"a.wacz: archive/a.warc.gz: the record at byte {start} is damaged" in caplog.text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.arc.gz", each_packed(*ARCS), "take it in"),
        ("a.wacz", zipped({"archive/a.warc": PAIR[0]}, zipfile.ZIP_DEFLATED), "holds no WARC that is stored"),
        ("a.wacz", b"torn", "is a damaged zip file"),
    ],
)
def test_what_cannot_be_replayed_in_place_has_a_cure(source: Path, name: str, content: bytes, sentence: str) -> None:
    (source / name).write_bytes(content)
    with pytest.raises(SettingsError, match=sentence):
        open_saved(source / name)


def test_a_whole_file_gzip_is_named_when_it_is_replayed(source: Path, caplog: pytest.LogCaptureFixture) -> None:
    (source / "a.warc.gz").write_bytes(gzip.compress(b"".join(PAIR)))
    assert open_saved(source).find(f"{A}0") is None
    (entry,) = caplog.records
    assert (
        "byte 0 is damaged (several records are packed as one; `archive import` packs each alone)" in entry.getMessage()
    )
