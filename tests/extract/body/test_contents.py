"""Tables of contents inside a text are left out, lists of its points are not."""

from __future__ import annotations

import pytest

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, page

HEADINGS = ["The ferry", "The market", "The new quays"]
SECTIONS = "".join(f"<h2>{heading}</h2>{ARTICLE.replace('Monday', heading)}" for heading in HEADINGS)


def markdown(above: str) -> str:
    return body(page(f"<article><h1>Harbour reopens</h1>{ARTICLE}{above}{SECTIONS}</article>")).markdown


@pytest.mark.parametrize(
    "contents",
    [
        "<ol><li>The ferry</li><li>The market</li><li>The new quays</li></ol>",
        "<p>1 The ferry</p><p>2 The market</p><p>3 The new quays</p>",
        "<p><b>Skip to:</b></p>"
        + "".join(f"<ul><li><a href='#{at}'>What is new {at}</a></li></ul>" for at in range(3)),
        "<h2>In this article</h2><div>1.1 The ferry</div><div>1.2 The market</div><div>2 The new quays</div>",
    ],
)
def test_a_table_of_contents_is_left_out_with_its_heading(contents: str) -> None:
    assert markdown(contents) == markdown("")


@pytest.mark.parametrize(
    "points",
    [
        "<ul><li>The ferry runs again</li><li>The market opens at eight</li><li>The new quays are longer</li></ul>",
        "<ul><li>The ferry</li><li>The market</li></ul>",
        "<ul><li>The ferry</li><li>The market</li><li>A lighthouse</li><li>A school for skippers</li></ul>",
    ],
)
def test_points_that_are_no_headings_are_kept(points: str) -> None:
    assert markdown(points) != markdown("")
