"""Taking an address down: what goes, what stays, and what may not come back."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.archive.archive import Archive
from archiver.archive.transfer.importing import import_warcs
from archiver.archive.upkeep.compact import compact
from archiver.archive.upkeep.removal import remove, search
from archiver.archive.upkeep.replacement import JOURNAL
from archiver.archive.upkeep.tombstones import Tombstone, Tombstones, add_tombstone, lift_tombstones
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc.members import unpack
from archiver.archive.warc.segments import walk
from archiver.report.cleaning import end_removals
from tests.archive.upkeep.made import SITE, Visit, digest, record

NOW = datetime(2026, 11, 26, tzinfo=UTC)
GONE, OTHER = f"{SITE}/gone", f"{SITE}/other"
COPY = f"https://web.archive.example/web/20240102030405id_/{GONE}"
LIST = f"https://web.archive.example/cdx?url={GONE.replace(':', '%3A').replace('/', '%2F')}&output=json"
SECRET, PLAIN = b"<p>a secret that must go</p>", b"<p>what may stay</p>"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


def visit(url: str, day: int) -> Visit:
    return Visit(url, day, 200, 0, "response")


def response(url: str, day: int, body: bytes) -> bytes:
    return record("response", visit(url, day), HTTP + body, {"WARC-Payload-Digest": digest(body)})


def revisit(url: str, day: int, body: bytes, of: Visit) -> bytes:
    fields = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Payload-Digest": digest(body),
        "WARC-Refers-To-Target-URI": of.url,
        "WARC-Refers-To-Date": of.date,
    }
    return record("revisit", visit(url, day), HTTP.replace(b"\r\n\r\n", b"\r\nX-Own: yes\r\n\r\n"), fields)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    warcs = tmp_path / "warc"
    warcs.mkdir()
    first = visit(GONE, 0)
    files = {
        "a": response(GONE, 0, SECRET) + response(OTHER, 0, PLAIN),
        "b": revisit(GONE, 1, SECRET, first) + record("request", visit(GONE, 1), b"GET /gone HTTP/1.1\r\n\r\n", {}),
        # The same page under another address, twice: it keeps it.
        "c": revisit(OTHER, 2, SECRET, first) + revisit(OTHER, 3, SECRET, first),
        "d": response(COPY, 4, b"a copy") + response(LIST, 4, b"[]") + response(f"{OTHER}?u=1", 4, PLAIN),
        "e": record("metadata", visit(GONE, 5), b"a note", {}) + record("conversion", visit(GONE, 5), SECRET, {}),
        "f": response(OTHER, 6, PLAIN + b"!"),
    }
    for name, content in files.items():
        (warcs / f"{name}.warc.gz").write_bytes(content)
    (tmp_path / "services").mkdir()
    (tmp_path / "services" / "s.warc.gz").write_bytes(files["d"] + response(COPY, 4, SECRET))
    return tmp_path


def test_what_an_address_served_is_gone_and_another_one_keeps_its_page(folder: Path) -> None:
    with closing(Archive(folder)) as archive:
        archive.refresh()
        tombstone = Tombstone(GONE, False, NOW, "a court said so")
        found = search(archive, tombstone)
        kinds = sorted(one.kind for one in found.records)
        assert kinds == ["conversion", "metadata", "request", "response", "response", "response", "revisit"]
        freed = remove(archive, tombstone, found)
        assert (freed.captures, freed.records, freed.files) == (4, 7, 5)
        assert [archive.captures(url) for url in (GONE, COPY, LIST)] == [[], [], []]
        kept = archive.captures(OTHER)
        assert [(one.kind, one.captured_at.day) for one in kept] == [
            ("response", 1), ("response", 3), ("revisit", 4), ("response", 7),
        ]  # fmt: skip
        # The next revisit has the payload now, under its own head, and the one behind it says so.
        for capture in kept[1:3]:
            answer = archive.read(capture)
            assert answer is not None
            assert (answer.body, answer.headers[-1]) == (SECRET, ("X-Own", "yes"))
        heir, last = [one for file in archive.files() if file.name.startswith("c") for one in walk(file)]
        assert heir.fields is not None
        assert last.fields is not None
        assert "warc-refers-to-target-uri" not in heir.fields
        assert last.fields["warc-refers-to"] == heir.record_id
        assert last.fields["warc-refers-to-target-uri"] == OTHER
        assert verify(archive).damages == ()
        assert (folder / "warc" / "f.warc.gz").exists()
        names = [file.name for file in archive.files()]
        assert names == ["a-c1.warc.gz", "c-c1.warc.gz", "d-c1.warc.gz", "f.warc.gz"]
    assert Tombstones.read(folder).of(GONE) is not None
    end_removals(folder, folder / "runs")
    assert [len(list(walk(file))) for file in (folder / "services").glob("*.warc.gz")] == [1]
    for file in folder.rglob("*"):
        assert file.name != JOURNAL
        if file.is_file() and file.name != "removed.jsonl":
            content = file.read_bytes()
            assert GONE.encode() not in content
            for one in walk(file) if ".warc" in file.name else ():
                assert GONE.encode() not in unpack(content[one.offset : one.offset + one.length])


def test_an_import_leaves_out_what_was_taken_down(tmp_path: Path) -> None:
    others, mine = tmp_path / "others", tmp_path / "mine"
    first = visit(GONE, 0)
    same = revisit(OTHER, 2, SECRET, first) + revisit(OTHER, 3, SECRET, first)
    others.mkdir()
    (others / "mixed.warc.gz").write_bytes(response(GONE, 0, SECRET) + same)
    (others / "gone.warc.gz").write_bytes(response(COPY, 0, SECRET))
    mine.mkdir()
    add_tombstone(mine, Tombstone(GONE, False, NOW, "wrong"))
    with closing(Archive(mine)) as archive:
        gone, mixed = import_warcs(archive, others)
        refusal = "all it holds was taken down; `archive remove` lists what was, and lifts it"
        assert (gone.outcome, gone.detail) == ("refused", refusal)
        assert mixed.outcome == "taken"
        assert mixed.detail.endswith(", without 1 captures of addresses that were taken down")
        gone, mixed = import_warcs(archive, others)
        assert (gone.outcome, mixed.outcome, len(archive.files())) == ("refused", "already there", 1)
        archive.refresh()
        assert [(one.url, one.kind) for one in archive.index.under("http")] == [(OTHER, "response"), (OTHER, "revisit")]
        for capture in archive.captures(OTHER):
            answer = archive.read(capture)
            assert answer is not None
            assert answer.body == SECRET


def test_what_was_brought_together_is_not_imported_again(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(folder / "warc", kept)
    with closing(Archive(folder)) as archive:
        for _ in range(2):
            assert compact(archive, 1 << 20).after == 1
            assert {one.outcome for one in import_warcs(archive, kept)} == {"already there"}
            (folder / "warc" / "z.warc.gz").write_bytes(response(OTHER, 8, b"later"))


def test_what_was_taken_down_is_known_by_every_spelling_until_it_is_lifted(tmp_path: Path) -> None:
    add_tombstone(tmp_path, Tombstone(GONE, False, NOW, "wrong"))
    add_tombstone(tmp_path, Tombstone(f"{SITE}/private/", True, NOW, "never again"))
    known = Tombstones.read(tmp_path)
    for url in (GONE, GONE.replace("https://", "http://www."), GONE + "/#part", COPY, LIST, f"{SITE}/private/a?b=1",
                f"https://web.archive.example/web/2024/{SITE.replace('//', '/')}/private/x"):  # fmt: skip
        assert known.of(url) is not None, url
    for url in (OTHER, GONE + "1", f"{SITE}/private", f"{SITE}/privately", f"https://elsewhere.example{'/gone'}"):
        assert (known.of(url) is None) == (url != f"{SITE}/private"), url
    assert lift_tombstones(tmp_path, GONE, NOW) == 1
    assert Tombstones.read(tmp_path).of(GONE) is None
    add_tombstone(tmp_path, Tombstone(GONE, False, NOW, "again"))
    assert Tombstones.read(tmp_path).of(GONE) is not None
    assert len((tmp_path / "removed.jsonl").read_text().splitlines()) == 4
