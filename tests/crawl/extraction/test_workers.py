"""Extraction in other processes: a page costs its own result only, whatever it does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest
from pebble import ProcessFuture, ProcessPool

from archiver.crawl.extraction.processes import available_cores
from archiver.crawl.extraction.workers import Workers
from archiver.models import Extraction, PictureJudgement, Verdict
from tests.conftest import ROOT
from tests.images.pictures import png_bomb
from tests.support.orders import RULES, capture, obey, refuse, run


def test_a_page_is_extracted_elsewhere_with_the_rules() -> None:
    one, two = run(["a", "b"])
    pid, _, rules = one.detail.partition(" ")
    assert int(pid) != os.getpid()
    assert rules == "[('paper.example',)]"
    assert one == two


def test_a_worker_does_not_load_the_program_that_started_it(tmp_path: Path) -> None:
    program, loaded = tmp_path / "program.py", tmp_path / "loaded"
    program.write_text(
        f"with open({str(loaded)!r}, 'a') as file: file.write('once ')\n"
        "if __name__ == '__main__':\n"
        "    from tests.support.orders import run\n"
        "    assert run(['a'])[0].article is None\n"
    )
    subprocess.run([sys.executable, program], check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert loaded.read_text() == "once "


@pytest.mark.parametrize(
    ("order", "verdict", "words"),
    [
        ("spin=60", Verdict.TIMEOUT, "took more than 1 s; raise EXTRACT_TIMEOUT"),
        ("sleep=60", Verdict.TIMEOUT, "took more than 1 s; raise EXTRACT_TIMEOUT"),
        ("fill=2000", Verdict.TOO_LARGE, "took more than 300 MB of memory; raise EXTRACT_MEMORY_MB"),
        ("signal=SIGKILL", Verdict.ERROR, "killed, as happens when the machine has no memory left"),
        ("signal=SIGSEGV", Verdict.ERROR, "crashed (SIGSEGV); leave it out"),
        ("signal=SIGABRT", Verdict.ERROR, "crashed (SIGABRT); leave it out"),
        ("exit=3", Verdict.ERROR, "crashed (exit code 3); leave it out"),
        ("raise=its match", Verdict.ERROR, "ValueError: a library met its match"),
        ("raise-of-two=its match", Verdict.ERROR, "OfTwo: a library met its match"),
    ],
)
def test_a_page_that_goes_wrong_costs_its_own_result_only(order: str, verdict: Verdict, words: str) -> None:
    started = time.monotonic()
    before, wrong, after = run(["a", order, "b"], seconds=1, megabytes=300)
    assert (before.verdict, wrong.verdict, after.verdict) == (Verdict.ARTICLE, verdict, Verdict.ARTICLE)
    assert words in wrong.detail
    assert f"https://paper.example/{order}" in wrong.detail
    assert wrong.article is None
    assert time.monotonic() - started < 50  # and not the minute that the page would take


def test_a_refused_limit_of_memory_is_said_once_and_pages_are_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("archiver.crawl.extraction.workers.limit_memory", refuse)
    extractions = run(["a", "b", "c"], count=2, megabytes=300)
    assert [extraction.verdict for extraction in extractions] == [Verdict.ARTICLE] * 3
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.message == (
        "EXTRACT_MEMORY_MB=300: this system refuses a limit of memory, so pages are read without one; "
        "set EXTRACT_MEMORY_MB=0 to do without it."
    )


def test_large_articles_come_back_whole() -> None:
    (extraction,) = run(["nest=3000000"])
    assert extraction.article is not None
    assert len(extraction.article.body) == 3_000_000


def test_every_page_gets_its_own_answer_and_few_wait_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    inside: list[int] = []
    opened: set[ProcessFuture[Any]] = set()
    schedule = ProcessPool.schedule

    def counted(self: ProcessPool, *args: Any, **kwargs: Any) -> ProcessFuture[Any]:
        future = schedule(self, *args, **kwargs)
        opened.add(future)
        inside.append(sum(not one.done() for one in opened))
        return future

    monkeypatch.setattr(ProcessPool, "schedule", counted)

    async def many() -> list[Extraction]:
        async with Workers(RULES, 2, 20, 0, work=obey) as workers:
            return await asyncio.gather(*(workers.extract(capture(f"raise={number}")) for number in range(60)))

    answers = asyncio.run(many())
    assert [answer.detail.rpartition(" ")[2] for answer in answers] == [str(number) for number in range(60)]
    assert len(opened) == 60
    assert max(inside) == 4


def test_all_workers_are_used_and_none_is_left() -> None:
    async def several() -> set[str]:
        async with Workers(RULES, 2, 20, 0, work=obey) as workers:
            answers = await asyncio.gather(*(workers.extract(capture("sleep=0.2")) for _ in range(8)))
        return {answer.detail.partition(" ")[0] for answer in answers}

    pids = asyncio.run(several())
    assert len(pids) == 2
    for pid in map(int, pids):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_no_signal_for_the_run_ends_a_worker() -> None:
    orders = ["a", "signal=SIGINT", "signal=SIGTERM", "signal=SIGHUP", "b"]
    assert len({answer.detail for answer in run(orders)}) == 1  # all by one process
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]  # where they are forked from
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(server, number)
    assert run(["a"])[0].verdict is Verdict.ARTICLE
    assert forkserver._forkserver._forkserver_pid == server  # type: ignore[attr-defined]


def test_a_worker_ends_with_a_run_that_is_killed() -> None:
    program = (
        "import asyncio\n"
        "from tests.support.orders import RULES, Workers, capture, obey\n"
        "async def main():\n"
        "    async with Workers(RULES, 1, 60, 0, work=obey) as workers:\n"
        "        print((await workers.extract(capture('a'))).detail.partition(' ')[0], flush=True)\n"
        "        await workers.extract(capture('spin=60'))\n"
        "asyncio.run(main())\n"
    )
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as killed:
        assert killed.stdout is not None
        worker = Path("/proc", killed.stdout.readline().decode().strip(), "stat")
        assert worker.exists()
        killed.kill()
    end = time.monotonic() + 30
    while worker.exists() and worker.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_picture_is_judged_within_the_limits_of_a_page() -> None:
    async def judged(*bodies: bytes) -> list[PictureJudgement]:
        async with Workers(RULES, 1, 20, 100, work=obey) as workers:
            return [await workers.judge("https://paper.example/a.png", body) for body in bodies]

    found = asyncio.run(judged(bytes(40_000_000), png_bomb(6000), b"no picture"))
    assert [one.verdict.value for one in found] == ["unknown", "unknown", "not_image"]
    assert all("EXTRACT_MEMORY_MB" in one.detail for one in found[:2])


def test_a_pool_that_nobody_asked_starts_nothing() -> None:
    assert run([]) == []


def test_as_many_workers_as_cores() -> None:
    assert 1 <= available_cores() <= (os.cpu_count() or 1)


def test_without_an_affinity_of_processes_all_cores_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert available_cores() == os.cpu_count()
