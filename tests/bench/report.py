"""docs/benchmark.md, from what was measured."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.bench.collections import Costs, growths, table
from tests.bench.crawling import COPIES
from tests.bench.drift import Compared
from tests.bench.recording import Recording
from tests.bench.reporting import Opening

OURS = "this project"
_REPORT = """# Benchmark

Made by `make bench`; the ratios count, the absolute figures are those of one machine on one day.

Extraction of real pages on one core, each page by all in turn: fields with evidence and Markdown here, text and
metadata there. {sets}.

{table}

With a publisher's rules, on {ruled_pages} fixture pages: {ruled:.1f} times the speed of trafilatura.

{growth}

The whole crawl from replay of an indexed archive on {cores} cores, {seeds} seeds, starting up included:
{crawled:.1f} pages per second, {share:.2f} times one core of extraction. The extracting processes alone, fed from
memory, reach {pooled:.2f} times.

An archive of {captures} captures: indexed in {indexed:.1f} s, a capture found in {lookup:.2f} ms (median).

A live crawl of {kept_pages} pages of {kilobytes:.0f} KB from a web site on loopback, {rounds} times with an archive and
{rounds} times without, in turn: keeping every answer changes its time by {slowdown:+.1%}, its processor time
by {work:+.1%} (medians).

A refresh of 1,000 unchanged pages of one nginx: {refreshed:.2f} of the requests per second of Scrapy alone.

Two texts of 2,000 words compared, paragraphs aligned, words marked and facts listed: {texts.milliseconds:.0f} ms,
{texts.ratio:.2f} times what difflib takes for their words alone.
"""
_OPENING = """
The report of a run over {seeds:,} seeds, most of them with new bodies: {megabytes:.1f} MB. Chromium opens it in
{share:.2f} times the time in which it parses a page of the same data as bare JSON; a filter takes {chip:.0f} ms until
its list stands, a search {search:.0f} ms with the wait for the next frame (medians).
"""
_COLLECTIONS = """
What a collection costs by its size: seeds of 3 KB with lists in their front matter, in 144 folders, of 50 hosts;
processor seconds and bytes written of a whole command, memory of its largest process.

{table}

Processor time beside starting up grows, from the last but one size to the last, with the power: {growth}.
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """Processor seconds of each extractor for the same pages."""

    pages: int
    seconds: dict[str, float]

    @property
    def ratios(self) -> Mapping[str, float]:
        """How many times our processor time each extractor takes."""
        return {name: seconds / self.seconds[OURS] for name, seconds in self.seconds.items()}


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive's figures."""

    captures: int
    indexed: float
    """Processor seconds to index it from its WARC."""
    lookup: float
    """Milliseconds to find and read one capture, the median."""


def page(
    generic: Mapping[str, Timing],
    ruled: Timing,
    *,
    growth: str,
    crawled: float,
    pooled: float,
    archive: Archived,
    kept: Recording,
    refreshed: float,
    opening: Opening | None,
    texts: Compared,
    collections: Costs,
) -> str:
    """The report as Markdown; `generic` are the timings without rules by the name of the set, the first is crawled."""
    first = next(iter(generic.values()))
    return (
        _REPORT.format(
            sets="; ".join(f"{name}: {timing.pages} pages" for name, timing in generic.items()),
            table="\n".join(_table(generic)),
            ruled_pages=ruled.pages,
            ruled=ruled.ratios["trafilatura"],
            growth=growth,
            cores=os.cpu_count(),
            seeds=first.pages * COPIES,
            crawled=crawled,
            share=crawled * first.seconds[OURS] / first.pages,
            pooled=pooled * first.seconds[OURS] / first.pages,
            captures=archive.captures,
            indexed=archive.indexed,
            lookup=archive.lookup,
            kept_pages=kept.pages,
            kilobytes=kept.kilobytes,
            rounds=kept.rounds,
            slowdown=kept.slowdown,
            work=kept.work,
            refreshed=refreshed,
            texts=texts,
        )
        + _describe_opening(opening)
        + _describe_collections(collections)
    )


def _describe_collections(costs: Costs) -> str:
    return _COLLECTIONS.format(table="\n".join(table(costs)), growth="; ".join(growths(costs)))


def _describe_opening(opening: Opening | None) -> str:
    """Return the paragraph on the report; nothing where no browser could be driven."""
    if opening is None:
        return ""
    return _OPENING.format(
        seeds=opening.seeds,
        megabytes=opening.megabytes,
        share=opening.opened / opening.bare,
        chip=opening.chip,
        search=opening.search,
    )


def _table(generic: Mapping[str, Timing]) -> Iterator[str]:
    yield "| times our processor time (pages per core-second) | " + " | ".join(generic) + " |"
    yield "|---" * (len(generic) + 1) + "|"
    first = next(iter(generic.values()))
    for name in sorted(first.ratios, key=first.ratios.__getitem__):
        cells = (
            f"{timing.ratios[name]:.2f} ({timing.pages / timing.seconds[name]:.1f})" for timing in generic.values()
        )
        yield f"| {name} | " + " | ".join(cells) + " |"
