from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.fields import descriptions
from archiver.models import Field
from archiver.rules import SiteRules
from tests.support.sheets import chosen, sheet, value

WHOLE = "Die Brücke ist offen, und die Stadt feiert bis in die Nacht."


def test_a_cut_description_gives_way_to_the_same_text_in_full() -> None:
    head = '<meta name="description" content="Die Brücke ist offen, und die…">'
    head += f'<meta property="og:description" content="{WHOLE}">'
    assert value(sheet(head), Field.DESCRIPTION) == WHOLE


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("'The region's bridge is open at last.'", "The region's bridge is open at last, and the town celebrates."),
        ('"He said "open" at last, and left."', 'He said "open" at last, and left. The town celebrates.'),
    ],
)
def test_a_value_broken_by_a_quotation_mark_is_completed_from_the_text(content: str, text: str) -> None:
    head = f"<meta name='description' content={content}>"
    assert value(sheet(head), Field.DESCRIPTION, f"![](x.jpg)\n\n{text}") == text
    assert value(sheet(head), Field.DESCRIPTION, WHOLE) is None
    assert value(sheet(head), Field.DESCRIPTION) is None


def test_a_description_is_not_made_up_from_the_first_paragraph() -> None:
    assert value(sheet(), Field.DESCRIPTION, WHOLE) is None


def test_a_description_ends_without_a_stop_where_nothing_continues_it() -> None:
    assert (
        value(sheet('<meta name="description" content="Alles über die neue Brücke">'), Field.DESCRIPTION, WHOLE)
        == "Alles über die neue Brücke"
    )


def test_the_rules_subtitle_comes_first() -> None:
    rules = (SiteRules(("nordblatt.example",), description=(".kopf > p",)),)
    page = sheet(
        '<meta name="description" content="Nachrichten aus dem Norden">', f'<div class="kopf"><p>{WHOLE}</p></div>'
    )
    assert chosen(page, rules)[Field.DESCRIPTION].value == WHOLE


def test_a_repeated_title_is_refused() -> None:
    page = sheet(
        '<meta name="description" content="Neue Brücke über den Fluss">', "<h1>Neue Brücke über den Fluss</h1>"
    )
    assert value(page, Field.DESCRIPTION) is None


def test_opening_is_the_first_prose() -> None:
    text = "# Titel\n\n![Bild](a.jpg)\n\n- eins\n- zwei\n\n**Berlin.** Die [Brücke](b) ist _offen_."
    assert descriptions.first_paragraph(text) == "Berlin. Die Brücke ist offen."
    assert descriptions.first_paragraph("") is None


@given(st.text(max_size=200))
def test_a_description_is_one_line(text: str) -> None:
    found = descriptions.description(text)
    assert found is None or (found == " ".join(found.split()) and found)


@pytest.mark.parametrize(
    ("head", "body", "section"),
    [
        ('<meta property="article:section" content="Kultur">', "", "Kultur"),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "articleSection": ["Sport", "See"]}</script>',
            "",
            "Sport",
        ),
        ("", '<ol class="breadcrumb"><li><a>Home</a></li><li><a>Reise</a></li><li>Neue Brücke</li></ol>', "Reise"),
        ("", "", "politik"),
    ],
)
def test_category(head: str, body: str, section: str) -> None:
    assert value(sheet(head, body), Field.CATEGORY) == section


@pytest.mark.parametrize("text", ["Home", "News", "123", "de", "", "x" * 60])
def test_what_files_nothing_is_no_category(text: str) -> None:
    assert descriptions.category(text) is None


def test_markup_that_was_escaped_as_text_does_not_come_alive() -> None:
    said = "World &amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;"
    assert descriptions.category(said) == "World alert(1)"
    assert descriptions.description(f"A bridge has been rebuilt. {said}") == "A bridge has been rebuilt. World alert(1)"
