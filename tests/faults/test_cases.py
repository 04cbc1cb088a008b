"""What fuzzing once broke something with, kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.models import Capture
from tests.faults.rows.fuzz_pages import fault_of

CASES = Path(__file__).with_name("cases")


@pytest.mark.parametrize("file", sorted(CASES.glob("pages/*")), ids=lambda file: file.name)
def test_a_page_that_once_broke_extraction_does_no_harm(file: Path) -> None:
    url, kind = "https://a.example/news/a-wall", (("Content-Type", "text/html"),)
    capture = Capture(url, url, 200, kind, file.read_bytes(), datetime(2025, 1, 1, tzinfo=UTC), "live")
    assert not fault_of(capture, ())
