"""Large answers take turns in memory, whatever hosts send."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import json
import subprocess
import sys
import weakref
from pathlib import Path

import pytest
from scrapy import Request
from warcio.archiveiterator import ArchiveIterator

from archiver.downloader.large_answers import ByteBudget, LargeAnswers
from archiver.downloader.recording.answer_body import AnswerBody
from archiver.downloader.services import RESOURCE_TYPE_KEY
from tests.conftest import ROOT
from tests.crawl.test_live import PAGE, QUICK, plant
from tests.support.memory import peaks_of_session
from tests.support.servers import Answer, Site, bomb

MEGABYTE = 1024 * 1024
URL = "https://gazette.example/news"
PACKED = {"Content-Encoding": "gzip"}
LONG = PAGE.body.replace(b"</article>", b"<!-- " + b"x" * (2 * MEGABYTE) + b" --></article>")


def test_large_answers_are_read_and_kept_and_take_little_memory(seeds: Path, tmp_path: Path) -> None:
    large = Answer(bytes(12 * MEGABYTE), headers={"Content-Type": "application/pdf"})
    unpacked = Answer(bomb(12), headers={"Content-Type": "application/pdf", **PACKED})
    pages = {"/large": large, "/unpacked": unpacked, "/news/long": Answer(LONG), "/news/page": PAGE}
    pages["/news/packed"] = Answer(gzip.compress(LONG), headers=PACKED)
    rules = b"User-agent: *\nDisallow: /news/page\n"
    with contextlib.ExitStack() as stack:
        for number in range(8):
            site = stack.enter_context(Site(pages, host=f"127.0.3.{number + 1}"))
            plant(seeds, f"large-{number}", site.url("/unpacked" if number < 2 else "/large"))
        for name in ("long", "packed"):
            plant(seeds, name, site.url(f"/news/{name}"))
        for number, robots in enumerate((Answer(rules + b"#" * (4 * MEGABYTE)), Answer(bomb(50), headers=PACKED))):
            host = stack.enter_context(Site({**pages, "/robots.txt": robots}, host=f"127.0.4.{number + 1}"))
            plant(seeds, f"robots-{number}", host.url("/news/page"))
        settings = {**QUICK, "SEEDS_DIR": seeds, "ARCHIVE_DIR": tmp_path / "archive", "EXTRACT_WORKERS": 1}
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        command = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", str(tmp_path / "results.jsonl")]
        running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, start_new_session=True)
        peak, _ = peaks_of_session(running)
    lines = (tmp_path / "results.jsonl").read_text().splitlines()
    results = {Path(result["path"]).stem: result for result in map(json.loads, lines)}
    assert {results[name]["outcome"] for name in ("long", "packed")} == {"written"}
    assert results["robots-0"]["verdict"] == "robots"
    assert results["robots-1"]["verdict"] == "unreachable"
    assert "unpacks to more than DOWNLOAD_MAXSIZE" in results["robots-1"]["detail"]
    assert {results[f"large-{number}"]["verdict"] for number in range(8)} <= {"empty", "not_html"}
    assert recorded(tmp_path / "archive", "/news/long") == LONG
    assert recorded(tmp_path / "archive", "/large") == large.body
    assert peak < 270 * MEGABYTE


def recorded(archive: Path, path: str) -> bytes:
    """The body of an answer, as another program reads it."""
    for file in sorted(archive.glob("warc/*.warc.gz")):
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response" and record.rec_headers["WARC-Target-URI"].endswith(path):
                    return bytes(record.raw_stream.read())
    raise AssertionError(path)


def test_room_is_given_in_turn_and_free_again_when_a_request_is_forgotten() -> None:
    async def scenario() -> list[str]:
        answers, order = LargeAnswers(), list[str]()

        async def ask(request: Request, size: int, name: str) -> None:
            await answers.make_room(request, size)
            order.append(name)

        first, second = Request(URL), Request(URL)
        await ask(first, 10**12, "more than there is")
        assert not answers.needs_room(first)
        waiting = [asyncio.ensure_future(ask(second, 30 * MEGABYTE, "second"))]
        waiting.append(asyncio.ensure_future(ask(Request(URL), 1, "small, but later")))
        await ask(Request(URL, meta={RESOURCE_TYPE_KEY: "image"}), 10 * MEGABYTE, "picture")
        await asyncio.sleep(0.01)
        gone = weakref.ref(first)
        del first
        assert gone() is None
        await asyncio.wait(waiting)
        return order

    assert asyncio.run(scenario()) == ["more than there is", "picture", "second", "small, but later"]


def test_who_gives_up_waiting_takes_no_room() -> None:
    async def scenario() -> int:
        budget = ByteBudget(10)
        await budget.take(10)
        waiting = [asyncio.ensure_future(budget.take(10)) for _ in range(2)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        budget.give(10)
        await waiting[1]
        budget.give(10)
        return budget.free

    assert asyncio.run(scenario()) == 10


@pytest.mark.parametrize("count", [1, 40])
def test_a_body_is_read_as_it_came(tmp_path: Path, count: int) -> None:
    body = AnswerBody(tmp_path)
    for number in range(count):
        body.write(bytes([number]) * 60_000)
    body.truncate(0)
    whole = b"".join(bytes([number]) * 60_000 for number in range(count))
    assert body.is_large == (count == 40)
    assert body.getvalue() == (b"" if body.is_large else whole)
    assert body.read() == whole
    body.close()
    assert not list(tmp_path.iterdir())


def test_a_body_that_the_disk_does_not_take_is_no_crash(tmp_path: Path) -> None:
    body = AnswerBody(tmp_path / "none")
    for _ in range(40):
        assert body.write(bytes(60_000)) == 60_000
    with pytest.raises(FileNotFoundError):
        body.read()
    body.close()
