from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml.cssselect import CSSSelector

from archiver.extract.dom.page import Page
from archiver.models import Capture
from tests.support.sheets import sheet


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


@pytest.mark.parametrize("address", ["javascript:void(0)", "mailto:a@x.example", "http://[x", "https://:0"])
def test_what_is_no_web_address_is_none(address: str) -> None:
    assert sheet().absolute(address) is None


def test_figures_leave_out_navigation_and_teasers() -> None:
    page = sheet(
        "",
        '<nav><figure><img id="a"></figure></nav><main><img id="b"><div class="related">'
        '<img id="c"></div></main><img id="d">',
    )
    assert [image.get("id") for image in page.figures] == ["b"]


@pytest.mark.parametrize(
    "selector",
    [
        "h1", ".b", "p.b", "p.b.c", "article", "#x", "[data-k]", 'p[data-k="v"]', 'meta[name="lead:author"]',
        ".a[data-k]",
        ".a > p", ".a p", "article > .a > p.b", ".a .a", ".a .a p", "div > div p", ".a > .b, h1",
        ".a p:first-child", "p:last-child", "li:nth-child(2) a", ".a + .a", ".a ~ p", "ul li a", ".missing p", "P",
    ],
)  # fmt: skip
def test_a_selector_finds_what_it_finds_anywhere(selector: str) -> None:
    page = sheet(
        '<meta name="lead:author" content="Ada Quell"><meta name="author" content="x">',
        '<article id="x"><div class="a" data-k="v"><p class="b c" data-k="v">1</p><div class="x a"><p>2</p></div></div>'
        '<div class="a"><p class="b">3</p></div></article><h1>4</h1><p>5</p>'
        "<ul><li><a>6</a></li><li><a>7</a><a>8</a></li></ul>",
    )
    found = page.select(selector)
    assert found == CSSSelector(selector, translator="html")(page.tree)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    "markup",
    [
        "<body><p>one</p></body></html><p>two</p>",
        "<body><div><p>one</p></BODY ></div><p>two</p></html>",
        "<body><p>one</p></body></html><html><body><p>two</p></body></html>",
    ],
)
def test_what_follows_an_early_end_of_the_body_belongs_to_it(markup: str) -> None:
    page = Page.of(capture(markup.encode()))
    assert page is not None
    assert [paragraph.text for paragraph in page.tree.findall("body//p")] == ["one", "two"]
