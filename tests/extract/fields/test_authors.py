from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.fields import authors
from archiver.models import Field
from tests.support.sheets import chosen, sheet, value


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Quell", ("Ada Quell",)),
        ("By Ada Quell", ("Ada Quell",)),
        ("Von Ada Quell und Bert Ohm", ("Ada Quell", "Bert Ohm")),
        ("Por: Ada Quell", ("Ada Quell",)),
        ("โดย สมชาย ใจดี", ("สมชาย ใจดี",)),
        ("Geschrieben vonAda Quell", ("Ada Quell",)),
        ("Ada Quell, Bert Ohm & Cleo Ries", ("Ada Quell", "Bert Ohm", "Cleo Ries")),
        ("Ada Quell; Bert Ohm", ("Ada Quell", "Bert Ohm")),
        ("Quell, Ada", ("Ada Quell",)),
        ("Ada Quell, PhD", ("Ada Quell, PhD",)),
        ("Ada Quell, Journalist", ("Ada Quell",)),
        ("Ada Quell (Berlin)", ("Ada Quell",)),
        ("Ada Quell ada@nordblatt.example", ("Ada Quell",)),
        ("Ada Quell @adaq", ("Ada Quell",)),
        ("https://nordblatt.example/ada", ()),
        ("ADA QUELL, Ada Quell", ("Ada Quell",)),
        ("Journalist", ()),
        ("Ada Quell, Senior Staff Writer", ("Ada Quell",)),
        ("Gazeta da Foz, Lda.", ("Gazeta da Foz",)),
        ("Nordblatt, Inc.", ("Nordblatt",)),
        ("Wydawnictwo Nadmorskie, Sp. z o.o.", ("Wydawnictwo Nadmorskie",)),
        ("Ada Quell, Diario del Faro, S.A.", ("Ada Quell", "Diario del Faro")),
        ("Ltd.", ()),
        ("Nordblatt staff reporter", ("Nordblatt staff reporter",)),
        ("Redaktion", ("Redaktion",)),
        ("La rédaction", ("La rédaction",)),
        ("Ada Quell, Redaktion", ("Ada Quell",)),
        ("Ada Quell/DPA", ("Ada Quell", "DPA")),
        ("Ada Quell1; Bert Ohm12", ("Ada Quell", "Bert Ohm")),
        ("quell88", ()),
        ("5 min read", ()),
        ("Foto: Bert Ohm", ()),
        ("Am Morgen war es so weit, sagte sie. Dann kam der Regen und alle gingen nach Hause, ohne ein Wort.", ()),
        ("", ()),
    ],
)
def test_people(text: str, names: tuple[str, ...]) -> None:
    assert authors.people(text) == names


@given(st.text(max_size=120))
def test_people_never_raises_and_names_nobody_twice(text: str) -> None:
    names = authors.people(text)
    assert len({name.casefold() for name in names}) == len(names)
    assert all(name == name.strip() and name for name in names)


def linked(author: object) -> str:
    data = {"@type": "NewsArticle", "author": author, "publisher": {"@type": "Organization", "name": "Nordblatt"}}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("author", "joined"),
    [
        ({"@type": "Person", "name": "Ada Quell"}, "Ada Quell"),
        ([{"@type": "Person", "name": "Ada Quell"}, {"@type": "Person", "name": "Bert Ohm"}], "Ada Quell, Bert Ohm"),
        (["Ada Quell", "Bert Ohm"], "Ada Quell, Bert Ohm"),
        ("Ada Quell", "Ada Quell"),
        ({"@type": "Person", "givenName": "Ada", "familyName": "Quell"}, "Ada Quell"),
        ([{"@type": "Person", "name": "Ada Quell"}, {"@type": "Organization", "name": "Nordblatt"}], "Ada Quell"),
        ([{"@type": "Person", "name": "Ada Quell"}, {"@type": "Organization", "name": "AFP"}], "Ada Quell, AFP"),
        ({"@type": "Person", "name": ["Ada Quell", "Bert Ohm"]}, "Ada Quell, Bert Ohm"),
    ],
)
def test_linked_data_in_all_its_shapes(author: object, joined: str) -> None:
    assert value(sheet(linked(author)), Field.AUTHOR) == joined


@pytest.mark.parametrize(
    ("author", "items"), [(["Ada Quell, PhD", "Bert Ohm"], ("Ada Quell, PhD", "Bert Ohm")), (["Ada Quell, PhD"], ())]
)
def test_several_authors_are_known_one_by_one(author: list[str], items: tuple[str, ...]) -> None:
    choice = chosen(sheet(linked(author)))[Field.AUTHOR]
    assert (choice.value, choice.items) == (", ".join(author), items)


def test_the_owner_of_the_site_is_no_author() -> None:
    head = '<meta property="og:site_name" content="Nordblatt"><meta name="author" content="Nordblatt">'
    assert value(sheet(head), Field.AUTHOR) is None


def test_a_person_further_down_beats_the_publisher_at_the_top() -> None:
    page = sheet(
        linked({"@type": "Organization", "name": "Nordblatt"}), '<p class="byline">Von <a href="/ada">Ada Quell</a></p>'
    )
    assert value(page, Field.AUTHOR) == "Ada Quell"


def test_a_publisher_signs_where_the_article_names_nobody_else() -> None:
    assert value(sheet(linked({"@type": "Organization", "name": "Nordblatt"})), Field.AUTHOR) == "Nordblatt"


def test_a_proper_name_beats_a_user_name_and_capitals() -> None:
    page = sheet('<meta name="parsely-author" content="ada-quell">', '<a rel="author" href="/ada">Ada Quell</a>')
    assert value(page, Field.AUTHOR) == "Ada Quell"
    page = sheet(linked("ADA QUELL"), '<a rel="author" href="/ada">Ada Quell</a>')
    assert value(page, Field.AUTHOR) == "Ada Quell"


@pytest.mark.parametrize(
    "body",
    [
        '<h1>Neue Brücke</h1><span class="article-author">Ada Quell</span>',
        '<h1>Neue Brücke</h1><div class="metaInfoAuthorList"><a href="/ada">Ada Quell</a></div>',
        '<h1>Neue Brücke</h1><div id="authors">Ada Quell</div>',
        '<h1>Neue Brücke</h1><p><span>von</span> <a href="/x">Ada Quell</a></p>',
        "<h1>Neue Brücke</h1><p>30.6.2025 13:30 von Ada Quell</p>",
        '<article><h1>Neue Brücke</h1><footer><p class="author">Ada Quell</p></footer></article>',
    ],
)
def test_bylines_on_the_page(body: str) -> None:
    assert value(sheet("", body), Field.AUTHOR) == "Ada Quell"


def test_names_that_only_a_byline_has_are_not_added_to_linked_data() -> None:
    others = '<p class="byline">Ada Quell</p><p class="byline">Bert Ohm</p>'
    assert value(sheet(linked("Ada Quell"), others), Field.AUTHOR) == "Ada Quell"


def test_bylines_of_teasers_and_comments_are_not_read() -> None:
    body = '<h1>Neue Brücke</h1><div class="comments"><a rel="author">Bert Ohm</a></div>'
    body += '<aside><p class="byline">Cleo Ries</p></aside>'
    assert value(sheet("", body), Field.AUTHOR) is None
