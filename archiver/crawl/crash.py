"""An error that nobody expected: what it costs, and what is said of it to a person.

What it costs: docs/design.md D22.
"""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request

from archiver.crawl.frontier import Frontier
from archiver.errors import RunEnded
from archiver.models import Outcome, Result, SeedItem, Verdict
from archiver.seeds.store import SeedStore

Step = SeedItem | Request | Result
"""What a callback hands to Scrapy."""

_OUR_CODE = Path(__file__).parents[1]


async def survive_crashes(
    frontier: Frontier, store: SeedStore, *parts: tuple[int, str, AsyncIterator[Step]]
) -> AsyncIterator[Step]:
    """Hand on the steps of some addresses, given as (number, url, steps).

    Where steps crash, the seeds of that address that have none yet get a result that says so, and the other addresses
    go on. The first crash is raised in the end, so that Scrapy logs and counts it.
    """
    crashes: list[Exception] = []
    for number, url, steps in parts:
        done: set[str] = set()
        try:
            async for step in steps:
                if not isinstance(step, Request):
                    done.add(step.shown if isinstance(step, SeedItem) else step.path)
                yield step
        except RunEnded:
            continue  # the address is left for the next run, as those are that had no turn
        except Exception as error:  # noqa: BLE001  (a bug must cost its own address only)
            crashes.append(error)
            for path in frontier.seed_paths(number):
                shown = store.display_path(path)
                if shown not in done:
                    yield Result(shown, url, Outcome.MISSED, Verdict.ERROR, crash_sentence(url, error))
    if crashes:
        raise crashes[0]


def crash_sentence(what: str, error: BaseException) -> str:
    """Say what crashed, with which error and at which line of our code, and what to do."""
    message = " ".join(str(error).split())
    kind = f"{type(error).__name__}: {message}" if message else type(error).__name__
    return f"{what}: the archiver crashed ({kind}; {_place(error)}); run again, and report this if it stays so."


def _place(error: BaseException) -> str:
    """Return `file:line` of the innermost frame in our code, or of the innermost one when none is ours."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _OUR_CODE in Path(frame.filename).parents]
    for frame in reversed(ours or frames):
        file = Path(frame.filename)
        shown = file.relative_to(_OUR_CODE.parent) if frame in ours else Path(file.name)
        return f"{shown.as_posix()}:{frame.lineno}"
    return "at an unknown line"
