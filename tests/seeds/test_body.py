from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.seeds import Heading, fill_heading, first_heading, first_paragraph, replace_body


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("# ", ""),
        ("#", ""),
        ("\n\n# \n", ""),
        ("#  #\n", ""),
        ("# ###  \n", ""),
        ("   # A\n", "A"),
        ("# A #\n", "A"),
        ("# C#\r\n", "C#"),
        ("# A # b\n", "A # b"),
        ("#\tA\n", "A"),
        ("\r\n  \r\n# A\r\n", "A"),
        ("", None),
        ("text\n# A\n", None),
        ("    # A\n", None),
        ("#A\n", None),
        ("## A\n", None),
        ("```\n# A\n```\n", None),
        ("\\# A", None),
    ],
)
def test_first_heading(body: str, text: str | None) -> None:
    heading = first_heading(body)
    assert (heading.text if heading else None) == text


def test_a_heading_knows_its_place() -> None:
    assert first_heading("\r\n# A \r\nb") == Heading("A", 2, 6)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("# A\n\nOne\ntwo\n\nthree", "One two"),
        ("One  \ntwo\\\r\n  three\r\n\r\n", "One two three"),
        ("# A\nOne", "One"),
        ("One\n# B", "One"),
        ("One\n- two", "One"),
        ("One\n```\nx", "One"),
        ("One\n***\n", "One"),
        ("One\n    two", "One two"),
        ("", None),
        ("# A\n", None),
        ("- a", None),
        ("1. a", None),
        ("> a", None),
        ("```\na", None),
        ("~~~\na", None),
        ("    a", None),
        ("<div>", None),
        ("## A", None),
        ("***", None),
        ("A\n===\n", None),
        ("A\n---\n", None),
        ("| a |", None),
        ("\ta", None),
    ],
)
def test_first_paragraph(body: str, text: str | None) -> None:
    paragraph = first_paragraph(body)
    assert (paragraph.text if paragraph else None) == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("body", "filled"),
    [
        # The first paragraph is the title: it moves.
        ("# \n\nThe title\n\n![a](b)\n", "# The title\n\n![a](b)\n"),
        ("\n# \n\nThe title\n\nText", "\n# The title\n\nText"),
        ("#\n\nThe title\n\n\nText\n", "# The title\n\nText\n"),
        ("# \n\n\nThe title\n\nText\n", "# The title\n\n\nText\n"),
        ("# \nThe title\n\nText\n", "# The title\n\nText\n"),
        ("# \n\nThe title", "# The title"),
        ("# \n\nThe title\n", "# The title\n"),
        ("# \n\nThe\ntitle\n\nText", "# The title\n\nText"),
        ("#  #\n\nThe title\n\nText", "# The title #\n\nText"),
        ("  #  \n \nThe title \n\t\nText", "  # The title\n \nText"),
        ("# \n\nThe title\n- item\n", "# The title\n\n- item\n"),
        # It is not, or there is none: the title is written.
        ("# \n\nOther\n", "# Given *title*\n\nOther\n"),
        ("#", "# Given *title*"),
        ("# \n\n```\nThe title\n```\n", "# Given *title*\n\n```\nThe title\n```\n"),
        ("# \n\n    The title\n", "# Given *title*\n\n    The title\n"),
        ("# \n\nThe title\n===\n", "# Given *title*\n\nThe title\n===\n"),
        # No empty first heading: nothing changes.
        ("# Heading\n\nThe title\n", "# Heading\n\nThe title\n"),
        ("Text\n\n# \n\nThe title\n", "Text\n\n# \n\nThe title\n"),
        ("```\n# \n```\n\nThe title\n", "```\n# \n```\n\nThe title\n"),
        ("", ""),
        ("\n\n", "\n\n"),
        ("## \n\nThe title\n", "## \n\nThe title\n"),
    ],
)
def test_fill_heading(body: str, filled: str, newline: str) -> None:
    body, filled = body.replace("\n", newline), filled.replace("\n", newline)
    once = fill_heading(body, "Given *title*", lambda text: text == "The title")
    assert once == filled
    assert fill_heading(once, "Given *title*", lambda text: text == "The title") == filled


@pytest.mark.parametrize(
    ("title", "line"),
    [("C #", "# C \\#"), ("Learn C#", "# Learn C#"), ("# a", "# # a"), (" a\nb ", "# a b"), ("##", "# \\##")],
)
def test_a_title_stays_whole_in_a_heading(title: str, line: str) -> None:
    assert fill_heading("#\n", title) == line + "\n"


@pytest.mark.parametrize(
    ("body", "markdown", "newline", "filled"),
    [
        ("", "One\n\nTwo", "\n", "\nOne\n\nTwo\n"),
        ("\n", "One\n", "\n", "\nOne\n"),
        (" \n\n\n", "\nOne\r\nTwo\n", "\r\n", "\r\nOne\r\nTwo\r\n"),
        ("text", "One", "\n", "text"),
        ("\n", " \n", "\n", "\n"),
    ],
)
def test_replace_body(body: str, markdown: str, newline: str, filled: str) -> None:
    assert replace_body(body, markdown, newline) == filled
    assert replace_body(filled, markdown, newline) == filled


lines = st.sampled_from(
    [
        "# ",
        "#",
        "# A",
        "#  #",
        "Title",
        "Other 😀",
        "- a",
        "```",
        "    x",
        "",
        "",
        " ",
        "***",
        "===",
        "<p>",
        "a  ",
        "b\\",
    ]
)


@settings(deadline=None, derandomize=True, database=None, max_examples=300)
@given(st.lists(lines, max_size=8), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_filling_a_heading_moves_text_and_touches_no_other_line(parts: list[str], newline: str, ends: bool) -> None:
    body = newline.join(parts) + newline * ends
    filled = fill_heading(body, "Given", lambda text: text.startswith("Title"))
    assert fill_heading(filled, "Given", lambda text: text.startswith("Title")) == filled
    assert filled.count("\n") == filled.count(newline)
    first = next((part for part in parts if part.strip()), "")
    if not re.fullmatch(r"#\s*#*", first):
        assert filled == body
        return
    old, new = (re.findall(r"[^\s#]+", text) for text in (body, filled))
    if "Given" in new:
        new.remove("Given")
        assert filled.split(newline)[parts.index(first) + 1 :] == body.split(newline)[parts.index(first) + 1 :]
    assert [word.rstrip("\\") for word in old] == [word.rstrip("\\") for word in new]
