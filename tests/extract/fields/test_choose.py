from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archiver.extract.fields.candidates import candidates
from archiver.extract.fields.choose import choose, slug_words
from archiver.extract.fields.site import site_names
from archiver.models import Field
from archiver.rules import SiteRules
from tests.support.sheets import chosen, sheet

DATA = json.dumps(
    {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Neue Brücke über den Fluss",
        "datePublished": "2025-06-30T15:59:30+02:00",
        "author": [{"@type": "Person", "name": "Ada Quell"}],
        "publisher": {"@type": "Organization", "name": "Nordblatt"},
        "image": {"url": "https://img.nordblatt.example/2025/bruecke-am-abend.jpg"},
        "description": "Die Brücke ist offen.",
        "articleSection": "Politik",
        "inLanguage": "de-DE",
    }
)
HEAD = (
    "<title>Neue Brücke über den Fluss - Nordblatt</title>"
    '<meta property="og:title" content="Neue Brücke über den Fluss">'
    f'<meta name="author" content="Nordblatt"><script type="application/ld+json">{DATA}</script>'
)
BODY = (
    "<article><h1>Neue Brücke über den Fluss</h1>"
    '<time datetime="2025-06-30">30.6.</time><p>Die Brücke ist offen.</p></article>'
)
EXPECTED = {
    Field.TITLE: "Neue Brücke über den Fluss",
    Field.DESCRIPTION: "Die Brücke ist offen.",
    Field.IMAGE: "https://img.nordblatt.example/2025/bruecke-am-abend.jpg",
    Field.LANGUAGE: "de",
    Field.AUTHOR: "Ada Quell",
    Field.DATE: "2025-06-30T13:59:30Z",
    Field.CATEGORY: "Politik",
}


def test_every_field_of_a_full_page() -> None:
    found = chosen(sheet(HEAD, BODY))
    assert {field: choice.value for field, choice in found.items()} == EXPECTED
    assert found[Field.DATE].source == "json-ld:datePublished"
    assert found[Field.DATE].witnesses == ("time",)
    assert all(choice.source not in choice.witnesses for choice in found.values())


def test_an_empty_page_gives_only_what_its_address_and_root_say() -> None:
    assert set(chosen(sheet(url="https://x.example/"))) == {Field.LANGUAGE}


@given(st.lists(st.sampled_from(["title", "meta", "script"]), unique=True, min_size=3), st.booleans())
@settings(max_examples=20)
def test_the_choice_is_the_same_for_any_order_of_head_and_attributes(order: list[str], swapped: bool) -> None:
    parts = {
        "title": "<title>Neue Brücke über den Fluss - Nordblatt</title>",
        "meta": '<meta content="Neue Brücke über den Fluss" property="og:title">'
        if swapped
        else '<meta property="og:title" content="Neue Brücke über den Fluss">',
        "script": f'<script type="application/ld+json">{DATA}</script>',
    }
    found = chosen(sheet("".join(parts[name] for name in order), BODY))
    assert {field: choice.value for field, choice in found.items()} == EXPECTED


def test_reading_changes_nothing_and_repeats() -> None:
    page = sheet("<title>Alt</title>", "<h1>Neue Brücke</h1><p>Am Montag.</p>")
    before = html.tostring(page.tree)
    first = chosen(page)
    assert html.tostring(page.tree) == before
    assert chosen(page) == first


@given(st.text(max_size=300))
@settings(max_examples=60)
def test_any_markup_is_survived(markup: str) -> None:
    page = sheet(markup, markup)
    choose(page, candidates(page, (), markup), (), markup)


def test_the_nearest_era_that_finds_anything_gives_a_field() -> None:
    rules = (
        SiteRules(("nordblatt.example",), author=('meta[name="lead:author"]::attr(content)', ".neu a")),
        SiteRules(("nordblatt.example",), author=(".alt",), category=(".alt",)),
    )
    both, old = '<p class="alt">Bert Ohm</p><p class="neu"><a>Ada Quell</a></p>', '<p class="alt">Bert Ohm</p>'
    for body, author in ((both, "Ada Quell"), (old, "Bert Ohm")):
        found = {(c.source, c.value) for c in candidates(sheet("", body), rules) if c.source.startswith("rules")}
        assert found == {("rules:author", author), ("rules:category", "Bert Ohm")}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://x.example/a/neue-bruecke-ueber-den-fluss.html", {"neue", "bruecke", "ueber", "den", "fluss"}),
        ("https://x.example/4711/", set()),
        ("https://x.example/", set()),
    ],
)
def test_slug_words(url: str, said: set[str]) -> None:
    assert slug_words(sheet(url=url)) == said


def test_names_of_the_site_come_from_meta_data_and_host() -> None:
    names = site_names(
        sheet('<meta property="og:site_name" content="Der Norden">', BODY, "https://news.nordblatt.co.uk/a")
    )
    assert all(map(names.is_name, ["Der Norden", "Nordblatt", "nordblatt.co.uk", "Nordblatt News"]))
    assert not any(map(names.is_name, ["Süden", "Im Norden regnet es an vier Tagen der Woche"]))


def test_results_do_not_depend_on_the_order_of_equal_witnesses() -> None:
    lines = [
        '<meta name="date" content="2025-06-30">',
        '<meta name="dc.date" content="2025-06-30T15:59">',
        "<title>Ab</title>",
    ]
    results = {chosen(sheet("".join(order)))[Field.DATE].value for order in permutations(lines)}
    assert results == {"2025-06-30T15:59:00"}
