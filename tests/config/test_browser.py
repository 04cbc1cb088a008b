"""BROWSER, and what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.config import browser
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.rules import BrowserUse
from tests.conftest import FIXTURES, scrapy


def read(**given: Any) -> RunSettings:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    return RunSettings.read(settings)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is there; what is imported of it, only the browser's own tests do."""
    monkeypatch.setattr(browser, "PACKAGE", "scrapy")


def test_no_browser_runs_unless_it_is_asked_for() -> None:
    assert read().browser is BrowserUse.NEVER
    assert not read().uses_browser


@pytest.mark.usefixtures("installed")
def test_a_browser_that_is_there_is_used(tmp_path: Path) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    run = read(BROWSER="auto", BROWSER_EXECUTABLE=str(program))
    assert (run.browser, run.uses_browser, run.browser_executable) == (BrowserUse.AUTO, True, program)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("made", [False, True])
def test_without_chromium_its_package_and_the_setting_are_named(tmp_path: Path, made: bool) -> None:
    if made:
        (tmp_path / "chromium").write_text("no program")
    with pytest.raises(
        SettingsError, match=r"BROWSER_EXECUTABLE=\S+/chromium is no program; .*apt-get install chromium"
    ):
        read(BROWSER="always", BROWSER_EXECUTABLE=str(tmp_path / "chromium"))


def test_without_the_extra_a_run_says_what_to_install_and_asks_nobody(tmp_path: Path) -> None:
    run = scrapy("crawl", "seeds", "-s", "BROWSER=auto", "-s", f"ARCHIVE_DIR={tmp_path / 'archive'}")
    assert run.code == 1
    assert run.stderr.rstrip() == (
        "scrapy crawl: BROWSER=auto needs scrapy-playwright, which is not installed; install it with "
        "`pip install 'seed-archiver[browser]'`, or set BROWSER=never."
    )
    assert not (tmp_path / "archive").exists()


def test_a_replay_needs_neither() -> None:
    run = read(BROWSER="auto", BROWSER_EXECUTABLE="/nowhere", REPLAY=str(FIXTURES))
    assert (run.browser, run.uses_browser) == (BrowserUse.AUTO, False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"BROWSER": "allways"}, "BROWSER=allways is not known; write one of never, auto, always"),
        ({"BROWSER_PAGES": 0}, "BROWSER_PAGES=0"),
        ({"BROWSER_TIMEOUT": 0}, "BROWSER_TIMEOUT=0"),
        ({"BROWSER_MEMORY_MB": -1}, "BROWSER_MEMORY_MB=-1 is not a whole number from 0 up"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        read(**given)
