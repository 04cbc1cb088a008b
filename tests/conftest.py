"""Running the program the way a user does: a subprocess, a folder of seeds, what comes back."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support.preloaded import Command, PreloadedScrapy
from tests.support.terminal import Terminal

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "fixtures"
GIVEN_SEED = FIXTURES / "bangkokpost" / "2024-given-seed" / "before.md"

_MAX_SECONDS = 120
"""Of one command; a live crawl of 150 pages takes ten."""

# Processes that start many others would compile the program in each of them, where the environment forbids bytecode.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Nobody who runs the tests wants to be told of their runs.
os.environ.pop("NOTIFY", None)

_connect = socket.socket.connect


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached for {address}")
        _connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@dataclass(frozen=True)
class Run:
    """What a command did."""

    code: int
    stdout: str
    stderr: str
    results: list[dict[str, Any]]

    def result(self, name: str) -> dict[str, Any]:
        """The one result of the seed whose file has this name."""
        (found,) = (result for result in self.results if Path(result["path"]).name == name)
        return found


_LONG = (
    "test_the_guide_to_a_new_publisher_works_as_written",
    "test_what_breaks_off_gives_fields_but_no_body_and_is_kept_as_far_as_it_came",
    "test_what_a_commit_took_away_is_not_offered_again_in_ten_runs",
    "test_a_hazard_ends_in_a_result_and_memory_is_bounded",
    "test_every_kind_of_answer_gets_its_verdict_and_only_articles_change_seeds",
    "test_a_replay_opens_no_socket",
    "test_a_lost_ledger_is_drawn_from_the_captures_alone",
    "test_an_address_is_taken_down_and_stays_down",
)
"""Tests that take more than seven seconds, most of them waiting."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the long tests over the list, so that no process begins one when the others have nothing left to do."""
    long = [item for item in items if item.name in _LONG]
    others = [item for item in items if item.name not in _LONG]
    for number, item in enumerate(long):
        others.insert(number * len(items) // len(long), item)
    items[:] = others


_preloaded = PreloadedScrapy()

SEED_ARCHIVER = "import sys; sys.path.insert(0, sys.argv.pop(1)); from archiver.commands.console import main; main()"
"""As the Makefile writes it; the script that pip makes imports the same function."""


def pytest_unconfigure() -> None:
    _preloaded.close()


def _captured() -> IO[str]:
    """Return a file for what a command prints, of which no byte is changed or lost: `os.fsencode` gives them back."""
    return tempfile.TemporaryFile("w+", newline="", encoding="utf-8", errors="surrogateescape")


def scrapy(
    *args: str | Path,
    env: dict[str, str] | None = None,
    cwd: Path = ROOT,
    user: str | None = None,
    given: bytes = b"",
    stdout: IO[bytes] | None = None,
    forks: PreloadedScrapy = _preloaded,
) -> Run:
    """Run `python -m scrapy ARGS`, or `python -c PROGRAM ARGS`; `given` is its standard input.

    What it writes to a `stdout` is not read again. `forks` are of the project that lies in `cwd`.
    """
    words, environment = [str(arg) for arg in args], {**os.environ, **(env or {})}
    with _captured() as printed, _captured() as stderr, tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        out = (stdout or printed).fileno()
        if user is None and forks.can_run(env or {}, cwd):
            started = forks.start(words, environment, out, stderr.fileno(), cwd, stdin=stdin.fileno())
            code = started.wait(_MAX_SECONDS)
        else:
            module = [] if words[0] == "-c" else ["-m", "scrapy"]
            code = subprocess.run(
                [sys.executable, *module, *words],
                cwd=cwd, env=environment, stdin=stdin, stdout=out, stderr=stderr, timeout=_MAX_SECONDS, user=user,
                check=False,
            ).returncode  # fmt: skip
        printed.seek(0)
        stderr.seek(0)
        return Run(code, printed.read(), stderr.read(), [])


@contextlib.contextmanager
def started_scrapy(*args: str | Path, stderr: IO[bytes] | None = None) -> Iterator[Command | subprocess.Popen[bytes]]:
    """`python -m scrapy ARGS`, or `python -c PROGRAM ARGS`, while it runs, for a test that ends it.

    Its output is lost, but for what it writes to a `stderr`.
    """
    words = [str(arg) for arg in args]
    with Path(os.devnull).open("wb") as nothing:
        errors = stderr or nothing
        if _preloaded.can_run({}, ROOT):
            yield _preloaded.start(words, os.environ, nothing.fileno(), errors.fileno())
        else:
            module = [] if words[0] == "-c" else ["-m", "scrapy"]
            command = [sys.executable, *module, *words]
            with subprocess.Popen(command, cwd=ROOT, stdout=nothing, stderr=errors) as running:
                yield running


@contextlib.contextmanager
def scrapy_in_terminal(*args: str | Path, env: dict[str, str] | None = None) -> Iterator[Terminal]:
    """`python -m scrapy ARGS` in a terminal of its own, for a test that presses keys."""
    words = [str(arg) for arg in args]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "200", **(env or {})}
    with Terminal() as terminal:
        if _preloaded.can_run(env or {}, ROOT):
            side = terminal.side
            terminal.command = _preloaded.start(words, environment, side, side, stdin=side)
        else:
            command = [sys.executable, "-m", "scrapy", *words]
            terminal.command = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdin=terminal.side, stdout=terminal.side, stderr=terminal.side
            )
        yield terminal


Crawl = Callable[..., Run]


def seed_archiver(*args: str | Path, cwd: Path, stdin: int | None = None) -> Run:
    """Run `seed-archiver` in a folder, as somebody who has nothing but the program; `stdin` is a descriptor."""
    words, environment = [str(arg) for arg in args], {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with _captured() as stdout, _captured() as stderr:
        if _preloaded.can_run({}, ROOT):
            started = _preloaded.start(
                words, environment, stdout.fileno(), stderr.fileno(), cwd, program="seed-archiver", stdin=stdin
            )
            code = started.wait(_MAX_SECONDS)
        else:
            code = subprocess.run(
                [sys.executable, "-P", "-c", SEED_ARCHIVER, str(ROOT), *words],
                cwd=cwd, env=environment, stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=stdout, stderr=stderr, timeout=_MAX_SECONDS, check=False,
            ).returncode  # fmt: skip
        stdout.seek(0)
        stderr.seek(0)
        return Run(code, stdout.read(), stderr.read(), [])


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """`scrapy crawl SPIDER` on a folder, answered from saved pages unless told otherwise; with its results.

    No result tells of a crash, unless the run is to have one (`crashes`). Two live runs are never of one second, by
    which captures are dated: of two that are, nobody could tell which is the newer.
    """
    last_second = 0

    def run(
        seeds: Path,
        spider: str = "seeds",
        *,
        replay: Path | None = FIXTURES,
        settings: dict[str, Any] | None = None,
        args: dict[str, str] | None = None,
        crashes: bool = False,
        **kwargs: Any,
    ) -> Run:
        nonlocal last_second
        while replay is None and int(time.time()) == last_second:
            time.sleep(0.02)
        feed = tmp_path / "results.jsonl"
        feed.unlink(missing_ok=True)
        options: list[str | Path] = [
            "-s",
            f"SEEDS_DIR={seeds}",
            "-s",
            f"ARCHIVE_DIR={tmp_path / 'archive'}",
            "-O",
            feed,
        ]
        if replay is not None:
            options += ["-s", f"REPLAY={replay}"]
        else:
            options += ["-s", "PRIVATE_HOSTS=1", "-s", "WAYBACK=0"]  # live tests talk to loopback
        for name, value in (settings or {}).items():
            options += ["-s", f"{name}={value}"]
        for name, value in (args or {}).items():
            options += ["-a", f"{name}={value}"]
        done = scrapy("crawl", spider, *options, **kwargs)
        last_second = int(time.time())
        lines = feed.read_text(encoding="utf-8").splitlines() if feed.exists() else []
        results = [json.loads(line) for line in lines]
        crashed = [result.get("detail") for result in results if "the archiver crashed" in (result.get("detail") or "")]
        assert bool(crashed) == crashes, crashed
        return Run(done.code, done.stdout, done.stderr, results)

    return run


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """An empty folder of seeds."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def collection(target: Path) -> Path:
    """The seeds of the repository as they were before `make crawl`, which repairs them where they lie.

    Each is a copy of a fixture's `before.md`, and after a crawl of its `after.md`.
    """
    broken = {
        case.with_name(name).read_bytes(): case
        for case in FIXTURES.glob("*/*/before.md")
        for name in ("before.md", "after.md")
    }
    for name, content in tree(ROOT / "seeds").items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(broken[content].read_bytes())
    return target
