"""Saved pages that a replay answers from, whole and damaged."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.replay import open_saved
from tests.conftest import Crawl
from tests.support.pages import add_page

PROSE = "The council met on Monday and decided to rebuild the old bridge before the winter comes. " * 4
HOST = "https://nordblatt.example"


def article(title: str) -> str:
    return f"<title>{title}</title><body><h1>{title}</h1><article><p>{PROSE}</p></article></body>"


def seed(folder: Path, name: str, url: str) -> None:
    (folder / name).write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n\nA text of its own.\n', encoding="utf-8")


def title_of(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8").partition('title: "')[2].partition('"')[0]


@pytest.mark.parametrize("compressed", [True, False])
def test_a_warc_with_all_that_a_crawl_meets(compressed: bool, crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    file = tmp_path / ("pages.warc.gz" if compressed else "pages.warc")
    packed = gzip.compress(article("Packed bridge is rebuilt").encode())
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    html = ("Content-Type", "text/html; charset=utf-8")
    with file.open("wb") as out:
        writer = WARCWriter(out, gzip=compressed)
        add_page(writer, f"{HOST}/twice", article("Newer bridge is rebuilt"), date="2025-02-01T00:00:00Z")
        add_page(writer, f"{HOST}/twice", article("Older bridge is rebuilt"), date="2025-01-01T00:00:00Z")
        add_page(writer, f"{HOST}/packed", packed, headers=(html, ("Content-Encoding", "gzip")))
        wire = (html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
        add_page(writer, f"{HOST}/chunked", chunked, headers=wire)
        add_page(writer, f"{HOST}/old", "", status="301 Moved", headers=(("Location", "/new"),))
        add_page(writer, f"{HOST}/new", article("Moved bridge is rebuilt"))
        add_page(writer, f"{HOST}/br%C3%BCcke?a=b%20c", article("Escaped bridge is rebuilt"))
        add_page(writer, f"{HOST}/gone", article("Not found"), status="404 Not Found")
    for name, path in {"moved": "old", "escaped": "brücke?a=b%20c#top"}.items():
        seed(seeds, f"{name}.md", f"{HOST}/{path}")
    for name in ("twice", "packed", "chunked", "gone"):
        seed(seeds, f"{name}.md", f"{HOST}/{name}")
    run = crawl(seeds, replay=file)
    assert (run.code, run.stderr) == (2, "")
    assert {name: title_of(seeds, f"{name}.md") for name in ("twice", "packed", "chunked", "moved", "escaped")} == {
        "twice": "Newer bridge is rebuilt",
        "packed": "Packed bridge is rebuilt",
        "chunked": "Packed bridge is rebuilt",
        "moved": "Moved bridge is rebuilt",
        "escaped": "Escaped bridge is rebuilt",
    }
    assert run.result("moved.md")["capture"]["url"] == f"{HOST}/new"
    assert run.result("twice.md")["capture"]["captured_at"] == "2025-02-01T00:00:00Z"
    assert run.result("gone.md")["verdict"] == "gone"
    assert title_of(seeds, "gone.md") == ""


def test_a_saved_robots_txt_is_obeyed(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with (tmp_path / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        rules = "User-agent: *\nDisallow: /private/\n"
        add_page(writer, f"{HOST}/robots.txt", rules, headers=(("Content-Type", "text/plain"),))
        add_page(writer, f"{HOST}/private/1", article("Private bridge is rebuilt"))
        add_page(writer, f"{HOST}/public/1", article("Public bridge is rebuilt"))
    seed(seeds, "private.md", f"{HOST}/private/1")
    seed(seeds, "public.md", f"{HOST}/public/1")
    run = crawl(seeds, replay=tmp_path / "pages.warc.gz")
    assert run.code == 2
    assert run.result("private.md")["verdict"] == "robots"
    assert run.result("public.md")["outcome"] == "written"


def damaged(change: Callable[[bytes, int], bytes]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        whole = folder / "whole.warc.gz"
        with whole.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            add_page(writer, f"{HOST}/first", article("First bridge is rebuilt"))
            middle = out.tell()
            add_page(writer, f"{HOST}/second", article("Second bridge is rebuilt"))
        whole.write_bytes(change(whole.read_bytes(), middle))

    return make


DAMAGES = {
    "cut": damaged(lambda raw, middle: raw[: middle + 100]),
    "flipped": damaged(lambda raw, middle: raw[: middle + 60] + bytes([raw[middle + 60] ^ 0xFF]) + raw[middle + 61 :]),
    "overwritten": damaged(lambda raw, middle: raw[:middle] + b"not a record at all" * 30),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_record_is_named_and_the_others_serve(damage: str, crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    DAMAGES[damage](saved)
    with (saved / "other.warc.gz").open("wb") as out:
        add_page(WARCWriter(out, gzip=True), f"{HOST}/third", article("Third bridge is rebuilt"))
    (saved / "not-a-warc.warc").write_bytes(b"<html>no</html>" * 100)
    for name in ("first", "second", "third"):
        seed(seeds, f"{name}.md", f"{HOST}/{name}")
    before = (seeds / "second.md").read_bytes()
    run = crawl(seeds, replay=saved)
    assert run.code == 2
    assert "Traceback" not in run.stderr
    assert "whole.warc.gz: the record at byte" in run.stderr
    assert "not-a-warc.warc: the record at byte 0" in run.stderr
    assert title_of(seeds, "first.md") == "First bridge is rebuilt"
    assert title_of(seeds, "third.md") == "Third bridge is rebuilt"
    assert run.result("second.md")["verdict"] == "not_saved"
    assert (seeds / "second.md").read_bytes() == before


def test_a_damaged_fixture_is_named_and_the_others_serve(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    described = {"status": 200, "headers": {"Content-Type": "text/html"}, "captured_at": "2025-01-01T00:00:00Z"}
    for name in ("good", "pageless"):
        folder = tmp_path / "saved" / "nordblatt" / name
        folder.mkdir(parents=True)
        (folder / "capture.json").write_text(json.dumps({**described, "url": f"{HOST}/{name}"}))
        seed(seeds, f"{name}.md", f"{HOST}/{name}")
    (tmp_path / "saved/nordblatt/good/response.html").write_text(article("Good bridge is rebuilt"))
    for name, content in {
        "torn": '{"url": "https',
        "list": "[]",
        "bare": "{}",
        "dateless": '{"url": "x", "status": 200}',
    }.items():
        (tmp_path / "saved" / name).mkdir()
        (tmp_path / "saved" / name / "capture.json").write_text(content)
    run = crawl(seeds, replay=tmp_path / "saved")
    assert run.code == 2
    assert "Traceback" not in run.stderr
    for name in ("torn", "list", "bare", "dateless"):
        assert f"{name}/capture.json is not the description of a capture" in run.stderr
    assert "pageless/response.html cannot be read" in run.stderr
    assert title_of(seeds, "good.md") == "Good bridge is rebuilt"
    assert run.result("pageless.md")["verdict"] == "not_saved"


def test_a_page_over_the_limit_is_too_large(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with (tmp_path / "pages.warc.gz").open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        add_page(writer, f"{HOST}/large", article("Large bridge is rebuilt") + " " * 50_000)
        bomb = gzip.compress(b" " * 500_000)
        add_page(writer, f"{HOST}/bomb", bomb, headers=(("Content-Type", "text/html"), ("Content-Encoding", "gzip")))
    seed(seeds, "large.md", f"{HOST}/large")
    seed(seeds, "bomb.md", f"{HOST}/bomb")
    run = crawl(seeds, replay=tmp_path / "pages.warc.gz", settings={"DOWNLOAD_MAXSIZE": 20_000})
    assert {run.result(name)["verdict"] for name in ("large.md", "bomb.md")} == {"too_large"}


def test_the_same_address_in_other_spellings(tmp_path: Path) -> None:
    with (tmp_path / "a.warc").open("wb") as out:
        add_page(WARCWriter(out, gzip=False), f"{HOST}/ä b", "x")
    saved = open_saved(tmp_path)
    for spelling in ("/ä b", "/%C3%A4%20b", "/ä%20b#part"):
        answer = saved.find(HOST + spelling)
        assert answer is not None
        assert answer.body == b"x"
    assert saved.find(f"{HOST}/a") is None


HALF = article("The old bridge is rebuilt").replace("</p></article>", "")
END = "The work begins in March and costs nine million, which the council takes from what it has saved for the school."
WHOLE = article("The old bridge is rebuilt").replace("</p>", f"</p><p>{END}</p>")


def cut_page(file: Path, url: str, how: str, date: str) -> None:
    """Write a record of a page of which the end is missing, and that says so in one of two ways."""
    payload = HALF.encode()
    stated = len(payload) + (500 if how == "Content-Length" else 0)
    http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Length", f"{stated}")], "HTTP/1.1")
    marks = {"WARC-Date": date, **({"WARC-Truncated": "length"} if how == "WARC-Truncated" else {})}
    with file.open("ab") as out:
        writer = WARCWriter(out, gzip=True)
        record = writer.create_warc_record(
            url, "response", BytesIO(payload), http_headers=http, warc_headers_dict=marks
        )
        writer.write_record(record)
        record.raw_stream.close()


@pytest.mark.parametrize("how", ["WARC-Truncated", "Content-Length"])
def test_what_is_cut_gives_fields_but_no_body_and_another_capture_goes_before_it(
    how: str, crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "archive"
    (archive / "warc").mkdir(parents=True)
    file = archive / "warc" / "pages.warc.gz"
    cut_page(file, f"{HOST}/alone", how, "2025-02-01T00:00:00Z")
    cut_page(file, f"{HOST}/twice", how, "2025-02-01T00:00:00Z")
    with file.open("ab") as out:
        add_page(WARCWriter(out, gzip=True), f"{HOST}/twice", WHOLE, date="2025-01-01T00:00:00Z")
    for name in ("alone", "twice"):
        (seeds / f"{name}.md").write_text(f'---\norigin_url: "{HOST}/{name}"\ntitle: ""\n---\n', encoding="utf-8")
    empty = {path.name: path.read_bytes() for path in seeds.iterdir()}
    for replay in (file, "archive"):
        for name, content in empty.items():
            (seeds / name).write_bytes(content)
        run = crawl(seeds, replay=replay, settings={"ARCHIVE_DIR": archive, "REVIEW_BELOW": 0})
        assert run.code == 0, run.stderr
        assert title_of(seeds, "alone.md") == title_of(seeds, "twice.md") == "The old bridge is rebuilt"
        assert PROSE[:40] not in (seeds / "alone.md").read_text()
        assert END in (seeds / "twice.md").read_text()
        assert "breaks off" in run.result("alone.md")["detail"]
