"""`make defences`: take out one defence after the other; ends with exit code 1 where no test notices.

Each is taken out of a copy of this checkout, in which the tests that it names are run: they have to pass before and to
fail then, every one of them.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from tests.faults.defences import DEFENCES
from tests.faults.defences.defence import Defence, copy_checkout, problem_of, taken_out

ROOT = Path(__file__).resolve().parents[3]
COPIES = 2
"""Copies of the checkout that are worked in at once: as many as most machines have cores to run tests on."""
MAX_SECONDS = 120
"""Seconds after which tests are ended; without a defence they may go on for ever, which counts as noticed. With fewer
a slow machine ends those that pass, with more nothing changes but the time that is waited."""

MAX_BYTES = 3 * 1024**3
"""Bytes of data that a process may hold, for without a defence some would take all there are. With fewer a test fails
that passes otherwise, with more a machine of 4 GB has none left. Chosen, not measured."""
_LIMITED = (
    f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_DATA, ({MAX_BYTES}, {MAX_BYTES}));"
    " os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def main(words: list[str]) -> int:
    """Take the defences out, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.defences", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only defences whose names begin so; all without")
    given = parser.parse_args(words)
    chosen = [defence for defence in DEFENCES if not given.names or defence.name.startswith(tuple(given.names))]
    problems = {defence.name: problem_of(defence, ROOT) for defence in chosen}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="defences-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(COPIES):
            copy_checkout(ROOT, Path(folder) / str(number))
            copies.put(Path(folder) / str(number))
        sound = [defence for defence in chosen if problems[defence.name] is None]
        code, failed = _run_tests(Path(folder) / "0", [name for defence in sound for name in defence.tests])
        if code != 0:
            print(f"tests fail with every defence in its place: {'; '.join(failed)}", file=sys.stderr)
            return 1

        def try_without(defence: Defence) -> str | None:
            copy = copies.get()
            try:
                return _unnoticed(defence, copy)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(COPIES) as pool:
            problems |= {
                defence.name: problem for defence, problem in zip(sound, pool.map(try_without, sound), strict=True)
            }
    print(table(chosen, problems))
    missed = [f"{name}: {problem}" for name, problem in problems.items() if problem]
    for sentence in missed:
        print(f"missed: {sentence}", file=sys.stderr)
    print(f"{len(chosen) - len(missed)} of {len(chosen)} defences have a test that fails without them "
          f"({time.monotonic() - began:.0f} s)")  # fmt: skip
    return int(bool(missed) or not chosen)


def _unnoticed(defence: Defence, copy: Path) -> str | None:
    """What is wrong with the tests of a defence; None where every one of them fails without it."""
    options = ["-x"] if len(defence.tests) == 1 else []
    with taken_out(defence, copy):
        code, failed = _run_tests(copy, defence.tests, *options, seconds=MAX_SECONDS)
    if code is None:
        return None  # it went on and on, as it would for a user
    passed = [name for name in defence.tests if not _is_named(name, failed)]
    if code not in (0, 1):
        return f"the tests could not be run without it: {failed[-1:]}"
    return f"{', '.join(passed)} passes without it" if passed else None


def _is_named(name: str, failed: list[str]) -> bool:
    return any(re.match(rf"(?:FAILED|ERROR) {re.escape(name)}(?:\[| - |$)", line) for line in failed)


def _run_tests(
    copy: Path, tests: Iterable[str], *options: str, seconds: float | None = None
) -> tuple[int | None, list[str]]:
    """The exit code of pytest, None where it did not end; the lines that name what failed, its last line otherwise."""
    words = [
        sys.executable,
        "-c",
        _LIMITED,
        "-m",
        "pytest",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "-rfE",
        "--tb=no",
        *options,
    ]
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTEST_ADDOPTS": ""}
    with subprocess.Popen(
        [*words, *dict.fromkeys(tests)], cwd=copy, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return None, []
    lines = said.strip().splitlines()
    return process.returncode, [line for line in lines if line.startswith(("FAILED ", "ERROR "))] or lines[-1:]


def table(defences: list[Defence], problems: dict[str, str | None]) -> str:
    """Lay out what was taken out and who noticed as a table of Markdown."""
    lines = ["| defence from | in | noticed by |", "|---|---|---|"]
    for defence in defences:
        tests = ", ".join(name.partition("::")[2] for name in defence.tests)
        lines.append(f"| {defence.name} | archiver/{defence.file} | {'nobody' if problems[defence.name] else tests} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
