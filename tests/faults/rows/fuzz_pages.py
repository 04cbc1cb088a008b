"""Broken and hostile pages, read by the extracting processes and put into seeds."""

from __future__ import annotations

import asyncio
import json
import re
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from archiver.crawl.extraction.workers import Workers
from archiver.errors import SeedError
from archiver.extract.article import extract
from archiver.models import Article, Capture, Extraction, Field, Verdict
from archiver.repair.diff import Keys
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.rules import SiteRules
from archiver.seeds import read
from archiver.spiders.bangkokpost import BangkokPostSpider
from tests.faults.fault import Fault, Figures
from tests.faults.fuzz.pages import page

MIN_POOLED = 50
"""Tries from which on the pages go through the processes of a crawl."""
MAX_WORKER_SECONDS = 30.0
"""Of the clock, for a page in a process: on a machine that does something else a page of 5 s takes longer."""
MAX_MEGABYTES = 450
"""Of a process: the default of EXTRACT_MEMORY_MB."""
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f\x84\x88\x8d-\x90\x96-\x98\x9a-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What acts on a terminal or turns what a reviewer sees; and what no file can hold. U+0085, which ends a line, and
others of its row are what a text that was encoded twice consists of."""
_KEYS: Keys = {"source": ("origin_url",)} | {field.value: (field.value,) for field in Field}
_BLANK = (
    b"---\norigin_url: https://a.example/1\n"
    + b"".join(b"%s:\n" % field.encode() for field in Field if field != "body")
    + b"---\n"
)


def fault_of(capture: Capture, rules: Sequence[SiteRules]) -> str:
    """What reading a page, and repairing a seed by it, must not come to; empty when it comes to nothing of it."""
    found = extract(capture, rules)
    if found.article is None:
        return _fault_of_text("detail", found.detail)
    article = found.article
    offered = [one.value for one in article.candidates]
    json.dumps([found.detail, found.next_part, article.digest(), offered], ensure_ascii=False).encode()
    for name, text in _texts(article):
        if fault := _fault_of_text(name, text):
            return fault
    return _repair_fault(article)


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """What may be written, now or when a person says so."""
    yield "body", article.body
    for field, choice in article.choices.items():
        yield field.value, choice.value
        yield from ((f"an item of {field.value}", item) for item in choice.items)
        yield from ((f"a rival of {field.value}", one.value) for one in choice.alternatives)


def _fault_of_text(name: str, text: str) -> str:
    match = _UNSAFE.search(text)
    return f"leaked: {match[0]!r} is in {name}" if match else ""


def _repair_fault(article: Article) -> str:
    policy = Policy(dict.fromkeys(Field, Action.FILL))
    content = repair(read("a.md", _BLANK), article, policy, _KEYS).content
    try:
        again = repair(read("a.md", content), article, policy, _KEYS).content
    except SeedError as error:
        return f"leaked: the repaired seed cannot be read ({error})"
    return "" if again == content else "leaked: a second repair changes something"


def examine(capture: Capture, rules: Sequence[SiteRules]) -> Extraction:
    """What a process does with a page; what is wrong, the seconds and the memory stand in the detail."""
    start = time.process_time()
    try:
        fault = fault_of(capture, rules)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
        fault = f"{type(error).__name__}: {error}"[:300]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Extraction(Verdict.ARTICLE, json.dumps([fault, time.process_time() - start, memory]))


def run(tries: range, _: Path) -> Figures:
    """Make the tries."""
    rules = BangkokPostSpider.rules
    if len(tries) < MIN_POOLED:
        # The memory is that of whatever process runs the tests.
        figures = sum((_figures(number, examine(page(number), rules)) for number in tries), Figures())
        return replace(figures, worker_megabytes=0)
    return asyncio.run(_run_in_workers(tries, rules))


async def _run_in_workers(tries: range, rules: tuple[SiteRules, ...]) -> Figures:
    async with Workers(rules, 0, MAX_WORKER_SECONDS, MAX_MEGABYTES, work=examine) as workers:
        places = asyncio.Semaphore(8)

        async def one(number: int) -> Figures:
            async with places:
                return _figures(number, await workers.extract(page(number)))

        figures = sum(await asyncio.gather(*map(one, tries)), Figures())
    return figures + Figures(megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _figures(number: int, found: Extraction) -> Figures:
    if found.verdict is not Verdict.ARTICLE:
        return Figures(1, lost=1, notes=(f"page {number}: {found.verdict}: {found.detail[:300]}",))
    fault, seconds, memory = json.loads(found.detail)
    leaked = fault.startswith("leaked: ")
    notes = (f"page {number}: {fault}",) if fault else ()
    return Figures(1, bool(fault) and not leaked, leaked, worker_megabytes=memory, seconds=seconds, notes=notes)


FAULTS = (
    Fault(
        name="broken pages",
        counts="one page, broken, nested, recoded, with noise or strange data, read by a process of a crawl and put"
        " into a seed; lost: an error, a limit that was reached; leaked: controls in what is written, a seed that"
        " cannot be read",
        full=20_000,
        short=12,
        run=run,
        batch=500,
        max_seconds=5,
    ),
)
