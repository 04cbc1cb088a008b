"""How a page's text differs from a seed's, and which title the seed itself speaks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.models import Alternative, Article, Candidate, Choice, DriftKind, Field
from archiver.repair.diff import compare, drift
from archiver.seeds import read
from archiver.text.markdown.plain import markdown_to_text

ONE = "The harbour gets a new wall, the council decided on Monday night after a long debate."
TWO = "Divers had found cracks over a length of 140 metres in the autumn of last year."
THREE = "The fishermen fear for their stalls, and the city has offered them another place."
OTHER = "A lighthouse shines again after twelve dark years, thanks to a club of volunteers."
KEYS = {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}}


def body(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize(
    ("ours", "theirs", "kind"),
    [
        (body(ONE, TWO), body(ONE, TWO), DriftKind.SAME),
        (body("# A title", ONE, TWO), body(ONE, TWO), DriftKind.SAME),
        (body("# ", "A title", ONE, TWO), body(ONE, TWO), DriftKind.SAME),
        (body(ONE, "![alt](https://a.example/i.jpg)", TWO), body(ONE, TWO), DriftKind.SAME),
        (body(ONE.replace("Monday", "**Monday**"), TWO), body(ONE, TWO), DriftKind.SAME),
        (body(ONE, TWO, "1. Walls"), body(ONE, TWO, "## Walls"), DriftKind.SAME),
        (body(ONE + " " + TWO), body(ONE, TWO), DriftKind.COSMETIC),
        (body(ONE.replace(",", " –"), TWO), body(ONE, TWO), DriftKind.COSMETIC),
        (body(ONE.upper(), TWO), body(ONE, TWO), DriftKind.COSMETIC),
        (body(ONE), body(ONE, TWO, THREE), DriftKind.SEED_TRUNCATED),
        (body(ONE, THREE), body(ONE, TWO, THREE), DriftKind.SEED_TRUNCATED),
        (body(ONE, TWO, THREE), body(ONE), DriftKind.SHORTENED),
        (body(ONE, TWO, THREE), body(ONE, TWO.replace("140", "190"), THREE), DriftKind.UPDATED),
        (body(ONE, TWO), body(OTHER), DriftKind.DIVERGED),
        (body(ONE), "", DriftKind.GONE),
        ("", body(ONE), None),
        ("# \n\n", body(ONE), None),
        (body("港の岸壁が新しくなる。市議会が決めた。"), body("灯台が十二年ぶりに点灯した。"), DriftKind.DIVERGED),
    ],
)  # fmt: skip
def test_drift(ours: str, theirs: str, kind: DriftKind | None) -> None:
    assert drift(ours, theirs) is kind
    assert drift(ours.replace("\n", "\r\n"), theirs) is kind


@given(st.lists(st.text(alphabet=st.characters(categories=("L", "N", "Zs")), min_size=1), max_size=6))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_text_never_drifts_from_itself(blocks: list[str]) -> None:
    text = body(*blocks)
    assert drift(text, text) in {None, DriftKind.SAME}


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("A **bold** and _soft_ [word](https://a.example/x_(y)).", "A bold and soft word."),
        ("snake_case stays, 2 * 3 * 4 too", "snake_case stays, 2  3  4 too"),
        (r"\*kept\* and \# and \[x\]", "*kept* and # and [x]"),
        ("> quoted", "quoted"),
        ("- item", "item"),
        ("## Heading", "Heading"),
        ("![alt](https://a.example/i.jpg)", "alt"),
    ],
)
def test_plain(markdown: str, text: str) -> None:
    assert markdown_to_text(markdown) == text


HEADLINES = (
    Candidate(Field.TITLE, "Harbour gets new wall", "meta:og:title"),
    Candidate(Field.TITLE, "A wall for the harbour", "h1"),
    Candidate(Field.TITLE, ONE, "h2"),
)


@pytest.mark.parametrize(
    ("opening", "title", "witnessed"),
    [
        ("Harbour gets new wall", "Harbour gets new wall", True),
        ("HARBOUR GETS NEW WALL", "Harbour gets new wall", True),
        ("A wall for the harbour", "A wall for the harbour", True),
        (ONE, "Harbour gets new wall", False),
        ("Something else", "Harbour gets new wall", False),
    ],
)
def test_the_seed_is_a_witness_for_a_headline_that_it_repeats(opening: str, title: str, witnessed: bool) -> None:
    seed = read("x.md", f'---\ntitle: ""\n---\n\n# \n\n{opening}\n\n{TWO}\n'.encode())
    article = Article({Field.TITLE: Choice("Harbour gets new wall", "meta:og:title")}, HEADLINES, TWO)
    (difference,) = compare(seed, article, KEYS).differences
    assert difference.choice.value == title
    assert ("seed" in difference.choice.witnesses) is witnessed


def test_fields_that_agree_are_no_difference() -> None:
    raw = (
        b'---\ntitle: "It\'s  here"\ndate: 2024-11-12T11:10:00+07:00\ndescription: Mine\nimage:\nauthor: [A, B]\n---\n'
    )
    choices = {
        Field.TITLE: Choice("It’s here", "h1"),
        Field.DATE: Choice("2024-11-12T04:10:00Z", "time"),
        Field.DESCRIPTION: Choice("Theirs", "meta:description"),
        Field.IMAGE: Choice("https://a.example/i.jpg", "meta:og:image"),
        Field.AUTHOR: Choice("C", "rel"),
        Field.LANGUAGE: Choice("en", "html:lang"),
    }
    found = compare(read("x.md", raw), Article(choices), KEYS).differences
    assert [(d.field, d.key, d.old, d.blank) for d in found] == [
        (Field.DESCRIPTION, "description", "Mine", False),
        (Field.IMAGE, "image", None, True),
        (Field.LANGUAGE, None, None, True),
        (Field.AUTHOR, "author", "A, B", False),
    ]


@pytest.mark.parametrize(
    ("front", "differs"),
    [
        ("---\ndate: 12 November 2024\n---\n", False),
        ('---\ndate: "Nov 12, 2024 04:10 UTC"\n---\n', False),
        ("---\ndate: 2024-11-12 4:10:56\n---\n", False),
        ("---\ndate: 13 November 2024\n---\n", True),
        ("---\ndate: soon\n---\n", True),
        ("+++\ndate = 2024-11-12t11:10:56.5+07:00\n+++\n", False),
        ("+++\ndate = 2024-11-12 04:10:56z\n+++\n", False),
        ("+++\ndate = 2024-11-12t05:10:56z\n+++\n", True),
        ("+++\ndate = 04:10:56\n+++\n", True),
        ('{"date": "2024-11-12"}\n', False),
    ],
)
def test_a_date_is_compared_in_whatever_form_it_stands(front: str, differs: bool) -> None:
    article = Article({Field.DATE: Choice("2024-11-12T04:10:56Z", "time")})
    assert bool(compare(read("x.md", front.encode()), article, KEYS).differences) == differs


def test_a_headline_that_the_seed_repeats_is_sure_and_the_pages_own_choice_its_alternative() -> None:
    seed = read("x.md", f'---\ntitle: ""\n---\n\n# \n\nA wall for the harbour\n\n{TWO}\n'.encode())
    agreed = Choice("Harbour gets new wall", "meta:og:title", ("title",), confidence=0.9)
    (difference,) = compare(seed, Article({Field.TITLE: agreed}, HEADLINES, TWO), KEYS).differences
    assert (difference.choice.confidence or 0) >= 0.9
    assert difference.choice.alternatives == (Alternative("Harbour gets new wall", "meta:og:title", ("title",)),)
