"""How sure a choice is: the features, the weights, and what a further witness does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.confidence.evidence import Evidence
from archiver.extract.confidence.features import FEATURES, measure
from archiver.extract.confidence.model import coefficients, confidence_of, tables, with_seed
from archiver.models import Alternative, Choice, Field
from tests.acceptance.calibrate import weights_table

SOURCES = {
    Field.TITLE: (
        "json-ld:headline",
        "meta:og:title",
        "h1",
        "title",
        "microdata:headline",
        "rules:title",
        "slug",
        "body",
    ),
    Field.AUTHOR: ("json-ld:author", "meta:author", "class:byline", "visible:byline", "rel:author", "rules:author"),
    Field.DATE: ("json-ld:datePublished", "meta:date", "time", "visible:date", "url", "htmldate", "rules:date"),
    Field.IMAGE: ("meta:og:image", "json-ld:image", "figure", "figure:above", "meta:twitter:image", "rules:image"),
    Field.LANGUAGE: ("html:lang", "json-ld:inLanguage", "body"),
    Field.DESCRIPTION: ("meta:description", "meta:og:description", "json-ld:description", "body", "rules:description"),
    Field.CATEGORY: ("json-ld:articleSection", "meta:article:section", "breadcrumb", "url", "rules:category"),
}
VALUES = {
    Field.TITLE: "New wall for the harbour",
    Field.AUTHOR: "Ada Quell",
    Field.DATE: "2025-06-30T13:59:30Z",
    Field.IMAGE: "https://img.nordblatt.example/wall.jpg",
    Field.LANGUAGE: "de",
    Field.DESCRIPTION: "The harbour gets a new wall.",
    Field.CATEGORY: "World",
}


def sure(
    field: Field, *sources: str, value: str = "", headline: str = "", rivals: tuple[Alternative, ...] = ()
) -> float:
    choice = Choice(value or VALUES[field], sources[0], sources[1:], alternatives=rivals)
    return confidence_of(Evidence(field, choice, headline))


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert {field: {*features, "bias"} for field, features in FEATURES.items()} == {
        field: set(weights) for field, weights in coefficients().items()
    }
    assert {*FEATURES, *tables()} == {field for field in Field if field is not Field.BODY}


def test_no_weight_contradicts_what_its_feature_can_say() -> None:
    assert [
        (field, name)
        for field, features in FEATURES.items()
        for name, feature in features.items()
        if coefficients()[field][name] * feature.sign < 0
    ] == []


def test_the_docs_show_the_weights_in_force() -> None:
    page = (Path(__file__).parents[3] / "docs" / "confidence.md").read_text(encoding="utf-8")
    assert "\n".join(weights_table(coefficients())) in page


@st.composite
def _witnesses(draw: st.DrawFn) -> tuple[Field, list[str]]:
    field = draw(st.sampled_from(sorted(SOURCES)))
    return field, draw(st.permutations(SOURCES[field]))


@given(_witnesses())
def test_a_further_witness_never_lowers(drawn: tuple[Field, list[str]]) -> None:
    field, sources = drawn
    said = [sure(field, *sources[:count]) for count in range(1, len(sources) + 1)]
    assert said == sorted(said)


def test_two_places_of_one_kind_are_one_witness() -> None:
    alone = sure(Field.AUTHOR, "class:byline")
    assert sure(Field.AUTHOR, "class:byline", "rel:author") == alone
    assert sure(Field.AUTHOR, "class:byline", "json-ld:author") > alone
    assert sure(Field.TITLE, "meta:og:title", "meta:twitter:title") == sure(Field.TITLE, "meta:og:title")


@pytest.mark.parametrize("field", FEATURES)
def test_a_rule_is_strong_evidence_and_no_proof(field: Field) -> None:
    alone, ruled = sure(field, SOURCES[field][0]), sure(field, f"rules:{field}", SOURCES[field][0])
    assert alone < ruled < 1
    assert sure(field, f"rules:{field}") >= 0.9


@pytest.mark.parametrize(
    ("field", "value", "sources", "rivals", "headline", "name"),
    [
        (Field.TITLE, "Wall | Nordblatt", ["title"], [], "", "separator"),
        (Field.TITLE, "Harbour news", ["title"], [], "", "short"),
        (Field.TITLE, "New wall for the harbour", ["title"], [], "Nordblatt", "not_in_headline"),
        (Field.TITLE, "New wall for the harbour", ["title"], [], "NEW WALL for the harbour", "is_headline"),
        (Field.TITLE, "New wall for the harbour", ["title"], [("Fish are back", "h1")], "", "far_rival"),
        (Field.AUTHOR, "nordblatt-online", ["meta:author"], [], "", "odd_name"),
        (Field.AUTHOR, "Ada Quell", ["visible:byline"], [], "", "near_headline"),
        (Field.AUTHOR, "Ada Quell", ["meta:author"], [("Bert Ohm", "class:byline")], "", "rival"),
        (Field.DATE, "2025-06-30", ["htmldate"], [], "", "guessed"),
        (Field.DATE, "2025-06-30T22:00:00Z", ["meta:date"], [], "", "near_midnight"),
        (Field.DATE, "2025-06-30", ["meta:date"], [("2025-06-12", "visible:date")], "", "shown_rival"),
        (Field.DATE, "2025-06-30", ["meta:date", "time"], [], "", "machine_and_shown"),
        (Field.IMAGE, "https://a.example/x.jpg", ["figure"], [], "", "lone_figure"),
    ],
)
def test_what_a_choice_shows(
    field: Field, value: str, sources: list[str], *, rivals: list[tuple[str, str]], headline: str, name: str
) -> None:
    choice = Choice(value, sources[0], tuple(sources[1:]), alternatives=tuple(Alternative(*rival) for rival in rivals))
    assert measure(Evidence(field, choice, headline))[name]
    plain = Evidence(field, Choice(VALUES[field], "json-ld:x"), "Other words here")
    assert not measure(plain)[name] or name == "not_in_headline"


def test_names_and_headlines_of_scripts_without_capitals_are_not_odd() -> None:
    names = measure(Evidence(Field.AUTHOR, Choice("汐見 渚", "json-ld:author")))
    title = measure(Evidence(Field.TITLE, Choice("港の朝市に新しい屋根が完成し、地元の人たちが祝う", "h1")))
    assert not names["odd_name"]
    assert not title["short"]


def test_a_headline_in_other_words_counts_and_another_spelling_does_not() -> None:
    def far(said: str) -> bool:
        choice = Choice("New wall for the harbour", "json-ld:headline", alternatives=(Alternative(said, "h1"),))
        return bool(measure(Evidence(Field.TITLE, choice))["far_rival"])

    assert not far("Harbour: a new wall for the old town")
    assert far("Fish are back")


def test_the_seed_as_a_witness_makes_a_title_surer() -> None:
    title = Choice("New wall for the harbour", "h1", ("slug",), confidence=0.7)
    seen = with_seed(title)
    assert seen.witnesses == ("slug", "seed")
    assert seen.confidence is not None
    assert 0.9 < seen.confidence < 1
    assert with_seed(Choice("New wall", "h1")).confidence is None
