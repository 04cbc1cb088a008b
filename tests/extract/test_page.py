from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archiver.extract.page import Page
from archiver.models import Capture

from .sheets import sheet


def capture(body: bytes, content_type: str = "text/html") -> Capture:
    return Capture(
        "https://x.example/a",
        "https://x.example/a",
        200,
        (("Content-Type", content_type),),
        body,
        datetime(2025, 1, 1, tzinfo=UTC),
        "live",
    )


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<title>Brücke</title>".encode(), "text/html; charset=utf-8"),
        ("<title>Brücke</title>".encode(), "text/html"),
        ("<title>Brücke</title>".encode("latin-1"), "text/html; charset=iso-8859-1"),
        ('<meta charset="windows-1252"><title>Brücke</title>'.encode("cp1252"), "text/html"),
        ("<title>Brücke</title>".encode("utf-16"), "text/html"),
        (b"\xef\xbb\xbf" + "<title>Brücke</title>".encode(), "text/html; charset=iso-8859-1"),
    ],
)
def test_decoding(body: bytes, content_type: str) -> None:
    page = Page.of(capture(body, content_type))
    assert page is not None
    assert page.tree.findtext(".//title") == "Brücke"


@pytest.mark.parametrize("body", [b"", b"plain text", b"\0\0\0"])
def test_no_markup_no_page(body: bytes) -> None:
    assert Page.of(capture(body)) is None


def test_meta_by_any_kind_of_name() -> None:
    page = sheet(
        '<meta name="A" content="1"><meta property="a" content="2">'
        '<meta itemprop="b" content=" "><meta http-equiv="c" content="3">'
    )
    assert page.meta == {"a": ("1", "2"), "c": ("3",)}


def test_canonical_address_and_article_node() -> None:
    page = sheet(
        '<link rel="canonical" href="/b">'
        '<script type="application/ld+json">{"@type": "Article", "headline": "Ja"}</script>'
    )
    assert page.canonical == "https://www.nordblatt.example/b"
    assert page.article_data == {"@type": "Article", "headline": "Ja"}
    assert sheet().canonical is None
    assert sheet().article_data is None


@pytest.mark.parametrize("address", ["javascript:void(0)", "mailto:a@x.example", "http://[x"])
def test_what_is_no_web_address_is_none(address: str) -> None:
    assert sheet().absolute(address) is None


def test_figures_leave_out_navigation_and_teasers() -> None:
    page = sheet(
        "",
        '<nav><figure><img id="a"></figure></nav><main><img id="b"><div class="related">'
        '<img id="c"></div></main><img id="d">',
    )
    assert [image.get("id") for image in page.figures] == ["b"]
