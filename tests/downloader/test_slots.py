"""The pace at which a web archive's services are asked, over real sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.downloader.services import OF_SERVICE, answer_of, archive_request, failure_of, submission_request
from archiver.downloader.slots import SUBMISSION_STATUS, SUBMISSIONS, ServiceSlotsAddon
from archiver.errors import CdxError, HostPaused, MementoError, NotSaved, SettingsError
from archiver.urls import host_of
from archiver.wayback.savepagenow import SavePageNow
from archiver.wayback.web_archive import ArchiveRequest
from tests.conftest import scrapy
from tests.support.servers import Answer, Asked, Site

LISTS, COPIES = "wayback-lists", "wayback-copies"
AT = "Tue, 12 Nov 2024 04:10:56 GMT"
_PROGRAM = """
import json, sys
from scrapy import Spider
from scrapy.crawler import CrawlerProcess
from scrapy.settings import Settings
from archiver import settings as ours
from archiver.wayback.web_archive import ArchiveRequest
from archiver.downloader.services import answer_of, archive_request

told = []


class Asking(Spider):
    name = "asking"

    async def start(self):
        for number, (kind, address) in enumerate(json.loads(sys.argv[2])):
            yield archive_request(ArchiveRequest(kind, address), callback=self.answered, errback=self.unanswered)

    def answered(self, response):
        told.append([response.url, answer_of(response).status])

    def unanswered(self, failure):
        told.append([failure.request.url, f"{type(failure.value).__name__}: {failure.value}"])


settings = Settings()
settings.setmodule(ours)
settings.set("PRIVATE_HOSTS", True, priority="cmdline")
settings.set("EXTENSIONS", {"archiver.extensions.report.RunReport": None}, priority="cmdline")
settings.set("ITEM_PIPELINES", {}, priority="cmdline")
settings.update(json.loads(sys.argv[1]), priority="cmdline")
process = CrawlerProcess(settings)
process.crawl(Asking)
process.start()
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Asking:
    """What became of some questions."""

    told: dict[str, Any]
    """Status or error by path."""
    stderr: str


def ask(site: Site, questions: list[tuple[str, str]], **settings: Any) -> Asking:
    asked = [(kind, site.url(path)) for kind, path in questions]
    done = scrapy("-c", _PROGRAM, json.dumps({"RETRY_BACKOFF_BASE": 0.01, **settings}), json.dumps(asked))
    assert done.code == 0, done.stderr
    return Asking({url.removeprefix(site.url("")): what for url, what in json.loads(done.stdout)}, done.stderr)


def gaps(asked: list[Asked]) -> list[float]:
    """Seconds between requests."""
    return [later.at - earlier.at for earlier, later in pairwise(sorted(asked, key=lambda one: one.at))]


def lists(count: int) -> list[tuple[str, str]]:
    return [("captures", f"/cdx/{number}") for number in range(count)]


def copies(count: int) -> list[tuple[str, str]]:
    return [("copy", f"/web/{number}") for number in range(count)]


def test_each_service_has_its_own_pace_whatever_autothrottle_thinks() -> None:
    pages = {path: Answer(b"[]", delay=0.05 if "cdx" in path else 0.3) for _, path in lists(5) + copies(8)}
    with Site(pages) as site:
        run = ask(
            site, lists(5) + copies(8), WAYBACK_CDX_PER_MINUTE=150, WAYBACK_COPIES_PER_SECOND=10, DOWNLOAD_DELAY=0.01
        )
    assert (set(run.told.values()), run.stderr) == ({200}, "")
    # Nothing else is asked for: no robots.txt either.
    assert len(site.asked) == 13
    of_lists = [asked for asked in site.asked if "/cdx" in asked.path]
    of_copies = [asked for asked in site.asked if "/web" in asked.path]
    # 0.4 and 0.1 seconds apart; a busy machine delays single requests, and the next then seems to come early.
    assert sum(gaps(of_lists)) >= 1.2, gaps(of_lists)
    assert sum(gaps(of_copies)) >= 0.5, gaps(of_copies)
    # Copies do not wait for each other's answers, nor for the lists.
    assert max(asked.at for asked in of_copies) < max(asked.at for asked in of_lists)
    assert max(asked.open for asked in of_copies) > 2


@pytest.mark.parametrize(
    ("refusal", "pause"),
    [
        (Answer(b"slow down", 429), 1.5),
        (Answer(b"slow down", 429, {"Retry-After": "2"}), 2),
        (Answer(b"busy", 503, {"Retry-After": "2"}), 2),
    ],
)
def test_a_refusal_pauses_the_whole_service_and_no_other(refusal: Answer, pause: float) -> None:
    pages = {path: Answer(b"[]") for _, path in lists(3) + copies(3)}
    with Site({**pages, "/cdx/0": refusal}) as site:
        run = ask(
            site, lists(3) + copies(3), WAYBACK_CDX_PER_MINUTE=600, WAYBACK_COPIES_PER_SECOND=20, WAYBACK_PAUSE=1.5,
            RETRY_TIMES=1,
        )  # fmt: skip
    assert run.told["/cdx/0"] == refusal.status
    assert {what for path, what in run.told.items() if path != "/cdx/0"} == {200}
    # The first of this service: which service is asked first is left to chance.
    first, *others = (asked for asked in site.asked if "/cdx" in asked.path)
    assert first.path == "/cdx/0"
    assert len(others) == 3
    assert min(asked.at for asked in others) - first.at >= pause - 0.05
    resumed = min(asked.at for asked in others)
    assert all(asked.at < resumed for asked in site.asked if "/web" in asked.path)


def test_a_busy_service_that_states_no_wait_is_not_paused() -> None:
    with Site({"/cdx/0": Answer(b"busy", 503), "/cdx/1": Answer(b"[]")}) as site:
        ask(site, lists(2), WAYBACK_CDX_PER_MINUTE=600, WAYBACK_PAUSE=30, RETRY_ENABLED=False)
    assert max(gaps(site.asked)) < 5


def test_a_service_that_wants_a_long_pause_is_left_alone() -> None:
    pages = {path: Answer(b"[]") for _, path in lists(6) + copies(2)}
    with Site({**pages, "/cdx/0": Answer(b"no", 429, {"Retry-After": "3600"})}) as site:
        run = ask(site, lists(6) + copies(2), WAYBACK_CDX_PER_MINUTE=600)
    assert [asked.path for asked in site.asked if "/cdx" in asked.path] == ["/cdx/0"]
    assert run.told["/cdx/0"] == 429
    assert (run.told["/web/0"], run.told["/web/1"]) == (200, 200)
    for number in range(1, 6):
        assert run.told[f"/cdx/{number}"].startswith(
            f"HostPaused: {host_of(site.url('/'))} asked for a longer wait than RETRY_BACKOFF_MAX; "
            "the host is left alone until 2"
        )


def test_an_archived_failure_is_neither_a_refusal_nor_asked_for_again() -> None:
    archived = Answer(b"gone", 429, {"Memento-Datetime": AT, "Retry-After": "9999"})
    with Site(
        {"/web/0": archived, "/web/1": Answer(b"", 503, {"Memento-Datetime": AT}), "/web/2": Answer(b"")}
    ) as site:
        run = ask(site, copies(3), WAYBACK_COPIES_PER_SECOND=20)
    assert run.told == {"/web/0": 429, "/web/1": 503, "/web/2": 200}
    assert len(site.asked) == 3


def test_an_endless_list_is_cut_off_and_a_redirect_is_handed_on() -> None:
    huge = Answer(b"x" * 5_000_000)
    with Site({"/cdx/0": huge, "/web/0": huge, "/web/1": Answer(b"", 302, {"Location": "/web/0"})}) as site:
        run = ask(site, [("captures", "/cdx/0"), ("copy", "/web/0"), ("copy", "/web/1")])
    assert run.told["/cdx/0"].startswith("DownloadCancelledError")
    assert (run.told["/web/0"], run.told["/web/1"]) == (200, 302)


@pytest.mark.parametrize(
    ("error", "kind", "becomes", "sentence"),
    [
        (HostPaused("Quiet."), "captures", HostPaused, "Quiet."),
        (NotSaved("Not saved."), "copy", NotSaved, "Not saved."),
        (DownloadCancelledError("big"), "captures", CdxError, "https://a.example/x is longer than 4194304 bytes"),
        (DownloadCancelledError("big"), "copy", MementoError, "https://a.example/x is larger than DOWNLOAD_MAXSIZE"),
        (DownloadTimeoutError("slow"), "captures", CdxError, "https://a.example/x did not answer in time"),
        (DownloadTimeoutError("slow"), "copy", MementoError, "https://a.example/x did not answer in time"),
    ],
)
def test_why_a_question_got_no_answer(
    error: Exception, kind: Literal["captures", "copy"], becomes: type[Exception], sentence: str
) -> None:
    found = failure_of(error, ArchiveRequest(kind, "https://a.example/x"))
    assert type(found) is becomes
    assert sentence in str(found)


def slots(**given: Any) -> dict[str, Any]:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    ServiceSlotsAddon().update_settings(settings)
    return settings.getdict("DOWNLOAD_SLOTS")


def test_the_paces_that_are_set_and_those_that_are_not() -> None:
    found = slots()
    assert {name: slot["delay"] for name, slot in found.items()} == {
        LISTS: 2.5, COPIES: 0.125, SUBMISSIONS: 10, SUBMISSION_STATUS: 2,
    }  # fmt: skip
    assert all(slot["jitter"] == 0 for slot in found.values())
    mine = {"a.example": {"delay": 9}, COPIES: {"delay": 1}}
    assert slots(DOWNLOAD_SLOTS=mine, WAYBACK_CDX_PER_MINUTE=6) == {**slots(WAYBACK_CDX_PER_MINUTE=6), **mine}
    assert {slot["delay"] for slot in slots(REPLAY="saved").values()} == {0.001}
    with pytest.raises(SettingsError, match="WAYBACK_CDX_PER_MINUTE=soon is not a number"):
        slots(WAYBACK_CDX_PER_MINUTE="soon")


def test_requests_to_services() -> None:
    listing = archive_request(ArchiveRequest("captures", "https://a.example/cdx"), cb_kwargs={"x": 1})
    assert (listing.meta["download_slot"], listing.cb_kwargs) == (LISTS, {"x": 1})
    assert archive_request(ArchiveRequest("copy", "https://a.example/web")).meta["download_slot"] == COPIES
    environment = {"SAVE_PAGE_NOW_ACCESS_KEY": "key", "SAVE_PAGE_NOW_SECRET_KEY": "secret"}
    given = SavePageNow.of(ours.SAVE_PAGE_NOW_URL, "30d", environment).submission("https://a.example/news")
    request: Request = submission_request(given)
    assert (request.method, request.url, request.meta[OF_SERVICE]) == ("POST", ours.SAVE_PAGE_NOW_URL, True)
    assert request.headers["Authorization"] == b"LOW key:secret"
    assert "secret" not in repr(request)


def test_an_answer_without_scrapy_around_it() -> None:
    headers = {"Link": ["<a>", "<b>"], "Content-Type": "text/html"}
    found = answer_of(Response("https://a.example/", status=302, headers=headers, body=b"x"))
    assert (found.status, found.body) == (302, b"x")
    assert [value for name, value in found.headers if name == "Link"] == ["<a>", "<b>"]
