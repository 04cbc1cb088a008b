"""Whether pages are rendered in a browser, and whether what that needs is there."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from scrapy.settings import BaseSettings

from archiver.errors import SettingsError
from archiver.rules import BrowserUse

PACKAGE = "scrapy_playwright"
"""What the extra installs."""


def parse_browser(settings: BaseSettings, *, with_places: bool) -> BrowserUse:
    """Return the setting BROWSER. Raises SettingsError; `with_places` looks for the extra and for Chromium too."""
    named = str(settings["BROWSER"] or BrowserUse.NEVER)
    if named not in [*BrowserUse]:
        raise SettingsError(f"BROWSER={named} is not known; write one of {', '.join(BrowserUse)}")
    use = BrowserUse(named)
    if not with_places or use is BrowserUse.NEVER:
        return use
    if find_spec(PACKAGE) is None:
        raise SettingsError(
            f"BROWSER={use} needs scrapy-playwright, which is not installed; install it with "
            "`pip install 'seed-archiver[browser]'`, or set BROWSER=never"
        )
    executable = Path(settings["BROWSER_EXECUTABLE"] or "")
    if not executable.is_file() or not os.access(executable, os.X_OK):
        raise SettingsError(
            f"BROWSER={use} needs Chromium, and BROWSER_EXECUTABLE={executable} is no program; install Debian's "
            "package chromium (apt-get install chromium), or name another Chromium by BROWSER_EXECUTABLE"
        )
    return use
