"""Which pages need their scripts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver.extract.article import extract
from archiver.models import Capture

URL = "https://paper.example/2024/05/harbour-opens-again"
SCRIPT = '<script src="/app.js"></script>'
TEXT = "<p>The harbour was opened again on Sunday after two years of works, and hundreds came to see the boats.</p>"


def needs_scripts(body: str, head: str = "", status: int = 200) -> bool:
    page = f"<!DOCTYPE html><html><head><title>Paper</title>{head}</head><body>{body}</body></html>"
    at = datetime(2025, 3, 1, tzinfo=UTC)
    return extract(Capture(URL, URL, status, (("Content-Type", "text/html"),), page.encode(), at, "live")).needs_scripts


@pytest.mark.parametrize(
    "body",
    [
        '<div id="root"></div>',
        '<noscript>You need to enable JavaScript to run this app.</noscript><div id="app">Loading…</div>',
        '<nav><a href="/">Home</a></nav><div id="root"></div><footer><p>Copyright 2024 Paper.</p></footer>',
    ],
)
def test_a_page_with_scripts_and_nothing_to_read_does(body: str) -> None:
    assert needs_scripts(body + SCRIPT)
    assert not needs_scripts(body), "nothing would ever bring its text"
    assert not needs_scripts(body + SCRIPT, status=404)


def test_a_page_with_a_headline_and_no_text_does() -> None:
    head = '<meta property="article:published_time" content="2024-05-05">'
    assert needs_scripts(f"<h1>Harbour opens</h1>{SCRIPT}", head)


def test_a_page_with_its_text_does_not() -> None:
    assert not needs_scripts(f"<article><h1>Harbour opens</h1>{TEXT}</article>{SCRIPT}")


def test_a_test_for_robots_does_not() -> None:
    assert not needs_scripts(f"<h1>Just a moment…</h1><p>Enable JavaScript and cookies to continue</p>{SCRIPT}")
