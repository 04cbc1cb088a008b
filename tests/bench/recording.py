"""What keeping costs: the same crawl of a web site with ARCHIVE=0 and with ARCHIVE=1, in turn."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "PRIVATE_HOSTS": 1,
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": 0,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "WAYBACK": 0,
}


@dataclass(frozen=True, slots=True)
class Cost:
    """One crawl."""

    seconds: float
    """From its start to its end."""
    processor: float
    """Seconds of processor time of all its processes."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What keeping costs."""

    pages: int
    """Of one crawl."""
    kilobytes: float
    """Of one page."""
    rounds: int
    slowdown: float
    """How much longer a crawl that keeps takes, the median of the rounds: 0.1 is a tenth."""
    work: float
    """How much more processor time it takes, likewise."""


def recorded(page: Callable[[int], bytes], pages: int = 400, rounds: int = 7) -> Recording:
    """Time crawls of a site that has `page(number)` for each number; the site is a process of its own."""
    ours, theirs = get_context("spawn").Pipe()
    bodies = [page(number) for number in range(pages)]
    site = get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    site.start()
    theirs.close()
    ours.send(bodies)
    port: int = ours.recv()
    try:
        crawl(port, pages, keep=True)  # the first one reads the program from the disk
        pairs = []
        for number in range(rounds):
            # Whichever comes first in a round may find the machine in another mood.
            first = bool(number % 2)
            one, other = crawl(port, pages, keep=first), crawl(port, pages, keep=not first)
            pairs.append((other, one) if first else (one, other))
    finally:
        site.terminate()
        site.join()
    return Recording(
        pages=pages,
        kilobytes=statistics.mean(map(len, bodies)) / 1000,
        rounds=rounds,
        slowdown=statistics.median(kept.seconds / plain.seconds for plain, kept in pairs) - 1,
        work=statistics.median(kept.processor / plain.processor for plain, kept in pairs) - 1,
    )


def crawl(port: int, pages: int, *, keep: bool) -> Cost:
    """One crawl of the site into an archive of its own."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        work = Path(name)
        (work / "seeds").mkdir()
        for number in range(pages):
            source = f"http://127.0.0.1:{port}/news/{number}"
            (work / "seeds" / f"{number}.md").write_text(f'---\norigin_url: "{source}"\ntitle: ""\n---\n')
        settings = {**SETTINGS, "SEEDS_DIR": work / "seeds", "ARCHIVE_DIR": work / "archive", "ARCHIVE": int(keep)}
        options = [part for setting, value in settings.items() for part in ("-s", f"{setting}={value}")]
        command = [sys.executable, "-m", "scrapy", "crawl", "seeds", *options]
        done = subprocess.run(
            [sys.executable, "-m", __name__, *command], cwd=ROOT, stdout=subprocess.PIPE, check=True, timeout=600
        )
    code, seconds, processor = json.loads(done.stdout)
    if code not in {0, 2}:
        sys.exit(f"the crawl ended with exit code {code}")
    return Cost(seconds, processor)


def watch(command: list[str]) -> tuple[int, float, float]:
    """Run a command and whatever it starts; exit code, seconds, seconds of processor time.

    The server that forks the workers outlives the crawl, so that nobody would count them.
    """
    become_reaper = 36  # PR_SET_CHILD_SUBREAPER
    if ctypes.CDLL(None).prctl(become_reaper, 1, 0, 0, 0):
        sys.exit("orphans cannot be waited for")
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    code, seconds, processor = 1, 0.0, 0.0
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status, used = os.wait4(-1, 0)
            processor += used.ru_utime + used.ru_stime
            if pid == child.pid:
                code = child.returncode = os.waitstatus_to_exitcode(status)
                seconds = time.perf_counter() - start
    return code, seconds, processor


def _serve(parent: Connection) -> None:
    """Answer each path that ends in a number with the page of that number, 404 elsewhere."""
    asyncio.run(_serving(parent))


async def _serving(parent: Connection) -> None:
    bodies: list[bytes] = parent.recv()
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n"
    answers = {f"/news/{number}".encode(): head.format(len(body)).encode() + body for number, body in enumerate(bodies)}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := await reader.readuntil(b"\r\n\r\n"):
                path = asked.split(b" ", 2)[1]
                writer.write(answers.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    parent.send(server.sockets[0].getsockname()[1])
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    print(json.dumps(watch(sys.argv[1:])))
