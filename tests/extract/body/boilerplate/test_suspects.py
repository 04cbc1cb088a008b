"""Parts of an article that are called what boilerplate is called."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page


@pytest.mark.parametrize("name", ["recommendation-inline-link", "related", "tooltip"])
def test_a_link_in_the_middle_of_a_sentence_is_read_whatever_it_is_called(name: str) -> None:
    sentence = f"After <a class='{name}' href='/ferry'>taking the ferry</a>, you may be eager to walk along the quay."
    found = body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}<p>{sentence}</p></article>"))
    assert "After [taking the ferry](https://www.example.org/ferry), you may be eager" in found.markdown


def test_a_link_behind_a_sentence_is_left_out_by_its_name() -> None:
    last = f"{ARTICLE.removesuffix('</p>')} <a class='read-more' href='/ferry'>Read more</a></p>"
    assert body(page(f"<article><h1>Harbour reopens</h1>{last}</article>")).markdown == TEXT


def test_sections_that_are_named_alike_are_kept_with_what_is_named_after_them() -> None:
    section = "<div class='c-product-widget{}'><div class='c-product-widget__content'><h3>{}</h3>{}</div></div>"
    boats = (("", "Ferry"), (" c-product-widget--big", "Trawler"), ("", "Dinghy"))
    text = "".join(section.format(size, boat, ARTICLE.replace("Monday", boat)) for size, boat in boats)
    found = body(page(f"<main><h1>Harbour reopens</h1><div>{ARTICLE}{ARTICLE}</div><div>{text}</div></main>")).markdown
    assert [line for line in found.split("\n\n") if line.startswith("#")] == ["### Ferry", "### Trawler", "### Dinghy"]
    assert PROSE[0].replace("Monday", "Trawler") in found


@pytest.mark.parametrize(
    "below",
    [
        "<h2 id=comments>No response so far</h2><h2 id=postcomment>Say your words</h2><p>Sorry, too late for that.</p>",
        "<div class='artDetailAutor__text'><p>Ann Writer has told of harbours and ferries for years.</p></div>",
    ],
)
def test_what_blogs_and_papers_put_below_a_text_is_left_out(below: str) -> None:
    found = body(page(f"<div><h1>Harbour reopens</h1>{ARTICLE}{below}</div>")).markdown
    assert found.removesuffix("\n\nSorry, too late for that.") == TEXT


def test_a_section_about_comments_keeps_its_heading() -> None:
    sections = f"<h2 id=comments-in-code>Comments in code</h2>{ARTICLE.replace('Monday', 'Sunday')}"
    found = body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}{sections}</article>")).markdown
    assert "## Comments in code" in found
