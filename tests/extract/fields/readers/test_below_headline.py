from __future__ import annotations

import json

import pytest

from archiver.models import Field
from tests.support.sheets import sheet, value

HEAD = "<title>Neue Brücke über den Fluss | Nordblatt</title>"
HEADLINE = "<h1>Neue Brücke über den Fluss</h1>"
TEXT = "<p>" + "Am Morgen war es so weit, und die Brücke über den Fluss stand offen. " * 5 + "</p>"


def author(lines: str, head: str = HEAD) -> str | None:
    return value(sheet(head, f"<article>{HEADLINE}{lines}{TEXT}</article>"), Field.AUTHOR)


def date(lines: str, head: str = HEAD) -> str | None:
    return value(sheet(head, f"<article>{HEADLINE}{lines}{TEXT}</article>"), Field.DATE)


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Von Ada Quell</p>",
        "<p>Posted by Ada Quell on May 3, 2025</p>",
        "<p>By Ada Quell | May 3, 2025</p>",
        "<p>Von Ada Quell, 03.05.2025</p>",
        "<p>Par Ada Quell le 3 mai 2025</p>",
        "<p>By Ada Quell May 3, 2025</p>",
        "<p>Posted by <a href='/x'>Ada Quell</a> on May 3, 2025</p>",
        "<p>Erstellt von <b>Ada Quell</b> am Samstag 3. Mai 2025</p>",
        "<p>Scritto da</p><p>Ada Quell</p><p>3 maggio 2025</p>",
    ],
)
def test_a_signature_in_one_line_or_two(lines: str) -> None:
    assert author(lines) == "Ada Quell"
    if "2025" in lines:
        assert date(lines) == "2025-05-03"


@pytest.mark.parametrize(
    "lines",
    [
        "<p>Ada Quell</p><p>3. Mai 2025</p>",
        "<p>Ada Quell</p><p>Leiterin der Bauten am Fluss</p><p>3. Mai 2025</p>",
        "<p>03.05.2025 - Ada Quell</p>",
        "<p>Ada Quell | Senior Writer | May 3, 2025</p>",
        "<p>3. Mai 2025</p><p><a href='/autoren/quell'>Ada Quell</a></p>",
        "<p>Ada van der Quell</p><p>3. Mai 2025</p>",
    ],
)
def test_a_name_beside_the_date_signs_without_a_word_for_it(lines: str) -> None:
    assert (author(lines) or "").replace("van der ", "") == "Ada Quell"


@pytest.mark.parametrize(
    "lines",
    [
        "<p>3. Mai 2025</p><p>Read More</p>",
        "<p>Ada Quell</p>",
        "<p>neue brücken im land</p><p>3. Mai 2025</p>",
        "<p>Neue Brücke</p><p>3. Mai 2025</p>",
        "<p>Politik</p><p>3. Mai 2025</p>",
        f"{TEXT}<p>Ada Quell</p><p>3. Mai 2025</p>",
    ],
)
def test_other_lines_near_a_date_are_no_names(lines: str) -> None:
    assert author(lines) is None


def test_a_signature_far_below_is_another_article_s() -> None:
    sentence = "<p>Die Brücke ist lang, breit und hoch, und wer über sie geht, sieht bis zum Meer hinaus.</p>"
    assert author(f"{sentence * 3}<p>Von Ada Quell</p>") == "Ada Quell"
    assert author(f"{sentence * 4}<p>Von</p><p>Bert Ohm</p>") is None


def test_a_person_in_the_lines_signs_before_the_publisher_in_the_metadata() -> None:
    data = {"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Nordblatt"}}
    head = f'{HEAD}<script type="application/ld+json">{json.dumps(data)}</script>'
    assert author("<p>Ada Quell</p><p>3. Mai 2025</p>", head) == "Ada Quell"
    assert author("<p>3. Mai 2025</p>", head) == "Nordblatt"


def test_the_signature_below_the_headline_contradicts_who_entered_the_text() -> None:
    data = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Bert Ohm"}}
    head = f'{HEAD}<script type="application/ld+json">{json.dumps(data)}</script>'
    assert author("<p>Von Ada Quell</p>", head) == "Ada Quell"
    assert author("<p>Von Bert Ohm und Ada Quell</p>", head) == "Bert Ohm", "the two agree"
    assert author('<p>Von Ada Quell</p><p class="byline">Bert Ohm</p>', head) == "Bert Ohm", "readers see it as well"
    assert author("<p>Ada Quell</p><p>3. Mai 2025</p>", head) == "Bert Ohm", "nothing says that it is a name"


def test_a_name_without_a_label_does_not_replace_the_newsroom_that_signed() -> None:
    data = {"@type": "NewsArticle", "author": {"@type": "Person", "name": "Redaktion"}}
    head = f'{HEAD}<script type="application/ld+json">{json.dumps(data)}</script>'
    assert author("<p>Neue Brücken</p><p>3. Mai 2025</p>", head) == "Redaktion"
    assert author("<p>Von Ada Quell</p><p>3. Mai 2025</p>", head) == "Ada Quell"


@pytest.mark.parametrize("label", ["Updated", "Aktualisiert am", "Mis à jour le", "Uppdaterad"])
def test_the_date_of_a_change_is_not_taken(label: str) -> None:
    assert date(f"<p>{label} 3.5.2025</p><p>1.5.2025</p>") == "2025-05-01"


def test_a_date_above_the_headline_is_taken_where_none_is_below() -> None:
    def page(above: str) -> str | None:
        return value(sheet(HEAD, f"<main><div>{above}</div><div>{HEADLINE}</div>{TEXT}</main>"), Field.DATE)

    assert page("<span>Politik</span><span>Samstag, 3. Mai 2025</span>") == "2025-05-03"
    assert page("<span>Montag, 1. Juni 2026</span>") is None, "the page was captured on that day"


def test_the_date_in_a_byline_anywhere_on_the_page() -> None:
    assert date(f"{TEXT}<p class='author'>By <a href='/author/q'>Ada Quell</a> on 03-ago-2025</p>") == "2025-08-03"


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("date", "2025-05-03"),
        ("dc.date", "2025-05-03"),
        ("dcterms.date", "2025-05-03"),
        ("dc.date.issued", "2025-05-01T10:00:00Z"),
        ("publishdate", "2025-05-01T10:00:00Z"),
    ],
)
def test_metadata_that_may_date_the_file_stand_behind_what_readers_see(name: str, day: str) -> None:
    assert date("<p>3. Mai 2025</p>", f'{HEAD}<meta name="{name}" content="2025-05-01T10:00:00Z">') == day


PUBLISHED = '<meta property="article:published_time" content="2025-06-24T10:00:00Z">'


def test_a_visible_date_before_that_of_the_metadata_is_the_publication_s() -> None:
    assert date("<p>25. August 2024</p>", HEAD + PUBLISHED) == "2024-08-25"
    assert date("<p>Aktualisiert: 25. August 2024</p>", HEAD + PUBLISHED) == "2025-06-24T10:00:00Z"
    assert date("<p>25. August 2025</p>", HEAD + PUBLISHED) == "2025-06-24T10:00:00Z", "a later one is that of a change"
    assert date("<p>25. August 2024</p><time>24.6.2025</time>", HEAD + PUBLISHED) == "2025-06-24T10:00:00Z"
    sentence = "<p>Am 25. August 2024 hatten die Arbeiten an der neuen Brücke begonnen.</p>"
    assert date(sentence, HEAD + PUBLISHED) == "2025-06-24T10:00:00Z"


def test_metadata_that_contradict_the_address_are_doubted_where_the_page_bears_it_out() -> None:
    def page(lines: str) -> str | None:
        address = "https://www.nordblatt.example/2025/05/03/neue-bruecke"
        return value(sheet(HEAD + PUBLISHED, f"<article>{HEADLINE}{lines}{TEXT}</article>", address), Field.DATE)

    assert page('<time datetime="2025-05-03T10:30">3.5.</time>') == "2025-05-03T10:30:00"
    assert page("<p>2. Mai 2025</p>") == "2025-05-02"
    assert page("") == "2025-06-24T10:00:00Z", "the address alone may name another day"


def test_a_date_that_is_marked_up_in_a_sidebar_is_another_article_s() -> None:
    other = '<aside><time itemprop="datePublished" datetime="2024-01-02">2.1.</time></aside>'
    for own in ("<p>3. Mai 2025</p>", '<p><span itemprop="datePublished">3. Mai 2025</span></p>'):
        page = sheet(HEAD, f"{other}<article>{HEADLINE}{own}{TEXT}</article>{other}")
        assert value(page, Field.DATE) == "2025-05-03"
