from __future__ import annotations

import pytest

from archiver.models import Field
from tests.support.sheets import sheet, value

HEAD = "<title>Neue Brücke über den Fluss | Nordblatt</title>"
HEADLINE = "<h1>Neue Brücke über den Fluss</h1>"


def author(body: str, head: str = HEAD) -> str | None:
    return value(sheet(head, body), Field.AUTHOR)


def test_the_byline_nearest_to_the_headline_signs() -> None:
    other = '<div><a href="/x">Anderswo</a><span class="author">Cleo Ries</span></div>'
    assert (
        author(f'{other}<article><header>{HEADLINE}<p class="byline">Ada Quell</p></header></article>') == "Ada Quell"
    )
    assert author(f'<article>{HEADLINE}<p class="byline">Ada Quell</p></article>{other}') == "Ada Quell"


def test_of_bylines_in_the_same_element_the_less_deep_signs() -> None:
    other = '<div><ul><li><a href="/x">Anderswo</a><span class="author">Cleo Ries</span></li></ul></div>'
    assert author(f'<article>{HEADLINE}{other}<p><b class="author">Ada Quell</b></p></article>') == "Ada Quell"


def test_authors_with_an_element_each_sign_together() -> None:
    names = '<li><span class="author">Ada Quell</span></li><li><span class="author">Bert Ohm</span></li>'
    box = '<section><p class="author">Bert Ohm schreibt seit 2011</p></section>'
    assert author(f"<article><header>{HEADLINE}<ul>{names}</ul></header>{box}</article>") == "Ada Quell, Bert Ohm"


@pytest.mark.parametrize(
    "byline",
    [
        '<a href="/politik">Politik</a> von <a href="/autoren/quell">Ada Quell</a>',
        '<a href="/ada">Ada Quell</a> <a href="https://social.example/@ada">Folgen</a>',
        '<b class="author-label">Von</b> <a href="/blog?author=17">Ada Quell</a>',
        'Von <b class="author-name">Ada Quell</b>, die seit 2011 schreibt',
    ],
)
def test_of_the_links_in_a_byline_those_to_a_profile_are_names_else_the_first(byline: str) -> None:
    assert author(f'<article>{HEADLINE}<div class="byline">{byline}</div></article>') == "Ada Quell"


def test_a_byline_in_a_sidebar_directly_beside_the_headline_signs_where_there_is_no_other() -> None:
    def page(byline: str, after: str = "") -> str | None:
        return author(f"<main><article><header>{HEADLINE}</header>{byline}</article>{after}</main>")

    beside = '<aside><p class="byline">Ada Quell</p></aside>'
    assert page(beside) == "Ada Quell"
    assert page(f'{beside}<p class="byline">Bert Ohm</p>') == "Bert Ohm"
    assert page("", f"<div><div><div>{beside}</div></div></div>") is None
    assert page('<div class="comments"><p class="author">Bert Ohm</p></div>') is None
    assert page('<nav><p class="author">Bert Ohm</p></nav>') is None


def test_readers_who_comment_are_no_authors() -> None:
    comments = '<ol><li><div class="comment-author vcard">Bert Ohm</div><p>Schön.</p></li></ol>'
    assert author(f"<article>{HEADLINE}</article>{comments}") is None


@pytest.mark.parametrize("label", ["Von", "Written by", "Autorin:", "Texte"])
def test_a_label_is_no_name(label: str) -> None:
    assert author(f'<article>{HEADLINE}<p class="byline">{label}</p></article>') is None


def test_a_link_to_the_author_among_other_relations() -> None:
    assert author(f'<article>{HEADLINE}<a rel="author noopener" href="/q">Ada Quell</a></article>') == "Ada Quell"


@pytest.mark.parametrize(
    "label",
    [
        "post-author",
        "articleAuthor",
        "_authorName_1r0t6_51",
        "article-author-section--name",
        "author_box",
        "entry-ByLine",
    ],
)
def test_what_markup_calls_a_byline(label: str) -> None:
    assert author(f'<article>{HEADLINE}<p class="{label}">Ada Quell</p></article>') == "Ada Quell"


@pytest.mark.parametrize("label", ["author-bio", "authority", "author-title", "coauthoring"])
def test_what_markup_calls_something_else(label: str) -> None:
    assert author(f'<article>{HEADLINE}<p class="{label}">Ada Quell</p></article>') is None


def test_a_newsroom_signs_where_nobody_else_does() -> None:
    byline = '<p class="byline">Redaktion</p>'
    assert author(f"<article>{HEADLINE}{byline}</article>") == "Redaktion"
    assert author(f"<article>{HEADLINE}</article>", f'{HEAD}<meta name="author" content="Redaktion">') == "Redaktion"
    person = '<span itemprop="author">Ada Quell</span>'
    assert author(f"<article>{HEADLINE}{byline}{person}</article>") == "Ada Quell"


def test_the_owner_of_a_site_signs_under_his_full_name_where_nobody_else_does() -> None:
    def page(owner: str, byline: str = "") -> str | None:
        head = f'{HEAD}<meta property="og:site_name" content="{owner}"><meta name="author" content="{owner}">'
        return author(f"<article>{HEADLINE}{byline}</article>", head)

    assert page("Ada Quell") == "Ada Quell"
    assert page("Nordblatt") is None
    assert page("nordblatt.example") is None
    assert page("Ada Quell", '<p class="byline">Bert Ohm</p>') == "Bert Ohm"


def test_a_website_is_named_after_whoever_signs_under_a_name() -> None:
    head = (
        '<meta property="article:author" content="nordblatt.world"><meta name="copyright" content="Ada Quell">'
        '<meta name="author" content="Ada Quell">'
    )
    assert author(f'<article>{HEADLINE}<p class="byline">Ada Quell</p></article>', HEAD + head) == "Ada Quell"


def test_the_line_below_the_headline_contradicts_a_byline_elsewhere() -> None:
    box = '<div class="author-box"><a href="/autoren/quell">Zur Autorenseite</a></div>'
    assert author(f"<article>{HEADLINE}<p>Von Ada Quell</p><p>Die Brücke.</p>{box}</article>") == "Ada Quell"


def test_metadata_tell_the_author_in_a_byline_from_the_translator() -> None:
    byline = "".join(f'<p class="byline"><a href="/author/{name}">{name} Quell</a></p>' for name in ("Ada", "Bert"))
    body = f"<article>{HEADLINE}<div>{byline}</div></article>"
    assert author(body) == "Ada Quell, Bert Quell"
    assert author(body, f'{HEAD}<meta name="byl" content="Ada Quell">') == "Ada Quell"


def test_of_a_marked_up_paragraph_about_the_author_only_the_link_is_a_name() -> None:
    story = "Als sie jung war, gab es die Brücke noch nicht. " * 4
    linked = f'<div itemprop="author"><a href="/author/quell">Ada Quell</a> {story}</div>'
    assert author(f"<article>{HEADLINE}{linked}</article>") == "Ada Quell"
    assert author(f'<article>{HEADLINE}<div itemprop="author">{story}</div></article>') is None
