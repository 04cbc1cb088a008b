"""Pages that nest, repeat and go on without end are read within the limits of one page."""

from __future__ import annotations

import asyncio

import pytest

from archiver import settings
from archiver.crawl.extraction.workers import Workers
from archiver.models import Capture, Verdict
from tests.support.growing import HEADS, PAGES, WORDS, capture, markup

GIVEN_UP = {Verdict.TIMEOUT, Verdict.TOO_LARGE, Verdict.ERROR}

# What a reader needs the square of its size for does not end in time at these sizes.
BODIES = {
    "div in div": 100_000,
    "span in span": 100_000,
    "lists in lists": 50_000,
    "quotes": 100_000,
    "tables": 100_000,
    "figures": 100_000,
    "frames in a quote": 300_000,
    "code spans": 300_000,
    "code in frames": 100_000,
    "lists in a headline": 50_000,
}
PARAGRAPHS = {"brackets": 60_000, "hosts": 100_000, "one address": 100_000}
META = {("author", "one word"): 100_000, ("author", "commas"): 100_000}


def pages() -> dict[str, Capture]:
    found = {name: capture(PAGES[name](size)) for name, size in BODIES.items()}
    found |= {f"paragraph of {kind}": capture(f"<p>{markup(kind, size)}</p>") for kind, size in PARAGRAPHS.items()}
    for (name, kind), size in META.items():
        found[f"{name} of {kind}"] = capture(f"<p>{WORDS * 9}</p>", HEADS[name](markup(kind, size)))
    return found


@pytest.fixture(scope="module")
def verdicts() -> dict[str, str]:
    async def read() -> dict[str, str]:
        seconds, megabytes = settings.EXTRACT_TIMEOUT, settings.EXTRACT_MEMORY_MB
        async with Workers((), 1, seconds, megabytes) as workers:
            found = {name: await workers.extract(page) for name, page in pages().items()}
        return {name: extraction.detail for name, extraction in found.items() if extraction.verdict in GIVEN_UP}

    return asyncio.run(read())


@pytest.mark.parametrize("name", pages())
def test_a_page_without_end_is_read_in_time(name: str, verdicts: dict[str, str]) -> None:
    assert verdicts.get(name) is None
