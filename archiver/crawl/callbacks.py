"""What follows an answer: judgement, a search where the page is lost, and one item per seed in the end.

Request ─on_response / on_failure─▶ PageOutcome ─probe?─▶ PageOutcome ─search?─▶ PageOutcome ─▶ SeedItem, one per seed

Why extraction is the spider's part: docs/design.md D4.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.config.run_settings import RunSettings
from archiver.crawl.crash import Step, survive_crashes
from archiver.crawl.extraction.parts import Parts, PendingParts
from archiver.crawl.frontier import Address
from archiver.crawl.pictures.due import DuePictures
from archiver.crawl.recorder import RunRecorder
from archiver.crawl.searches.callbacks import SearchCallbacks
from archiver.crawl.searches.fallback import ArchiveFallback, apart
from archiver.crawl.searches.submit import Submissions
from archiver.crawl.visit_records import ANOTHER_PAGE, not_there, visit_record
from archiver.crawl.waiting_seeds import WaitingSeeds
from archiver.downloader.failures import explain
from archiver.downloader.recording.payload import capture_of, permanent_target, reference_of, validators_of
from archiver.errors import CaptureError, HostDown, HostPaused, NotArchived, RunEnded
from archiver.ledger import Validators
from archiver.ledger.soft404 import is_other_article, needs_probe
from archiver.ledger.state import SUCCESSES
from archiver.models import (
    CaptureReference,
    Extraction,
    Field,
    Outcome,
    PageOutcome,
    Result,
    SeedItem,
    Verdict,
)
from archiver.urls import host_of

_MAX_REQUESTS_AHEAD = 256
"""Requests that wait in the scheduler; with fewer a slow host that has them all keeps others waiting, more cost memory
(docs/design.md D3). No measurement is on record."""


class CrawlCallbacks:
    """The callbacks of a crawl."""

    def __init__(
        self,
        options: RunSettings,
        waiting: WaitingSeeds,
        fallback: ArchiveFallback,
        recorder: RunRecorder | None,
        pictures: DuePictures,
    ) -> None:
        """`recorder` is None where nothing is noted."""
        self._options = options
        self._waiting, self._store, self._frontier = waiting, waiting.store, waiting.frontier
        self._reader = fallback.reader
        self._fallback = fallback
        self._parts = Parts(options.max_parts)
        self._recorder = recorder
        self._pictures = pictures
        self.submissions = Submissions(options)
        self._awaiting_probe: defaultdict[str, list[tuple[int, PageOutcome]]] = defaultdict(list)
        """By host, what waits for the answer to its probe."""
        self._probes_read: dict[str, asyncio.Future[None]] = {}
        """By host, the answer to its probe that is being read."""
        self.window = asyncio.Semaphore(_MAX_REQUESTS_AHEAD)
        """Held by each address from its request to its answer; the rest of the frontier stays on disk meanwhile."""
        self._hand_on = partial(survive_crashes, self._frontier, self._store)
        self._searches = SearchCallbacks(fallback, self._emit, self._hand_on)

    def close(self) -> None:
        """Drop what was kept for this run."""
        self._searches.close()

    def request(self, address: Address) -> Request:
        """The request for an address, which asks for the page only if it has changed, where that is enough."""
        known = self._recorder.known(address.url) if self._recorder is not None else None
        if known and self._pictures.need_page(self._frontier.seed_paths(address.number), address.url):
            known = None
        stated = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
        return Request(
            address.url, callback=self.on_response, errback=self.on_failure,
            headers={name: value for name, value in stated.items() if value},
            cb_kwargs={"number": address.number, "known": known},
            meta={"number": address.number, "requested_url": address.url},
            # The frontier holds each address once; two seeds that redirect to one page are both answered.
            dont_filter=True,
        )  # fmt: skip

    def done_before(self, address: Address) -> Iterator[Result] | None:
        """Results of an address that the run that this one continues has finished; None for any other.

        In a refresh there are none: what is due is to be asked again.
        """
        return self._results_before(address) if self._options.due is None else None

    def untold(self, take: Callable[[str], Address | None]) -> Iterator[Result]:
        """Results of what a killed refresh visited: nobody was told, and it is due no more; `take` goes by address."""
        if self._options.due is None or self._recorder is None:
            return
        for url in self._recorder.killed_run_visits():
            if (address := take(url)) is not None:
                yield from self._results_before(address) or ()

    def _results_before(self, address: Address) -> Iterator[Result] | None:
        visit = self._recorder.done_before(address.url) if self._recorder is not None else None
        paths = self._frontier.seed_paths(address.number)
        if visit is None or (visit.verdict in SUCCESSES and any(map(self._store.lacks_copy, paths))):
            return None
        done = Outcome.UNCHANGED if visit.verdict in SUCCESSES else Outcome.MISSED
        said = f"{visit.detail} Finished before the run was ended that this one continues.".lstrip()
        return (Result(self._store.display_path(path), address.url, done, visit.verdict, said) for path in paths)

    async def on_response(self, response: Response, number: int, known: Validators | None) -> AsyncIterator[Step]:
        """An answer: judged, and one item per seed that waits for it."""
        self.window.release()
        url: str = response.meta["requested_url"]
        async for step in self._hand_on((number, url, self._visit(response, number, url, known))):
            yield step

    async def _visit(self, response: Response, number: int, url: str, known: Validators | None) -> AsyncIterator[Step]:
        capture = capture_of(response)
        reference = await reference_of(capture)
        same = response.status == 304 or (response.status == 200 and known and reference.sha256 == known.payload)
        if known is not None and same:
            async for result in self._emit_unchanged(number, url, known, reference):
                yield result
            return
        plain = capture
        capture, extraction = await self._reader.read(response, capture)
        reference = reference if capture is plain else await reference_of(capture)
        moved_to = permanent_target(response) if extraction.verdict is Verdict.ARTICLE else None
        outcome = PageOutcome(url, extraction, reference, *validators_of(capture), moved_to, is_cut=capture.is_cut)
        async for step in self._after_part(number, self._parts.begin(number, outcome)):
            yield step

    async def on_part_response(self, response: Response, pending: PendingParts) -> AsyncIterator[Step]:
        """A further page of an article."""
        async for step in self._hand_on((pending.number, pending.outcome.url, self._read_part(response, pending))):
            yield step

    async def _read_part(self, response: Response, pending: PendingParts) -> AsyncIterator[Step]:
        _, found = await self._reader.read(response, capture_of(response))
        async for step in self._after_part(pending.number, self._parts.after_page(pending, found)):
            yield step

    async def on_part_failure(self, failure: Failure) -> AsyncIterator[Step]:
        """A further page of an article that got no answer."""
        if isinstance(failure.value, RunEnded):
            return
        pending: PendingParts = failure.request.cb_kwargs["pending"]  # type: ignore[attr-defined]  # set by Scrapy
        after = self._parts.after_failure(pending, failure.value or CaptureError("it failed"))
        steps = self._after_part(pending.number, after)
        async for step in self._hand_on((pending.number, pending.outcome.url, steps)):
            yield step

    async def _after_part(self, number: int, after: PendingParts | PageOutcome) -> AsyncIterator[Step]:
        if isinstance(after, PendingParts):
            yield Request(
                after.request, callback=self.on_part_response, errback=self.on_part_failure,
                cb_kwargs={"pending": after}, meta={"requested_url": after.request}, dont_filter=True,
            )  # fmt: skip
            return
        async for step in self._resolve(number, after):
            yield step

    async def on_failure(self, failure: Failure) -> AsyncIterator[Step]:
        """No answer: one item per seed that waits for it, with the reason."""
        self.window.release()
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        number, url = request.meta["number"], request.meta["requested_url"]
        async for step in self._hand_on((number, url, self._miss(failure, number, url))):
            yield step

    async def _miss(self, failure: Failure, number: int, url: str) -> AsyncIterator[Step]:
        if isinstance(failure.value, RunEnded):
            return  # the address is left for the next run, as those are that had no turn
        extraction = explain(failure.value, url) if failure.value else Extraction(Verdict.ERROR)
        if isinstance(failure.value, HostPaused | NotArchived) and not isinstance(failure.value, HostDown):
            # The host wants quiet, or the archive has no room: nothing is known of the page, and there is nothing to
            # note or to search for (docs/design.md D17).
            for path in self._frontier.seed_paths(number):
                yield SeedItem(path, self._store.display_path(path), PageOutcome(url, extraction))
            return
        missed = PageOutcome(url, extraction)
        cut = await self._reader.read_cut(failure.request, missed)  # type: ignore[attr-defined]  # set by Scrapy
        async for step in self._finalize(number, missed, cut):
            yield step

    async def on_probe_response(self, response: Response, host: str) -> AsyncIterator[Step]:
        """What the host answers for an address that cannot exist, and what that makes of its doubtful answers."""
        waiting = self._awaiting_probe.pop(host)
        # Read once, by the step of the first; it fails for all of them, and for each with its own result.
        self._probes_read[host] = probe = asyncio.ensure_future(self._read_probe(response, host))
        probe.add_done_callback(lambda _: self._probes_read.pop(host, None))
        parts = ((number, outcome.url, self._judge_after(probe, number, outcome)) for number, outcome in waiting)
        async for step in self._hand_on(*parts):
            yield step

    async def _read_probe(self, response: Response, host: str) -> None:
        capture = capture_of(response)
        extraction = await self._reader.extract(capture)
        reference = await reference_of(capture)
        assert self._recorder is not None
        self._recorder.probed(host, PageOutcome(capture.requested_url, extraction, reference))

    async def _judge_after(self, probe: asyncio.Future[None], number: int, outcome: PageOutcome) -> AsyncIterator[Step]:
        await probe
        async for step in self._resolve(number, outcome):
            yield step

    async def on_probe_failure(self, failure: Failure) -> AsyncIterator[Step]:
        """A probe without an answer settles nothing."""
        if isinstance(failure.value, RunEnded):
            return
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        waiting = self._awaiting_probe.pop(request.cb_kwargs["host"])
        parts = ((number, outcome.url, self._finalize(number, outcome)) for number, outcome in waiting)
        async for step in self._hand_on(*parts):
            yield step

    async def _resolve(self, number: int, outcome: PageOutcome) -> AsyncIterator[Step]:
        """Settle an outcome in the light of what its host answers elsewhere, which may have to be asked first."""
        outcome, probe = await self._apply_host_facts(outcome)
        if probe is None:
            if needs_probe(outcome.url, visit_record(outcome)) and await asyncio.to_thread(
                is_other_article, outcome.extraction.article, self._waiting.bodies(number)
            ):
                outcome = not_there(outcome, ANOTHER_PAGE)
            async for step in self._finalize(number, outcome):
                yield step
            return
        host = host_of(outcome.url)
        self._awaiting_probe[host].append((number, outcome))
        if len(self._awaiting_probe[host]) == 1:
            yield Request(
                probe, callback=self.on_probe_response, errback=self.on_probe_failure, cb_kwargs={"host": host},
                meta={"requested_url": probe}, dont_filter=True,
            )  # fmt: skip

    async def _apply_host_facts(self, outcome: PageOutcome) -> tuple[PageOutcome, str | None]:
        """The outcome in the light of what is known of its host, and the address of a probe that is to be asked."""
        if self._recorder is None:
            return outcome, None
        outcome, probe = self._recorder.apply_host_facts(outcome)
        reading = self._probes_read.get(host_of(outcome.url))
        if probe is None or reading is None:
            return outcome, probe
        await asyncio.wait([reading])
        return self._recorder.apply_host_facts(outcome)

    async def _finalize(self, number: int, outcome: PageOutcome, cut: PageOutcome | None = None) -> AsyncIterator[Step]:
        outcome, cut = apart(outcome, cut)
        if not self._fallback.is_lost(outcome):
            async for item in self._emit(number, outcome):
                yield item
            for request in self.submissions.requests(outcome):
                yield request
            return
        wanted = await self._waiting.published_at(number, self._options.keys[Field.DATE], outcome.url)
        closed = self._recorder.refusing_archives(outcome.url) if self._recorder is not None else frozenset()
        after = await self._fallback.start(number, outcome, wanted, cut, closed)
        if after is not None:
            async for step in self._searches.steps(number, after):
                yield step

    async def _emit(self, number: int, outcome: PageOutcome) -> AsyncIterator[SeedItem]:
        paths = self._frontier.seed_paths(number)
        if self._recorder is not None:
            await self._recorder.record_outcome(outcome, len(paths))
        for path in paths:
            yield SeedItem(path, self._store.display_path(path), outcome)

    async def _emit_unchanged(
        self, number: int, url: str, known: Validators, answer: CaptureReference
    ) -> AsyncIterator[Result]:
        """Results of an address whose page is what it was: nothing is extracted, nothing is written."""
        assert self._recorder is not None
        await self._recorder.record_unchanged(url, known, answer)
        said = f"The page is as it was on {known.visit.at:%Y-%m-%d}."
        capture = replace(answer, sha256=known.payload or answer.sha256)
        for path in self._frontier.seed_paths(number):
            yield Result(
                self._store.display_path(path), url, Outcome.UNCHANGED, known.visit.verdict, said,
                drift=known.visit.drift, capture=capture,
            )  # fmt: skip
