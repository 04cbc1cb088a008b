"""Extraction in other processes: a page that takes too long or too much memory costs its own result only.

Why processes: docs/design.md D21.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as TimedOut
from functools import partial
from multiprocessing.synchronize import Semaphore
from types import TracebackType
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from archiver.crawl.extraction.processes import (
    PRELOAD,
    WorkerContext,
    available_cores,
    limit_memory,
    part_from_run,
    start_server,
    start_tracker,
)
from archiver.downloader.run_end import RunEnd
from archiver.extract.article import extract
from archiver.images.judgement import judge_picture
from archiver.models import Capture, Extraction, PictureJudgement, PictureVerdict, Verdict
from archiver.rules import SiteRules
from archiver.rules.uses import UnmatchedSelectors

logger = logging.getLogger(__name__)

_MAX_PAGES_PER_WORKER = 2_000
"""Pages after which a worker is replaced: whatever libxml2 or a library keeps is given back. Fewer cost more starts,
with more a leak grows nearer to EXTRACT_MEMORY_MB. No measurement is on record."""

_MIN_MEMORY_FACTOR = 8
"""Times the bytes of a picture that a worker may hold at least: while it takes them in it holds them three times,
beside its code. Without a limit one of 119 MB ended all workers that may hold 450; 8 is chosen, not measured."""

_MAX_START_SECONDS = 10.0
"""Seconds that a worker is waited for before the pool is ended all the same; with fewer one that is ended while it
starts complains on standard error, with more one that hangs holds up the end of the run. No measurement is on
record."""

_MAX_CAUSE_LETTERS = 1_000
"""Characters of an error that are kept as a page's reason; a longer one quotes the page. Chosen, not measured."""

UNMATCHED = "archiver/unmatched_selectors"
"""The stat with a sentence per era of a publisher's rules whose selectors never matched."""

Given = TypeVar("Given")
Done = TypeVar("Done")

Work = Callable[[Capture, Sequence[SiteRules]], Extraction]
"""What is done with a page: a function that can be imported by name, or a `partial` of one."""


class _NotRead(Exception):
    """A worker did not come to an end with something; what is said has no address."""

    def __init__(self, verdict: Verdict, said: str) -> None:
        super().__init__(said)
        self.verdict = verdict


class _Failed(Exception):
    """A page could not be read; the message is all that the worker sends of the cause.

    Errors of libraries hold what cannot be sent, or are made of several values, which breaks the pool that gets one.
    """


class Workers:
    """A pool of extracting processes; they start with the first page, what they import is read before."""

    def __init__(
        self, rules: tuple[SiteRules, ...], count: int, seconds: float, megabytes: int, *, work: Work = extract
    ) -> None:
        """`seconds` and `megabytes` are the limits of one page; 0 megabytes is no limit. `count` 0 is one per core."""
        self._rules = rules
        self.run_end = RunEnd()
        """That of the crawl, where there is one."""
        self.unmatched = UnmatchedSelectors(rules)
        self._work = work
        self._count = count or available_cores()
        self._seconds = seconds
        self._megabytes = megabytes
        self._pool: ProcessPool | None = None
        # A fork of the crawling process would take its sockets and locks along; the server that forks instead has
        # everything imported already.
        self._context = WorkerContext()
        self._context.set_forkserver_preload([PRELOAD])
        start_tracker()
        self._ready = self._context.Semaphore(0)
        self._refusals = self._context.Semaphore(0)
        self._warned = False
        self._started = self._count
        # As many pages wait inside the pool as keep it busy; the others wait as answers, where the crawl sees them.
        self._places = asyncio.Semaphore(2 * self._count)

    def preload(self) -> None:
        """Have what workers need loaded while the crawl begins; otherwise the first page waits for that."""
        # The context hands what is to be loaded to the one server of the process.
        start_server()

    async def extract(self, capture: Capture) -> Extraction:
        """The extraction of one capture; TIMEOUT or TOO_LARGE when it hit a limit, ERROR when it broke its worker.

        Raises RunEnded.
        """
        try:
            async with self.run_end.limit(capture.url):
                extraction = await self._work_on(_run, capture)
        except _NotRead as error:
            return Extraction(error.verdict, f"{capture.url}: {error}")
        self.unmatched.add(extraction.uses)
        return extraction

    async def judge(self, url: str, body: bytes) -> PictureJudgement:
        """The judgement of a picture; UNKNOWN when it hit a limit of these processes, or broke its own.

        Raises RunEnded.
        """
        if self._megabytes and len(body) * _MIN_MEMORY_FACTOR > self._megabytes * 1024 * 1024:
            # A worker that cannot even take it in would end all of them.
            return PictureJudgement(PictureVerdict.UNKNOWN, f"its {len(body)} bytes are too many for EXTRACT_MEMORY_MB")
        try:
            async with self.run_end.limit(url):
                return await self._work_on(judge_picture, body)
        except _NotRead as error:
            return PictureJudgement(PictureVerdict.UNKNOWN, str(error).rstrip("."))

    async def _work_on(self, function: Callable[[Given], Done], given: Given) -> Done:
        """What a function makes of something in a worker. Raises _NotRead when it hit a limit, or broke its worker."""
        async with self._places:
            if self._pool is None:
                self._pool = self._start()
            task = self._pool.schedule(_tell_cause, args=[function, given], timeout=self._seconds)
            try:
                done: Done = await asyncio.wrap_future(task)
            except TimedOut:
                self._started += 1
                said = f"reading it took more than {self._seconds:g} s; raise EXTRACT_TIMEOUT, or leave it out."
                raise _NotRead(Verdict.TIMEOUT, said) from None
            except ProcessExpired as error:
                self._started += 1
                raise _NotRead(Verdict.ERROR, _describe_exit(error.exitcode)) from None
            except MemoryError:
                said = (
                    f"reading it took more than {self._megabytes} MB of memory; "
                    "raise EXTRACT_MEMORY_MB, or leave it out."
                )
                raise _NotRead(Verdict.TOO_LARGE, said) from None
            except _Failed as error:
                raise _NotRead(Verdict.ERROR, f"reading it failed: {error}") from error
            except Exception as error:  # a page must not end the run, whatever a library makes of it
                raise _NotRead(Verdict.ERROR, f"reading it failed: {type(error).__name__}: {error}") from error
            self._warn_of_refusal()
            return done

    def _start(self) -> ProcessPool:
        start_server()  # from this thread: what it starts ends with it
        limit = partial(limit_memory, self._megabytes * 1024 * 1024) if self._megabytes else None
        return ProcessPool(
            max_workers=self._count,
            max_tasks=_MAX_PAGES_PER_WORKER,
            initializer=_prepare,
            initargs=[self._work, self._rules, limit, self._ready, self._refusals],
            context=self._context,
        )

    def _warn_of_refusal(self) -> None:
        """Log once that workers read pages without a limit of memory."""
        if not self._warned and self._refusals.acquire(block=False):
            self._warned = True
            logger.warning(
                "EXTRACT_MEMORY_MB=%d: this system refuses a limit of memory, so pages are read without one; "
                "set EXTRACT_MEMORY_MB=0 to do without it.",
                self._megabytes,
            )

    async def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            # A worker that is ended while it starts complains on standard error.
            for _ in range(self._started):
                if not await asyncio.to_thread(self._ready.acquire, True, _MAX_START_SECONDS):
                    break
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it unannotated
            await asyncio.to_thread(self._pool.join)
            self._pool = None

    async def __aenter__(self) -> Workers:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _describe_exit(code: int) -> str:
    """What became of a worker by its exit code, which is below 0 for a signal; and what to do."""
    if code == -signal.SIGKILL:
        # EXTRACT_MEMORY_MB shows as a MemoryError; what the kernel ends, it ends with this signal.
        return (
            "the process that read it was killed, as happens when the machine has no memory left; "
            "run again, with fewer EXTRACT_WORKERS."
        )
    how = f"exit code {code}"
    if code < 0:
        with contextlib.suppress(ValueError):
            how = signal.Signals(-code).name
    return f"the process that read it crashed ({how}); leave it out, and report the page."


_work: Work = extract
_rules: tuple[SiteRules, ...] = ()


def _prepare(
    work: Work,
    rules: tuple[SiteRules, ...],
    limit: Callable[[], None] | None,
    ready: Semaphore,
    refusals: Semaphore,
) -> None:
    """Runs once in each worker."""
    global _work, _rules
    _work, _rules = work, rules
    part_from_run()
    if limit is not None:
        try:
            limit()
        except (OSError, ValueError):
            # A page is then read without a limit rather than not at all.
            refusals.release()
    # What was imported stays; looking through it again and again for garbage costs time on every page.
    gc.freeze()
    ready.release()


def _run(capture: Capture) -> Extraction:
    return _work(capture, _rules)


def _tell_cause(function: Callable[[Given], Done], given: Given) -> Done:
    try:
        return function(given)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever a library raises)
        said = f"{type(error).__name__}: {error}"
        raise _Failed(said if len(said) <= _MAX_CAUSE_LETTERS else f"{said[:_MAX_CAUSE_LETTERS]}…") from None
