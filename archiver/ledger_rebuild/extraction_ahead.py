"""Extraction within the limits of a crawl, of the pages to come while one is dealt with."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from functools import partial

from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.processes import available_cores
from archiver.crawl.extraction.workers import Workers
from archiver.extract.article import extract
from archiver.models import Capture, Extraction
from archiver.rules import SiteRules

_PAGES_PER_WORKER = 3
"""Pages for each worker that are read before their turn: one that is extracted, one that waits in the pool, one more
for a page that needs none; with fewer workers stand idle, more cost memory. Chosen, not measured."""


class ExtractionAhead:
    """Extracts a page when it is asked for, or from when it was begun."""

    def __init__(self, runner: asyncio.Runner, workers: Workers, ahead: int) -> None:
        self.ahead = ahead
        """How many pages may be begun before their turn."""
        self._runner = runner
        self._workers = workers
        self._begun: dict[int, tuple[Capture, asyncio.Task[Extraction]]] = {}
        """By the identity of the capture, which is held so that no other gets it."""

    def begin(self, capture: Capture) -> None:
        """Have a page extracted that is likely to be asked for."""
        loop = self._runner.get_loop()
        self._begun[id(capture)] = capture, loop.create_task(self._workers.extract(capture))
        # A loop that does not run begins nothing.
        self._runner.run(asyncio.sleep(0))

    def __call__(self, capture: Capture) -> Extraction:
        """What a page says."""
        _, begun = self._begun.get(id(capture), (capture, None))
        return self._runner.run(self._workers.extract(capture) if begun is None else _result(begun))

    def forget(self, capture: Capture) -> None:
        """Let go of a page that is dealt with."""
        self._begun.pop(id(capture), None)


async def _result(task: asyncio.Task[Extraction]) -> Extraction:
    return await task


@contextlib.contextmanager
def extraction_ahead(options: RunSettings, rules: Sequence[SiteRules]) -> Iterator[ExtractionAhead]:
    """Extraction by as many processes as a crawl has."""
    workers = Workers(
        tuple(rules),
        count=options.extract_workers,
        seconds=options.extract_timeout,
        megabytes=options.extract_memory_mb,
        work=partial(extract, liquid_fences=options.liquid_fences),
    )
    with asyncio.Runner() as runner:
        try:
            yield ExtractionAhead(runner, workers, _PAGES_PER_WORKER * (options.extract_workers or available_cores()))
        finally:
            runner.run(workers.close())
