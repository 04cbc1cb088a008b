"""Find the weights of the signs by which lists are told from articles, from half of the acceptance pages.

usage: python -m tests.acceptance.weights FOLDER     FOLDER is shared/acceptance; see its README

Halves are by the publisher's host, so that no publisher is in both: A is fitted on, B only counted. Prints the weights
for `archiver/extract/verdict/not_article.py`, and of each half how many lists and how many articles they refuse; for A
also across ten folds by host, each judged by the weights of the other nine.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import mul
from pathlib import Path
from unittest.mock import patch

from archiver.extract.article import extract
from archiver.extract.verdict.signs import SIGNS, Evidence
from archiver.models import Capture
from archiver.urls import hostname, without_www
from tests.acceptance import regression

_RIDGE_WEIGHT = 0.5
"""What the square of each weight costs, in log-likelihood; of 0.25, 0.5, 1 and 2 it gave the least loss across folds of
half A."""
_MARGIN_WEIGHT = 0.45
"""What is taken off the bias, so that an article needs less to be one: from 0.25 to 0.55 as many lists of half A are
refused."""


@dataclass(frozen=True)
class Example:
    """One page that passed for an article."""

    host: str
    signs: tuple[float, ...]
    """The values of `SIGNS`, and a 1 for the bias."""
    is_list: bool


def main(folder: Path) -> int:
    """Fit on half A, count both."""
    truths = sorted(folder.glob("pages/*/truth.jsonl"))
    jobs = [(truth, line) for truth in truths for line in truth.read_text(encoding="utf-8").splitlines()]
    with ProcessPoolExecutor() as pool:
        examples = [found for found in pool.map(read, *zip(*jobs, strict=True), chunksize=8) if found is not None]
    mine = [example for example in examples if half(example.host) == "A"]
    weights = fit(mine)
    for name, weight in sorted(zip((*SIGNS, "bias"), weights, strict=True), key=lambda found: found[1]):
        print(f"{name:22} {weight - _MARGIN_WEIGHT * (name == 'bias'):+.2f}")
    print("half A, across folds  " + count(across_folds(mine)))
    for name in "AB":
        print(f"half {name}                " + count((e, score(weights, e)) for e in examples if half(e.host) == name))
    return 0


def half(host: str) -> str:
    """The half that a publisher is in."""
    return "AB"[_digest(host) % 2]


def _digest(host: str) -> int:
    return int(hashlib.sha256(host.encode()).hexdigest(), 16)


def read(truth: Path, line: str) -> Example | None:
    """Read a page; None where another verdict is passed on it."""
    case = json.loads(line)
    body = gzip.decompress((truth.parent / case["page"]).read_bytes())
    at = datetime.fromisoformat(case.get("captured") or "2025-01-01T00:00:00+00:00").astimezone(UTC)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    with patch("archiver.extract.article.judge_structure", return_value=None) as judged:
        extract(Capture(case["url"], case["url"], 200, headers, body, at, "archive"))
    if not judged.called:
        return None
    evidence = Evidence(*judged.call_args.args)
    signs = (*(value(evidence) for value in SIGNS.values()), 1.0)
    return Example(without_www(hostname(case["url"])), signs, bool(case.get("not_article")))


def fit(examples: Sequence[Example]) -> list[float]:
    """Fit a logistic regression with ridge; the last weight is the bias, which costs nothing."""
    size = len(SIGNS)
    rows, right = [example.signs for example in examples], [float(example.is_list) for example in examples]
    return regression.fit(rows, right, [_RIDGE_WEIGHT] * size + [0.0], [0.0] * (size + 1), [0] * (size + 1))


def score(weights: Sequence[float], example: Example) -> float:
    """The log-odds of a list, less the margin."""
    return math.fsum(map(mul, weights, example.signs)) - _MARGIN_WEIGHT


def across_folds(examples: Sequence[Example]) -> Iterator[tuple[Example, float]]:
    """Each example with the score that weights from other publishers give it."""
    for fold in range(10):
        away = [example for example in examples if _digest(example.host) // 2 % 10 == fold]
        weights = fit([example for example in examples if example not in away])
        yield from ((example, score(weights, example)) for example in away)


def count(scored: Iterator[tuple[Example, float]]) -> str:
    """What the scores come to, on one line."""
    found = list(scored)
    lists = [points > 0 for example, points in found if example.is_list]
    articles = [points > 0 for example, points in found if not example.is_list]
    return f"{sum(lists)} of {len(lists)} lists refused, {sum(articles)} of {len(articles)} articles"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
