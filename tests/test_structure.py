"""What the figures of structure count on a page, its truth and the Markdown made of it."""

from __future__ import annotations

import pytest
from lxml import html

from tests.acceptance import structure

SAID = "We sailed at dawn, all nine of us, before anybody else was up."
LISTED = "<ol><li>Pull up the anchor with care</li><li>Set the small sail first</li></ol>"
TABLE = "<table><tr><th>Boat</th><th>Length in metres</th></tr><tr><td>Gull</td><td>nine and a half</td></tr></table>"
WHOLE = [SAID, "Pull up the anchor with care", "Set the small sail first"]


@pytest.mark.parametrize(
    ("markup", "truth", "markdown", "figure", "kept"),
    [
        (f"<blockquote><p>{SAID}</p></blockquote>", WHOLE, f"> {SAID}", "blockquotes", 1),
        (f"<blockquote><p>{SAID}</p></blockquote>", WHOLE, SAID, "blockquotes", 0),
        (LISTED, WHOLE, "1. Pull up the anchor with care\n2. Set the small sail first", "ordered_lists", 1),
        (LISTED, WHOLE, "1. Pull up the anchor with care", "ordered_lists", 0),
        (
            TABLE,
            ["Boat Length in metres Gull nine and a half"],
            "| Boat | Length in metres |\n| --- | --- |\n| Gull | nine and a half |",
            "tables",
            1,
        ),
        (TABLE, ["Boat Length in metres Gull nine and a half"], "Boat Length in metres\n\nGull", "tables", 0),
    ],
)
def test_an_element_counts_when_all_its_parts_stand_as_such(
    markup: str, truth: list[str], markdown: str, figure: str, kept: int
) -> None:
    counts = structure._elements({"paragraphs": truth}, markdown, html.fromstring(f"<div>{markup}</div>"))
    assert (counts[figure], counts[f"{figure} of"]) == (kept, 1)


def test_an_element_that_the_truth_has_not_is_not_counted() -> None:
    page = html.fromstring(f"<div><blockquote>{SAID}</blockquote>{LISTED}</div>")
    assert not any(structure._elements({"paragraphs": ["Another text altogether."]}, "x", page).values())


def test_an_alternative_text_is_no_caption_that_a_page_shows() -> None:
    page = html.fromstring(
        "<div><img alt='A man in a boat'><figure><img><figcaption>Boats at dawn, Ann</figcaption></figure></div>"
    )
    truth = {"captions": ["A man in a boat", "Boats at dawn"]}
    counts = structure._captions(truth, "![Boats at dawn](/a.jpg)\n\nBoats at dawn, Ann", page)
    assert (counts["captions_once"], counts["captions_once of"]) == (1, 2)
    assert (counts["captions_shown"], counts["captions_shown of"]) == (1, 1)
    twice = structure._captions(truth, "Boats at dawn\n\nBoats at dawn", page)
    assert twice["captions_shown"] == 0
