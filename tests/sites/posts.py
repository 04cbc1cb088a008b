"""Saved pages → posts: title, date and body, as a crawl would put them into the files of a site."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from archiver.archive.fixtures import DESCRIPTION
from archiver.extract.article import extract
from archiver.models import Capture, Field

_HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
_PAGES = Path(__file__).with_name("pages")
_FENCE = "{% raw %}"
_SETS = ("fundus", "scrapinghub", "trafeval")
"""Enough to meet what readers of Markdown disagree on; with all sets the builders take twice the time."""


@dataclass(frozen=True, slots=True)
class Post:
    """One article."""

    slug: str
    url: str
    title: str
    date: datetime
    """Aware; where a page names no zone, that of UTC, as site builders take it."""
    fenced: str
    """Its body for builders that run Liquid."""
    bare: str
    """Its body for the others."""


def posts_of(acceptance: Path, fixtures: Path) -> list[Post]:
    """The articles with a text among the acceptance pages; where these are not there, among the fixtures.

    Last come pages of our own with what news do not have: code, formulas, callouts, notes.
    """
    captures = [*(_saved(acceptance) if acceptance.is_dir() else _of_fixtures(fixtures)), *_own()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        written = pool.map(_post, captures, range(len(captures)), chunksize=8)
        return [post for post in written if post is not None]


def _saved(acceptance: Path) -> Iterator[Capture]:
    for name in _SETS:
        truth = acceptance / "pages" / name / "truth.jsonl"
        for line in truth.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            captured = datetime.fromisoformat(case.get("captured") or "2025-01-01T00:00:00Z")
            page = gzip.decompress((truth.parent / case["page"]).read_bytes())
            yield Capture(case["url"], case["url"], 200, _HEADERS, page, captured, "archive")


def _of_fixtures(fixtures: Path) -> Iterator[Capture]:
    for file in sorted(fixtures.rglob(DESCRIPTION)):
        said = json.loads(file.read_text(encoding="utf-8"))
        page = file.with_name("response.html")
        if page.is_file():
            headers = tuple(said.get("headers", {}).items())
            captured = datetime.fromisoformat(said["captured_at"])
            yield Capture(said["url"], said["url"], said["status"], headers, page.read_bytes(), captured, "archive")


def _own() -> Iterator[Capture]:
    for page in sorted(_PAGES.glob("*.html")):
        url = f"https://harbour.example/{page.stem}"
        yield Capture(url, url, 200, _HEADERS, page.read_bytes(), datetime(2025, 3, 5, tzinfo=UTC), "archive")


def _post(capture: Capture, number: int) -> Post | None:
    article = extract(capture).article
    if article is None or not article.body:
        return None
    bare = article.body
    if _FENCE in article.body:
        unfenced = extract(capture, liquid_fences=False).article
        assert unfenced is not None
        bare = unfenced.body
    title, date = article.choices.get(Field.TITLE), article.choices.get(Field.DATE)
    published = datetime.fromisoformat(date.value) if date else capture.captured_at
    published = published if published.tzinfo else published.replace(tzinfo=UTC)
    return Post(
        f"p{number:04}",
        capture.url,
        title.value if title else "Untitled",
        published.astimezone(UTC),
        article.body,
        bare,
    )
