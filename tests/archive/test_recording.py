"""What a live run keeps: the records, what replay makes of them, and what kills and full disks leave behind."""

from __future__ import annotations

import gzip
import json
import random
import re
import resource
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archiver.archive.recovery import recover
from archiver.archive.upkeep.verify import verify
from archiver.archive.warc.records import CopiedRecord, Exchange
from archiver.archive.warc.scan import scan
from archiver.archive.writer import ArchiveWriter
from tests.archive.conftest import open_archive
from tests.conftest import ROOT, Crawl, Run, scrapy, tree
from tests.crawl.test_live import PAGE, QUICK, TEXT, moved, plant
from tests.support.pages import add_page
from tests.support.servers import Answer, Site, html

AT = datetime(2025, 3, 1, 10, tzinfo=UTC)


def seeded(number: int) -> random.Random:
    return random.Random(number)  # noqa: S311  (nothing secret)


def warcs(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz*"))


def records(folder: Path) -> list[tuple[str, dict[str, str], bytes]]:
    """Type, WARC fields and block of every record, read by warcio alone."""
    found: list[tuple[str, dict[str, str], bytes]] = []
    for file in warcs(folder):
        with file.open("rb") as stream:
            found.extend(
                (record.rec_type, dict(record.rec_headers.headers), record.raw_stream.read())
                for record in ArchiveIterator(stream, no_record_parse=True)
            )
    return found


def check(folder: Path) -> None:
    """`warcio check` on every WARC, each of which is finished."""
    files = warcs(folder)
    assert all(file.name.endswith(".warc.gz") for file in files), files
    done = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", *files], capture_output=True, text=True, check=False
    )
    if files:
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def exchange(number: int = 1, body: bytes = b"a page", **fields: Any) -> Exchange:
    head = b"HTTP/1.1 200 OK\r\nX-Odd: \xe9\r\n\r\n"
    asked = b"GET / HTTP/1.1\r\nHost: p.example\r\n\r\n"
    described = {"url": f"https://p.example/{number}", "captured_at": AT, "status": 200, "mime": ""}
    return Exchange(**{**described, "request": asked, "head": head, "body": body, **fields})


def test_a_live_run_and_its_replay_make_the_same_seeds(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    pages = {
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private/\n"),
        "/news/article": Answer(PAGE.body, headers={"Set-Cookie": "met=1; Path=/"}),
        "/news/redirected": moved("/news/2025/new"),
        "/news/2025/new": PAGE,
        "/news/packed": Answer(gzip.compress(PAGE.body), headers={"Content-Encoding": "gzip"}),
        "/private/forbidden": PAGE,
        "/news/410": Answer(PAGE.body, 410),
        "/news/500": Answer(b"broken", 500),
    }
    with Site(pages) as site:
        # A page that is fetched twice in a run has two captures, of which a replay knows the newer.
        for number, path in enumerate([*(pages.keys() - {"/news/2025/new"}), "/news/missing"]):
            plant(seeds, f"{number}", site.url(path))
        shutil.copytree(seeds, tmp_path / "again")
        settings = {**QUICK, "ARCHIVE_OPERATOR": "The Desk", "CONTACT": "desk@paper.example", "SEEDS_DIR": seeds}
        live = crawl(seeds, replay=None, settings=settings)
        asked = len(site.asked)
    replayed = crawl(tmp_path / "again", replay=Path("archive"))
    assert tree(seeds) == tree(tmp_path / "again")
    assert [live.code, replayed.code] == [2, 2]

    def shape(run: Run, **changed: object) -> list[dict[str, Any]]:
        kept = [{**result, "path": Path(result["path"]).name} for result in run.results]
        for result in kept:
            result["capture"] = result["capture"] and {**result["capture"], **changed}
        return sorted(kept, key=lambda result: str(result["path"]))

    assert sum(result["outcome"] == "written" for result in live.results) == 3
    assert shape(live, origin="archive") == shape(replayed)

    archive = tmp_path / "archive"
    check(archive)
    found = records(archive)
    kinds = [kind for kind, _, _ in found]
    assert kinds[0] == "warcinfo"
    assert b"operator: The Desk, desk@paper.example\r\n" in found[0][2]
    assert b"robots: obey\r\n" in found[0][2]
    assert kinds.count("request") == kinds.count("response") + kinds.count("revisit") == asked
    by_id = {fields["WARC-Record-ID"]: (kind, fields) for kind, fields, _ in found}
    for kind, fields, block in found[1:]:
        other, others = by_id[fields["WARC-Concurrent-To"]]
        assert (kind == "request") != (other == "request")
        assert fields["WARC-Target-URI"] == others["WARC-Target-URI"]
        if kind == "request":
            path = fields["WARC-Target-URI"].partition(site.url("")[-6:])[2]
            assert block.startswith(f"GET {path} HTTP/1.1\r\n".encode())
            assert f"Host: {site.url('').partition('//')[2]}\r\n".encode() in block
            assert b"User-Agent: seed-archiver/" in block
            assert b"\r\nAccept-Encoding: gzip, deflate, br\r\n" in block
        else:
            assert fields["WARC-IP-Address"] == "127.0.0.1"
            assert block.startswith(b"HTTP/1.")
    packed = next(
        block for kind, fields, block in found if "packed" in fields.get("WARC-Target-URI", "") and kind == "response"
    )
    assert packed.endswith(gzip.compress(PAGE.body, mtime=0)[10:])


def test_what_is_known_is_kept_as_a_revisit_and_credentials_are_not_kept(
    crawl: Crawl, seeds: Path, tmp_path: Path
) -> None:
    headers = {"Authorization": "Basic c2VjcmV0", "Cookie": "secret=1"}
    with Site({"/a": PAGE}) as site:
        plant(seeds, "a", site.url("/a"))
        for _ in range(2):
            crawl(seeds, replay=None, settings={**QUICK, "DEFAULT_REQUEST_HEADERS": json.dumps(headers)})
        assert any("authorization" in asked.headers for asked in site.asked)
    found = records(tmp_path / "archive")
    pages = [
        (kind, fields)
        for kind, fields, _ in found
        if kind != "request" and fields.get("WARC-Target-URI") == site.url("/a")
    ]
    pages.sort(key=lambda page: page[1]["WARC-Date"])  # the names of two files of one second are in no order
    assert [kind for kind, _ in pages] == ["response", "revisit"]
    assert pages[1][1]["WARC-Refers-To"] == pages[0][1]["WARC-Record-ID"]
    assert pages[1][1]["WARC-Refers-To-Date"] == pages[0][1]["WARC-Date"]
    assert pages[1][1]["WARC-Profile"].endswith("/1.1/revisit/identical-payload-digest")
    assert not re.search(rb"secret|c2VjcmV0", b"".join(block for _, _, block in found))
    check(tmp_path / "archive")


def test_without_archive_nothing_is_kept(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    with Site({"/a": PAGE}) as site:
        plant(seeds, "a", site.url("/a"))
        assert crawl(seeds, replay=None, settings={**QUICK, "ARCHIVE": 0}).code == 0
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize(
    ("replay", "at", "sentence"),
    [
        ("archive", None, "REPLAY=archive finds no WARC in"),
        (None, "2024-11-12", "-a at=2024-11-12 chooses among saved pages"),
        ("fixtures", "soon", "-a at=soon is no time"),
    ],
)
def test_what_cannot_be_replayed_is_said(
    crawl: Crawl, seeds: Path, replay: str | None, at: str | None, sentence: str
) -> None:
    run = crawl(seeds, replay=Path(replay) if replay else None, args={"at": at} if at else {})
    assert (run.code, run.stdout) == (1, "")
    assert sentence in run.stderr
    assert run.stderr.count("\n") == 1


def test_the_capture_nearest_to_a_day_is_replayed(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    writer = ArchiveWriter(open_archive(tmp_path / "archive"), {}, 1 << 30)
    for day in (1, 9):
        writer.keep(
            exchange(
                body=html(f"Day {day} of the ferry pilots' wait", *TEXT),
                captured_at=AT.replace(day=day),
                head=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
            )
        )
    writer.close()
    plant(seeds, "a", "https://p.example/1")
    for at, day in (("2025-03-02", 1), ("2025-03-08T10:00:00Z", 9)):
        run = crawl(seeds, replay=Path("archive"), args={"at": at}, settings={"DRY_RUN": 1})
        assert run.results[0]["capture"]["captured_at"] == f"2025-03-{day:02}T10:00:00Z"
    assert crawl(seeds, replay=Path("archive")).results[0]["capture"]["captured_at"] == "2025-03-09T10:00:00Z"


# ---- The writer and the start after a kill --------------------------------------------------------------------------


def test_bytes_are_kept_as_they_came_and_files_follow_each_other(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    writer = ArchiveWriter(archive, {"software": "s"}, max_bytes=3000)
    bodies = {number: seeded(number).randbytes(500) for number in range(12)}
    for number, body in bodies.items():
        writer.keep(exchange(number, body, truncated="disconnect" if number == 3 else None))
    writer.close()
    check(tmp_path)
    assert len(warcs(tmp_path)) > 2
    assert warcs(tmp_path) == sorted(warcs(tmp_path), key=lambda file: file.stat().st_mtime_ns)
    assert all(size for size in archive.index.sizes().values())
    noted = [archive.captures(f"https://p.example/{number}") for number in bodies]
    archive.refresh(again=True)
    assert [archive.captures(f"https://p.example/{number}") for number in bodies] == noted
    for number, body in bodies.items():
        answer = archive.find(f"https://p.example/{number}")
        assert answer is not None
        assert answer.body == body
    blocks = [block for kind, _, block in records(tmp_path) if kind == "response"]
    assert blocks == [exchange().head + body for body in bodies.values()]


@pytest.mark.parametrize("cut", [0, 1, 30, 200, 10_000])
def test_the_next_start_cuts_a_torn_tail(tmp_path: Path, cut: int) -> None:
    archive = open_archive(tmp_path)
    writer = ArchiveWriter(archive, {}, 1 << 30)
    for number in range(3):
        writer.keep(exchange(number, seeded(number).randbytes(300)))
    (file,) = warcs(tmp_path)
    assert recover(archive.warcs) == [], "a living run's file was taken from it"
    content = file.read_bytes()
    writer._answers._stream.close()  # type: ignore[union-attr]  # as a kill would
    file.write_bytes(content[: max(0, len(content) - cut)])
    finished = recover(archive.warcs)
    assert warcs(tmp_path) == finished
    assert len(finished) == (cut < 10_000)
    check(tmp_path)
    archive.refresh()
    assert sum(len(archive.captures(f"https://p.example/{number}")) for number in range(3)) == {
        0: 3,
        1: 3,
        30: 3,
        200: 3,
    }.get(cut, 0)


def test_a_record_that_cannot_be_written_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(tmp_path)
    writer = ArchiveWriter(archive, {}, 1 << 30)
    writer.keep(exchange(1))
    (file,) = warcs(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = file.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 1000, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            writer.keep(exchange(2, seeded(2).randbytes(5000)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.stat().st_size == size
    with pytest.raises(OSError, match="too large"):
        writer.keep(exchange(3))
    writer.close()
    check(tmp_path)
    assert [len(archive.captures(f"https://p.example/{number}")) for number in (1, 2, 3)] == [1, 0, 0]


def test_a_full_disk_ends_the_run_and_no_seed_comes_from_what_was_not_kept(seeds: Path, tmp_path: Path) -> None:
    noise = seeded(1)
    pages = {
        f"/news/{number}": Answer(
            html(
                f"Ferry pilots ask for lighthouse number {number}",
                *TEXT,
                head=f"<!-- {noise.randbytes(60_000).hex()} -->",
            )
        )
        for number in range(12)
    }
    with Site(pages) as site:
        for number in range(12):
            plant(seeds, str(number), site.url(f"/news/{number}"))
        before = tree(seeds)
        feed, archive = tmp_path / "r.jsonl", tmp_path / "archive"
        settings = {**QUICK, "SEEDS_DIR": seeds, "ARCHIVE_DIR": archive}
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", feed],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=100,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000)),
        )  # fmt: skip
        left = tree(seeds)
        # With room the next run, which continues this one, does all that is left.
        assert scrapy("crawl", "seeds", *options).code == 0
    repaired = {name for name, content in tree(seeds).items() if content != before[name]}
    assert repaired == before.keys()
    assert done.returncode == 1
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("scrapy crawl:")]
    assert "nothing can be written to" in sentence
    assert "Traceback" not in done.stderr
    check(archive)
    kept = open_archive(archive)
    kept.refresh()
    results = [json.loads(line) for line in feed.read_text().splitlines()]
    assert len(results) == 12
    written = [result for result in results if result["outcome"] == "written"]
    assert 0 < len(written) < 12
    for result in results:
        if result in written:
            assert kept.find(result["origin_url"]) is not None
        else:
            assert left[Path(result["path"]).name] == before[Path(result["path"]).name]


# ---- What is unchanged, and what others recorded ---------------------------------------------------------------------


ETAG = b'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: "one"\r\n\r\n'


def test_an_unchanged_page_is_a_revisit_without_a_block_of_the_page_that_it_confirms(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    day = [AT.replace(day=number) for number in range(1, 6)]
    unchanged: dict[str, Any] = {"body": b"", "status": 304, "head": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    for kept in (  # a run each: what is in the index is looked for
        exchange(body=b"an older page", captured_at=day[0], head=ETAG.replace(b"one", b"zero"), mime="text/html"),
        exchange(body=b"the page", captured_at=day[1], head=ETAG, mime="text/html"),
        exchange(body=b"the page", captured_at=day[2], head=ETAG, mime="text/html"),
        exchange(**unchanged, captured_at=day[3], mime="text/html", validators=('"one"', "")),
        exchange(**unchanged, captured_at=day[4], validators=('"unknown"', "")),
    ):
        writer = ArchiveWriter(archive, {}, 1 << 30)
        writer.keep(kept)
        writer.close()
    noted = archive.captures("https://p.example/1")
    assert [(one.kind, one.status) for one in noted] == [
        ("response", 200), ("response", 200), ("revisit", 200), ("revisit", 304), ("response", 304),
    ]  # fmt: skip
    archive.refresh(again=True)
    assert archive.captures("https://p.example/1") == noted
    assert verify(archive).damages == ()
    page = archive.find("https://p.example/1")
    assert page is not None
    assert (page.body, page.captured_at) == (b"the page", day[2])
    by_date = {fields["WARC-Date"]: (fields, block) for kind, fields, block in records(tmp_path) if kind != "request"}
    fields, block = by_date["2025-03-04T10:00:00Z"]
    original = by_date["2025-03-02T10:00:00Z"][0]
    assert block == b""
    assert fields["WARC-Profile"] == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert fields["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert (fields["WARC-Refers-To-Target-URI"], fields["WARC-Refers-To-Date"]) == (
        original["WARC-Target-URI"], original["WARC-Date"],
    )  # fmt: skip
    assert fields["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    check(tmp_path)


def test_no_revisit_is_of_what_broke_off_and_none_of_what_a_page_in_a_browser_fetched(tmp_path: Path) -> None:
    archive = open_archive(tmp_path)
    shared: dict[str, Any] = {"head": ETAG, "mime": "text/html"}
    unchanged: dict[str, Any] = {"body": b"", "status": 304, "head": b"HTTP/1.1 304 Not Modified\r\n\r\n"}
    for kept in (
        exchange(body=b"the page", truncated="time", **shared),
        exchange(body=b"the page", captured_at=AT.replace(day=2), **shared),
        exchange(**unchanged, captured_at=AT.replace(day=3), validators=('"one"', ""), resource_type="fetch"),
    ):
        writer = ArchiveWriter(archive, {}, 1 << 30)
        writer.keep(kept)
        writer.close()
    assert [one.kind for one in archive.captures("https://p.example/1")] == ["response"] * 2
    whole = archive.find("https://p.example/1")
    assert whole is not None
    assert not whole.is_cut
    assert [one.kind for one in archive.index.under("https://p.example/")] == ["response", "response", "subresource"]


def test_every_record_names_the_first_of_its_file(tmp_path: Path) -> None:
    writer = ArchiveWriter(open_archive(tmp_path), {}, max_bytes=1500)
    for number in range(4):
        writer.keep(exchange(number, seeded(number).randbytes(500)))
    writer.close()
    assert len(warcs(tmp_path)) > 1
    named = ""
    for kind, fields, _ in records(tmp_path):
        named = fields["WARC-Record-ID"] if kind == "warcinfo" else named
        assert kind == "warcinfo" or fields["WARC-Warcinfo-ID"] == named


def test_a_record_of_another_archive_is_kept_byte_for_byte_and_once(tmp_path: Path) -> None:
    other = tmp_path / "other.warc.gz"
    with other.open("wb") as out:
        add_page(
            WARCWriter(out, gzip=True), "https://p.example/lost", html("The ferry", *TEXT), date="2019-05-06T07:08:09Z"
        )
    (found,) = scan(other, "")
    content = other.read_bytes()
    archive = open_archive(tmp_path / "archive")
    for _ in range(2):
        writer = ArchiveWriter(archive, {}, 1 << 30)
        writer.keep(CopiedRecord(content, found), CopiedRecord(content, found))
        writer.close()
    (file,) = warcs(tmp_path / "archive")
    assert file.name.startswith("copied-")
    (noted,) = archive.captures("https://p.example/lost")
    archive.refresh(again=True)
    assert archive.captures("https://p.example/lost") == [noted]
    assert file.read_bytes()[noted.offset :] == content
    check(tmp_path / "archive")
