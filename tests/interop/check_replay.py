"""Players show what was kept: pywb, and ReplayWeb.page in Chromium."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.interop.install import PLAYER
from tests.interop.sample import TITLES, Sample, make_sample, on_archive
from tests.interop.serving import FileServer
from tests.support.pywb import Pywb, asked

_MAX_MILLISECONDS = 60_000
"""Until a page is shown; the player first loads a megabyte of its own, and reads the index."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The archive of two runs."""
    return make_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


def test_pywb_replays_the_newest_capture_of_every_page_after_a_refresh(sample: Sample, tmp_path: Path) -> None:
    with Pywb(sample.warcs(), tmp_path) as archive:
        for path, title in TITLES.items():
            status, headers, body = asked(archive.raw.format(timestamp="20991231235959", url=sample.url(path)))
            assert status == 200, (path, status, headers)
            assert f"<h1>{title}</h1>".encode() in unpacked(headers, body), path


def unpacked(headers: dict[str, str], body: bytes) -> bytes:
    """A body without its Content-Encoding."""
    return gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body


def test_replayweb_page_opens_an_export_and_shows_the_newest_pages(
    sample: Sample, browser: Browser, tmp_path: Path
) -> None:
    exported = tmp_path / "sample.wacz"
    assert on_archive(sample.archive, "export", exported).code == 0
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with FileServer({"/": PLAYER, "/exports/": tmp_path}) as server:
        for path, title in TITLES.items():
            address = sample.url(path)
            page.goto("about:blank")
            page.goto(f"{server.root}/?source=/exports/{exported.name}#view=pages&url={address}")
            shown = page.frame_locator("iframe").locator("h1")
            expect(shown).to_have_text(title, timeout=_MAX_MILLISECONDS)
    context.close()
    assert complaints == []
