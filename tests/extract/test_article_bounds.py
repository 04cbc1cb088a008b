"""Where an article begins and ends on pages that make it hard to tell."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page

OTHERS = "".join(
    f"<p>Quite another story, part {at}, which goes on and on below the first one, for the length of a line.</p>"
    for at in range(9)
)
STANDFIRST = "<p>The mayor cut the ribbon in the rain, and nobody who had come to see it seemed to mind at all.</p>"


@pytest.mark.parametrize("named", ["article-content", "story-body", "entry_text"])
def test_what_an_element_calls_its_text_is_not_split(named: str) -> None:
    """A free first part and a metered rest, each in a frame of its own."""
    rest = f"<div class='metered'>{ARTICLE}{ARTICLE}{ARTICLE}</div>"
    found = body(page(f"<main><div class='{named}'><div class='free'>{STANDFIRST}</div>{rest}</div></main>")).markdown
    assert found.startswith("The mayor cut the ribbon")
    assert found.count(PROSE[0]) == 3


@pytest.mark.parametrize(
    "markup",
    [
        f"<main><div class='article'><h1>Harbour reopens</h1>{ARTICLE}</div><div class='wide'>{OTHERS}</div></main>",
        (
            f"<section><article><h2>Harbour reopens at last</h2>{ARTICLE}</article></section>"
            f"<section><article><h1>Other</h1>{OTHERS}</article></section>"
        ),
    ],
    ids=["named, below an h1", "headed by an h2, another has the h1"],
)
def test_of_several_texts_the_one_below_the_headline_is_taken(markup: str) -> None:
    head = "<meta property='og:title' content='Harbour reopens'>"
    found = page(markup.replace("<article><h2>", "<article class='single'><h2>"), head)
    found.tree.find(".//title").text = "Harbour reopens at last - Daily"
    assert body(found).markdown == TEXT


def test_a_short_article_is_not_made_longer_by_what_stands_outside_of_it() -> None:
    short = "<p>Force for life and faith to begin: the harbour is open, and that is all there is to say of it.</p>"
    more = "".join(f"<div class='swiper'><h2><a href='/{at}'>Part {at}</a></h2>{ARTICLE}</div>" for at in range(4))
    markup = f"<div id='primary'><article><h1>Harbour reopens</h1>{short}</article></div>{more}"
    assert body(page(markup)).markdown.count("\n\n") == 0


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("<div class='social-embed'><blockquote class='twitter-tweet'><p>{}</p></blockquote></div>", True),
        ("<div class='social-links'><p>{}</p></div>", False),
        (
            "<div class='widget widget--quote'><blockquote class='widget__quote'><span>{}</span></blockquote></div>",
            True,
        ),
        ("<div class='widget'><blockquote><span class='widget__text'>{}</span></blockquote>Ada Nord</div>", True),
        ("<div class='widget' style='display:none'><blockquote><p>{}</p></blockquote></div>", False),
        ("<div class='widget hidden'><blockquote><p>{}</p></blockquote></div>", False),
        ("<div class='related'><p>{0} {0} {0}</p><blockquote>Another</blockquote></div>", False),
        ("<aside><blockquote class='pull'><p>{}</p></blockquote></aside>", False),
        ("<p class='paywall' aria-hidden='true'>{}</p>", True),
        ("<div aria-hidden='true'>{}</div>", False),
        ("<div style='position:absolute; top:0; left:-9999px'><a href='https://x.example'>{}</a></div>", False),
        ("<div style='position:relative; left:-20px'>{}</div>", True),
    ],
)
def test_quoted_posts_and_blurred_paragraphs_are_text_and_what_hides_is_not(inside: str, kept: bool) -> None:
    said = "We sailed at dawn, all nine of us, and the gulls came along for the whole of the way out."
    found = body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}{inside.format(said)}{OTHERS}</article>")).markdown
    assert (said in found) is kept


@pytest.mark.parametrize(
    "lead",
    [
        "<div class='teaser-image'><figure>{image}<figcaption>Boats at dawn</figcaption></figure></div>",
        "<div class='main-img'>{image}<span>Boats at dawn</span></div>",
        "<div class='x9'>{image}<div class='x7'>Boats at dawn</div></div>",
        "<div class='hero'>{image}<figcaption>Boats at dawn</figcaption></div>",
        "<div class='hero'><figure>{image}</figure><figcaption>Boats at dawn</figcaption></div>",
    ],
)
def test_the_cover_comes_with_the_caption_beside_it(lead: str) -> None:
    shown = lead.format(image="<img src='/img/boats-at-dawn-1200.jpg' alt='x'>")
    head = "<meta property='og:image' content='https://www.example.org/img/boats-at-dawn-1200.jpg'>"
    markup = f"<article><h1>Harbour reopens</h1>{shown}<div class='article-body'>{ARTICLE}{ARTICLE}</div></article>"
    image = "![Boats at dawn](https://www.example.org/img/boats-at-dawn-1200.jpg)"
    assert body(page(markup, head)).markdown == f"{image}\n\nBoats at dawn\n\n{TEXT}\n\n{TEXT}"


def test_a_cover_in_a_list_of_other_articles_is_not_the_lead() -> None:
    cover = "<img src='/img/boats-at-dawn-1200.jpg' alt='x'>"
    head = "<meta property='og:image' content='https://www.example.org/img/boats-at-dawn-1200.jpg'>"
    markup = f"<aside class='related'>{cover}</aside><article><h1>Harbour reopens</h1>{ARTICLE}</article>"
    assert body(page(markup, head)).markdown == TEXT


@pytest.mark.parametrize(
    "said",
    [
        "Image 2 of 5",
        "3 Min Lesezeit",
        "Weitere Informationen:",
        "Box aufklappen Box zuklappen",
        "Facebook Twitter Google+ WhatsApp",
        "Empfohlener redaktioneller Inhalt",
        "An dieser Stelle findest du einen externen Inhalt, der den Artikel ergänzt.",
        "Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.",
        "Personenbezogene Daten können an Drittplattformen übermittelt werden.",
    ],
)
def test_what_the_machinery_around_a_text_says_is_left_out(said: str) -> None:
    assert body(page(f"<article>{ARTICLE}<p>{said}</p>{ARTICLE}</article>")).markdown == f"{TEXT}\n\n{TEXT}"


@pytest.mark.parametrize(
    "said",
    [
        "Facebook and Twitter said nothing about it.",
        "Weitere Informationen gab der Sprecher am Montag nicht.",
        "Personenbezogene Daten sind nach Ansicht des Gerichts nicht betroffen.",
    ],
)
def test_the_same_words_in_a_sentence_are_kept(said: str) -> None:
    assert said in body(page(f"<article>{ARTICLE}<p>{said}</p>{ARTICLE}</article>")).markdown
