"""A logistic regression in plain Python: ridge towards given weights, and weights that keep their sign."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import add, mul

_MAX_ROUNDS = 50
"""Steps of Newton's method, which needs eight."""

Row = Sequence[float]
"""The values of the features of one example; the last one is a 1, for the bias."""


def fit(rows: Sequence[Row], right: Sequence[float], ridge: Row, prior: Row, signs: Row) -> list[float]:
    """Fit by Newton's method; `ridge` is what the square of each weight's distance from its `prior` costs.

    A weight whose sign (1, -1, or 0 for any) the examples contradict is 0: what can only speak for a value does not
    come to speak against it because a few examples have it so. Without examples the weights are the prior's.
    """
    free = list(range(len(prior))) if rows else []
    while free:
        found = _newton(
            [[row[at] for at in free] for row in rows], right, *([of[at] for at in free] for of in (ridge, prior))
        )
        against = {at: weight * signs[at] for at, weight in zip(free, found, strict=True) if weight * signs[at] < 0}
        if not against:
            weights = dict(zip(free, found, strict=True))
            return [weights.get(at, 0.0) for at in range(len(prior))]
        free.remove(min(against, key=against.__getitem__))
    return list(prior)


def _newton(rows: Sequence[Row], right: Sequence[float], ridge: Row, prior: Row) -> list[float]:
    size = len(prior)
    weights = list(prior)
    for _ in range(_MAX_ROUNDS):
        slope = [-cost * (weight - wanted) for cost, weight, wanted in zip(ridge, weights, prior, strict=True)]
        bend = [[ridge[row] * (row == column) for column in range(size)] for row in range(size)]
        for values, wanted in zip(rows, right, strict=True):
            chance = predict(weights, values)
            for row, value in enumerate(values):
                if value:
                    slope[row] += (wanted - chance) * value
                    for column, other in enumerate(values):
                        bend[row][column] += chance * (1 - chance) * value * other
        step = solve(bend, slope)
        weights = list(map(add, weights, step))
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def predict(weights: Row, values: Row) -> float:
    """The probability that the weights give to an example."""
    return 1 / (1 + math.exp(-sum(map(mul, weights, values))))


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Solve a system of linear equations by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for row in range(len(rows)):
            if row != at:
                rows[row] = [value - rows[row][at] * own for value, own in zip(rows[row], rows[at], strict=True)]
    return [row[-1] for row in rows]
