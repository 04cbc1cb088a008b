"""What a run with the default settings writes without a person, and which share of that is right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from archiver.extract.confidence.features import FEATURES
from archiver.models import Choice, Field
from tests.acceptance.choices import are_right


def count(scores: ModuleType, built: Path, results: Path) -> Counter[str]:
    """Count per field the blank values with a truth, those that a run wrote, and those of them that are right.

    A title is written for any damage of a seed, another field where all of it was blank.
    """
    outcomes = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    changes = {Path(outcome["path"]).name: outcome["changes"] for outcome in outcomes}
    counts: Counter[str] = Counter()
    for line in (built / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if not case.get("not_article"):
            counts.update(_count_case(scores, case, changes.get(case["seed"], [])))
    return counts


def _count_case(scores: ModuleType, case: Mapping[str, Any], changes: list[Mapping[str, Any]]) -> Counter[str]:
    fields = {field.value for field in FEATURES}
    written = {Field(it["field"]): Choice(it["new"], it["source"]) for it in changes if it["field"] in fields}
    counts: Counter[str] = Counter()
    for field, is_right in are_right(scores, case, written).items():
        if field is Field.TITLE or case["damage"] == "all-blank":
            counts[field] += 1
            counts[f"{field}_run_written"] += field in written
            counts[f"{field}_run_right"] += field in written and is_right
    return counts


def figures(counts: Mapping[str, int]) -> dict[str, float]:
    """The shares: of values written, and of right ones among these."""
    found = {}
    for field in FEATURES:
        written, right = f"{field}_run_written", f"{field}_run_right"
        found[written] = round(counts[written] / max(1, counts[field]), 4)
        found[right] = round(counts[right] / max(1, counts[written]), 4)
    return found
