"""One try: a small world, a command in it that is killed, the next command, and what is wrong then."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import os
import random
import shutil
import sys
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Run, scrapy, started_scrapy
from tests.faults.fault import Figures
from tests.faults.kills.victim import Plan

_MAX_SECONDS = 120
_MAX_WORKER_SECONDS = 10.0
"""Seconds in which a worker notices that the process is gone that it works for."""
_MAX_ATTEMPTS = 4
_GOLDEN = 0.6180339887498949
"""Multiples of it, without their whole part, spread evenly over any number of tries."""
_MAX_DELAY_SECONDS = 0.03
"""Of a kill that comes after its step: about what a small command takes for ten."""
_MAX_IN_TURN = 5
"""Tries that are made one after the other, with the steps that are known: those of `make test`."""
_POOL = 3
"""Tries of a batch that run at a time: each waits for its own commands."""


class World:
    """What one try works on, in a folder of its own. The methods say what is wrong, a sentence each."""

    setup = ""
    """What the command that is killed runs before."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder = folder
        self.number = number
        self.chance = random.Random(number)  # noqa: S311  (moments, not secrets)

    def words(self) -> list[str | Path]:
        """The command that is killed."""
        raise NotImplementedError

    def moment(self, at: int) -> int:
        """The step at which it is killed; one that never comes where somebody else kills it."""
        return at

    def killed(self) -> list[str]:
        """What is wrong before anybody has looked."""
        return []

    def recover(self) -> list[str]:
        """Run what a user runs next; what is wrong after it."""
        raise NotImplementedError

    def may_stay(self, name: str) -> bool:
        """Whether a file may be there after the next command, by its path from the folder of the try."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what is held."""

    # ---- For the worlds ---------------------------------------------------------------------------------------------

    def run(self, *words: str | Path) -> Run:
        """Run a command to its end."""
        return scrapy(*Plan(str(self.folder)).words(*map(str, words)))

    def options(self, **settings: object) -> list[str | Path]:
        """Settings as a command takes them."""
        return [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


@dataclass(slots=True)
class Kills:
    """The kills of one kind of work: `run` of a Fault."""

    world: Callable[[Path, int], World]
    steps: int = 40
    """How many steps the command has: a guess, until one has shown it."""

    def __call__(self, tries: range, folder: Path) -> Figures:
        """Make some tries, several at a time where they are many."""
        if len(tries) <= _MAX_IN_TURN:
            return sum((self._try(folder, number) for number in tries), Figures())
        self._count_steps(folder)
        with ThreadPoolExecutor(_POOL) as pool:
            return sum(pool.map(functools.partial(self._try, folder), tries), Figures())

    def _count_steps(self, folder: Path) -> None:
        """Let the command come to its end once."""
        place = folder / "whole"
        (place / "tmp").mkdir(parents=True)
        world = self.world(place, 0)
        try:
            plan = Plan(str(place), sys.maxsize, setup=world.setup)
            with started_scrapy(*plan.words(*map(str, world.words()))) as command:
                command.wait(_MAX_SECONDS)
            self.steps = json.loads(plan.note.read_bytes())["steps"]
        finally:
            world.close()
            shutil.rmtree(place)

    def _try(self, folder: Path, number: int) -> Figures:
        began = time.monotonic()
        place = folder / str(number)
        for attempt in itertools.count():
            (place / "tmp").mkdir(parents=True)
            world = self.world(place, number)
            try:
                if attempt < _MAX_ATTEMPTS:
                    begin = zlib.crc32(world.__class__.__name__.encode()) / 2**32
                    at = 1 + int((begin + number * _GOLDEN) % 1 * self.steps)
                    wrong = self._kill(world, at, is_first=attempt == 0)
                    if wrong is None:
                        continue
                else:
                    wrong = ["it ended before its kill"]
                wrong += _leftovers(world)
            except Exception as error:  # noqa: BLE001  (a try that cannot be judged is one that shows nothing good)
                wrong = [f"{type(error).__name__}: {error}"]
            finally:
                world.close()
                if not os.environ.get("KEEP_KILLS"):
                    shutil.rmtree(place)
            said = f"try {number} (step {at} of {self.steps}): {'; '.join(wrong)}"[:500]
            return Figures(1, lost=len(wrong), seconds=time.monotonic() - began, notes=(said,) if wrong else ())
        raise AssertionError

    def _kill(self, world: World, at: int, *, is_first: bool) -> list[str] | None:
        """What is wrong after a kill at a step; None where the command ended before it, as behind its last step."""
        delay = world.chance.uniform(0, _MAX_DELAY_SECONDS) if world.number % 3 == 2 and is_first else 0
        plan = Plan(str(world.folder), world.moment(at), delay, world.number % 3 == 1, world.setup)
        with started_scrapy(*plan.words(*map(str, world.words()))) as command:
            code = command.wait(_MAX_SECONDS)
        note = json.loads(plan.note.read_bytes()) if plan.note.exists() else {"workers": []}
        plan.note.unlink(missing_ok=True)
        plan.pid.unlink()
        if code != -9:
            self.steps = note["steps"]
            return None
        wrong = world.killed()
        wrong += world.recover()
        wrong += _living(note["workers"])
        return wrong


def _living(workers: list[int]) -> list[str]:
    """The processes that outlive the one that they work for."""
    end = time.monotonic() + _MAX_WORKER_SECONDS
    while living := [pid for pid in workers if _is_alive(pid)]:
        if time.monotonic() > end:
            return [f"{len(living)} workers live on"]
        time.sleep(0.02)
    return []


def _is_alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def _leftovers(world: World) -> list[str]:
    found = [str(file.relative_to(world.folder)) for file in sorted(world.folder.rglob("*")) if not file.is_dir()]
    left = [name for name in found if not world.may_stay(name)]
    return [f"left over: {', '.join(left)}"] if left else []
