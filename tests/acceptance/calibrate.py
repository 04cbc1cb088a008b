"""Fit the weights of confidence on the acceptance pages; write them and the tables of docs/confidence.md.

usage: python -m tests.acceptance.calibrate [FOLDER]     FOLDER is shared/acceptance; see its README

Only the values of named features go in, no word of a page. The tables are of predictions by weights that were fitted
without any page of the same publisher.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from archiver.config.fields import parse_review_below
from archiver.extract.confidence.features import FEATURES
from archiver.extract.confidence.model import COEFFICIENTS, probability
from archiver.models import Field
from archiver.urls import without_www
from tests.acceptance.choices import JudgedChoice, judge_choices
from tests.acceptance.regression import fit

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "confidence.md"
THRESHOLDS = parse_review_below({})
"""What a value's probability has to be for it to be written, by default."""
PRIORS: Mapping[Field, Mapping[str, float]] = {
    Field.TITLE: {"two_kinds": 2.6, "three_kinds": 1.8, "four_kinds": 0.5, "rule": 2.5, "seed": 3.0},
    Field.AUTHOR: {"two_kinds": 1.9, "rule": 2.5},
    Field.DATE: {"two_kinds": 1.8, "rule": 2.5},
    Field.IMAGE: {"two_kinds": 1.0, "three_kinds": 1.0, "rule": 2.5, "shown": 2.0, "lone_figure": -1.0, "bias": 0.0},
}
"""What the weights are drawn to, in log-odds. Of kinds of places: how often values with as many agreeing places were
right on 1,900 values of pages by other publishers. `rule` and `seed` are chosen: no acceptance page has either."""
RIDGE_WEIGHT = 3.0
"""What the square of a weight's distance from its prior costs, in log-likelihood. With 0.5 the dates that are written
across folds are wrong more often, with 10 fewer dates are written; 1 to 5 differ little."""
FOLDS = 10
EDGES = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.01)
"""The rows of the reliability table begin here."""
_BINS = 10
"""Groups of as many values each, over which the calibration error is taken."""

Weights = Mapping[str, float]


@dataclass(frozen=True)
class Prediction:
    """One choice, and how sure weights are of it that know no page of its publisher."""

    choice: JudgedChoice
    confidence: float
    """0 where nothing was chosen."""


def main(folder: Path) -> int:
    """Fit everything, write both files."""
    if not folder.is_dir():
        print(f"{folder} is not there: nothing was fitted")
        return 0
    choices = judge_choices(folder)
    weights = {field: fit_field(choices, field) for field in FEATURES}
    COEFFICIENTS.write_text("\n".join(_as_toml(field, weights[field]) for field in FEATURES), encoding="utf-8")
    predictions = predict_across_publishers(choices)
    text = PAGE.read_text(encoding="utf-8")
    for name, table in {"figures": figures_table, "reliability": reliability_table}.items():
        text = replace_table(text, name, table(predictions))
    PAGE.write_text(replace_table(text, "weights", weights_table(weights)), encoding="utf-8")
    print("\n".join(f"{name:28} {value}" for name, value in figures(predictions).items()))
    return 0


def fit_field(choices: Sequence[JudgedChoice], field: Field) -> Weights:
    """The weights of one field's features, and its bias."""
    names = (*FEATURES[field], "bias")
    prior = PRIORS[field]
    made = [choice for choice in choices if choice.field is field and choice.values is not None]
    rows = [[{"bias": 1.0, **(choice.values or {})}[name] for name in names] for choice in made]
    ridge = [0.0 if name == "bias" and name not in prior else RIDGE_WEIGHT for name in names]
    signs = [*(feature.sign for feature in FEATURES[field].values()), 0]
    right = [float(choice.is_right) for choice in made]
    found = fit(rows, right, ridge, [prior.get(name, 0.0) for name in names], signs)
    return {name: round(weight, 2) + 0.0 for name, weight in zip(names, found, strict=True)}


def predict_across_publishers(choices: Sequence[JudgedChoice]) -> list[Prediction]:
    """Each choice by weights that were fitted on the pages of other publishers."""
    folds = {choice.publisher: _digest(choice.publisher) % FOLDS for choice in choices}
    weights = {
        (field, fold): fit_field([choice for choice in choices if folds[choice.publisher] != fold], field)
        for field in FEATURES
        for fold in range(FOLDS)
    }
    return [
        Prediction(it, probability(weights[it.field, folds[it.publisher]], it.values) if it.values is not None else 0.0)
        for it in choices
    ]


def figures(predictions: Sequence[Prediction]) -> dict[str, float]:
    """Per field: which share is written unattended, which share of that is right, and the calibration error."""
    found = {}
    for field in FEATURES:
        mine = [it for it in predictions if it.choice.field is field]
        sure = _written(mine)
        found[f"{field.value}_written"] = round(len(sure) / len(mine), 4)
        found[f"{field.value}_right"] = _share_right(sure)
        found[f"{field.value}_calibration"] = round(calibration_error(mine), 4)
    return found


def calibration_error(predictions: Sequence[Prediction]) -> float:
    """The mean distance between what is said and what is right, over ten groups with as many choices each.

    The choices are sorted by what is said of them; values that were not found are not counted.
    """
    made = sorted((it for it in predictions if it.choice.values is not None), key=lambda it: it.confidence)
    error = 0.0
    for number in range(_BINS):
        group = made[number * len(made) // _BINS : (number + 1) * len(made) // _BINS]
        error += abs(math.fsum(it.confidence - it.choice.is_right for it in group)) / len(made)
    return error


def half(choice: JudgedChoice) -> str:
    """The half that a publisher is in."""
    return "AB"[_digest(without_www(choice.host)) % 2]


def _digest(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16)


def _written(predictions: Sequence[Prediction]) -> list[Prediction]:
    return [it for it in predictions if it.confidence >= THRESHOLDS[it.choice.field]]


def _share_right(predictions: Sequence[Prediction]) -> float:
    return round(sum(it.choice.is_right for it in predictions) / max(1, len(predictions)), 4)


def _as_toml(field: Field, weights: Weights) -> str:
    return "".join([f"[{field.value}]\n", *(f"{name} = {weight}\n" for name, weight in weights.items())])


def replace_table(text: str, name: str, rows: Iterator[str]) -> str:
    """A page with other rows between the comments that name a table."""
    found = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
    made = "".join(f"{row}\n" for row in rows)
    return found.sub(lambda match: f"{match[1]}{made}{match[2]}", text, count=1)


def figures_table(predictions: Sequence[Prediction]) -> Iterator[str]:
    """What is written unattended, of all pages and of both halves."""
    yield "| field | values with a truth | written | right of these | half A | half B | calibration error |"
    yield "|---" * 7 + "|"
    for field in FEATURES:
        mine = [it for it in predictions if it.choice.field is field]
        halves = [[it for it in mine if half(it.choice) == name] for name in "AB"]
        cells = [f"{len(_written(some)) / len(some):.3f} at {_share_right(_written(some)):.3f}" for some in halves]
        written = f"{len(_written(mine)) / len(mine):.3f}"
        row = [field.value, str(len(mine)), written, f"{_share_right(_written(mine)):.3f}", *cells]
        yield f"| {' | '.join(row)} | {calibration_error(mine):.3f} |"


def reliability_table(predictions: Sequence[Prediction]) -> Iterator[str]:
    """What is said and what is right, by how sure it is said."""
    yield "| said | " + " | ".join(f"{field.value}: values, said, right" for field in FEATURES) + " |"
    yield "|---" * (len(FEATURES) + 1) + "|"
    made = {field: [it for it in predictions if it.choice.field is field and it.choice.values] for field in FEATURES}
    for low, high in pairwise(EDGES):
        cells = (_reliability(made[field], low, high) for field in FEATURES)
        yield f"| {low:.2f} to {min(high, 1):.2f} | {' | '.join(cells)} |"


def _reliability(predictions: Sequence[Prediction], low: float, high: float) -> str:
    found = [it for it in predictions if low <= it.confidence < high]
    if not found:
        return "–"
    said = math.fsum(it.confidence for it in found) / len(found)
    return f"{len(found)}, {said:.2f}, {_share_right(found):.2f}"


def weights_table(weights: Mapping[Field, Weights]) -> Iterator[str]:
    """What each feature means and adds."""
    yield "| field | feature | log-odds | holds where |"
    yield "|---|---|---|---|"
    for field, features in FEATURES.items():
        for name, feature in features.items():
            yield f"| {field.value} | `{name}` | {weights[field][name]:+.2f} | {feature.meaning} |"
        yield f"| {field.value} | `bias` | {weights[field]['bias']:+.2f} | always |"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "acceptance"))
