"""Why there was no answer, as a verdict and a sentence for a person."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archiver.downloader.scrapy_internals import reason_of
from archiver.errors import (
    AddressRemoved,
    CrawlDelayTooLong,
    ForbiddenByRobots,
    HostDown,
    HostPaused,
    NotArchived,
    NotSaved,
)
from archiver.models import Extraction, Verdict


class PrivateHost(IgnoreRequest):
    """The host is not on the public internet, so it is not asked."""


_KINDS: tuple[tuple[type[BaseException], Verdict, str], ...] = (
    # Exception, verdict, sentence. The first that fits counts.
    (NotSaved, Verdict.NOT_SAVED, "{error}."),
    (NotArchived, Verdict.ERROR, "{error}."),
    (HostDown, Verdict.UNREACHABLE, "{url} is not asked: {error}."),
    (HostPaused, Verdict.BLOCKED, "{url} is not asked: {error}."),
    (AddressRemoved, Verdict.REMOVED, "{url} is not asked: {error}."),
    (CrawlDelayTooLong, Verdict.ROBOTS, "{url} is not asked: {error}."),
    (ForbiddenByRobots, Verdict.ROBOTS, "{url} may not be fetched, its robots.txt says; ask the site's owner."),
    (
        PrivateHost,
        Verdict.ERROR,
        "{url} is not asked: {error}, which is no public address; correct it, or set PRIVATE_HOSTS=1.",
    ),
    (DownloadTimeoutError, Verdict.TIMEOUT, "{url} did not answer in time; run again, or raise DOWNLOAD_TIMEOUT."),
    (
        DownloadCancelledError,
        Verdict.TOO_LARGE,
        "{url} is larger than DOWNLOAD_MAXSIZE; raise it, or leave it out.",
    ),
    (
        CannotResolveHostError,
        Verdict.UNREACHABLE,
        "{url}: its host's name is not known; check it, or run again later.",
    ),
    (DownloadConnectionRefusedError, Verdict.UNREACHABLE, "{url}: the host refuses connections; run again later."),
    (ResponseDataLossError, Verdict.UNREACHABLE, "{url}: the answer was cut off; run again."),
    (DownloadFailedError, Verdict.UNREACHABLE, "{url} cannot be reached ({error}); run again later."),
)
_IGNORED = {
    "redirects": (Verdict.MOVED, "{url} redirects without end; check the address."),
    "size": (Verdict.TOO_LARGE, "{url} unpacks to more than DOWNLOAD_MAXSIZE; leave it out."),
}
"""By what Scrapy's middlewares ignore a request for."""


def explain(error: BaseException, url: str) -> Extraction:
    """The verdict on an address that gave no answer, and a sentence that names it."""
    text = _words_of(error)
    for kind, verdict, sentence in _KINDS:
        if isinstance(error, kind):
            return Extraction(verdict, sentence.format(url=url, error=text))
    if isinstance(error, IgnoreRequest) and (reason := reason_of(error)) is not None:
        verdict, sentence = _IGNORED[reason]
        return Extraction(verdict, sentence.format(url=url))
    return Extraction(Verdict.ERROR, f"{url} could not be fetched ({type(error).__name__}: {text}).")


def _words_of(error: BaseException) -> str:
    """What an error says; of an answer that Twisted cannot read what the first of its reasons says."""
    text = str(error)
    if reasons := getattr(error.__cause__, "reasons", None):
        reason = reasons[0].value
        # A tuple of words has behind them the line of the answer, as it came.
        text = str(reason.args[0]) if len(reason.args) > 1 else str(reason)
    return text.strip().rstrip(".")
