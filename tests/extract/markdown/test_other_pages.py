"""Markdown of pages that are not news: callouts, definitions, footnotes, exponents, readings, nested tables."""

from __future__ import annotations

import pytest
from lxml import html

from archiver.extract.markdown.blocks import join_blocks
from archiver.extract.markdown.writer import blocks


def written(markup: str) -> str:
    return join_blocks(blocks([html.fromstring(f"<div>{markup}</div>")], lambda url: url))


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        # Sphinx and MkDocs, Docusaurus, GitHub, VuePress, Asciidoctor, Bootstrap, Ghost.
        ("<div class='admonition note'><p class='admonition-title'>Note</p>{}</div>", "Note"),
        (
            "<div class='theme-admonition theme-admonition-tip'><div class='admonitionHeading_x'>tip</div>{}</div>",
            "tip",
        ),
        ("<div class='markdown-alert markdown-alert-tip'><p class='markdown-alert-title'>Tip</p>{}</div>", "Tip"),
        ("<div class='custom-block danger'><p class='custom-block-title'>STOP</p>{}</div>", "STOP"),
        (
            (
                "<div class='admonitionblock tip'><table><tr><td class='icon'><div class='title'>Tip</div></td>"
                "<td class='content'>{}</td></tr></table></div>"
            ),
            "Tip",
        ),
        ("<div class='alert alert-info'>{}</div>", ""),
        ("<div class='kg-card kg-callout-card'><div>{}</div></div>", ""),
        ("<aside role='note'>{}</aside>", ""),
        ("<div class='warning'><p class='title'>Careful</p>{}</div>", "Careful"),
    ],
)
def test_callouts_are_quotations(frame: str, title: str) -> None:
    quote = f"> **{title}**\n>\n> Mind it." if title else "> Mind it."
    assert written(f"<p>Before.</p>{frame.format('<p>Mind it.</p>')}<p>After.</p>") == f"Before.\n\n{quote}\n\nAfter."


@pytest.mark.parametrize(
    ("frame", "quote"),
    [
        ("<div class='bbcode_quote'><div>Ann wrote:</div><p>Mind it.</p></div>", "> Ann wrote:\n>\n> Mind it."),
        ("<div class='gmail_quote'>Ann wrote: <blockquote>Mind it.</blockquote></div>", "Ann wrote:\n\n> Mind it."),
    ],
)
def test_what_a_reply_quotes_is_a_quotation(frame: str, quote: str) -> None:
    assert written(f"{frame}<p>Yes.</p>") == f"{quote}\n\nYes."


@pytest.mark.parametrize(
    "frame",
    ["<div class='note'>Mind it.</div>", "<div class='tip-jar'>Mind it.</div>", "<div role='note'>Mind it.</div>"],
)
def test_a_word_alone_makes_no_callout(frame: str) -> None:
    assert written(frame) == "Mind it."


@pytest.mark.parametrize(
    ("entries", "markdown"),
    [
        ("<dt>Quay</dt><dd>Where boats lie.</dd><dt>Mole</dt><dd>What keeps waves out.</dd>",
         "- **Quay**  \n  Where boats lie.\n- **Mole**  \n  What keeps waves out."),
        ("<dt>Quay</dt><dt>Wharf</dt><dd>Where boats lie.</dd>", "- **Quay**  \n  **Wharf**  \n  Where boats lie."),
        ("<dt><b>Quay</b></dt><dd>Where boats lie.</dd><dd><p>Also a street.</p></dd><dt>Mole</dt><dd>A wall.</dd>",
         "- **Quay**  \n  Where boats lie.\n\n  Also a street.\n\n- **Mole**  \n  A wall."),
        ("<div><dt>Quay</dt><dd>Where boats lie.</dd></div><div><dt>Mole</dt><dd>A wall.</dd></div>",
         "- **Quay**  \n  Where boats lie.\n- **Mole**  \n  A wall."),
        ("<dt>Run</dt><dd><pre>make</pre></dd><dt>Mole</dt><dd>A wall.</dd>",
         "- **Run**\n\n  ```\n  make\n  ```\n\n- **Mole**  \n  A wall."),
        # Counts below a name, links under a label, pictures with captions: no definitions.
        ("<dt>Replies</dt><dd>7</dd>", "Replies\n\n7"),
        ("<dt>Read on</dt><dd><a href='https://a.example/'>Boats</a></dd>", "Read on\n\n[Boats](https://a.example/)"),
        ("<dt><img src='https://a.example/a.jpg'></dt><dd>Boats at dawn, seen from the mole of the year 1890.</dd>",
         "![](https://a.example/a.jpg)\n\nBoats at dawn, seen from the mole of the year 1890."),
    ],
)  # fmt: skip
def test_definition_lists(entries: str, markdown: str) -> None:
    assert written(f"<dl>{entries}</dl>") == markdown


@pytest.mark.parametrize(
    ("markup", "markdown"),
    [
        ("So it is.<sup><a href='#fn1'>1</a></sup>", "So it is.¹"),
        ("So it is.<a href='#fn12'><sup>12</sup></a>", "So it is.¹²"),
        ("So it is.<a href='#fn:3' role='doc-noteref'>3</a>", "So it is.³"),
        ("So it is.<sup><a href='#fna'>a</a></sup>", "So it is.ᵃ"),
        ("So it is.<sup class='reference'><a href='#cite_note-1'>[1]</a></sup>", "So it is.[1]"),
        ("10<sup>-6</sup> m<sup>2</sup> of H<sub>2</sub>O", "10⁻⁶ m² of H₂O"),
        ("the 1<sup>st</sup> of x<sub>max</sub>", "the 1st of xmax"),
        ("So<sup><a href='https://a.example/'>1</a></sup>", "So[1](https://a.example/)"),
    ],
)
def test_marks_of_footnotes_and_exponents_are_not_glued_to_the_word(markup: str, markdown: str) -> None:
    assert written(f"<p>{markup}</p>") == markdown


@pytest.mark.parametrize(
    "back",
    [
        "<a href='#fnref1'>↩︎</a>",
        "<a href='#fnref1' class='footnote-backref'>back</a>",
        "<a href='#r' role='doc-backlink'>to text</a>",
        "<span class='mw-cite-backlink'><b><a href='#cite_ref-1'>^</a></b></span>",
    ],
)
def test_a_note_does_not_say_the_way_back(back: str) -> None:
    assert written(f"<ol><li id='fn1'><p>A note. {back}</p></li><li>Two.</li></ol>") == "1. A note.\n2. Two."


def test_a_note_keeps_the_number_that_leads_back() -> None:
    note = "<span class='label'>[<a role='doc-backlink' href='#id1'>1</a>]</span><p>A note.</p>"
    assert written(f"<aside class='footnote brackets' role='doc-footnote'>{note}</aside>") == "[1]\n\nA note."


def test_a_reading_beside_the_word_is_not_said_again() -> None:
    assert written("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>です</p>") == "漢字です"


def test_a_table_within_a_table_of_data_stands_in_its_cell() -> None:
    inner = "<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"
    items = "<ul><li>c</li>\n<li>d</li></ul>"
    rows = "".join(f"<tr><td>{name}</td><td>{values}</td></tr>" for name, values in (("x", inner), ("y", items)))
    assert (
        written(f"<table><tr><th>Name</th><th>Values</th></tr>{rows}</table>")
        == "| Name | Values |\n| --- | --- |\n| x | a 1; b 2 |\n| y | c; d |"
    )


def test_a_table_that_lays_out_tables_is_none() -> None:
    inner = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert written(f"<table><tr><td>Left.</td><td>{inner}</td></tr></table>") == (
        "Left.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"
    )
