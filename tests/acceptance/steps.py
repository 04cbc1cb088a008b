"""What each step of reading a page adds: the figures of the acceptance pages with one step left out at a time.

usage: python -m tests.acceptance.steps [FOLDER]     FOLDER is shared/acceptance; prints the table of docs/extraction.md
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

from archiver.extract.article import extract
from archiver.extract.dom.page import Page
from archiver.extract.fields.site import SiteNames
from archiver.models import Candidate, Choice, Extraction, Field
from tests.acceptance.choices import capture_of, scorer

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ("title", "day", "authors", "cover", "body F1", "body precision", "refused", "kept")
"""Shares of the cases that the sets have: of titles that are right, days, F1 of authors, covers, F1 and precision of
texts; pages without an article that are refused, and articles that are not."""

Step = Callable[[], list[Any]]
"""Gives the patches under which a step is left out."""


def _nothing(*_: object, **__: object) -> Iterator[Candidate]:
    return iter(())


def _first(found: list[Candidate], *_: object) -> Choice | None:
    return Choice(found[0].value, found[0].source) if found else None


_EXTRACT = "archiver.extract"
STEPS: Mapping[str, Step] = {
    "linked data (JSON-LD)": lambda: [
        patch.object(Page, "linked_data", ()),
        patch.object(Page, "article_data", None),
    ],
    "meta tags": lambda: [patch.object(Page, "meta", {})],
    "headings": lambda: [patch(f"{_EXTRACT}.fields.from_headings.from_headings", _nothing)],
    "by-lines by their names": lambda: [patch(f"{_EXTRACT}.fields.from_byline.from_bylines", _nothing)],
    "lines below the headline": lambda: [patch(f"{_EXTRACT}.fields.candidates.below_headline", _nothing)],
    "marked-up times": lambda: [patch(f"{_EXTRACT}.fields.from_html.from_times", _nothing)],
    "the last resort for dates (htmldate)": lambda: [patch(f"{_EXTRACT}.fields.from_html.from_htmldate", _nothing)],
    "site names taken off titles": lambda: [
        patch(f"{_EXTRACT}.fields.choose.site_names", lambda *_: SiteNames(frozenset(), frozenset()))
    ],
    "agreement between titles": lambda: [patch(f"{_EXTRACT}.fields.titles.choose_title", _first)],
    "boilerplate left out": lambda: [patch(f"{_EXTRACT}.body.density._boilerplate", lambda *_: frozenset())],
    "threads of comments by their shape": lambda: [patch(f"{_EXTRACT}.body.density.find_threads", lambda *_: [])],
    "boxes to sign up left out": lambda: [patch(f"{_EXTRACT}.body.density.find_signup_boxes", lambda *_: [])],
    "second copies left out": lambda: [patch(f"{_EXTRACT}.body.density.find_copies", lambda *_: [])],
    "text behind an early end of the body": lambda: [patch(f"{_EXTRACT}.dom.page._END_OF_BODY", re.compile(rb"(?!)"))],
    "the picture above the text": lambda: [patch(f"{_EXTRACT}.body.body.lead_image", lambda *_: [])],
    "trimming at the edges": lambda: [patch(f"{_EXTRACT}.body.body.trim_edges", lambda found, *_, **__: found)],
    "links to other articles left out": lambda: [
        patch(f"{_EXTRACT}.body.trimming.without_pointers", lambda found, *_: (list(found), set()))
    ],
    "the second opinion (trafilatura)": lambda: [patch(f"{_EXTRACT}.body.body.second_opinion", lambda *_: None)],
    "the page's own data": lambda: [patch(f"{_EXTRACT}.article.body_from_data", lambda *_, **__: None)],
    "the weighing of its structure": lambda: [patch(f"{_EXTRACT}.article.judge_structure", lambda *_: None)],
}


def main(folder: Path) -> int:
    """Measure everything with each step left out; print a table."""
    if not folder.is_dir():
        print(f"{folder} is not there: no figure was measured")
        return 0
    whole = measure(folder, None)
    print("| left out | " + " | ".join(FIGURES) + " |")
    print("|---" * (len(FIGURES) + 1) + "|")
    print("| nothing | " + " | ".join(f"{100 * whole[figure]:.1f}" for figure in FIGURES) + " |")
    for step in STEPS:
        changed = measure(folder, step)
        cells = (100 * (changed[figure] - whole[figure]) for figure in FIGURES)
        print(f"| {step} | " + " | ".join("" if abs(cell) < 0.05 else f"{cell:+.1f}" for cell in cells) + " |")
    return 0


def measure(folder: Path, left_out: str | None) -> dict[str, float]:
    """The figures of all sets, by the processes of this machine's cores."""
    sums: defaultdict[str, list[float]] = defaultdict(list)
    lines = [
        (truth.parent, line)
        for truth in sorted((folder / "pages").glob("*/truth.jsonl"))
        for line in truth.read_text(encoding="utf-8").splitlines()
    ]
    with ProcessPoolExecutor(os.cpu_count(), initializer=_leave_out, initargs=(left_out,)) as pool:
        for scores in pool.map(partial(_scores, folder), lines, chunksize=8):
            for figure, score in scores.items():
                sums[figure].append(score)
    return {figure: sum(found) / len(found) for figure, found in sums.items()}


def _leave_out(step: str | None) -> None:
    for change in STEPS[step]() if step else ():
        change.start()


def _scores(folder: Path, case_line: tuple[Path, str]) -> dict[str, float]:
    """What one page scores, by the figures that its truth allows."""
    place, line = case_line
    case = json.loads(line)
    found = extract(capture_of(place, case))
    if case.get("not_article"):
        return {"refused": float(found.article is None)}
    return {"kept": float(found.article is not None), **_article_scores(scorer(folder), case, found)}


def _article_scores(scorer: ModuleType, case: Mapping[str, Any], found: Extraction) -> dict[str, float]:
    choices = found.article.choices if found.article else {}
    said = {field: choices[field].value if field in choices else "" for field in Field}
    scores: dict[str, float] = {}
    if case.get("title"):
        right = {scorer.fold(title) for title in (case["title"], *(case.get("titles") or ()))}
        scores["title"] = float(scorer.fold(said[Field.TITLE]) in right)
    if case.get("date"):
        wanted, got = scorer.instant(case["date"]), scorer.instant(said[Field.DATE])
        scores["day"] = float(bool(got and wanted and wanted.date() in scorer.days(got, wanted)))
    if case.get("authors"):
        names, got = scorer.names(case["authors"]), scorer.names(said[Field.AUTHOR])
        scores["authors"] = 2 * len(names & got) / (len(names) + len(got))
    if case.get("covers"):
        wanted = set().union(*map(scorer.assets, case["covers"]))
        scores["cover"] = float(bool(wanted & scorer.assets(said[Field.IMAGE])))
    if text := "\n".join(case.get("paragraphs") or ()) or case.get("body"):
        captions = {scorer.fold(caption) for caption in case.get("captions") or ()}
        precision, _, f1 = scorer.overlap(text, scorer.plain(found.article.body if found.article else "", captions))
        scores |= {"body F1": f1, "body precision": precision}
    return scores


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared" / "acceptance"))
