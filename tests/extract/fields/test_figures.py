"""Which picture is the article's cover: the one that readers see below the headline, or the one that the data name."""

from __future__ import annotations

import pytest

from archiver.models import Field
from tests.support.sheets import chosen, sheet, value

SHARED = "https://img.nordblatt.example/2025/bruecke-am-abend.jpg"
OTHER = "https://img.nordblatt.example/2025/hafen-im-nebel.jpg"
STATED = f'<meta property="og:image" content="{SHARED}">'
PUBLISHER = (
    '<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"@type": "Organization", '
    f'"logo": {{"@type": "ImageObject", "url": "{SHARED}"}}}}}}</script>'
)
PROSE = "<p>" + "Der Fluss steht so hoch wie seit Jahren nicht, sagt der Hafenmeister am Montag. " * 8 + "</p>"
HEADLINE = "<h1>Neue Brücke über den Fluss</h1>"


def test_a_figure_below_the_headline_is_the_cover() -> None:
    page = sheet(STATED, f'<article>{HEADLINE}<p>Kurz gesagt.</p><img src="{OTHER}">{PROSE}</article>')
    assert value(page, Field.IMAGE) == OTHER


@pytest.mark.parametrize(
    "body",
    [
        f'<article>{HEADLINE}{PROSE}<figure><img src="{OTHER}"></figure></article>',
        f'<main><img src="{OTHER}">{HEADLINE}{PROSE}</main>',
        f'<main>{HEADLINE}<a href="/anderes/thema"><img src="{OTHER}"></a>{PROSE}</main>',
        f'<main>{HEADLINE}<div class="author-box"><img src="{OTHER}"></div>{PROSE}</main>',
        f'<main>{HEADLINE}<img class="site-logo" src="{OTHER}">{PROSE}</main>',
    ],
    ids=["in the text", "above the headline", "leads elsewhere", "portrait", "logo"],
)
def test_a_figure_that_is_not_the_lead_gives_way_to_what_the_data_name(body: str) -> None:
    assert value(sheet(STATED, body), Field.IMAGE) == SHARED


@pytest.mark.parametrize(
    "before",
    [
        f'<div class="hero"><img src="{SHARED}?w=900"></div>',
        f'<picture><source srcset="{SHARED}?w=900 900w"><img src="data:image/gif;base64,R0"></picture>',
        f'<noscript><img src="{SHARED}"></noscript>',
    ],
)
def test_a_picture_of_the_data_that_is_shown_before_a_figure_wins(before: str) -> None:
    body = f'{before}<article>{HEADLINE}<img src="{OTHER}">{PROSE}</article>'
    assert value(sheet(STATED, body), Field.IMAGE) == SHARED


def test_a_picture_of_the_data_below_the_figure_does_not_win() -> None:
    body = f'<article>{HEADLINE}<img src="{OTHER}">{PROSE}</article><div><img src="{SHARED}"></div>'
    assert value(sheet(STATED, body), Field.IMAGE) == OTHER


def test_a_figure_in_the_text_serves_where_the_data_name_none() -> None:
    choice = chosen(sheet("", f'<article>{HEADLINE}{PROSE}<img src="{OTHER}"></article>'))[Field.IMAGE]
    assert (choice.value, choice.source) == (OTHER, "figure:text")


def test_a_picture_that_leads_to_another_page_is_no_cover() -> None:
    body = f'<article>{HEADLINE}{PROSE}<div><a href="/anderes/thema"><img src="{OTHER}"></a></div></article>'
    assert Field.IMAGE not in chosen(sheet("", body))


@pytest.mark.parametrize("target", ["#bild", f"{OTHER}", "neue-bruecke-ueber-den-fluss/bilder"])
def test_a_picture_that_opens_itself_or_a_gallery_of_its_article_is_one(target: str) -> None:
    body = f'<article>{HEADLINE}<a href="{target}"><img src="{OTHER}"></a>{PROSE}</article>'
    assert value(sheet("", body), Field.IMAGE) == OTHER


def test_a_captioned_figure_is_the_articles_own_whatever_it_links_to() -> None:
    figure = f'<figure><a href="/bilder/17"><img src="{OTHER}"></a><figcaption>Der Hafen im Nebel</figcaption></figure>'
    assert value(sheet("", f"<article>{HEADLINE}{PROSE}{figure}</article>"), Field.IMAGE) == OTHER


def test_a_figure_of_the_data_further_down_does_not_win_over_the_lead() -> None:
    body = f'<article>{HEADLINE}<img src="{OTHER}">{PROSE}<figure><img src="{SHARED}"></figure></article>'
    assert value(sheet(STATED, body), Field.IMAGE) == OTHER


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", f'<header><a href="https://www.nordblatt.example/"><img src="{SHARED}"></a></header>'),
        (f'<link rel="apple-touch-icon" href="{SHARED}">', ""),
        (PUBLISHER, ""),
    ],
    ids=["leads home", "icon", "publisher's logo"],
)
def test_the_sites_own_picture_is_no_cover(head: str, body: str) -> None:
    assert value(sheet(STATED), Field.IMAGE) == SHARED
    assert Field.IMAGE not in chosen(sheet(STATED + head, f"{body}<article>{HEADLINE}{PROSE}</article>"))


def test_an_attribute_that_holds_all_sizes_as_json_is_no_address() -> None:
    sizes = """data-src='{"default": {"src": "/80x53.jpg"}}'"""
    body = f'<article>{HEADLINE}<img {sizes} src="{OTHER}">{PROSE}</article>'
    assert value(sheet("", body), Field.IMAGE) == OTHER
