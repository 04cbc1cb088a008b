"""Lines above the first sentence of an article."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page


def markdown(markup: str) -> str:
    return body(page(f"<article><p>{PROSE[2]}</p>{markup}</article>")).markdown.removeprefix(f"{PROSE[2]}\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Writer",
        "von <b>Anna Schreiber und Karl Schiffer</b>",
        "<a href='/'>Home</a> › <a href='/coast'>The coast</a> › Harbour reopens",
        PROSE[2],
    ],
)
def test_lines_about_the_article_are_left_out_above_it(line: str) -> None:
    assert markdown(f"<p>{line}</p>{ARTICLE}") == TEXT


@pytest.mark.parametrize("line", ["By the harbour", "By Ann Writer, who was there.", "Von Kiel nach Rostock"])
def test_a_line_that_begins_like_a_byline_is_kept(line: str) -> None:
    assert markdown(f"<p>{line}</p>{ARTICLE}") == f"{line}\n\n{TEXT}"
