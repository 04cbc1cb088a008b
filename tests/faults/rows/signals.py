"""Runs that are asked to stop at any moment of their work: once or twice, one process or all of them.

A try crawls a small site with pages that are found, that take time, that are asked again and that are searched for
elsewhere. The signal is sent when a given number of requests has come: the moments spread over the work, not over the
start. Then the same run is let be, and has to end what the first one left.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.archive.archive import Archive
from tests.conftest import ROOT
from tests.faults.fault import Fault, Figures
from tests.support.servers import Answer, Site, html

TITLE = "Ferry pilots ask for a second lighthouse"
BODY = html(TITLE, *["They have asked the harbour office for it before the winter, a clerk said."] * 4)
PAGES = 30
FINISHED, STOPPED, ENDED_AT_ONCE = 2, 1, 130
"""Exit codes; of a run that was let be, since some pages are lost."""
LATE_SECONDS = 0.2
"""After the sentence: what left before it may still arrive."""
MOST_SECONDS = 15.0
SETTINGS = {
    "PRIVATE_HOSTS": 1, "DOWNLOAD_DELAY": 0.001, "AUTOTHROTTLE_ENABLED": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 3,
    "RETRY_BACKOFF_BASE": 0.5, "HOST_BREAKER_FAILURES": 0, "WAYBACK_CDX_PER_MINUTE": 600,
}  # fmt: skip


@dataclass(frozen=True)
class Try:
    """What is random in one try."""

    sent: signal.Signals
    to_group: bool
    twice: bool
    requests: int
    """Those that have come when it is sent."""
    later: float
    """Seconds after the last of them."""
    until_second: float
    """Seconds between the sentence and the second signal."""
    commits: bool

    @classmethod
    def number(cls, number: int) -> Try:
        """All combinations in sixteen tries, the moments at random."""
        chance = random.Random(number)  # noqa: S311  (moments, not secrets)
        sent = signal.SIGTERM if number & 1 else signal.SIGINT
        until_second = chance.uniform(0, 0.4) + (1.1 if sent is signal.SIGTERM else 0)
        moments = chance.randrange(1, PAGES), chance.uniform(0, 0.2), until_second
        return cls(sent, bool(number & 2), bool(number & 4), *moments, bool(number & 8))


def answers() -> dict[str, Answer]:
    """What the site has: of ten pages one is slow, one moved, one broken, one gone."""
    pages = {f"/news/{number:02}": Answer(BODY, delay=0.1) for number in range(PAGES)}
    for number in range(0, PAGES, 10):
        pages[f"/news/{number + 2:02}"] = Answer(BODY, delay=1)
        pages[f"/news/{number + 4:02}"] = Answer(b"", 301, {"Location": f"/moved/{number}"})
        pages[f"/moved/{number}"] = Answer(BODY, delay=0.2)
        pages[f"/news/{number + 6:02}"] = Answer(b"", 503)
        pages[f"/news/{number + 8:02}"] = Answer(b"", 404)
    return pages


class _Web(Site):
    """The site, and a web archive that has nothing."""

    def answer_to(self, path: str, headers: object) -> Answer | None:
        return Answer(b"[]", delay=0.3) if path.startswith("/cdx") else None

    @property
    def pages_asked(self) -> list[str]:
        return [path for path in self.paths() if path.startswith("/news/")]


class Stopping:
    """One try, in a folder of its own."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.one = number, Try.number(number)
        self.folder, self.seeds = folder, folder / "seeds"
        self.notes: list[str] = []
        self.leaks: list[str] = []
        self.seconds = 0.0
        self._sentence_at = float("inf")

    def run(self) -> Figures:
        """Stop a run, look at what it left, let the next one end."""
        self.seeds.mkdir(parents=True)
        site = _Web(answers())
        with site:
            for number in range(PAGES):
                address = site.url(f"/news/{number:02}")
                (self.seeds / f"{number:02}.md").write_text(f'---\norigin_url: "{address}"\ntitle: ""\n---\n\n# \n')
            if self.one.commits:
                self._git("init", "--quiet")
                self._git("add", ".")
                self._git("commit", "--quiet", "-m", "Seeds")
            before = self._posts()
            code, said = self._stop(site)
            asked = site.pages_asked
            told = self._look(before, code, said, site)
            self._finish(site, len(asked), told)
        notes = tuple(f"try {self.number} ({self.one}): {note}" for note in (*self.notes, *self.leaks))
        return Figures(1, lost=len(self.notes), leaked=len(self.leaks), seconds=self.seconds, notes=notes)

    def _command(self, site: Site, feed: str) -> list[str]:
        named = {"SEEDS_DIR": self.seeds, "ARCHIVE_DIR": self.folder / "archive", "COMMIT": int(self.one.commits)}
        named |= {
            **SETTINGS,
            "WAYBACK_CDX": site.url("/cdx?url={url}"),
            "WAYBACK_RAW": site.url("/raw/{timestamp}/{url}"),
        }
        options = [part for key, value in named.items() for part in ("-s", f"{key}={value}")]
        return [sys.executable, "-m", "scrapy", "crawl", "seeds", *options, "-O", str(self.folder / feed)]

    def _git(self, *args: str) -> str:
        told = ("-c", "user.name=Tester", "-c", "user.email=tester@desk.example")
        words = ["git", "-C", str(self.seeds), *told, *args]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout

    @contextlib.contextmanager
    def _started(self, site: Site, feed: str) -> Iterator[subprocess.Popen[bytes]]:
        # Behind a shell that starts the tests in its background a command would ignore Ctrl-C.
        words = ["env", "--default-signal=INT", *self._command(site, feed)]
        environment = {**os.environ, "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@desk.example"}
        environment |= {"GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@desk.example"}
        with (
            (self.folder / "printed").open("wb") as printed,
            (self.folder / "errors").open("wb") as errors,
            subprocess.Popen(
                words, cwd=ROOT, env=environment, start_new_session=True, stdout=printed, stderr=errors
            ) as process,
        ):
            try:
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()

    def _posts(self) -> dict[str, bytes]:
        return {file.name: file.read_bytes() for file in self.seeds.glob("*.md")}

    def _said(self) -> str:
        return (self.folder / "errors").read_text(errors="replace")

    def _stop(self, site: _Web) -> tuple[int, str]:
        """Start a run, send it what the try says, and return its exit code and what it said."""
        with self._started(site, "results.jsonl") as process:
            while len(site.pages_asked) < self.one.requests and process.poll() is None:
                time.sleep(0.005)
            time.sleep(self.one.later)
            sent_at = time.monotonic()
            self._send(process)
            watching = threading.Thread(target=self._watch, args=(process,))
            watching.start()
            if self.one.twice:
                while self._sentence_at == float("inf") and process.poll() is None:
                    time.sleep(0.005)
                time.sleep(self.one.until_second)
                self._send(process)
            code = process.wait(60)
            self.seconds = time.monotonic() - sent_at
            watching.join()
            self._await_end_of(process.pid)
        return code, self._said()

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while "stopping" not in self._said():
            if process.poll() is not None:
                return
            time.sleep(0.005)
        self._sentence_at = time.monotonic()

    def _send(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            (os.killpg if self.one.to_group else os.kill)(process.pid, self.one.sent)

    def _await_end_of(self, session: int) -> None:
        end = time.monotonic() + MOST_SECONDS
        while left := _processes_of(session):
            if time.monotonic() > end:
                self.notes.append(f"processes are left: {left}")
                return
            time.sleep(0.05)

    def _look(self, before: dict[str, bytes], code: int, said: str, site: Site) -> dict[str, str]:
        """What the stopped run has left; returns the verdict by seed, of those that it has told of."""
        was_stopped = "stopping" in said
        expected = {ENDED_AT_ONCE, STOPPED} if self.one.twice else {STOPPED}
        if code not in (expected if was_stopped else {FINISHED}):
            self.notes.append(f"exit code {code}: {said}")
        if len(said.splitlines()) != int(was_stopped):
            self.notes.append(f"it said: {said}")
        late = [one.path for one in site.asked if one.at > self._sentence_at + LATE_SECONDS]
        self.leaks += [f"{path} was asked for after the signal" for path in late]
        after = self._posts()
        new = {name for name in before if after[name] != before[name]}
        self.notes += [f"{name} is torn" for name in new if not _is_whole(after[name])]
        lines = list(_lines(self.folder / "results.jsonl"))
        told = {Path(line["path"]).name: line["verdict"] for line in lines if line["verdict"] != "not_reached"}
        if code != ENDED_AT_ONCE:
            names = sorted(Path(line["path"]).name for line in lines)
            if names != sorted(before):
                self.notes.append(f"{len(names)} results for {len(before)} seeds")
            if new != {Path(line["path"]).name for line in lines if line["outcome"] == "written"}:
                self.notes.append("what is written is not what was told")
        has = {Path(path).name for path in self._archived(site)}
        asked = {Path(path).name for path in site.paths() if path.startswith("/news/")}
        expected_there = asked if code != ENDED_AT_ONCE else {Path(name).stem for name in told}
        self.notes += [f"the answer of {name} is not archived" for name in expected_there - has]
        return told

    def _archived(self, site: Site) -> list[str]:
        archive = Archive(self.folder / "archive")
        archive.refresh()
        with contextlib.closing(archive):
            # What was asked for besides is the address that cannot exist, by which a host's "not found" is known.
            paths = dict.fromkeys([*(f"/news/{number:02}" for number in range(PAGES)), *site.paths()])
            return [path for path in paths if any(True for _ in archive.captures(site.url(path)))]

    def _finish(self, site: _Web, asked: int, told: dict[str, str]) -> None:
        """Let the same run be, and see that it ends all that is left, and nothing else."""
        with self._started(site, "rest.jsonl") as process:
            code = process.wait(120)
        if code != FINISHED:
            self.notes.append(f"the next run ends with {code}: {self._said()}")
        again = {f"{Path(path).name}.md" for path in site.pages_asked[asked:]}
        self.notes += [f"{name} was asked for again" for name in again & told.keys()]
        whole = [name for name, content in self._posts().items() if _is_whole(content)]
        lost = 2 * PAGES // 10
        if len(whole) != PAGES - lost:
            self.notes.append(f"{len(whole)} seeds are repaired in the end")
        with contextlib.closing(sqlite3.connect(self.folder / "archive" / "ledger.sqlite")) as ledger:
            if ledger.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                self.notes.append("the ledger is damaged")
        left = [file.name for file in self.folder.rglob("*") if file.suffix in {".open", ".part", ".tmp", ".lock"}]
        if left := [name for name in left if name != "run.lock"]:
            self.notes.append(f"files are left: {left}")
        if self.one.commits and self._git("status", "--porcelain"):
            self.notes.append(f"not committed: {self._git('status', '--porcelain')}")


def _processes_of(session: int) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = entry.read_text().rpartition(")")
            state, _, _, its_session = rest.split()[:4]
            if int(its_session) == session and state != "Z":
                found.append(name)
    return found


def _is_whole(content: bytes) -> bool:
    return f'title: "{TITLE}"'.encode() in content and f"# {TITLE}".encode() in content and content.endswith(b"\n")


def _lines(feed: Path) -> Iterator[dict[str, Any]]:
    for line in feed.read_bytes().splitlines() if feed.exists() else ():
        with contextlib.suppress(ValueError):  # the end may be torn
            yield json.loads(line)


def stop(tries: range, folder: Path) -> Figures:
    """Stop runs."""
    figures = Figures()
    for number in tries:
        figures += Stopping(number, folder / str(number)).run()
    return figures


FAULTS = (
    Fault(
        "signals",
        "a run that gets SIGINT or SIGTERM, its process or all of them, once or twice; lost: seeds, results, answers, "
        "commits, exit codes, processes and files left; leaked: requests after the signal",
        full=40,
        short=0,
        run=stop,
        max_seconds=MOST_SECONDS,
        tests=(
            "tests/crawl/test_stopping.py::test_a_signal_ends_a_run_and_loses_nothing",
            "tests/crawl/test_stopping.py::test_a_second_ctrl_c_ends_a_run_at_once_and_the_next_one_goes_on",
            "tests/crawl/extraction/test_workers.py::test_no_signal_for_the_run_ends_a_worker",
        ),
    ),
)
