"""Hosts that are given a pause, or left alone, while others go on; over real sockets."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.settings import Settings
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from archiver import settings as ours
from archiver.downloader import pauses as module
from archiver.downloader.pauses import HostPauses
from archiver.downloader.waits import HostFailure, host_failure, retry_policy
from archiver.errors import HostDown, HostPaused, SettingsError
from archiver.spiders.seeds import AllSeedsSpider
from archiver.urls import host_of
from tests.conftest import Crawl, Run
from tests.support.pausing import NOTING, noted
from tests.support.servers import Answer, Site, html

PAGE = Answer(html("Ferry pilots ask for a second lighthouse", "Four boats touched the sandbank in one month. " * 8))
QUICK = {"DOWNLOAD_DELAY": 0.01, "AUTOTHROTTLE_ENABLED": 0, "RETRY_BACKOFF_BASE": 0.05, "WAYBACK": 0, "ARCHIVE": 0}
OTHER = "127.0.0.2"
MANY = 24
"""More than Scrapy has under way at once: those that wait for one host must not keep others from their turn."""


def pages(count: int) -> dict[str, Answer]:
    return {f"/news/{n:02}": PAGE for n in range(count)}


def plant(folder: Path, name: str, root: str, count: int) -> None:
    for n in range(count):
        (folder / f"{name}{n:02}.md").write_text(
            f'---\norigin_url: "{root}/news/{n:02}"\ntitle: ""\n---\n\nText.\n', encoding="utf-8"
        )


def told(run: Run, name: str) -> list[tuple[str, str]]:
    """(verdict, detail) of the seeds of one host, in their order."""
    of_host = [result for result in run.results if Path(result["path"]).name.startswith(name)]
    return [(result["verdict"], result["detail"]) for result in sorted(of_host, key=lambda result: result["path"])]


def test_a_pause_is_the_hosts_and_others_go_on(crawl: Crawl, seeds: Path) -> None:
    refused = Answer(b"slow down", 429, {"Retry-After": "3"})
    with Site({**pages(MANY), "/news/00": refused}) as paused, Site(pages(MANY), OTHER) as other:
        plant(seeds, "a", paused.url(""), MANY)
        plant(seeds, "b", other.url(""), MANY)
        notes = {"EXTENSIONS": NOTING, "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_", "PAUSE_NOTES": seeds.parent / "notes"}
        run = crawl(seeds, replay=None, settings={**QUICK, "RETRY_TIMES": 1, **notes})
    assert [verdict for verdict, _ in told(run, "a")] == ["blocked", *["article"] * (MANY - 1)]
    assert [verdict for verdict, _ in told(run, "b")] == ["article"] * MANY
    first = next(asked.at for asked in paused.asked if asked.path == "/news/00")
    resumed = min(asked.at for asked in paused.asked if asked.at > first)
    # The site notes when it reads a request, which may be late on a busy machine.
    assert resumed - first >= 2.5
    assert max(asked.at for asked in other.asked) < resumed
    assert noted(seeds.parent / "notes") == []


@pytest.mark.parametrize(("status", "verdict"), [(429, "blocked"), (503, "unreachable")])
def test_a_host_that_wants_a_long_pause_is_left_alone(crawl: Crawl, seeds: Path, status: int, verdict: str) -> None:
    refused = Answer(b"", status, {"Retry-After": "7200"})
    before = datetime.now(UTC)
    with Site({**pages(MANY), "/news/00": refused}) as paused, Site(pages(3)) as other:
        plant(seeds, "a", paused.url(""), MANY)
        plant(seeds, "b", other.url(""), 3)
        notes = {"EXTENSIONS": NOTING, "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_", "PAUSE_NOTES": seeds.parent / "notes"}
        run = crawl(seeds, replay=None, settings={**QUICK, **notes})
    assert paused.paths() == ["/robots.txt", "/news/00"]
    ((host, until),) = noted(seeds.parent / "notes")
    assert host == host_of(paused.url("/"))
    assert timedelta(hours=2) <= until - before < timedelta(hours=2, minutes=2)
    assert {told for told, _ in told(run, "a")} == {verdict}
    assert told(run, "a")[1][1] == (
        f"{paused.url('/news/01')} is not asked: {host} asked for a longer wait than RETRY_BACKOFF_MAX; "
        f"the host is left alone until {until:%Y-%m-%d %H:%M} UTC, run again then."
    )
    assert [verdict for verdict, _ in told(run, "b")] == ["article"] * 3


def test_a_pause_of_an_earlier_run_is_kept(crawl: Crawl, seeds: Path) -> None:
    until = datetime.now(UTC) + timedelta(hours=1)
    with Site(pages(2)) as paused, Site(pages(2)) as over:
        plant(seeds, "a", paused.url(""), 2)
        plant(seeds, "b", over.url(""), 2)
        known = {host_of(paused.url("/")): until.isoformat(), host_of(over.url("/")): "2026-01-01T00:00:00+00:00"}
        notes = {
            "EXTENSIONS": NOTING,
            "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_",
            "PAUSE_NOTES": seeds.parent / "notes",
            "KNOWN_PAUSES": json.dumps(known),
        }
        run = crawl(seeds, replay=None, settings={**QUICK, **notes})
    assert paused.asked == []
    (first, sentence), _ = told(run, "a")
    assert first == "blocked"
    assert f"{host_of(paused.url('/'))} was to be left alone until {until:%Y-%m-%d %H:%M} UTC" in sentence
    assert [verdict for verdict, _ in told(run, "b")] == ["article"] * 2
    assert noted(seeds.parent / "notes") == []


@pytest.mark.parametrize(
    ("failure", "at_most", "why"),
    [
        (Answer(b"", 500), 5, "answers with server errors"),
        # A lost connection is known only when the next request has left.
        (Answer(b"", 200, length=50), 6, "breaks connections off"),
        (Answer(b"", delay=2), 6, "does not answer in time"),
    ],
    ids=["500", "cut", "slow"],
)
def test_a_host_that_fails_again_and_again_is_left_alone(
    crawl: Crawl, seeds: Path, failure: Answer, at_most: int, why: str
) -> None:
    with Site(dict.fromkeys(pages(MANY), failure)) as broken, Site(pages(MANY)) as other:
        plant(seeds, "a", broken.url(""), MANY)
        plant(seeds, "b", other.url(""), MANY)
        notes = {
            "EXTENSIONS": NOTING,
            "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_",
            "PAUSE_NOTES": seeds.parent / "notes",
            "DOWNLOAD_TIMEOUT": 0.5,
        }
        run = crawl(seeds, replay=None, settings={**QUICK, **notes})
    assert 5 <= len([path for path in broken.paths() if path != "/robots.txt"]) <= at_most
    ((host, _),) = noted(seeds.parent / "notes")
    verdict, sentence = told(run, "a")[-1]
    assert verdict == "unreachable"
    assert f"{host} failed 5 times in a row, at last because it {why}; the host is left alone until" in sentence
    assert [verdict for verdict, _ in told(run, "b")] == ["article"] * MANY


def test_single_failures_do_not_stop_a_host(crawl: Crawl, seeds: Path) -> None:
    odd = {path: PAGE if n % 3 else Answer(b"", 500) for n, path in enumerate(pages(MANY))}
    with Site(odd) as site:
        plant(seeds, "a", site.url(""), MANY)
        run = crawl(seeds, replay=None, settings={**QUICK, "RETRY_ENABLED": 0})
    assert len(site.asked) == MANY + 1
    assert [verdict for verdict, _ in told(run, "a")] == ["unreachable", "article", "article"] * (MANY // 3)


def test_a_host_without_a_name_is_its_own_trouble_only(crawl: Crawl, seeds: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = f"http://127.0.0.1:{closed.getsockname()[1]}"
    with Site(pages(3)) as site:
        plant(seeds, "a", "http://archiver.invalid", MANY)
        plant(seeds, "b", refusing, MANY)
        plant(seeds, "c", site.url(""), 3)
        run = crawl(seeds, replay=None, settings=QUICK)
    assert {verdict for verdict, _ in told(run, "a") + told(run, "b")} == {"unreachable"}
    assert "its host's name is not known; the host is left alone until" in told(run, "a")[-1][1]
    assert "the host refuses connections; the host is left alone until" in told(run, "b")[-1][1]
    assert [verdict for verdict, _ in told(run, "c")] == ["article"] * 3


def test_a_redirect_is_answered_for_by_the_host_that_it_leads_to(crawl: Crawl, seeds: Path) -> None:
    with Site({**pages(3), "/news/00": Answer(b"", 429, {"Retry-After": "7200"})}) as crowded:
        moved = Answer(b"", 302, {"Location": crowded.url("/news/00")})
        with Site({**pages(3), "/news/00": moved}) as site:
            plant(seeds, "a", site.url(""), 3)
            plant(seeds, "b", crowded.url(""), 3)
            run = crawl(seeds, replay=None, settings={**QUICK, "CONCURRENT_REQUESTS": 1})
    assert [verdict for verdict, _ in told(run, "a")] == ["blocked", "article", "article"]
    assert host_of(crowded.url("/")) in told(run, "b")[2][1]


class Clock:
    """`time.monotonic()` by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def hosts(
    monkeypatch: pytest.MonkeyPatch, slots: dict[str, Slot] | None = None, **given: Any
) -> tuple[HostPauses, Clock]:
    clock = Clock()
    monkeypatch.setattr(module, "time", clock)
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    crawler: Any = Crawler(AllSeedsSpider, settings)
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.engine = SimpleNamespace(downloader=SimpleNamespace(slots=slots or {}))
    return HostPauses(crawler), clock


URL = "https://a.example/news"
FAILED = Response(URL, status=502)


def test_after_the_pause_one_request_tells_whether_a_host_works_again(monkeypatch: pytest.MonkeyPatch) -> None:
    paused, clock = hosts(monkeypatch, HOST_BREAKER_FAILURES=3, HOST_BREAKER_PAUSE=600)
    paused.on_failure("a.example", URL, HostFailure.SILENT)
    paused.on_response("a.example", URL, FAILED)
    assert paused.blocked_reason("a.example") is None
    paused.on_response("a.example", URL, FAILED)
    assert type(paused.blocked_reason("a.example")) is HostDown
    assert paused.blocked_reason("b.example") is None
    clock.now += 599
    assert paused.blocked_reason("a.example") is not None
    clock.now += 2
    assert paused.blocked_reason("a.example") is None
    paused.on_failure("a.example", URL, HostFailure.REFUSING)
    assert "4 times in a row, at last because it refuses connections" in str(paused.blocked_reason("a.example"))
    clock.now += 601
    paused.on_response("a.example", URL, Response(URL, status=404))
    paused.on_response("a.example", URL, FAILED)
    paused.on_response("a.example", URL, FAILED)
    assert paused.blocked_reason("a.example") is None


def test_a_breaker_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    paused, _ = hosts(monkeypatch, HOST_BREAKER_FAILURES=0)
    for _ in range(50):
        paused.on_failure("a.example", URL, HostFailure.SILENT)
    assert paused.blocked_reason("a.example") is None


def test_who_refuses_again_and_again_blocks_us(monkeypatch: pytest.MonkeyPatch) -> None:
    paused, _ = hosts(monkeypatch)
    for _ in range(5):
        paused.on_response("a.example", URL, Response(URL, status=429))
    assert type(paused.blocked_reason("a.example")) is HostPaused


@pytest.mark.parametrize("stated", ["9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT", "86401"])
def test_nobody_is_left_alone_for_more_than_a_day(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    paused, clock = hosts(monkeypatch)
    paused.on_response("a.example", URL, Response(URL, status=503, headers={"Retry-After": stated}))
    assert paused.blocked_reason("a.example") is not None
    clock.now += 86_401
    assert paused.blocked_reason("a.example") is None


def test_a_floor_under_the_delay_of_a_host(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = {"a.example": Slot(1, 0.5, 0.5), "b.example": Slot(1, 0.5, 0.5)}
    paused, _ = hosts(monkeypatch, slots)
    paused.slow_down("a.example", 2)
    paused.slow_down("a.example", 1)
    assert (slots["a.example"].delay, slots["a.example"].jitter) == (2, 0)
    slots["a.example"] = Slot(1, 9, 0.5)
    paused.keep_pace("a.example")
    assert (slots["a.example"].delay, slots["a.example"].jitter) == (9, 0)
    paused.keep_pace("b.example")
    assert (slots["b.example"].delay, slots["b.example"].jitter) == (0.5, 0.5)


def test_a_pause_lasts_whatever_the_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    slot = Slot(1, 4, 0.5)
    paused, clock = hosts(monkeypatch, {"a.example": slot})
    paused.on_response("a.example", URL, Response(URL, status=429, headers={"Retry-After": "30"}))
    assert min(slot.lastseen + slot.download_delay() for _ in range(100)) >= clock.now + 30
    assert slot.lastseen <= clock.now + 30
    paused.on_response("a.example", URL, Response(URL, status=429, headers={"Retry-After": "1"}))
    assert slot.lastseen >= clock.now + 28


def test_every_part_of_a_run_shares_its_pauses_and_no_other_run_does() -> None:
    crawlers = [get_crawler(settings_dict={"ADDONS": ours.ADDONS}) for _ in range(2)]
    first, again, other = (HostPauses.of(crawler) for crawler in (crawlers[0], crawlers[0], crawlers[1]))
    assert first is again
    assert first is not other


def test_the_add_on_that_holds_the_pauses_cannot_be_turned_off() -> None:
    with pytest.raises(SettingsError, match=r"ADDONS turns archiver\.downloader\.pauses\.HostPausesAddon off"):
        HostPauses.of(get_crawler())


def test_a_replay_leaves_nobody_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    paused, _ = hosts(monkeypatch, REPLAY="saved")
    paused.block("a.example", 600, "It is broken", HostDown)
    assert paused.blocked_reason("a.example") is None


@pytest.mark.parametrize(
    ("outcome", "trouble", "tries"),
    [
        (CannotResolveHostError(), HostFailure.NAMELESS, 2),
        (DownloadConnectionRefusedError(), HostFailure.REFUSING, 2),
        (DownloadTimeoutError(), HostFailure.SILENT, 4),
        (ResponseDataLossError(), HostFailure.BROKEN, 4),
        (DownloadFailedError(), HostFailure.BROKEN, 4),
        (FAILED, HostFailure.FAILING, 4),
        (Response(URL, status=429), HostFailure.CROWDED, 4),
        (Response(URL, status=408), None, 4),
        (Response(URL, status=404), None, 4),
        (Response(URL, status=503, headers={"Memento-Datetime": "Tue, 12 Nov 2024 04:10:56 GMT"}), None, 4),
        (DownloadCancelledError(), None, 4),
    ],
)
def test_how_often_is_asked_and_after_which_wait(
    outcome: Response | Exception, trouble: HostFailure | None, tries: int
) -> None:
    assert host_failure(outcome) is trouble
    given = retry_policy(Settings({"RETRY_TIMES": 3, "RETRY_BACKOFF_BASE": 2.0, "RETRY_BACKOFF_MAX": 10.0}))[trouble]
    assert [given.is_over(count) for count in range(1, 6)] == [count >= tries for count in range(1, 6)]
    for count, least in ((1, 2), (2, 4), (3, 8), (9, 8)):
        assert least <= given.seconds(count) <= least + 2
    assert retry_policy(Settings({"RETRY_TIMES": 0, "RETRY_BACKOFF_BASE": 2.0, "RETRY_BACKOFF_MAX": 10.0}))[
        trouble
    ].is_over(1)


def test_an_address_that_is_none_is_nobodys_fault(crawl: Crawl, seeds: Path, tmp_path: Path) -> None:
    moved = Answer(b"", 302, {"Location": "http://127.0.0.1:99999/news"})
    with Site({**pages(3), "/news/00": moved}) as site:
        plant(seeds, "a", site.url(""), 3)
        notes = {"EXTENSIONS": NOTING, "KNOWN_SETTING_PREFIXES": "PAUSE_,KNOWN_", "PAUSE_NOTES": tmp_path / "notes"}
        run = crawl(seeds, replay=None, settings={**QUICK, **notes})
    assert [verdict for verdict, _ in told(run, "a")] == ["error", "article", "article"]
    assert run.stderr == ""
    assert noted(tmp_path / "notes") == []
