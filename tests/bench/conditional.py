"""Asking again for pages that have not changed, against Scrapy alone on the same nginx in the same minutes.

usage: python -m tests.bench.conditional [PAGES]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path

from tests.support.nginx import FIRST_MODIFIED, Nginx
from tests.support.servers import html

ROOT = Path(__file__).resolve().parents[2]
COMMAND = ("refresh", "--due", "2999-01-01")
"""What is timed: as if everything were due."""
ROUNDS = 3
"""Each side runs so often, in turn; the best run of a side counts, since the other processes of a machine only slow."""
SETTINGS = {
    "PRIVATE_HOSTS": 1, "DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
}  # fmt: skip
"""Scrapy alone has the same (`plain.py`): what is compared is work, not waiting."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One run as the server and the operating system saw it."""

    statuses: dict[int, int]
    """Answers by status, without robots.txt."""
    rate: float
    """Requests per second from the first answer to the last."""
    seconds: float
    """Of the whole command, starting up included."""
    processor: float
    """Processor seconds of the whole command and its workers."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best runs of both sides."""

    ours: Asking
    plain: Asking

    @property
    def share(self) -> float:
        """Our rate as a share of Scrapy's."""
        return self.ours.rate / self.plain.rate


def compared(pages: int = 1_000) -> Comparison:
    """Serve so many pages, let a first run learn their validators, then time both sides in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        work = Path(name)
        (work / "seeds").mkdir()
        articles = {f"/news/{number}": _page(number) for number in range(pages)}
        with Nginx({**articles, "/robots.txt": b"User-agent: *\nDisallow:\n"}, work / "site") as site:
            for number, path in enumerate(articles):
                text = f'---\norigin_url: "{site.url(path)}"\ntitle: "{_title(number)}"\n---\n'
                (work / "seeds" / f"{number}.md").write_text(text, encoding="utf-8")
            _crawl(site, work, ("crawl", "seeds"))
            lines = [
                {
                    "url": site.url(one.path),
                    "etag": one.etag,
                    "last_modified": format_datetime(FIRST_MODIFIED, usegmt=True),
                }
                for one in site.log()
                if one.path in articles
            ]
            (work / "pages.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
            ours, plain = [], []
            for _ in range(ROUNDS):
                plain.append(_timed(site, [Path(__file__).with_name("plain.py"), work / "pages.jsonl"], work))
                ours.append(_crawl(site, work, COMMAND))
    return Comparison(*(max(side, key=lambda run: run.rate) for side in (ours, plain)))


def _title(number: int) -> str:
    return f"Harbour office hears report number {number}"


def _page(number: int) -> bytes:
    sentence = f"Report {number} was read to the harbour office, and nobody in the room had anything to add to it. "
    return html(_title(number), *[sentence * 4] * 8)


def _crawl(site: Nginx, work: Path, command: tuple[str, ...]) -> Asking:
    settings = {"SEEDS_DIR": work / "seeds", "ARCHIVE_DIR": work / "archive", **SETTINGS}
    options = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    return _timed(site, ["-m", "scrapy", *command, *options], ROOT)


def _timed(site: Nginx, command: list[str] | list[Path] | list[str | Path], folder: Path) -> Asking:
    earlier = len(site.log())
    usage, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([sys.executable, *command], cwd=folder, stdout=subprocess.DEVNULL, check=False)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 2}:
        sys.exit(f"{command} ended with exit code {done.returncode}")
    answers = [one for one in site.log()[earlier:] if one.path != "/robots.txt"]
    took = answers[-1].at - answers[0].at
    return Asking(
        statuses=dict(Counter(one.status for one in answers)),
        rate=(len(answers) - 1) / took,
        seconds=seconds,
        processor=after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime,
    )


def main(pages: int) -> None:
    """Print the figures."""
    found = compared(pages)
    for name, run in (("scrapy " + " ".join(COMMAND), found.ours), ("Scrapy alone", found.plain)):
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(run.statuses.items()))
        print(
            f"{name}: {answers}; {run.rate:.0f} requests per second, {run.seconds:.1f} s in all, "
            f"{run.processor:.1f} s of processor"
        )
    print(f"{found.share:.2f} of Scrapy's rate ({os.cpu_count()} cores)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000)
