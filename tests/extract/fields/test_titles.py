from __future__ import annotations

import json
from itertools import permutations

import pytest

from archiver.extract.fields import titles
from archiver.extract.fields.site import site_names
from archiver.models import Candidate, Field
from archiver.rules import SiteRules
from tests.support.sheets import chosen, sheet, value

HEADLINE = "Neue Brücke über den Fluss"


def test_agreement_chooses() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": HEADLINE})
    page = sheet(
        f'<title>{HEADLINE} - Nordblatt</title><meta property="og:title" content="Fluss: so kommt man bald hinüber">'
        f'<script type="application/ld+json">{data}</script>',
        "<h1>Artikel-Details</h1>",
    )
    choice = chosen(page)[Field.TITLE]
    assert choice.value == HEADLINE
    assert {choice.source, *choice.witnesses} >= {"json-ld:headline", "title", "slug"}


def test_a_part_of_the_host_behind_the_headline_is_the_site_s() -> None:
    assert value(sheet(f"<title>{HEADLINE} | Blatt</title>"), Field.TITLE) == HEADLINE


@pytest.mark.parametrize("key", ["application-name", "og:site_name", "publisher"])
def test_a_headline_stated_as_the_name_of_the_site_stays_the_headline(key: str) -> None:
    head = f'<title>{HEADLINE}</title><meta name="{key}" content="{HEADLINE}">'
    assert value(sheet(head, f"<h1>{HEADLINE}</h1><h2>Was sonst noch geschah</h2>"), Field.TITLE) == HEADLINE


def test_a_whole_title_stated_as_the_name_of_the_site_is_no_name() -> None:
    title = "Wie man am anderen Ufer des Flusses lebt | Nordblatt"
    head = f'<title>{title}</title><meta property="og:site_name" content="{title}">'
    page = sheet(head, "<h2>Was sonst noch geschah</h2>", "https://www.nordblatt.example/4711")
    assert value(page, Field.TITLE) == "Wie man am anderen Ufer des Flusses lebt"


def test_the_body_and_the_address_are_witnesses() -> None:
    page = sheet(f"<title>{HEADLINE}</title>", f"<h1>{HEADLINE}</h1>")
    choice = chosen(page, body_text=f"{HEADLINE}\n\nAm Morgen war es so weit.")[Field.TITLE]
    assert choice.source == "h1"
    assert choice.witnesses == ("title", "slug", "body")


def test_the_address_decides_between_two_headlines() -> None:
    page = sheet('<meta property="og:title" content="Endlich drüben">', f"<h1>{HEADLINE}</h1>")
    assert value(page, Field.TITLE) == HEADLINE


def test_of_two_headlines_with_equal_support_readers_see_the_heading() -> None:
    page = sheet('<meta property="og:title" content="Endlich drüben: alles dazu">', "<h1>Am anderen Ufer</h1>")
    assert value(page, Field.TITLE) == "Am anderen Ufer"


def test_a_sub_heading_shows_where_the_headline_ends_that_only_the_head_has_in_full() -> None:
    full = f"{HEADLINE} | Vermischtes"
    head = f'<title>{full}</title><meta property="og:title" content="{full}">'
    assert value(sheet(head, f"<h2>{HEADLINE}</h2>"), Field.TITLE) == HEADLINE


def test_without_a_main_heading_a_sub_heading_that_data_repeat_is_the_headline() -> None:
    data = json.dumps({"@type": "NewsArticle", "headline": "Am anderen Ufer"})
    head = (
        '<title>Endlich drüben: alles dazu</title><meta property="og:title" content="Endlich drüben: alles dazu">'
        f'<script type="application/ld+json">{data}</script>'
    )
    assert value(sheet(head, "<h2>Am anderen Ufer</h2>"), Field.TITLE) == "Am anderen Ufer"
    assert value(sheet(head, "<h2>Ganz etwas anderes</h2>"), Field.TITLE) == "Endlich drüben: alles dazu"


def test_a_sub_heading_cuts_nothing_that_another_place_has_in_full() -> None:
    full = "Neue Brücke über den Fluss – das erwarten wir"
    page = sheet(f"<title>{full}</title>", f"<h1>{full}</h1><h2>Das erwarten wir</h2>")
    assert value(page, Field.TITLE) == full


@pytest.mark.parametrize("entity", ["&amp;amp;", "&amp;", "&#38;"])
def test_entities_are_resolved_however_often_they_were_escaped(entity: str) -> None:
    assert value(sheet(f"<title>Fisch {entity} Brot am Markt</title>"), Field.TITLE) == "Fisch & Brot am Markt"


@pytest.mark.parametrize(
    ("heading", "data", "taken"),
    [
        ("neue brücke über den fluss", HEADLINE, HEADLINE),
        ("NEUE BRÜCKE ÜBER DEN FLUSS", HEADLINE, HEADLINE),
        (HEADLINE, "*Neue Brücke* über den Fluss", HEADLINE),
        ("*Neue Brücke* über den Fluss", "*Neue Brücke* über den Fluss", "*Neue Brücke* über den Fluss"),
        ("neue brücke", "Neue Brücke über den Fluss", "Neue Brücke über den Fluss"),
    ],
)
def test_of_two_spellings_that_of_a_reader_is_taken(heading: str, data: str, taken: str) -> None:
    page = sheet(f'<meta property="og:title" content="{data}"><title>{data}</title>', f"<h1>{heading}</h1>")
    assert value(page, Field.TITLE) == taken


@pytest.mark.parametrize("ellipsis", ["…", "...", " …"])
def test_a_headline_that_breaks_off_is_the_one_that_goes_on(ellipsis: str) -> None:
    cut = f"Am anderen Ufer beginnt{ellipsis}"
    head = f'<meta property="og:title" content="{cut}"><title>{cut}</title>'
    choice = chosen(sheet(head, "<h1>Am anderen Ufer beginnt die Arbeit</h1>"))[Field.TITLE]
    assert (choice.value, choice.source) == ("Am anderen Ufer beginnt die Arbeit", "h1")
    assert choice.witnesses == ("meta:og:title", "title")
    assert value(sheet(head, "<h1>Etwas ganz anderes</h1>"), Field.TITLE) == cut


@pytest.mark.parametrize(
    "heading",
    [
        "<span>Leute am Fluss</span> Am anderen Ufer",
        "Am anderen Ufer <small>Vom Leben drüben, 3. Mai</small>",
        "<a><b>Leute am Fluss</b><span>Am anderen Ufer</span></a>",
        "<span>Leute am Fluss</span> Am anderen Ufer <small>3. Mai</small>",
    ],
)
def test_a_kicker_or_second_line_within_the_heading_is_not_taken_along(heading: str) -> None:
    page = sheet('<meta property="og:title" content="Am anderen Ufer">', f"<h1>{heading}</h1>")
    assert value(page, Field.TITLE) == "Am anderen Ufer"


def test_a_part_of_a_heading_is_no_headline_by_itself() -> None:
    body = "<h1>Am anderen Ufer <span>– so leben sie drüben</span></h1>"
    head = "<title>Am anderen Ufer – so leben sie drüben</title>"
    assert value(sheet(head, body), Field.TITLE) == "Am anderen Ufer – so leben sie drüben"
    assert value(sheet("", body), Field.TITLE) == "Am anderen Ufer – so leben sie drüben"


def test_where_a_page_has_no_heading_a_line_of_its_text_shows_which_part_of_the_title_is_the_headline() -> None:
    head = "<title>Verein der Fluss-Freunde - Am anderen Ufer - Presse - Leute</title>"
    lines = "<table><tr><td><a>Presse</a>: Am anderen Ufer</td></tr></table><p>Am Morgen war es so weit.</p>"
    assert value(sheet(head, lines), Field.TITLE) == "Am anderen Ufer"
    both = f"<p>Verein der Fluss-Freunde</p>{lines}"
    assert value(sheet(head, both), Field.TITLE) == "Verein der Fluss-Freunde - Am anderen Ufer - Presse - Leute"


def test_headings_of_teasers_are_not_asked() -> None:
    page = sheet("", f"<aside><h1>Anderes Thema heute</h1></aside><article><h1>{HEADLINE}</h1></article>")
    assert value(page, Field.TITLE) == HEADLINE


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<dialog><h1>Artikel auf die Merkliste</h1></dialog>",
        '<div role="dialog"><h1>Artikel auf die Merkliste</h1></div>',
        '<div id="goog-gt-tt" class="skiptranslate"><h1 class="title gray">Original text</h1></div>',
    ],
)
def test_headings_of_dialogues_and_of_a_translator_are_not_asked(elsewhere: str) -> None:
    page = sheet("<title>Endlich drüben, alles dazu</title>", f"<p>Am Morgen.</p>{elsewhere}")
    assert value(page, Field.TITLE) == "Endlich drüben, alles dazu"


def test_a_hidden_heading_is_asked_where_no_other_is() -> None:
    hidden = '<div style="display: none"><h1>Ihr Einkauf bei uns</h1></div><div hidden><h1>Ihr Konto bei uns</h1></div>'
    head = '<meta property="og:title" content="Endlich drüben: alles dazu">'
    assert value(sheet(head, f"{hidden}<h1>Am anderen Ufer</h1>"), Field.TITLE) == "Am anderen Ufer"
    assert value(sheet(head, hidden), Field.TITLE) == "Ihr Einkauf bei uns"


def test_the_name_of_a_recording_is_no_headline() -> None:
    data = json.dumps({"@type": "AudioObject", "name": "Diesen Artikel hören", "contentUrl": "/a.mp3"})
    page = sheet(f'<script type="application/ld+json">{data}</script>', "<h2>Am anderen Ufer</h2>")
    assert value(page, Field.TITLE) == "Am anderen Ufer"


def test_rules_come_first_and_name_the_site() -> None:
    rules = (SiteRules(("nordblatt.example",), title=(".missing", ".kopf"), site_names=("Der Norden",)),)
    page = sheet("<title>Anders</title>", '<h1>Anders</h1><p class="kopf">Neue Brücke - Der Norden</p>')
    assert chosen(page, rules)[Field.TITLE].value == "Neue Brücke"
    assert chosen(page, rules)[Field.TITLE].source == "rules:title"


def test_the_order_of_candidates_from_different_places_does_not_matter() -> None:
    page = sheet()
    offered = [
        Candidate(Field.TITLE, f"{HEADLINE} | Nordblatt", "title"),
        Candidate(Field.TITLE, HEADLINE, "h1"),
        Candidate(Field.TITLE, "Endlich drüben", "meta:og:title"),
        Candidate(Field.TITLE, "Menü", "h2"),
    ]
    names = site_names(page)
    results = set()
    for order in permutations(offered):
        choice = titles.choose_title(order, names, frozenset(), "")
        assert choice is not None
        results.add(choice.value)
    assert results == {HEADLINE}


def test_nothing_but_junk_gives_nothing() -> None:
    assert value(sheet("<title>Nordblatt</title>", "<h1>Menü</h1>"), Field.TITLE) is None
