"""How the weights of confidence are fitted and its figures counted, on choices made up here."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from archiver.extract.confidence.features import FEATURES
from archiver.models import Choice, Field
from tests.acceptance import calibrate, choices, unattended
from tests.acceptance.calibrate import Prediction
from tests.acceptance.choices import JudgedChoice
from tests.acceptance.regression import fit, predict


def judged(right: bool, host: str = "nordblatt.example", **values: float) -> JudgedChoice:
    whole = dict.fromkeys(FEATURES[Field.TITLE], 0.0) | values
    return JudgedChoice(Field.TITLE, host, whole, right)


def test_a_regression_finds_the_shares_that_its_examples_have() -> None:
    rows = [[x, 1.0] for x, count in ((0.0, 40), (1.0, 40)) for _ in range(count)]
    right = [float(n % 4 == 0) for n in range(40)] + [float(n % 10 != 0) for n in range(40)]
    weights = fit(rows, right, ridge=[0.0, 0.0], prior=[0.0, 0.0], signs=[1, 0])
    assert predict(weights, [0.0, 1.0]) == pytest.approx(0.25, abs=1e-6)
    assert predict(weights, [1.0, 1.0]) == pytest.approx(0.9, abs=1e-6)


def test_a_weight_does_not_turn_its_sign() -> None:
    rows = [[x, y, 1.0] for x, y in product((0.0, 1.0), repeat=2) for _ in range(20)]
    right = [float(row[1] and not row[0]) for row in rows]
    free = fit(rows, right, ridge=[1.0, 1.0, 0.0], prior=[0.0] * 3, signs=[0, 0, 0])
    bound = fit(rows, right, ridge=[1.0, 1.0, 0.0], prior=[0.0] * 3, signs=[1, 1, 0])
    assert free[0] < 0
    assert bound[0] == 0
    assert bound[1] > 0


def test_what_no_example_shows_keeps_its_prior() -> None:
    weights = fit([[0.0, 1.0], [0.0, 1.0]], [1.0, 0.0], ridge=[3.0, 0.0], prior=[2.5, 0.0], signs=[1, 0])
    assert weights == pytest.approx([2.5, 0.0])


def test_no_page_of_a_publisher_is_judged_by_weights_that_know_it() -> None:
    # Of one publisher all titles with a slug are wrong; the others show the opposite.
    strange = [judged(False, f"{name}.strange.example", slug=1.0) for name in ("www", "m", "news") for _ in range(30)]
    others = [judged(bool(slug), f"paper{n}.example", slug=slug) for n in range(30) for slug in (0.0, 1.0)]
    made = calibrate.predict_across_publishers([*strange, *others])
    assert {it.choice.publisher for it in made[: len(strange)]} == {"strange.example"}
    assert len({it.confidence for it in made[: len(strange)]}) == 1
    assert made[0].confidence > 0.7


def test_figures_count_what_was_not_found_as_not_written() -> None:
    made = [Prediction(judged(True), 0.95), Prediction(judged(False), 0.95), Prediction(judged(False), 0.3)]
    missing = Prediction(JudgedChoice(Field.TITLE, "nordblatt.example", None, False), 0.0)
    found = calibrate.figures(
        [*made, missing, *(Prediction(JudgedChoice(f, "x.example", {}, True), 1.0) for f in FEATURES)]
    )
    assert (found["title_written"], found["title_right"]) == (0.6, 0.6667)


def test_the_calibration_error_is_the_mean_distance_of_what_is_said() -> None:
    honest = [Prediction(judged(n < 8), 0.8) for n in range(10)]
    boasting = [Prediction(judged(n < 5), 0.95) for n in range(10)]
    assert calibrate.calibration_error(boasting) > calibrate.calibration_error(honest)
    assert calibrate.calibration_error([Prediction(judged(True), 1.0)] * 20) == 0


def test_a_table_is_written_between_its_comments_and_nothing_else() -> None:
    page = "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n"
    once = calibrate.replace_table(page, "figures", iter(["| new |"]))
    assert once == "before\n<!-- figures -->\n| new |\n<!-- end of figures -->\nafter\n"
    assert calibrate.replace_table(once, "figures", iter(["| new |"])) == once


def test_of_authors_all_have_to_be_named() -> None:
    scores = SimpleNamespace(names=lambda value: set(value if isinstance(value, list) else value.split(", ")))

    def right(said: str) -> bool:
        chosen = {Field.AUTHOR: Choice(said, "meta:author")}
        return choices.are_right(scores, {"authors": ["Ada Quell", "Bert Ohm"]}, chosen)[Field.AUTHOR]  # type: ignore[arg-type]

    assert right("Bert Ohm, Ada Quell")
    assert not right("Ada Quell")


def test_a_run_is_counted_by_what_it_wrote_of_what_was_blank(tmp_path: Path) -> None:
    def change(name: str, new: str) -> dict[str, str]:
        return {"field": name, "new": new, "source": "h1"}

    cases = [
        {"seed": "a.md", "damage": "all-blank", "title": "Harbour", "authors": ["Ada Quell"]},
        {"seed": "b.md", "damage": "no-title", "title": "Harbour", "authors": ["Ada Quell"]},
        {"seed": "c.md", "damage": "all-blank", "title": "Harbour"},
        {"seed": "d.md", "damage": "all-blank", "not_article": True},
    ]
    results = [
        {"path": "seeds/a.md", "changes": [change("title", "Harbour"), change("author", "Bert"), change("body", "x")]},
        {"path": "seeds/b.md", "changes": [change("title", "Wall"), change("heading", "Wall")]},
        {"path": "seeds/c.md", "changes": []},
    ]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(result) + "\n" for result in results))
    scores = ModuleType("scores")
    scores.fold = str.casefold  # type: ignore[attr-defined]
    scores.names = lambda value: set(value if isinstance(value, list) else [value])  # type: ignore[attr-defined]
    found = unattended.figures(unattended.count(scores, tmp_path, tmp_path / "results.jsonl"))
    assert (found["title_run_written"], found["title_run_right"]) == (0.6667, 0.5)
    assert (found["author_run_written"], found["author_run_right"]) == (1.0, 0.0)
