"""Parts of an article that are called what boilerplate is called."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, TEXT, page


@pytest.mark.parametrize("name", ["recommendation-inline-link", "related", "tooltip"])
def test_a_link_in_the_middle_of_a_sentence_is_read_whatever_it_is_called(name: str) -> None:
    sentence = f"After <a class='{name}' href='/ferry'>taking the ferry</a>, you may be eager to walk along the quay."
    found = body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}<p>{sentence}</p></article>"))
    assert "After [taking the ferry](https://www.example.org/ferry), you may be eager" in found.markdown


def test_a_link_behind_a_sentence_is_left_out_by_its_name() -> None:
    last = f"{ARTICLE.removesuffix('</p>')} <a class='read-more' href='/ferry'>Read more</a></p>"
    assert body(page(f"<article><h1>Harbour reopens</h1>{last}</article>")).markdown == TEXT
