"""The kind of difference of texts that were made to differ so, script by script."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from archiver.models import DriftKind
from archiver.repair.drift.text_diff import compare_texts
from tests.repair.drift.edits import pair
from tests.repair.drift.texts import SCRIPTS

PAIRS = 200
MIN_RIGHT_SHARE = 0.98


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_kind_of_difference_is_the_one_that_was_made(name: str) -> None:
    random = Random(f"drift {name}")  # noqa: S311  (nothing is kept secret)
    wrong: Counter[str] = Counter()
    kinds = list(DriftKind)
    for number in range(PAIRS):
        kind = kinds[number % len(kinds)]
        ours, theirs = pair(kind, SCRIPTS[name], random)
        found = compare_texts(ours, theirs)
        assert found is not None
        if found.kind is not kind:
            wrong[f"{kind} as {found.kind}:\n{ours}\n--- page\n{theirs}"] += 1
    assert sum(wrong.values()) <= PAIRS * (1 - MIN_RIGHT_SHARE), "\n\n".join(wrong)
