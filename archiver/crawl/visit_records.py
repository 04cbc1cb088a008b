"""Outcomes as visits of the ledger, and what the ledger knows of a host that changes an outcome."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archiver.ledger import LedgerReader
from archiver.ledger.soft404 import Probe, apply_probe, is_probe_due, needs_probe, probe_address
from archiver.ledger.state import VisitRecord, verdict_of
from archiver.ledger.yields.readings import PageReading, reading_of
from archiver.models import Extraction, PageOutcome, Verdict
from archiver.urls import host_of

ANOTHER_PAGE = "it leads to a page with another address and another text."
"""Why a doubtful page that no seed has the text of is not the article."""


def apply_host_facts(ledger: LedgerReader, outcome: PageOutcome, now: datetime) -> tuple[PageOutcome, str | None]:
    """The outcome in the light of the host's other answers, and the address to probe where only that helps."""
    visit, host = visit_record(outcome), host_of(outcome.url)
    if verdict_of(visit, ledger.facts(outcome.url, host)) is not visit.verdict:
        return not_there(outcome, "other articles of the host lead to the same page."), None
    if not needs_probe(outcome.url, visit):
        return outcome, None
    probe = ledger.probe(host)
    if is_probe_due(probe, now):
        return outcome, probe_address(outcome.url, now)
    if apply_probe(visit, probe) is not visit:
        return not_there(outcome, "the host answers the same for an address that cannot exist."), None
    return outcome, None


def probe_of(answer: PageOutcome) -> Probe:
    """What a host answered for an address that cannot exist, as the ledger keeps it."""
    visit = visit_record(answer)
    return Probe(visit.at, visit.verdict, visit.target, visit.payload, visit.text)


def visit_record(outcome: PageOutcome) -> VisitRecord:
    """A outcome as the ledger keeps it."""
    capture, extraction = outcome.capture, outcome.extraction
    if capture is None:
        return VisitRecord(datetime.now(UTC), extraction.verdict, detail=extraction.detail)
    live = capture.origin == "live"
    return VisitRecord(
        at=datetime.fromisoformat(capture.captured_at),
        verdict=extraction.verdict,
        status=capture.status,
        origin=capture.origin,
        payload=capture.sha256,
        text=extraction.article.digest() if extraction.article else None,
        etag=outcome.etag,
        last_modified=outcome.last_modified,
        target=capture.url if live and capture.url != outcome.url else None,
        detail=extraction.detail,
    )


def page_reading(outcome: PageOutcome) -> PageReading | None:
    """What the site's own page yielded; None where that says nothing."""
    capture, extraction = outcome.capture, outcome.extraction
    if capture is None or capture.origin != "live":
        return None
    # Where a redirect led to no article, the page that was asked for has not changed: it is gone.
    if extraction.article is None and capture.url != outcome.url:
        return None
    return reading_of(extraction)


def not_there(outcome: PageOutcome, why: str) -> PageOutcome:
    """The outcome when its page turns out to be that of something else."""
    return replace(outcome, extraction=Extraction(Verdict.SOFT_404, f"{outcome.url} is not there any more: {why}"))
