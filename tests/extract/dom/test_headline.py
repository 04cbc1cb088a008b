from __future__ import annotations

import pytest

from archiver.extract.dom.regions import text_of
from archiver.models import Field
from tests.support.sheets import sheet, value

TITLE = "<title>Neue Brücke über den Fluss | Nordblatt</title>"
HEADLINE = "<h1>Neue Brücke über den Fluss</h1>"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Nordblatt</h1><div>{HEADLINE}</div>",
        f"<nav>{HEADLINE.replace('h1', 'h2')}</nav><div>{HEADLINE}</div>",
        f'<div class="sidebar"><h1>Archiv</h1></div><div class="widget">{HEADLINE}</div>',
        '<h1>Nordblatt</h1><div class="article-title">Neue Brücke über den Fluss</div>',
        "<h2>Weitere Nachrichten</h2><div><p>Politik</p><p>Neue Brücke über den Fluss</p></div>",
    ],
)
def test_the_headline_is_what_the_title_repeats(body: str) -> None:
    headline = sheet(TITLE, body).headline
    assert headline is not None
    assert text_of(headline).strip() == "Neue Brücke über den Fluss"
    assert headline.getparent().tag in ("div", "body")


def test_a_page_whose_title_says_something_else_has_the_first_heading_that_is_not_aside() -> None:
    headline = sheet("<title>Aktuell</title>", f'<div class="sidebar"><h1>Archiv</h1></div>{HEADLINE}').headline
    assert headline is not None
    assert text_of(headline).strip() == "Neue Brücke über den Fluss"
    assert sheet("<title>Aktuell</title>", "<p>Die Brücke ist offen.</p>").headline is None


def test_what_holds_the_headline_is_no_sidebar_whatever_it_is_called() -> None:
    byline = '<p class="byline">Ada Quell</p><p class="date">30.06.2025</p>'
    page = sheet(TITLE, f'<div class="content-sidebar-wrap"><div class="widget Blog">{HEADLINE}{byline}</div></div>')
    assert (value(page, Field.AUTHOR), value(page, Field.DATE)) == ("Ada Quell", "2025-06-30")


def test_a_sidebar_beside_the_headline_is_one() -> None:
    page = sheet(
        TITLE, f'<div class="widget Blog">{HEADLINE}</div><div class="widget"><p class="byline">Ada Quell</p></div>'
    )
    assert value(page, Field.AUTHOR) is None


def test_an_article_footer_speaks_of_its_article_and_a_comment_s_of_its_comment() -> None:
    own = '<footer><p class="byline">Ada Quell</p></footer>'
    comment = (
        '<article class="comment-body"><footer class="comment-meta"><b class="author">Bert Ohm</b></footer></article>'
    )
    assert value(sheet(TITLE, f"<article>{HEADLINE}{own}</article>"), Field.AUTHOR) == "Ada Quell"
    assert value(sheet(TITLE, f"<article>{HEADLINE}</article>{comment}"), Field.AUTHOR) is None
