"""Submitting live pages to Save Page Now, until the service has had enough."""

from __future__ import annotations

import logging

from archiver.models import PageOutcome, Verdict
from archiver.wayback.endpoints import Answer
from archiver.wayback.savepagenow import SavePageNow, Submission, SubmissionReceipt, SubmissionStatus, parse_receipt

logger = logging.getLogger(__name__)

_LAST = frozenset({SubmissionStatus.LIMITED, SubmissionStatus.BARRED})
"""After these the service takes nothing more in this run."""
_QUIET = frozenset({SubmissionStatus.ACCEPTED, SubmissionStatus.RECENT})


class Submissions:
    """What one run submits. A page that cannot be submitted is logged; its seed is repaired all the same."""

    def __init__(self, service: SavePageNow | None) -> None:
        """`service` is None where nothing is to be submitted."""
        self._service = service

    def of(self, outcome: PageOutcome) -> Submission | None:
        """The request to take a copy of an article that its own site has just served; None for anything else."""
        if self._service is None or outcome.capture is None or outcome.capture.origin != "live":
            return None
        if outcome.extraction.verdict is not Verdict.ARTICLE:
            return None
        return self._service.submission(outcome.url)

    def after_response(self, url: str, answer: Answer) -> None:
        """Note what the service said to a submission."""
        self._note(parse_receipt(url, answer))

    def after_failure(self, url: str, reason: str) -> None:
        """Note why a submission got no answer."""
        self._note(SubmissionReceipt(SubmissionStatus.UNCLEAR, f"{url} may not have been submitted: {reason}"))

    def _note(self, said: SubmissionReceipt) -> None:
        logger.log(logging.INFO if said.status in _QUIET else logging.WARNING, "%s", said.detail)
        if said.status in _LAST and self._service is not None:
            logger.warning("No more pages are submitted in this run.")
            self._service = None
