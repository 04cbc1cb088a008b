from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.dom import jsonld

ARTICLE = '{"@type": "NewsArticle", "headline": "Neue Brücke"}'


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        f"<!-- {ARTICLE} -->",
        f"//<![CDATA[\n{ARTICLE}\n//]]>",
        f"/* <![CDATA[ */ {ARTICLE} /* ]]> */",
        ARTICLE + ";",
        '{"@type": "NewsArticle", "headline": "Neue Brücke",}',
        '{"@type": "NewsArticle", "headline": "Neue Brücke", "keywords": ["a", "b",],}',
        '{"@type": "NewsArticle", "description": "two\nlines\tand a tab", "headline": "Neue Brücke"}',
        ARTICLE.replace('"', "&quot;"),
        '{"@type": "NewsArticle", "description": "Er sagte "Ja" dazu.", "headline": "Neue Brücke"}',
        '{"@type": "NewsArticle", "path": "C:\\dir\\x", "headline": "Neue Brücke"}',
        '{"@type": "WebSite"}' + ARTICLE,
        f"[[{ARTICLE}]]",
        '{"@graph": [{"@type": "WebSite"}, ' + ARTICLE + "]}",
        '{"@type": "WebPage", "mainEntity": ' + ARTICLE + "}",
        '{"@type": ["Product", "NewsArticle"], "headline": "Neue Brücke"}',
        '{"@type": "https://schema.org/NewsArticle", "headline": "Neue Brücke"}',
    ],
)
def test_finds_the_article_in_sound_and_broken_json(script: str) -> None:
    node = jsonld.article(jsonld.nodes([script]), [])
    assert node is not None
    assert node["headline"] == "Neue Brücke"


@pytest.mark.parametrize(
    "script", ["", "   ", "not json", "{", '{"@type": ', "<!-- -->", "[1, 2, null]", '"text"', "null"]
)
def test_finds_nothing_where_nothing_is(script: str) -> None:
    assert jsonld.nodes([script]) == ()


def test_prefers_the_node_whose_address_is_the_page() -> None:
    scripts = [
        json.dumps({"@type": "NewsArticle", "headline": "Other", "url": "https://nordblatt.example/other"}),
        json.dumps(
            {"@type": "NewsArticle", "headline": "This", "mainEntityOfPage": {"@id": "https://nordblatt.example/this/"}}
        ),
    ]
    node = jsonld.article(jsonld.nodes(scripts), ["https://www.nordblatt.example/this?from=rss"])
    assert node is not None
    assert node["headline"] == "This"


def test_an_article_counts_more_than_a_page_about_it() -> None:
    script = json.dumps([{"@type": "WebPage", "name": "Page"}, {"@type": "BlogPosting", "headline": "Post"}])
    node = jsonld.article(jsonld.nodes([script]), [])
    assert node is not None
    assert node["headline"] == "Post"


def test_teasers_in_an_item_list_are_no_article() -> None:
    script = '{"@type": "ItemList", "itemListElement": [' + ARTICLE + "]}"
    assert jsonld.article(jsonld.nodes([script]), []) is None


def test_a_reference_is_looked_up() -> None:
    found = jsonld.nodes(
        ['{"@graph": [{"@id": "#p", "@type": "Person", "name": "Ada Quell"}, {"author": {"@id": "#p"}}]}']
    )
    things = list(jsonld.objects(found[-1]["author"], found))
    assert things == [{"@id": "#p", "@type": "Person", "name": "Ada Quell"}]


def test_what_is_nested_without_end_is_followed_some_levels() -> None:
    value: object = "Said deep down"
    for level in range(30_000):
        value = {"@value": value} if level % 2 else [value]
    assert jsonld.strings(value) == ()
    assert jsonld.strings([[["Said at once"]]]) == ("Said at once",)


def test_a_long_run_of_blanks_takes_no_time() -> None:
    assert len(jsonld.nodes([ARTICLE + " " * 400_000 + "x"])) == 1


@given(st.text(max_size=400))
def test_never_raises(text: str) -> None:
    jsonld.article(jsonld.nodes([text, "{" + text]), [text])


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=9), lambda x: st.lists(x) | st.dictionaries(st.text(max_size=9), x)
    )
)
def test_reads_all_sound_json(value: object) -> None:
    found = jsonld.nodes([json.dumps({"@type": "Article", "value": value})])
    assert found[0]["value"] == value
