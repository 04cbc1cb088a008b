"""A value that a person accepted, in the seed's bytes."""

from __future__ import annotations

import pytest

from archiver.errors import SeedRefused
from archiver.models import Article, Choice, Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.repair.reviews.acceptance import accept_value, stated
from archiver.repair.shapes import Shape
from archiver.seeds import read

KEYS: Keys = {"source": ("origin_url",)} | {field.value: (field.value,) for field in Field}
SEED = "---\norigin_url: https://a.example/1\ntitle: ''  # later\nauthor:\n- Old Name\ndate:\n---\n\n# \n\nText.\n"


def accepted(seed: str, field: str, value: str, policy: Policy = Policy({})) -> str:  # noqa: B008  (frozen)
    return accept_value(read("a.md", seed.encode()), field, value, policy, KEYS).decode()


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("title", "One: two", "title: ''  # later", "title: 'One: two'  # later"),
        ("author", "Ada Quell, Martin King, Jr.", "- Old Name", "- Ada Quell\n- Martin King, Jr."),
        ("date", "2024-11-12T10:00:00Z", "date:\n", "date: 2024-11-12T10:00:00Z\n"),
        ("description", "New\n  line", "title: ''  # later\n", "title: ''  # later\ndescription: New line\n"),
        ("heading", "Mine", "# \n", "# Mine\n"),
        ("body", "# Mine\n\nOther.", "\n# \n\nText.\n", "\n# Mine\n\nOther.\n"),
    ],
)
def test_only_the_line_of_the_field_changes(field: str, value: str, old: str, new: str) -> None:
    expected = SEED.replace(old, new).replace("\n# \n", "\n# One: two\n" if field == "title" else "\n# \n")
    assert accepted(SEED, field, value) == expected
    assert accepted(SEED.replace("\n", "\r\n"), field, value) == expected.replace("\n", "\r\n")


def test_another_body_keeps_the_blank_lines_around_and_the_line_ends_within() -> None:
    front = "---\r\norigin_url: https://a.example/1\r\n---\r\n"
    for old, value, new in (
        ("\r\n\r\nOld.\r\n\r\n", "One.\n\nTwo.", "\r\n\r\nOne.\r\n\r\nTwo.\r\n\r\n"),
        ("Old.", "One.\r\n\nMine.", "One.\r\n\nMine."),
        ("# \r\n", "One.", "\r\nOne.\r\n"),
        ("", "One.", "\r\nOne.\r\n"),
    ):
        assert accepted(front + old, "body", value) == front + new


def test_an_accepted_title_is_written_as_a_repair_writes_it() -> None:
    article = Article({Field.TITLE: Choice("Learn *C#*", "h1")})
    for text in (SEED, SEED.replace("Text.", "Learn C#\n\nText."), SEED.replace("title: ''  # later\n", "")):
        seed = read("a.md", text.encode())
        done = repair(seed, article, Policy({}), KEYS)
        assert accept_value(seed, "title", "Learn *C#*", Policy({}), KEYS) == done.content


@pytest.mark.parametrize("policy", [Policy({}, body_heading=False), Policy({Field.BODY: Action.KEEP})])
def test_a_heading_stays_where_no_body_is_written(policy: Policy) -> None:
    assert accepted(SEED, "title", "One", policy) == SEED.replace("''", "One")


def test_a_value_takes_the_shape_that_the_policy_names() -> None:
    policy = Policy({}, {Field.DATE: Shape.DAY, Field.AUTHOR: Shape.WIKILINKS})
    assert "date: 2024-11-12\n" in accepted(SEED, "date", "2024-11-12T10:00:00Z", policy)
    assert '- "[[Ada Quell]]"\n' in accepted(SEED, "author", "[[Ada Quell]]", policy)


def test_what_cannot_be_accepted_is_refused() -> None:
    for field, value in (("title", " \n"), ("origin_url", "https://b.example/"), ("title", "half \ud800")):
        with pytest.raises(SeedRefused, match=r"a\.md: .*; "):
            accepted(SEED, field, value)


def test_what_a_seed_says_is_in_the_words_of_a_change() -> None:
    seed = read("a.md", SEED.encode())
    fields = ("title", "author", "date", "description", "heading", "body")
    assert [stated(seed, field, KEYS) for field in fields] == ["", "Old Name", None, None, "", "# \n\nText."]
