"""What goes with the choices of a page: how sure they are, what else it offers, why a person should look."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime

from archiver.extract.article import extract
from archiver.extract.fields.alternatives import MAX_ALTERNATIVES
from archiver.models import Article, Capture, Choice, Field
from tests.support.sheets import chosen, sheet

URL = "https://www.nordblatt.example/politik/4711/new-wall-for-the-harbour"
TEXT = "".join(
    f"<p>The harbour of Nordblatt gets wall number {n}, which many people had wanted for years.</p>" for n in range(9)
)
CLEAR = (
    '<title>New wall for the harbour</title><meta property="og:title" content="New wall for the harbour">'
    '<meta property="article:published_time" content="2025-06-30T13:59:30Z">'
    '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "New wall for the harbour",'
    ' "author": {"@type": "Person", "name": "Ada Quell"}, "datePublished": "2025-06-30T13:59:30Z"}</script>'
)
UNCLEAR = CLEAR.replace('"headline": "New wall for the harbour"', '"headline": "Fish are back in town"')
SIGNED = '<p class="byline">By {name}</p><time datetime="{day}">{day}</time>'


def article(head: str, name: str = "Ada Quell", day: str = "2025-06-30") -> Article:
    byline = SIGNED.format(name=name, day=day)
    body = f"<article><h1>New wall for the harbour</h1>{byline}{TEXT}</article>"
    markup = f"<!DOCTYPE html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    found = extract(Capture(URL, URL, 200, headers, markup, datetime(2026, 6, 1, tzinfo=UTC), "live"))
    assert found.article is not None
    return found.article


def test_values_that_all_places_agree_on_are_sure() -> None:
    choices = article(CLEAR).choices
    assert all(choice.confidence is not None and choice.confidence >= 0.9 for choice in choices.values())
    assert [choices[field].alternatives for field in (Field.TITLE, Field.AUTHOR, Field.DATE)] == [(), (), ()]
    assert not any(choice.doubts for choice in choices.values())


def test_another_headline_is_an_alternative_and_a_doubt() -> None:
    sure, unsure = article(CLEAR).choices[Field.TITLE], article(UNCLEAR).choices[Field.TITLE]
    assert unsure.value == sure.value
    assert [(other.value, other.source) for other in unsure.alternatives] == [
        ("Fish are back in town", "json-ld:headline")
    ]
    assert unsure.doubts == ("The page has another headline: “Fish are back in town” (json-ld:headline).",)
    assert (unsure.confidence or 1) <= (sure.confidence or 0)


def test_another_author_is_an_alternative_and_a_doubt() -> None:
    choice = article(CLEAR, name="Bert Ohm").choices[Field.AUTHOR]
    other = choice.alternatives[0]
    assert {choice.value, other.value} == {"Ada Quell", "Bert Ohm"}
    assert choice.doubts == (
        f"The page gives the author in two ways: {choice.source}, and “{other.value}” ({other.source}).",
    )
    assert (choice.confidence or 0) < 0.85


def test_another_day_that_readers_see_is_a_doubt() -> None:
    stated = '<meta property="article:published_time" content="2025-06-30T13:59:30Z">'
    choice = article(stated, day="2025-07-20").choices[Field.DATE]
    assert choice.value == "2025-06-30T13:59:30Z"
    assert choice.doubts[0].startswith("Readers see another date than ")
    assert "2025-07-20" in choice.doubts[0]


def test_a_value_that_nothing_bears_out_says_so() -> None:
    head = '<meta property="og:image" content="/pictures/the-wall.jpg"><meta name="author" content="hafenpost1">'
    choices = article(head, name="", day="30 June 2025").choices
    assert {field: choices[field].doubts for field in (Field.IMAGE, Field.AUTHOR)} == {
        Field.IMAGE: ("The page does not show the picture that it names (meta:og:image).",),
        Field.AUTHOR: (
            "Only meta:author gives the author, and no other kind of place.",
            "“hafenpost1” is not written as a person's name.",
        ),
    }
    assert choices[Field.DATE].doubts[0].startswith("Only ")


def test_an_article_keeps_all_of_it_between_processes() -> None:
    before = article(UNCLEAR, name="Bert Ohm")
    after = pickle.loads(pickle.dumps(before))  # noqa: S301  # our own bytes
    assert after == before
    assert after.choices[Field.TITLE].alternatives


def test_alternatives_that_count_as_equal_are_one_with_all_its_sources() -> None:
    heads = '<meta property="og:title" content="Bridges “over” the river"><title>Bridges "over" the River</title>'
    choice = chosen(sheet(heads, "<h1>Neue Brücke</h1><h2>Neue Brücke</h2>" + "<p>Neue Brücke</p>"))[Field.TITLE]
    everything = {choice.value: (choice.source, *choice.witnesses)}
    everything |= {other.value: (other.source, *other.witnesses) for other in choice.alternatives}
    assert sorted(len(set(sources) - {"slug"}) for sources in everything.values()) == [2, 2]


def test_no_more_alternatives_than_keys_to_choose_them_by() -> None:
    names = "".join(
        f'<meta name="article:author{n}" content="x"><h2>Headline of story number {n}</h2>' for n in range(30)
    )
    choice = chosen(sheet("<title>The one headline of this page</title>", names))[Field.TITLE]
    assert len(choice.alternatives) <= MAX_ALTERNATIVES


def test_pictures_in_two_sizes_are_no_alternatives() -> None:
    head = (
        '<meta property="og:image" content="https://img.nordblatt.example/2025/wall-at-night-1200x675.jpg">'
        '<meta name="twitter:image" content="https://img.nordblatt.example/2025/wall-at-night-600x337.jpg">'
        '<link rel="image_src" href="https://img.nordblatt.example/2025/fish-in-the-river.jpg">'
    )
    choice: Choice = chosen(sheet(head))[Field.IMAGE]
    assert [other.value.rpartition("/")[2] for other in choice.alternatives] == ["fish-in-the-river.jpg"]
