"""The page of all settings is what the settings module says."""

from __future__ import annotations

import re

from archiver.config.names import OUR_DEFAULTS
from archiver.config.reference import page, settings_of
from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "settings.md"


def test_the_page_is_what_make_docs_writes() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == page(), "docs/settings.md is stale; run make docs"


def test_every_setting_of_ours_has_default_unit_and_reason() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    for name in OUR_DEFAULTS:
        assert re.search(rf"^### `{name}`\n\nDefault: .+\. Unit: .+\.\n\n\w", text, re.MULTILINE), name


def test_a_reason_is_the_string_behind_a_setting() -> None:
    source = '# ---- Part ---\nA = 1\nB: int = 2\n"""Two,\nor more."""\nfrom x import Y\n'
    assert list(settings_of(source)) == [("Part", "A", ""), ("Part", "B", "Two, or more.")]
