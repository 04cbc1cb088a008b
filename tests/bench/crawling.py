"""Pages per second of a whole crawl on all cores, and of its extracting processes alone."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archiver.archive.archive import Archive
from archiver.crawl.extraction.workers import Workers
from archiver.models import Capture

ROOT = Path(__file__).resolve().parents[2]
COPIES = 8
"""How often each page is served to the whole crawl, under addresses of its own, so that starting up weighs little."""


def crawled(pages: list[Capture]) -> float:
    """Pages per second of a whole crawl from replay on all cores, starting up included."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        work = Path(name)
        (work / "seeds").mkdir()
        archive = Archive(work / "archive")
        archive.warcs.mkdir(parents=True)
        with (archive.warcs / "pages.warc.gz").open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            for number, page in enumerate(page for _ in range(COPIES) for page in pages):
                url = f"{page.url}{'&' if '?' in page.url else '?'}copy={number}"
                headers = StatusAndHeaders("200 OK", list(page.headers), protocol="HTTP/1.1")
                record = writer.create_warc_record(url, "response", payload=BytesIO(page.body), http_headers=headers)
                writer.write_record(record)
                (work / "seeds" / f"{number}.md").write_text(f'---\norigin_url: "{url}"\ntitle: ""\n---\n')
        # As after a live run, which leaves its captures indexed.
        archive.refresh()
        archive.close()
        settings = {"SEEDS_DIR": work / "seeds", "REPLAY": "archive", "ARCHIVE_DIR": archive.folder}
        options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", "crawl", "seeds", *options],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        seconds = time.perf_counter() - start
        if done.returncode not in {0, 2}:
            sys.exit(f"the crawl ended with exit code {done.returncode}")
        return COPIES * len(pages) / seconds


async def _pooled(pages: list[Capture]) -> float:
    waiting = asyncio.Semaphore(4 * (os.cpu_count() or 1))

    async with Workers((), count=0, seconds=30, megabytes=450) as workers:

        async def read(page: Capture) -> None:
            async with waiting:
                await workers.extract(page)

        await read(pages[0])
        start = time.perf_counter()
        await asyncio.gather(*map(read, pages * 2))
        return 2 * len(pages) / (time.perf_counter() - start)


def pooled(pages: list[Capture]) -> float:
    """Pages per second of the extracting processes alone, on all cores: what a crawl could reach at most."""
    return asyncio.run(_pooled(pages))
