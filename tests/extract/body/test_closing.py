"""Lines below the last sentence of an article."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page


def markdown(markup: str) -> str:
    return body(page(f"<article><h1>Harbour reopens</h1>{markup}</article>")).markdown


@pytest.mark.parametrize(
    "line",
    [
        "More about the harbour and its boats:",
        "Harbour Daily / The Skipper",
        "Filed under <a href='/t/1'>Harbour</a>, <a href='/t/2'>Boats</a>, <a href='/t/3'>Ferries</a>",
        "© 2024 The Harbour Daily. No copies without leave.",
        "<i>Follow the harbour on <a href='https://x.com/h'>X</a> and <a href='https://www.facebook.com/h'>Facebook</a>.</i>",
        "<a href='/authors/ann-writer'>Ann Writer</a> has told of harbours and their boats for twenty years.",
        "Add us to your sources</p><p><a href='https://search.example.com/add'>Add it</a>",
    ],
)
def test_a_line_that_announces_nothing_is_left_out_below_the_text(line: str) -> None:
    assert markdown(f"{ARTICLE}<p>{line}</p>") == TEXT
    assert "Boats" not in line or markdown(f"{ARTICLE}<p>{line}</p>{ARTICLE}").count("Boats") == 1


@pytest.mark.parametrize("line", ["And so it did.", "“Never again!”", "Where will they go?", "港は月曜日に再開した。"])
def test_a_short_last_sentence_is_kept(line: str) -> None:
    assert markdown(f"{ARTICLE}<p>{line}</p>") == f"{TEXT}\n\n{line}"


def test_short_lines_below_a_heading_are_its_section() -> None:
    lines = "<h2>Where</h2><p>Harbour square 1</p><p>Every day from nine</p>"
    assert markdown(f"{ARTICLE}{lines}").endswith("## Where\n\nHarbour square 1\n\nEvery day from nine")


def test_a_text_of_short_lines_keeps_them() -> None:
    lines = ["The harbour sleeps", "the boats are in", "a lamp goes out", "another one"] * 3
    assert markdown("".join(f"<p>{line}</p>" for line in [PROSE[0], *lines])).endswith("another one")


def test_a_heading_that_points_elsewhere_does_not_end_a_text_that_goes_on() -> None:
    box = "<h3>Lire aussi :</h3><p><a href='/b'>How the harbour was built in one single year</a></p>"
    assert markdown(f"{ARTICLE * 20}{box}{ARTICLE * 2}") == "\n\n".join([TEXT] * 22)


def test_a_thanks_to_somebody_is_kept() -> None:
    thanks = "Thanks to <a href='https://x.com/ben'>Ben</a> for reading the first version of this text."
    assert markdown(f"{ARTICLE}<p>{thanks}</p>").endswith("of this text.")


def test_teasers_below_the_heading_of_related_posts_are_left_out() -> None:
    teasers = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE[:3])
    assert markdown(f"{ARTICLE * 6}<h2>Related posts</h2>{teasers}") == "\n\n".join([TEXT] * 6)


def test_a_paragraph_of_joiners_is_empty() -> None:
    assert markdown(f"{ARTICLE}<p>\u200d</p>{ARTICLE}<p>\u2060</p>") == f"{TEXT}\n\n{TEXT}"
