"""Why there was no answer, said to a person."""

from __future__ import annotations

import pytest
from scrapy.exceptions import DownloadFailedError
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseFailed

from archiver.downloader.failures import explain

URL = "https://a.example/1"
UNREAD = ("non-integer status code", b"HTTP/1.1 \x1b[2J")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (ParseError(*UNREAD), UNREAD[0]),  # type: ignore[no-untyped-call]  # Twisted leaves them unannotated
        (ConnectionLost(), "Connection to the other side was lost in a non-clean fashion"),
    ],
)
def test_an_answer_that_cannot_be_read_is_told_of_in_words(reason: Exception, said: str) -> None:
    failed = ResponseFailed([Failure(reason)])  # type: ignore[no-untyped-call]
    error = DownloadFailedError(str(failed))
    error.__cause__ = failed
    assert explain(error, URL).detail == f"{URL} cannot be reached ({said}); run again later."
