"""Links to other articles are left out; an article's own linked headings, lists and sentences are not."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page

HEADED = "<h3><a href='/{0}'>How the harbour was built, part {0}</a></h3><p>{1}</p>"
CARDS = "".join(HEADED.format(at, "12 May 2023</p><p>It took one year only, and nobody was paid.") for at in range(3))


def markdown(markup: str) -> str:
    return body(page(f"<article><h1>Harbour reopens</h1>{markup}</article>")).markdown


def test_a_linked_heading_above_text_is_kept() -> None:
    found = markdown("".join(HEADED.format(at, paragraph) for at, paragraph in enumerate(PROSE)))
    assert [block.split("]")[0] for block in found.split("\n\n") if block.startswith("#")] == [
        f"### [How the harbour was built, part {at}" for at in range(4)
    ]


def test_cards_below_the_text_are_left_out() -> None:
    assert markdown(f"{ARTICLE}{ARTICLE}<h2>More</h2>{CARDS}") == f"{TEXT}\n\n{TEXT}"


def test_cards_are_kept_where_the_whole_article_is_made_of_them() -> None:
    assert markdown(f"{CARDS}{ARTICLE}{CARDS}").count("It took one year only") == 6


def test_a_list_of_headlines_with_their_dates_ends_a_text() -> None:
    items = "".join(
        f"<li><a href='/{at}'>How the harbour was built, part {at}</a> - 12 May 2023</li>" for at in range(3)
    )
    assert markdown(f"{ARTICLE}<ul>{items}</ul>") == TEXT


def test_a_list_with_links_before_the_end_of_the_text_is_kept() -> None:
    items = "".join(f"<li><a href='/{at}'>Quay number {at}</a><br>has been repaired</li>" for at in range(4))
    assert markdown(f"{ARTICLE}<ul>{items}</ul>{ARTICLE}").count("has been repaired") == 4


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("The ferry has a timetable of its own, which the town prints each spring.", True),
        ("How the harbour was built in one year and nobody was paid for it", False),
        ("Read the whole story.", False),
    ],
)
def test_a_linked_paragraph_is_kept_where_it_is_a_sentence(inside: str, kept: bool) -> None:
    assert (inside in markdown(f"{ARTICLE}<p><a href='/b'>{inside}</a></p>{ARTICLE}")) is kept


@pytest.mark.parametrize("tag", ["span", "i", "b"])
def test_a_label_with_a_link_leads_away_however_it_is_emphasised(tag: str) -> None:
    line = f"<p><{tag}>Also on these pages: <a href='/b'>How the harbour was built in one year</a></{tag}></p>"
    assert markdown(f"{ARTICLE}{line}{ARTICLE}") == f"{TEXT}\n\n{TEXT}"
