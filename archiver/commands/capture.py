"""`scrapy capture`: a page, live or from the archive, as a fixture."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.http import Response
from twisted.python.failure import Failure

from archiver.archive.archive import Archive
from archiver.archive.base import header_bytes, parse_when
from archiver.archive.fixtures.skeleton import skeletons
from archiver.archive.fixtures.writer import fixture_folders, save_fixture
from archiver.archive.replay import check_replay
from archiver.commands.base.settings_check import SettingsCheck
from archiver.config.browser import parse_browser
from archiver.config.run_settings import RunSettings
from archiver.crawl.extraction.reader import PageReader
from archiver.crawl.publishers import all_rules
from archiver.downloader.failures import explain
from archiver.downloader.recording.payload import capture_of, decode_response, rendering_of
from archiver.errors import ArchiverError, CaptureError, NotSaved, SettingsError
from archiver.extract.article import extract
from archiver.models import Capture, Extraction
from archiver.program import program_name
from archiver.rules import SiteRules
from archiver.text.control_characters import escape_control
from archiver.urls import REDIRECTS, redirect_target

EXIT_DONE, EXIT_NOTHING_RAN, EXIT_NOT_FOUND = 0, 1, 2
_MAX_REDIRECTS = 10
"""Redirects that are followed, as many as of a crawl (REDIRECT_MAX_TIMES); with fewer a fixture lacks its page, without
a limit a circle would never end. No measurement is on record."""


class Command(SettingsCheck, ScrapyCommand):
    """Asks for one address, by the same downloader as the crawl."""

    requires_project = True
    writes_fixture = True

    def syntax(self) -> str:
        """Called by Scrapy."""
        return "[options] URL FOLDER"

    def short_desc(self) -> str:
        """Called by Scrapy."""
        return "Save a page, live or from the archive, as a fixture"

    def long_desc(self) -> str:
        """Called by Scrapy."""
        return (
            "Fetch URL as the crawl would and write FOLDER with response.html, capture.json, what a browser made of "
            "it (rendered.html) where BROWSER asks for one, and the beginnings of "
            "before.md and after.md; redirects go to FOLDER-redirect. -s REPLAY=PATH takes the page from saved pages "
            "instead, --at from the archive in ARCHIVE_DIR. --skeleton keeps its structure and invents its text. "
            "Exit code: 0 done, 2 no answer or no capture, 1 nothing could run."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Called by Scrapy."""
        super().add_options(parser)
        parser.add_argument("--at", metavar="WHEN", help="the capture in the archive that is nearest to this time")
        if self.writes_fixture:
            parser.add_argument("--skeleton", action="store_true", help="keep the structure and invent the text")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Called by Scrapy."""
        if len(args) != 2:
            raise UsageError("name an address and a folder that does not exist yet")
        url, folder = args[0], Path(args[1])
        try:
            if not url.lower().startswith(("http://", "https://")):
                raise SettingsError(f"{url} is no address; begin it with https:// or http://")
            fixture_folders(folder, 1)
            fetched = self._fetch(url, opts.at)
            whole = [*fetched.captures, *filter(None, [fetched.rendered])]
            whole = skeletons(whole) if opts.skeleton else whole
            answers = len(fetched.captures)
            for place in save_fixture(folder, whole[:answers], next(iter(whole[answers:]), None)):
                print(place)
        except CaptureError as error:
            self._fail(str(error), EXIT_NOT_FOUND)
        except ArchiverError as error:
            self._fail(str(error), EXIT_NOTHING_RAN)
        except OSError as error:
            self._fail(f"{error.filename}: {(error.strerror or '').lower()}; mend that and run again", EXIT_NOTHING_RAN)

    def _fail(self, sentence: str, code: int) -> None:
        print(f"{self.full_name}: {escape_control(sentence.rstrip('.'))}.", file=sys.stderr)
        self.exitcode = code

    def _fetch(self, url: str, at: str | None) -> Fetched:
        return self._fetch_archived(url, _moment(at)) if at else self._fetch_live(url)

    def _fetch_live(self, url: str) -> Fetched:
        assert self.settings is not None
        assert self.crawler_process is not None
        run = RunSettings.of(self.settings)
        parse_browser(self.settings, with_places=not run.replay)
        if run.replay:
            check_replay(run.replay, run.archive_dir)
        fetched = Fetched([])
        failures: list[str] = []
        self.crawler_process.crawl(
            _OnePage, url=url, fetched=fetched, failures=failures, rules=all_rules(self.settings)
        )
        self.crawler_process.start(install_signal_handlers=False)  # what stops the command it has already
        if failures or not fetched.captures:
            raise CaptureError(failures[0] if failures else f"{url} gave no answer")
        return fetched

    def _fetch_archived(self, url: str, at: datetime) -> Fetched:
        assert self.settings is not None
        archive = Archive(RunSettings.of(self.settings).archive_dir)
        if not archive.warcs.is_dir():
            raise SettingsError(f"ARCHIVE_DIR={archive.folder} holds no archive; name the folder of one")
        captures: list[Capture] = []
        rendered: Capture | None = None
        try:
            archive.refresh()
            following: str | None = url
            while following and len(captures) <= _MAX_REDIRECTS:
                answer = archive.find(following, at)
                if answer is None:
                    raise not_saved(following, archive.folder)
                captures.append(decode_response(answer, self.settings))
                following = _target(captures[-1])
                document = archive.find_rendering(answer.url, answer.captured_at)
                rendered = rendering_of(document, captures[-1]) if document is not None else None
        finally:
            archive.close()
        return Fetched(captures, rendered)


def not_saved(url: str, folder: Path) -> NotSaved:
    """Return the error for an address that the archive in a folder does not hold."""
    return NotSaved(f"{url} is not in {folder}; `{program_name()} archive list` shows what is")


@dataclass(slots=True)
class Fetched:
    """What came of one address."""

    captures: list[Capture]
    """Every answer, redirects first."""
    rendered: Capture | None = None
    """What a browser made of the last one, where that is what counts."""

    @property
    def page(self) -> Capture:
        """What an article is read from."""
        return self.rendered or self.captures[-1]


class _OnePage(Spider):
    """Asks for one address and keeps every answer on the way to its page."""

    name = "capture"
    custom_settings = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}  # noqa: RUF012  (Scrapy's own interface)

    def __init__(self, url: str, fetched: Fetched, failures: list[str], rules: tuple[SiteRules, ...]) -> None:
        super().__init__()
        self._url, self._fetched, self._failures, self._rules = url, fetched, failures, rules

    async def start(self) -> AsyncIterator[Any]:
        """Called by Scrapy."""
        yield self._request(self._url)

    def _request(self, url: str) -> Request:
        # Scrapy would follow redirects and show the last answer only.
        meta = {"requested_url": url, "dont_redirect": True}
        return Request(url, callback=self.keep, errback=self.miss, meta=meta, dont_filter=True)

    async def keep(self, response: Response) -> AsyncIterator[Request]:
        """An answer; a redirect is followed."""
        page = capture_of(response)
        captures = self._fetched.captures
        captures.append(page)
        following = _target(page)
        if following and len(captures) <= _MAX_REDIRECTS:
            yield self._request(following)
        elif not following:
            read, _ = await PageReader(self.crawler, self._rules, self).read(response, page)
            self._fetched.rendered = read if read is not page else None

    async def extract(self, capture: Capture) -> Extraction:
        """The extraction of a page, by which it is told whether it needs a browser."""
        return await asyncio.to_thread(extract, capture, self._rules)

    async def miss(self, failure: Failure) -> None:
        """No answer."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        if failure.value:
            self._failures.append(explain(failure.value, request.url).detail)


def _target(capture: Capture) -> str | None:
    """Where a redirect leads; None for any other answer, and for what is no address of the web."""
    location = capture.header("Location")
    if capture.status not in REDIRECTS or not location:
        return None
    return redirect_target(capture.url, header_bytes(location))


def _moment(text: str) -> datetime:
    try:
        return parse_when(text)
    except (ValueError, OverflowError):
        raise SettingsError(f"--at {text} is no time; write it like 2024-11-12 or 2024-11-12T04:10Z") from None
