"""Pages that break extractors: deep, many, long, and broken off."""

from __future__ import annotations

import asyncio
import random
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archiver import settings
from archiver.crawl.extraction.workers import Workers
from archiver.extract.article import extract
from archiver.models import Capture, Extraction, Verdict
from archiver.rules import SiteRules
from tests.faults.fault import Fault, Figures
from tests.support.growing import HEADS, KINDS, PAGES, WORDS, capture, markup

_SIZES = (20_000, 3_000_000)
"""Characters of a page, at least and at most; of real ones the largest stay below 6 MB."""
_ARTICLE = f"<h1>Bridge to be rebuilt</h1><article>{f'<p>{WORDS * 5}</p>' * 6}</article>"

_MORE: dict[str, Callable[[int], str]] = {
    "attributes": lambda size: "<p " + " ".join(f'data-a{n}="{n}"' for n in range(size // 18)) + ">x</p>",
    "attributes without values": lambda size: "<p " + " ".join(f"a{n}" for n in range(size // 7)) + ">x</p>",
    "classes": lambda size: f"<div class='{' '.join(f'c{n}' for n in range(size // 8))}'>x</div>",
    "one class": lambda size: f"<div class='{'a-' * (size // 2)}'>x</div>",
    "comments": lambda size: "<!-- x -->" * (size // 10),
    "tags without an end": lambda size: "<" * size,
    "title": lambda size: f"</article><title>{'Harbour - closed | ' * (size // 19)}</title>",
    "rows": lambda size: "<table>" + "<tr><td>1<td>b" * (size // 14) + "</table>",
    "headings": lambda size: "".join(f"<h2>Heading {n}</h2>" for n in range(size // 22)),
}


def _extract(page: Capture, rules: Sequence[SiteRules]) -> Extraction:
    """In a worker: extraction, and the most memory that the process has taken so far."""
    found = extract(page, rules)
    return replace(found, detail=f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")


def _page(number: int) -> tuple[str, Capture]:
    """The page of a try, and what it is called: each kind in turn, of another size, whole or broken off."""
    chance = random.Random(number)  # noqa: S311  (the number decides what is tried)
    size = int(chance.triangular(*_SIZES, _SIZES[0]))
    kinds = [*_MORE, *PAGES, *HEADS, *KINDS]
    name = kinds[number % len(kinds)]
    if name in HEADS and number % 2:
        page = capture(_ARTICLE, HEADS[name](markup(chance.choice(list(KINDS)), size)))
    elif name in KINDS:
        page = capture(_ARTICLE + f"<p>{markup(name, size)}</p>")
    else:
        page = capture(_ARTICLE + (_MORE.get(name) or PAGES.get(name) or PAGES["paragraphs"])(size))
    if number % 5 == 4:
        page = replace(page, body=page.body[: chance.randrange(len(page.body))])
    return f"{name}, {len(page.body):,} bytes", page


async def _read(tries: range) -> Figures:
    figures = Figures()
    async with Workers((), 1, settings.EXTRACT_TIMEOUT, settings.EXTRACT_MEMORY_MB, work=_extract) as workers:
        await workers.extract(capture(_ARTICLE))  # the first page waits for its process
        for number in tries:
            name, page = _page(number)
            start = time.monotonic()
            found = await workers.extract(page)
            seconds = time.monotonic() - start
            after = await workers.extract(capture(_ARTICLE))
            figures += Figures(1, seconds=seconds, notes=tuple(_harm(number, name, found, after)))
            megabytes = float(after.detail) if after.verdict is Verdict.ARTICLE else 0.0
            figures += Figures(lost=bool(list(_harm(number, name, found, after))), worker_megabytes=megabytes)
    return figures


def _harm(number: int, name: str, found: Extraction, after: Extraction) -> Iterator[str]:
    if found.verdict is Verdict.ERROR:
        yield f"try {number}, {name}: {found.detail}"
    if after.verdict is not Verdict.ARTICLE:
        yield f"try {number}, {name}: the page after it was {after.verdict}: {after.detail}"


def _run(tries: range, _: Path) -> Figures:
    return asyncio.run(_read(tries))


FAULTS = (
    Fault(
        "pages that break extractors",
        "one page of up to 3 MB, every fifth broken off; lost: a page that ends as an error, or the next one with it",
        full=2_000,
        short=0,
        run=_run,
        batch=20,
        max_seconds=settings.EXTRACT_TIMEOUT + 1,
        tests=(
            "tests/crawl/test_growing_pages.py::test_a_page_without_end_is_read_in_time",
            "tests/crawl/test_hazards.py::test_a_hazard_ends_in_a_result_and_memory_is_bounded",
        ),
    ),
)
"""A page that takes longer than EXTRACT_TIMEOUT is ended there, with the verdict `timeout`; one second more is what
ending its process may take."""
