"""Submitting live pages to Save Page Now, and following each submission to its end.

    PageOutcome ─requests─▶ submission ─▶ job ─▶ question for its status ─▶ … ─▶ saved, failed, or left to the next run

A job is asked about while the crawl goes on, and at its end for as long as SAVE_PAGE_NOW_WAIT says (docs/design.md
D94).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.config.run_settings import RunSettings
from archiver.crawl.searches.jobs import JOBS_FILE, Job, OpenJobs
from archiver.downloader.failures import explain
from archiver.downloader.services import answer_of, status_request, submission_request
from archiver.errors import CaptureError, RunEnded
from archiver.models import PageOutcome, Verdict
from archiver.wayback.savepagenow import (
    JobReport,
    JobState,
    SubmissionReceipt,
    SubmissionStatus,
    parse_job,
    parse_receipt,
)

logger = logging.getLogger(__name__)

_LAST = frozenset({SubmissionStatus.LIMITED, SubmissionStatus.BARRED})
"""After these the service takes nothing more in this run."""
_QUIET = frozenset({SubmissionStatus.ACCEPTED, SubmissionStatus.RECENT})

_MAX_ROUNDS = 4
"""Times that each job is asked about while the run waits at its end. With fewer a copy that takes a minute is left to
the next run, more ask the service for the same again. Chosen, not measured."""
_MAX_JOBS_NAMED = 5
"""Pages that are named at the end whose copies are not finished, of each of which the file has a line. With fewer the
sentence says less, more make it long. Chosen, not measured."""


class Submissions:
    """What one run submits. A page that cannot be submitted is logged; its seed is repaired all the same."""

    def __init__(self, options: RunSettings) -> None:
        service = None if options.replay else options.save_page_now
        self._service = service
        """None where nothing is to be submitted, or not any more."""
        self._asked = service
        """Who is asked what became of jobs; None where nobody is."""
        file = options.archive_dir / JOBS_FILE if service is not None and options.is_recording else None
        self._file = file
        self._jobs = OpenJobs(file)
        self._wait = options.save_page_now_wait
        self._per_minute = options.save_page_now_per_minute
        self._under_way: dict[str, float] = {}
        """By job, when it was asked about or submitted last, by `time.monotonic()`; infinite until an answer comes."""
        self._deadline: float | None = None
        """When the run waits no longer at its end; None before that."""
        self._next_round: asyncio.TimerHandle | None = None

    def connect(self, crawler: Crawler) -> None:
        """Wait at the end of a crawl for what is not finished."""
        self._crawler = crawler
        crawler.signals.connect(self._on_idle, signals.spider_idle)
        crawler.signals.connect(self._on_closed, signals.spider_closed)

    # ---- Pages ------------------------------------------------------------------------------------------------------

    def requests(self, outcome: PageOutcome) -> Iterator[Request]:
        """The request to take a copy of an article that its own site has just served; none for anything else."""
        if self._service is None or outcome.capture is None or outcome.capture.origin != "live":
            return
        if outcome.extraction.verdict is Verdict.ARTICLE:
            yield submission_request(
                self._service.submission(outcome.url),
                callback=self.on_response,
                errback=self.on_failure,
                cb_kwargs={"url": outcome.url},
            )

    def on_response(self, response: Response, url: str) -> Iterator[Request]:
        """What the service said to a page."""
        receipt = parse_receipt(url, answer_of(response))
        self._note(receipt)
        if receipt.status is SubmissionStatus.ACCEPTED and receipt.job is not None and self._asked is not None:
            self._jobs.add(receipt.job, url, self._asked.endpoint)
            self._under_way[receipt.job] = time.monotonic()
        yield from self._questions(every=self._wait / 2)

    def on_failure(self, failure: Failure) -> None:
        """A page that could not be submitted."""
        if isinstance(failure.value, RunEnded):
            return
        url = failure.request.cb_kwargs["url"]  # type: ignore[attr-defined]  # set by Scrapy
        reason = _explain(failure)
        self._note(SubmissionReceipt(SubmissionStatus.UNCLEAR, f"{url} may not have been submitted: {reason}"))

    def _note(self, said: SubmissionReceipt) -> None:
        logger.log(logging.INFO if said.status in _QUIET else logging.WARNING, "%s", said.detail)
        if said.status in _LAST and self._service is not None:
            logger.warning("No more pages are submitted in this run.")
            self._service = None
            if said.status is SubmissionStatus.BARRED:
                self._asked = None

    # ---- Jobs -------------------------------------------------------------------------------------------------------

    def _questions(self, every: float, at_most: int | None = None) -> Iterator[Request]:
        """The questions for the jobs that were not asked about for so many seconds."""
        now = time.monotonic()
        service = self._asked
        due = (job for job in self._jobs if self._under_way.get(job.name, float("-inf")) <= now - every)
        for job in islice(due, at_most):
            if job.is_forgotten:
                logger.warning("What became of the copy of %s, submitted at %s, is not known.", job.url, job.at)
                self._jobs.finish(job)
                continue
            if service is None or job.service != service.endpoint:
                continue
            self._under_way[job.name] = float("inf")
            self._jobs.postpone(job)
            yield status_request(
                service.status(job.name),
                callback=self.on_status,
                errback=self.on_status_failure,
                cb_kwargs={"job": job},
            )

    def on_status(self, response: Response, job: Job) -> None:
        """What the service said of a job."""
        self._under_way[job.name] = time.monotonic()
        if self._asked is not None:
            self._note_report(parse_job(self._asked, job.url, answer_of(response)), job)

    def on_status_failure(self, failure: Failure) -> None:
        """A question that got no answer; the job stays open."""
        job: Job = failure.request.cb_kwargs["job"]  # type: ignore[attr-defined]  # set by Scrapy
        self._under_way[job.name] = time.monotonic()
        logger.info("What became of %s is not known yet: %s", job.url, _explain(failure))

    def _note_report(self, report: JobReport, job: Job) -> None:
        is_trouble = report.state in {JobState.FAILED, JobState.BARRED}
        logger.log(logging.WARNING if is_trouble else logging.INFO, "%s", report.detail)
        if report.state is JobState.BARRED:
            self._asked = None
        elif report.state in {JobState.SAVED, JobState.FAILED}:
            self._jobs.finish(job)
            assert self._crawler.stats is not None
            self._crawler.stats.inc_value(f"archiver/copies_{report.state}")

    # ---- The end ----------------------------------------------------------------------------------------------------

    def _on_idle(self) -> None:
        """Keep a crawl open that has nothing else to do, until the jobs are finished or its patience ends."""
        now = time.monotonic()
        if not self._is_waiting():
            return
        if self._deadline is None:
            self._deadline = now + self._wait
            self._ask()
        elif now >= self._deadline:
            return
        elif self._next_round is None:
            delay = min(self._wait / _MAX_ROUNDS, self._deadline - now)
            self._next_round = asyncio.get_running_loop().call_later(delay, self._ask)
        raise DontCloseSpider

    def _is_waiting(self) -> bool:
        service = self._asked
        return service is not None and self._wait > 0 and any(job.service == service.endpoint for job in self._jobs)

    def _ask(self) -> None:
        self._next_round = None
        engine = self._crawler.engine
        if engine is None or engine.spider is None:
            return
        # No more than can be answered in the time that is left; the others come first the next time.
        room = max(1, int(self._wait * self._per_minute / 60))
        for question in self._questions(every=0, at_most=room):
            engine.crawl(question)

    def _on_closed(self) -> None:
        if self._next_round is not None:
            self._next_round.cancel()
        if len(self._jobs):
            named = ", ".join(job.url for job in islice(self._jobs, _MAX_JOBS_NAMED))
            more = ", …" if len(self._jobs) > _MAX_JOBS_NAMED else ""
            count = f"{len(self._jobs)} {'copy is' if len(self._jobs) == 1 else 'copies are'} not finished yet"
            if self._file is None:
                logger.warning("%s, and nobody will ask about them again: %s%s", count, named, more)
            else:
                logger.info("%s, the next run asks again: %s%s", count, named, more)
        self._jobs.close()


def _explain(failure: Failure) -> str:
    request: Any = failure.request  # type: ignore[attr-defined]  # set by Scrapy
    return explain(failure.value or CaptureError("it failed"), request.url).detail
