"""Requests to the services of a web archive: each in its own download slot, none at AutoThrottle's pace.

The addresses come from the settings and are made for programs, so robots.txt, which speaks to crawlers that follow
links, is not asked for them.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError
from scrapy.http import Response

from archiver.downloader.failures import explain
from archiver.downloader.headers import headers_of
from archiver.downloader.slots import SUBMISSION_STATUS, SUBMISSIONS
from archiver.errors import CaptureError, CdxError, MementoError
from archiver.wayback.cdx import MAX_CDX_BYTES, too_long
from archiver.wayback.endpoints import Answer
from archiver.wayback.savepagenow import StatusQuestion, Submission
from archiver.wayback.web_archive import ArchiveRequest

NOT_ARCHIVED = "not_archived"
"""Key of `request.meta`: True for a request whose answer is kept nowhere as it is: a part of a file, a job's state."""

RESOURCE_TYPE_KEY = "resource_type"
"""Key of `request.meta`: as what a page in a browser asks for something, such as `script`; it is no page then."""

OF_SERVICE = "of_service"
"""Key of `request.meta`: True for a request to a service, whose answer is kept apart from pages."""


def archive_request(question: ArchiveRequest, **kwargs: Any) -> Request:
    """The request for a step of a search; `kwargs` go to `scrapy.Request`, all but meta."""
    own: dict[str, Any] = {}
    if question.max_bytes is not None or question.kind == "captures":
        own["download_maxsize"] = question.max_bytes or MAX_CDX_BYTES
    if any(name == "Range" for name, _ in question.headers):
        # A part of a file answers nobody again; the record in it is kept as it is.
        own[NOT_ARCHIVED] = True
    return _request(question.address, question.slot, own, headers=dict(question.headers), **kwargs)


def submission_request(submission: Submission, **kwargs: Any) -> Request:
    """The request that submits a page; `kwargs` go to `scrapy.Request`, all but meta."""
    return _request(
        submission.address,
        SUBMISSIONS,
        {},
        method="POST",
        headers=dict(submission.headers),
        body=submission.body,
        **kwargs,
    )


def status_request(question: StatusQuestion, **kwargs: Any) -> Request:
    """The request for what has become of a submission; `kwargs` go to `scrapy.Request`, all but meta."""
    own = {NOT_ARCHIVED: True}
    return _request(question.address, SUBMISSION_STATUS, own, headers=dict(question.headers), **kwargs)


def _request(address: str, slot: str, meta: dict[str, Any], **kwargs: Any) -> Request:
    service = {
        "download_slot": slot,
        OF_SERVICE: True,
        # AutoThrottle would raise or lower the delay by how long the answers take.
        "autothrottle_dont_adjust_delay": True,
        "dont_obey_robotstxt": True,
        # Where a redirect leads is the search's to judge; a submission's credentials go nowhere else.
        "dont_redirect": True,
    }
    return Request(address, meta={**meta, **service}, dont_filter=True, **kwargs)


def failure_of(error: BaseException, question: ArchiveRequest) -> CaptureError:
    """Why a question got no answer, as the search takes it, in one sentence that names the address."""
    if isinstance(error, CaptureError):
        return error
    if isinstance(error, DownloadCancelledError) and question.max_bytes is not None:
        kind = MementoError if question.kind == "copy" else CdxError
        return kind(f"{question.address} is longer than {question.max_bytes} bytes, and nothing of it was taken.")
    if question.kind == "copy":
        return MementoError(explain(error, question.address).detail)
    if isinstance(error, DownloadCancelledError):
        return too_long(question.address)
    return CdxError(explain(error, question.address).detail)


def answer_of(response: Response) -> Answer:
    """The answer without Scrapy around it."""
    return Answer(response.status, headers_of(response), response.body)
