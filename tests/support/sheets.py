"""Pages of sites that do not exist, built for the tests of the metadata readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from archiver.extract.dom.page import Page
from archiver.extract.fields.candidates import candidates
from archiver.extract.fields.choose import choose
from archiver.models import Capture, Choice, Field
from archiver.rules import SiteRules

ADDRESS = "https://www.nordblatt.example/politik/4711/neue-bruecke-ueber-den-fluss"


def sheet(head: str = "", body: str = "", url: str = ADDRESS, html: str = '<html lang="de">') -> Page:
    """A page with this head and body, captured in mid 2026."""
    markup = f"<!DOCTYPE html>{html}<head>{head}</head><body>{body}</body></html>".encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(url, url, 200, headers, markup, datetime(2026, 6, 1, tzinfo=UTC), "live")
    page = Page.of(capture)
    assert page is not None
    return page


def chosen(page: Page, rules: Sequence[SiteRules] = (), body_text: str = "") -> Mapping[Field, Choice]:
    """What is chosen for the page."""
    return choose(page, candidates(page, rules, body_text), rules, body_text)


def value(page: Page, field: Field, body_text: str = "") -> str | None:
    """The chosen value of one field."""
    choice = chosen(page, body_text=body_text).get(field)
    return choice.value if choice else None
