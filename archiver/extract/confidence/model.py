"""The probability that a choice is right: a logistic regression over named features, else a plain table.

`make calibrate` writes `coefficients.toml`; `uncalibrated.toml` holds what no acceptance page can show, and is written
by hand.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from archiver.extract.confidence.evidence import Evidence, kind_of
from archiver.extract.confidence.features import measure
from archiver.models import Choice, Field

COEFFICIENTS = Path(__file__).with_name("coefficients.toml")
"""What each feature adds, in log-odds, and each field's `bias`."""
TABLE = Path(__file__).with_name("uncalibrated.toml")
"""Probabilities by kind of source, for what is not calibrated."""
_MAX_CONFIDENCE_SHARE = 0.995
"""The highest probability that is stated: among 500 titles with all evidence are one or two that are wrong, so more
would promise what nobody measured, with less the surest could not be told from the sure."""


def confidence_of(evidence: Evidence) -> float:
    """Return the probability that a choice is right, as the acceptance pages or the table have it."""
    weights = coefficients().get(evidence.field)
    return _by_table(evidence) if weights is None else probability(weights, measure(evidence))


def probability(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    """Return what a logistic regression makes of the values of its features."""
    return _stated(weights["bias"] + sum([weights[name] * value for name, value in values.items()]))


def with_seed(title: Choice) -> Choice:
    """Return the page's title with the seed as a witness, whose text begins with it."""
    witnesses = (*title.witnesses, "seed")
    if title.confidence is None:
        return replace(title, witnesses=witnesses)
    odds = math.log(title.confidence / (1 - title.confidence)) + coefficients()[Field.TITLE]["seed"]
    return replace(title, witnesses=witnesses, confidence=_stated(odds))


def _by_table(evidence: Evidence) -> float:
    table = tables()[evidence.field]
    alone = table.get(kind_of(evidence.choice.source, evidence.field), table["other"])
    witnessed = len({kind_of(source, evidence.field) for source in evidence.sources}) > 1
    return max(alone, table["witnessed"]) if witnessed else alone


def _stated(odds: float) -> float:
    return round(min(_MAX_CONFIDENCE_SHARE, 1 / (1 + math.exp(-odds))), 3)


@cache
def coefficients() -> Mapping[Field, Mapping[str, float]]:
    """Read the weights of the features, by field."""
    return _read(COEFFICIENTS)


@cache
def tables() -> Mapping[Field, Mapping[str, float]]:
    """Read the probabilities that are chosen, by field and kind of source."""
    return _read(TABLE)


def _read(file: Path) -> Mapping[Field, Mapping[str, float]]:
    stated = tomllib.loads(file.read_text(encoding="utf-8"))
    return {Field(name): {key: float(value) for key, value in table.items()} for name, table in stated.items()}
