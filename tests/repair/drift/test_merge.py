"""A seed's body brought up by its page: what is taken, what stays byte for byte, what waits for a person."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.repair.drift.merge import merge_body
from tests.repair.drift.edits import article, edited, write
from tests.repair.drift.texts import SCRIPTS

ONE = "The harbour gets a new wall, the council decided on Monday night after a long debate."
TWO = "Divers had found cracks over a length of 140 metres in the autumn of last year."
NEW_TWO = TWO.replace("140", "190")
THREE = "The fishermen fear for their stalls, and the city has offered them another place."
FOUR = "Nobody was hurt when another part of the quay broke off early on Thursday."
OTHER = "A lighthouse shines again after twelve dark years, thanks to a club of volunteers."
IMAGE = "![mine](https://github.com/user-attachments/assets/1)"
LINKED = TWO.replace("cracks", "[cracks](https://mine.example/)")


def body(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "text", "proposal"),
    [
        pytest.param((ONE, TWO), (ONE, TWO), (ONE, NEW_TWO), (ONE, NEW_TWO), None, id="the page changed one"),
        pytest.param((ONE, TWO), (ONE, NEW_TWO), (ONE, TWO), (ONE, NEW_TWO), None, id="the seed changed one"),
        pytest.param(
            (ONE, TWO), (ONE, TWO.replace("140", "150")), (ONE, NEW_TWO), (ONE, TWO.replace("140", "150")),
            (ONE, NEW_TWO), id="both changed one",
        ),
        pytest.param((ONE, TWO), (ONE, LINKED), (ONE, NEW_TWO), (ONE, LINKED), (ONE, NEW_TWO), id="the seed's link"),
        pytest.param((ONE, TWO), (ONE, NEW_TWO), (ONE, NEW_TWO), (ONE, NEW_TWO), None, id="both the same"),
        pytest.param((ONE, TWO), (ONE, TWO), (ONE, FOUR, TWO), (ONE, FOUR, TWO), None, id="the page put one in"),
        pytest.param((ONE, TWO), (ONE, TWO), (FOUR, ONE, TWO), (FOUR, ONE, TWO), None, id="the page begins with one"),
        pytest.param((ONE, TWO), (ONE, TWO), (ONE, TWO, FOUR), (ONE, TWO, FOUR), None, id="the page ends with one"),
        pytest.param(
            (ONE, TWO, THREE, FOUR), (ONE, TWO, THREE, FOUR), (ONE, THREE, TWO, FOUR, OTHER),
            (ONE, TWO, THREE, FOUR, OTHER), None, id="what the page moved stays",
        ),
        pytest.param(
            (ONE, TWO, THREE), (ONE, TWO, THREE), (ONE, OTHER, THREE), (ONE, OTHER, THREE), None, id="one rewritten",
        ),
        pytest.param(
            (ONE, TWO, THREE), (ONE, NEW_TWO, THREE), (ONE, OTHER, THREE), (ONE, NEW_TWO, THREE), (ONE, OTHER, THREE),
            id="one rewritten that the seed changed",
        ),
        pytest.param(
            (ONE, TWO, THREE), (ONE, IMAGE, TWO, FOUR, THREE), (ONE, NEW_TWO, THREE),
            (ONE, IMAGE, NEW_TWO, FOUR, THREE), None, id="the seed's image and paragraph stay",
        ),
        pytest.param((ONE, TWO, THREE), (ONE, THREE), (ONE, NEW_TWO, THREE), (ONE, THREE), None, id="the seed cut one"),
        pytest.param(
            (ONE, TWO, THREE), (ONE, TWO, THREE), (ONE,), (ONE, TWO, THREE), (ONE,),
            id="a page that shows its beginning",
        ),
        pytest.param(
            (ONE, TWO, THREE, FOUR), (ONE, TWO, THREE, FOUR), (ONE.replace("new", "high"), THREE, FOUR),
            (ONE.replace("new", "high"), THREE, FOUR), None, id="the page took one away",
        ),
        pytest.param((ONE, TWO), (ONE, TWO), (OTHER,), (ONE, TWO), (OTHER,), id="another article"),
        pytest.param(None, (ONE, TWO), (ONE, NEW_TWO), (ONE, NEW_TWO), None, id="without base: one changed"),
        pytest.param(None, (ONE,), (ONE, TWO, THREE), (ONE, TWO, THREE), None, id="without base: the page goes on"),
        pytest.param(
            None, (ONE, FOUR, TWO), (ONE, NEW_TWO), (ONE, FOUR, NEW_TWO), None, id="without base: the seed's own stays",
        ),
        pytest.param(
            None, (ONE, TWO, THREE), (ONE, OTHER, THREE), (ONE, TWO, THREE), (ONE, OTHER, THREE),
            id="without base: one rewritten",
        ),
        pytest.param(None, (ONE, LINKED), (ONE, NEW_TWO), (ONE, LINKED), (ONE, NEW_TWO), id="without base: a link"),
        pytest.param(None, (ONE, TWO), (OTHER,), (ONE, TWO), (OTHER,), id="without base: another article"),
    ],
)  # fmt: skip
def test_a_body_is_brought_up_by_paragraphs(
    base: tuple[str, ...] | None,
    ours: tuple[str, ...],
    theirs: tuple[str, ...],
    text: tuple[str, ...],
    proposal: tuple[str, ...] | None,
) -> None:
    before = None if base is None else body(*base)
    merged = merge_body(body(*ours), body(*theirs), before)
    assert merged.text == body(*text)
    assert merged.proposal == (None if proposal is None else body(*proposal))
    again = merge_body(merged.text, body(*theirs), before)
    assert (again.text, again.proposal) == (merged.text, merged.proposal)


def test_bytes_outside_of_what_changed_stay() -> None:
    opening = f"\r\n#  Mine #\r\n\r\n{ONE}  \r\n\r\n\r\n* one\r\n* two \t"
    ours = f"{opening}\r\n\r\n{TWO}\r\n\r\n```\r\ncode\r\n\r\n```\r\n\r\n\r\n{THREE}"
    theirs = body(ONE, "- one\n- two", NEW_TWO, "```\ncode\n\n```", THREE, FOUR)
    merged = merge_body(ours, theirs, body(ONE, "- one\n- two", TWO, "```\ncode\n\n```", THREE), (), to_crlf)
    assert merged.text == ours.replace(TWO, NEW_TWO) + f"\r\n\r\n{FOUR}"
    assert merged.proposal is None


def to_crlf(markdown: str) -> str:
    return markdown.replace("\n", "\r\n")


@given(st.sampled_from(sorted(SCRIPTS)), st.integers(0, 10_000), st.booleans())
@settings(max_examples=60, deadline=None, derandomize=True)
def test_what_did_not_change_is_byte_equal_and_a_second_time_changes_nothing(
    name: str, number: int, with_base: bool
) -> None:
    script, random = SCRIPTS[name], Random(number)  # noqa: S311  (nothing is kept secret)
    text = article(script, random)
    before, after = write(text, script), write(edited(text, script, random), script)
    kept = [f"{paragraph}{random.choice(['', ' ', '  '])}" for paragraph in before]
    ours = "\n# Mine\n\n" + "\n\n\n".join(kept) + "\n\n"
    base = body(*before) if with_base else None
    merged = merge_body(ours, body(*after), base)
    for paragraph, other in zip(kept, after, strict=True):
        assert (paragraph if paragraph.strip() == other else other) in merged.text
    assert merged.text.startswith("\n# Mine\n\n")
    assert merge_body(merged.text, body(*after), base) == merged
    assert merge_body(ours, body(*before), body(*before)).text == ours
    assert merge_body(ours, body(*before), base).text == ours
