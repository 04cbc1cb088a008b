"""The choices that extraction makes on the acceptance pages, as features, and whether each is right."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from archiver.extract.article import extract
from archiver.extract.confidence.assess import gather_evidence
from archiver.extract.confidence.features import FEATURES, measure
from archiver.extract.dom.page import Page
from archiver.models import Capture, Choice, Field
from archiver.urls import hostname, registered_domain

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass(frozen=True)
class JudgedChoice:
    """What was chosen for one field of one page with a truth for it."""

    field: Field
    host: str
    """The page's; the publisher is whoever registered its domain."""
    values: Mapping[str, float] | None
    """The values of the features by their names; None where nothing was chosen."""
    is_right: bool

    @property
    def publisher(self) -> str:
        """The domain that somebody registered."""
        return registered_domain(self.host)


def judge_choices(folder: Path) -> list[JudgedChoice]:
    """Extract all acceptance pages, by the processes of this machine's cores, in the order of the files."""
    lines = [
        (truth.parent, line)
        for truth in sorted((folder / "pages").glob("*/truth.jsonl"))
        for line in truth.read_text(encoding="utf-8").splitlines()
    ]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        return [choice for found in pool.map(partial(_judge, folder), lines, chunksize=8) for choice in found]


def capture_of(place: Path, case: Mapping[str, Any]) -> Capture:
    """The saved page of a case."""
    captured = datetime.fromisoformat(case.get("captured") or "2025-01-01T00:00:00+00:00")
    page = gzip.decompress((place / case["page"]).read_bytes())
    return Capture(case["url"], case["url"], 200, HEADERS, page, captured, "archive")


def _judge(folder: Path, case_line: tuple[Path, str]) -> list[JudgedChoice]:
    place, line = case_line
    case = json.loads(line)
    if case.get("not_article"):
        return []
    capture = capture_of(place, case)
    article, page = extract(capture).article, Page.of(capture)
    chosen = article.choices if article else {}
    evidence = gather_evidence(page, chosen) if page else {}
    return [
        JudgedChoice(field, hostname(case["url"]), measure(evidence[field]) if field in evidence else None, right)
        for field, right in are_right(scorer(folder), case, chosen).items()
        if field in FEATURES
    ]


def are_right(scores: ModuleType, case: Mapping[str, Any], chosen: Mapping[Field, Choice]) -> dict[Field, bool]:
    """Whether each field with a truth is right, as the figures count it; of authors all of them have to be named."""
    said = {field: chosen[field].value if field in chosen else "" for field in Field}
    right: dict[Field, bool] = {}
    if case.get("title"):
        titles = {scores.fold(title) for title in (case["title"], *(case.get("titles") or ()))}
        right[Field.TITLE] = scores.fold(said[Field.TITLE]) in titles
    if case.get("date"):
        wanted, got = scores.instant(case["date"]), scores.instant(said[Field.DATE])
        right[Field.DATE] = bool(got and wanted and wanted.date() in scores.days(got, wanted))
    if case.get("authors"):
        right[Field.AUTHOR] = scores.names(case["authors"]) == scores.names(said[Field.AUTHOR])
    if case.get("covers"):
        covers = set().union(*map(scores.assets, case["covers"]))
        right[Field.IMAGE] = bool(covers & scores.assets(said[Field.IMAGE]))
    return right


def scorer(folder: Path) -> ModuleType:
    """The module by which the acceptance pages are scored, which lies beside them."""
    name = "acceptance_score"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, folder / "score.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]
