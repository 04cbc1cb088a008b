"""`scrapy archive` and `scrapy capture`, as a person runs them."""

from __future__ import annotations

import base64
import errno
import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.transfer.wacz import WaczWriter
from archiver.urls import surt
from tests.conftest import FIXTURES, GIVEN_SEED, Crawl, Run, scrapy, tree
from tests.support.pages import add_page, fixtures_as_warc
from tests.support.servers import Answer, Site, html

HOST = "https://nordblatt.example"
URL = json.loads(GIVEN_SEED.with_name("capture.json").read_bytes())["url"]
PROSE = "The council met on Monday and decided to rebuild the old bridge before the winter comes. " * 4
MOVED = "https://www.bangkokpost.com/tech/2310442/weather-balloons-made-of-seaweed-pass-first-test-flight"


def page(title: str) -> bytes:
    return f"<title>{title}</title><body><h1>{title}</h1><article><p>{PROSE}</p></article></body>".encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive: one page three times, its second capture packed and its third a revisit, and one that is gone."""
    warcs = tmp_path / "archive" / "warc"
    (warcs / "old").mkdir(parents=True)
    with (warcs / "a.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        add_page(writer, f"{HOST}/bridge", page("Old bridge"), date="2024-01-01T00:00:00Z")
        packed = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
        body = gzip.compress(page("New bridge"), mtime=0)
        add_page(writer, f"{HOST}/bridge", body, headers=packed, date="2025-01-01T00:00:00Z")
        digest = "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()
        http = StatusAndHeaders("200 OK", list(packed), protocol="HTTP/1.1")
        revisit = writer.create_revisit_record(
            f"{HOST}/bridge", digest, f"{HOST}/bridge", "2025-01-01T00:00:00Z", http_headers=http,
            warc_headers_dict={"WARC-Date": "2025-06-01T00:00:00Z"},
        )  # fmt: skip
        writer.write_record(revisit)
    with (warcs / "old" / "b.warc").open("wb") as out:
        add_page(WARCWriter(out, gzip=False), f"{HOST}/gone", b"<p>gone</p>", status="404 Not Found")
    return tmp_path / "archive"


def archive(folder: Path, action: str, *args: str | Path) -> Run:
    run = scrapy("archive", action, *args, "-s", f"ARCHIVE_DIR={folder}", env={"COLUMNS": "300"})
    assert "Traceback" not in run.stderr
    return run


def test_what_there_is_is_listed(folder: Path) -> None:
    run = archive(folder, "list", "--json")
    assert (run.code, run.stderr) == (0, "")
    assert [json.loads(line) for line in run.stdout.splitlines()] == [
        {"url": f"{HOST}/bridge", "captures": 3, "newest": "2025-06-01T00:00:00Z", "status": 200},
        {"url": f"{HOST}/gone", "captures": 1, "newest": "2025-01-01T00:00:00Z", "status": 404},
    ]
    assert f"{HOST}/bridge  3         2025-06-01T00:00:00Z  200" in archive(folder, "list").stdout
    times = [json.loads(line) for line in archive(folder, "list", f"{HOST}/bridge#top", "--json").stdout.splitlines()]
    assert [(one["captured_at"], one["kind"]) for one in times] == [
        ("2024-01-01T00:00:00Z", "response"),
        ("2025-01-01T00:00:00Z", "response"),
        ("2025-06-01T00:00:00Z", "revisit"),
    ]


@pytest.mark.parametrize(
    ("at", "title"), [(None, "New"), ("2024-03-01", "Old"), ("20250101000000", "New"), ("2025-05-30T12:00Z", "New")]
)
def test_a_capture_is_shown_unpacked_or_as_markdown(at: str | None, title: str, folder: Path) -> None:
    when = ("--at", at) if at else ()
    assert archive(folder, "show", f"{HOST}/bridge", *when).stdout.encode() == page(f"{title} bridge")
    post = archive(folder, "show", f"{HOST}/bridge", "--markdown", *when)
    assert post.code == 0
    assert f'title: "{title} bridge"\n' in post.stdout
    assert f"# {title} bridge\n\n{PROSE.strip()}" in post.stdout


@pytest.mark.parametrize(
    ("args", "code", "sentence"),
    [
        (["list", f"{HOST}/never"], 2, "/never is not in"),
        (["show", f"{HOST}/never"], 2, "/never is not in"),
        (["show", "bridge"], 1, "bridge is no address"),
        (["show", "http://[x/"], 1, "http://[x/ is no address"),
        (["show", f"{HOST}/bridge", "--at", "yesterday"], 1, "--at yesterday is no time"),
        (["show", f"{HOST}/gone", "--markdown"], 2, "it is no article (gone)"),
        (["export", "all.zip"], 1, "all.zip is not named like a WACZ"),
        (["export", "/nowhere/all.wacz"], 1, "/nowhere is no folder"),
        (["export", "--assets", "x", "all.wacz"], 1, "export writes one thing; name a FILE.wacz, or a folder"),
        (["export", "--assets", "x", "--since", "2024"], 1, "--since and --until choose captures for a WACZ"),
        (["export", "all.wacz", "--only", "https://other.example/"], 2, "no capture under https://other.example/"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(args: list[str], code: int, sentence: str, folder: Path) -> None:
    run = archive(folder, *args)
    assert (run.code, run.stdout) == (code, "")
    assert sentence in run.stderr
    assert run.stderr.count("\n") == 1


def test_without_an_archive_only_import_works(tmp_path: Path) -> None:
    run = archive(tmp_path / "none", "list")
    assert (run.code, run.stderr.count("\n")) == (1, 1)
    assert "holds no archive" in run.stderr


def test_damage_is_found_and_the_index_made_again(folder: Path) -> None:
    assert archive(folder, "check").code == 0
    file = folder / "warc" / "old" / "b.warc"
    file.write_bytes(file.read_bytes().replace(b"<p>gone</p>", b"<p>gonE</p>"))
    found = archive(folder, "check")
    assert found.code == 2
    assert "b.warc  0" in found.stdout
    assert "3 captures in 2 files read, 1 records damaged" in found.stdout
    (folder / "index.sqlite").write_bytes(b"no index" * 1000)
    run = archive(folder, "index")
    assert run.code == 0
    assert "3 captures in 2 files are in the index" in run.stdout
    # Nobody can open a folder as a file, as on a full disk nobody can make one.
    for file in folder.glob("index.sqlite*"):
        file.unlink()
    (folder / "index.sqlite").mkdir()
    run = archive(folder, "index")
    assert (run.code, run.stdout) == (1, "")
    assert "the index of" in run.stderr.splitlines()[-1]


def test_what_a_killed_run_left_is_part_of_the_archive(folder: Path) -> None:
    with (folder / "warc" / "killed.warc.gz.open").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        add_page(writer, f"{HOST}/killed", page("Killed bridge"))
        whole = out.tell()
        add_page(writer, f"{HOST}/torn", page("Torn bridge"))
        out.truncate(out.tell() - 20)
    assert archive(folder, "show", f"{HOST}/killed").stdout.encode() == page("Killed bridge")
    assert (folder / "warc" / "killed.warc.gz").stat().st_size == whole
    assert archive(folder, "check").code == 0


def local_extras(file: Path, package: zipfile.ZipFile) -> list[int]:
    """How long the extra field is that stands in front of each entry; players go by that of the directory."""
    content = file.read_bytes()
    return [int.from_bytes(content[entry.header_offset + 28 :][:2], "little") for entry in package.infolist()]


@pytest.mark.parametrize("only", [None, f"{HOST}/bri"])
def test_an_export_is_valid_and_comes_back_whole(only: str | None, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "all.wacz"
    run = archive(folder, "export", target, *(("--only", only) if only else ()))
    assert (run.code, run.stderr) == (0, "")
    assert not [file for file in tmp_path.iterdir() if file.name.endswith(".part")]
    with zipfile.ZipFile(target) as package:
        assert local_extras(target, package) == [len(entry.extra) for entry in package.infolist()]
        assert {entry.compress_type for entry in package.infolist() if ".gz" in entry.filename} == {zipfile.ZIP_STORED}
        lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
        for line in lines:
            fields = json.loads(line.split(" ", 2)[2])
            record = package.read(f"archive/{fields['filename']}")[int(fields["offset"]) :][: int(fields["length"])]
            plain = gzip.decompress(record) if record.startswith(b"\x1f") else record
            assert f"WARC-Target-URI: {fields['url']}\r\n".encode() in plain
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()][1:]
    assert lines == sorted(lines)
    assert len(lines) == (3 if only else 4)
    assert [(one["url"], one["ts"], one["title"]) for one in pages] == [
        (f"{HOST}/bridge", "2025-06-01T00:00:00Z", "New bridge")
    ]
    other = tmp_path / "other"
    assert archive(other, "import", target).code == 0
    listed = archive(other, "list", f"{HOST}/bridge", "--json").stdout
    assert [json.loads(line)["digest"] for line in listed.splitlines()] == [
        json.loads(line)["digest"] for line in archive(folder, "list", f"{HOST}/bridge", "--json").stdout.splitlines()
    ]
    assert archive(other, "show", f"{HOST}/bridge").stdout.encode() == page("New bridge")
    again = archive(folder, "export", target)
    assert (again.code, again.stderr.count("\n")) == (1, 1)


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"the first bytes of a WARC"
        raise OSError(errno.ENOSPC, "No space left on device")

    writer = WaczWriter(tmp_path / "all.wacz", title="", software="", created=datetime(2025, 1, 1, tzinfo=UTC))
    with pytest.raises(OSError, match="No space"), writer as wacz:
        wacz.add_warc("a.warc.gz", breaking(), 0)
    assert tree(tmp_path) == {}


def test_imports_are_taken_once_and_only_when_they_can_be_read(folder: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    with (new / "torn.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        add_page(writer, f"{HOST}/torn", page("Torn bridge"))
        add_page(writer, f"{HOST}/rest", page("Rest"))
    (new / "torn.warc.gz").write_bytes((new / "torn.warc.gz").read_bytes()[:-40])
    (new / "same.warc").write_bytes((folder / "warc" / "old" / "b.warc").read_bytes())
    (new / "none.warc").write_bytes(b"<html>no</html>" * 100)
    (new / "none.wacz").write_bytes(b"no zip")
    with zipfile.ZipFile(new / "forged.wacz", "w") as package:
        stream = BytesIO()
        add_page(WARCWriter(stream, gzip=True), f"{HOST}/forged", page("Forged"))
        package.writestr("archive/../../forged.warc.gz", stream.getvalue())
        resource = {"path": "archive/../../forged.warc.gz", "hash": "sha256:" + "0" * 64}
        package.writestr("datapackage.json", json.dumps({"resources": [resource]}))
    before = tree(folder / "warc")
    run = archive(folder, "import", new, tmp_path / "missing")
    assert run.code == 2
    for words in (
        "torn.warc.gz                               taken",
        "same.warc",
        "already there",
        "there is no whole answer in it",
        "damaged zip file",
        "its SHA-256 is not the one that the WACZ states",
        "does not exist",
    ):
        assert words in run.stdout or " ".join(words.split()) in " ".join(run.stdout.split()), words
    added = {name: content for name, content in tree(folder / "warc").items() if name not in before}
    torn = (new / "torn.warc.gz").read_bytes()
    assert added == {f"imported-{hashlib.sha256(torn).hexdigest()[:32]}.warc.gz": torn}
    assert archive(folder, "show", f"{HOST}/torn").stdout.encode() == page("Torn bridge")
    assert archive(folder, "import", new / "none.warc").code == 1


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Example.com/News/?b=2&a=1", "com,example)/news?a=1&b=2"),
        ("http://example.com", "com,example)/"),
        ("http://www2.example.co.uk:8080/a/", "uk,co,example:8080)/a"),
        ("https://example.com:443/%C3%A4", "com,example)/%c3%a4"),
    ],
)
def test_keys_are_those_of_other_archives(url: str, key: str) -> None:
    assert surt(url) == key


@pytest.mark.parametrize("source", ["replay", "archive"])
def test_a_capture_becomes_a_fixture_with_its_redirects(source: str, crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    saved = tmp_path / "archive" / "warc" / "pages.warc.gz"
    saved.parent.mkdir(parents=True)
    fixtures_as_warc(saved, FIXTURES)
    where = ["-s", f"REPLAY={saved}"] if source == "replay" else ["--at", "2022-05-20"]
    target = tmp_path / "tree" / "paper" / "case"
    settings = ["-s", f"ARCHIVE_DIR={tmp_path / 'archive'}"]
    run = scrapy("capture", MOVED, target, *where, *settings)
    assert (run.code, run.stderr) == (0, "")
    assert run.stdout.split() == [f"{target}-redirect", str(target)]
    original = FIXTURES / "bangkokpost" / "moved-section"
    assert (target / "response.html").read_bytes() == (original / "response.html").read_bytes()
    assert (target / "before.md").read_text() == (target / "after.md").read_text()
    (seeds / "a.md").write_bytes((target / "before.md").read_bytes())
    done = crawl(seeds, replay=tmp_path / "tree")
    assert (done.code, done.result("a.md")["outcome"]) == (0, "written")
    before = tree(tmp_path / "tree")
    again = scrapy("capture", MOVED, target, *where, *settings)
    assert (again.code, again.stderr.count("\n")) == (1, 1)
    assert tree(tmp_path / "tree") == before
    missing = scrapy("capture", f"{HOST}/never", tmp_path / "never", *where, *settings)
    assert (missing.code, missing.stderr.count("\n")) == (2, 1)
    assert not (tmp_path / "never").exists()


def test_a_live_page_becomes_a_fixture_and_robots_are_obeyed(tmp_path: Path) -> None:
    pages = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/\n"),
        "/old": Answer(b"", 302, {"Location": "/new"}),
        "/new": Answer(html("A ferry", PROSE), headers={"Content-Type": "text/html", "Set-Cookie": "a=b"}),
        "/private/1": Answer(html("Private", PROSE)),
    }
    quick = [
        "-s",
        "DOWNLOAD_DELAY=0.001",
        "-s",
        f"ARCHIVE_DIR={tmp_path / 'archive'}",
        "-s",
        "RETRY_ENABLED=0",
        "-s",
        "PRIVATE_HOSTS=1",
    ]
    with Site(pages) as site:
        run = scrapy("capture", site.url("/old"), tmp_path / "case", *quick)
        assert (run.code, run.stderr) == (0, "")
        refused = scrapy("capture", site.url("/private/1"), tmp_path / "private", *quick)
        assert "/private/1" not in site.paths()
    assert (refused.code, refused.stderr.count("\n")) == (2, 1)
    assert "robots.txt" in refused.stderr
    described = json.loads((tmp_path / "case" / "capture.json").read_text())
    assert described["headers"].get("Set-Cookie") is None
    assert json.loads((tmp_path / "case-redirect" / "capture.json").read_text())["status"] == 302
    assert (tmp_path / "case" / "response.html").read_bytes() == pages["/new"].body
    # It was fetched as a crawl fetches, so it is kept as well.
    assert archive(tmp_path / "archive", "show", site.url("/new")).stdout.encode() == pages["/new"].body
