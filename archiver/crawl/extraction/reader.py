"""Pages whose scripts bring the article: the answer read as it came, then as a browser left it, where that is needed.

Capture ─extract─▶ Extraction ─render?─▶ Capture ─extract─▶ Extraction

A replay reads what a browser made of the page when it was live. When one is asked: docs/design.md D64.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from archiver.browser.browser import BrowserAddon
from archiver.config.run_settings import RunSettings
from archiver.downloader.recording.payload import cut_capture_of, reference_of, rendering_of
from archiver.downloader.recording.replay import RENDERED
from archiver.errors import NotArchived, NotRendered
from archiver.models import Capture, Extraction, PageOutcome, Verdict
from archiver.rules import BrowserUse, SiteRules, rules_for

_NOT_RENDERED = frozenset({Verdict.NOT_HTML, Verdict.BLOCKED})
"""Verdicts on pages that no browser is sent to: a test for robots is meant for what we are."""


class Extractor(Protocol):
    """What extracts a page, in this process or in others."""

    async def extract(self, capture: Capture) -> Extraction:
        """The extraction of one capture."""


class PageReader:
    """Extracts pages, rendered where they are to be."""

    def __init__(self, crawler: Crawler, rules: Sequence[SiteRules], extractor: Extractor) -> None:
        self._crawler = crawler
        self._use = RunSettings.of(crawler.settings).browser
        self.rules = rules
        self.extract = extractor.extract

    async def read(self, answer: Response, page: Capture) -> tuple[Capture, Extraction]:
        """The capture that says more about the article, the answer or what a browser made of it, and what it says.

        Raises RunEnded: then nothing is known of the page.
        """
        plain = await self.extract(page)
        try:
            rendered = await self._rendered(answer, page, plain)
        except NotRendered as error:
            return page, replace(plain, detail=f"{plain.detail} {error}.".lstrip())
        except NotArchived as error:
            return page, Extraction(Verdict.ERROR, f"{error}.")
        if rendered is None:
            return page, plain
        return better(page, plain, rendered, await self.extract(rendered))

    async def read_cut(self, request: Request, missed: PageOutcome) -> PageOutcome | None:
        """What the beginning of an answer says of its article, in the place of `missed`; None where it says nothing."""
        capture = cut_capture_of(request, self._crawler.settings)
        extraction = await self.extract(capture) if capture is not None else None
        if capture is None or extraction is None or extraction.article is None:
            return None
        return PageOutcome(missed.url, extraction, await reference_of(capture), instead_of=missed, is_cut=True)

    async def _rendered(self, answer: Response, page: Capture, plain: Extraction) -> Capture | None:
        """The document that scripts made of a page; None where no browser is asked, or was."""
        if (recorded := answer.meta.get(RENDERED)) is not None:
            return rendering_of(recorded, page)
        addon = self._crawler.get_addon(BrowserAddon)
        browser = addon.browser if addon is not None else None
        if browser is None or page.origin != "live" or page.status != 200 or plain.verdict in _NOT_RENDERED:
            return None
        if page.is_cut:
            return None  # its scripts would make a page of half a page
        rules = rules_for(self.rules, page.url, page.captured_at)
        use = BrowserUse(next(filter(None, (rule.browser for rule in rules)), self._use))
        if use is BrowserUse.NEVER or (use is BrowserUse.AUTO and not plain.needs_scripts):
            return None
        return await browser.render(page, answer, next(filter(None, (rule.timezone for rule in rules)), "UTC"))


def better(page: Capture, plain: Extraction, rendered: Capture, after: Extraction) -> tuple[Capture, Extraction]:
    """Choose between a page as it came and as a browser left it: the latter, unless only the former is an article."""
    if plain.article is not None and after.article is None:
        return page, plain
    return rendered, after
