"""Which pages a browser is asked to render, and what counts of the two."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from scrapy.http import Response
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.crawl.extraction.reader import PageReader
from archiver.errors import NotRendered
from archiver.extract.article import extract
from archiver.models import Capture, Extraction, Verdict
from archiver.rules import BrowserUse, SiteRules
from tests.support.servers import html

URL = "https://www.paper.example/2024/05/harbour-opens-again"
TEXT = "The harbour was opened again on Sunday after two years of works, and hundreds came to see the first boats."
ARTICLE = html("Harbour opens again", TEXT, TEXT.upper())
SHELL = b'<html><head><title>Paper</title></head><body><div id="root"></div><script src="/a.js"></script></body></html>'
ROBOTS = (
    b"<html><body><h1>Just a moment</h1><p>Enable JavaScript and cookies to continue</p><script></script></body></html>"
)
PAPER = ("paper.example",)


def capture(body: bytes, status: int = 200) -> Capture:
    kind = (("Content-Type", "text/html; charset=utf-8"),)
    return Capture(URL, URL, status, kind, body, datetime(2025, 3, 1, tzinfo=UTC), "live")


class Browser:
    """Makes one document of every page."""

    def __init__(self, document: bytes | None) -> None:
        self.document = document
        self.zones: list[str] = []

    async def render(self, page: Capture, answer: Response, timezone: str) -> Capture:
        self.zones.append(timezone)
        if self.document is None:
            raise NotRendered(f"{page.url} took too long")
        return replace(page, body=self.document)


class Here:
    """Extracts in this process."""

    async def extract(self, capture: Capture) -> Extraction:
        return extract(capture)


def read(
    page: Capture, browser: Browser, use: str = "auto", rules: tuple[SiteRules, ...] = ()
) -> tuple[bytes, Extraction]:
    """What counts of a page, and what it says."""
    settings = Settings({**{name: value for name, value in vars(ours).items() if name.isupper()}, "BROWSER": use})
    addon = SimpleNamespace(browser=browser)
    crawler = cast("Any", SimpleNamespace(settings=settings, get_addon=lambda _: addon))
    answer = cast("Any", SimpleNamespace(meta={}))
    counted, extraction = asyncio.run(PageReader(crawler, rules, Here()).read(answer, page))
    return counted.body, extraction


@pytest.mark.parametrize(
    ("body", "status", "use", "rule", "is_rendered"),
    [
        (SHELL, 200, "auto", None, True),
        (ARTICLE, 200, "auto", None, False),
        (ARTICLE, 200, "always", None, True),
        (ARTICLE, 200, "auto", BrowserUse.ALWAYS, True),
        (SHELL, 200, "auto", BrowserUse.NEVER, False),
        (ARTICLE, 200, "always", BrowserUse.AUTO, False),
        (SHELL, 404, "always", None, False),
        (ROBOTS, 200, "always", None, False),
        (b"%PDF-1.7", 200, "always", None, False),
    ],
)
def test_setting_and_rule_say_which_pages_are_rendered(
    body: bytes, status: int, use: str, rule: BrowserUse | None, is_rendered: bool
) -> None:
    browser = Browser(ARTICLE)
    read(capture(body, status), browser, use, (SiteRules(PAPER, browser=rule),))
    assert bool(browser.zones) == is_rendered


def test_scripts_write_dates_in_the_publishers_zone() -> None:
    browser = Browser(ARTICLE)
    read(capture(SHELL), browser, rules=(SiteRules(PAPER, timezone="Asia/Bangkok"),))
    read(capture(SHELL), browser)
    assert browser.zones == ["Asia/Bangkok", "UTC"]


def test_the_document_counts_unless_only_the_answer_is_an_article() -> None:
    drawn, extraction = read(capture(SHELL), Browser(ARTICLE))
    assert (drawn, extraction.verdict) == (ARTICLE, Verdict.ARTICLE)
    drawn, extraction = read(capture(ARTICLE), Browser(SHELL), "always")
    assert (drawn, extraction.verdict) == (ARTICLE, Verdict.ARTICLE)
    missing = html("Page not found", "This page does not exist any more.")
    drawn, extraction = read(capture(SHELL), Browser(missing))
    assert (drawn, extraction.verdict) == (missing, Verdict.SOFT_404)


def test_what_no_browser_could_render_is_judged_as_it_came_and_says_why() -> None:
    drawn, extraction = read(capture(SHELL), Browser(None))
    assert (drawn, extraction.verdict) == (SHELL, Verdict.EMPTY)
    assert extraction.detail.endswith(f" {URL} took too long.")
