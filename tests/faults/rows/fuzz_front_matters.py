"""Broken and odd front matter, read and repaired."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from random import Random

from archiver.errors import SeedError, SeedRefused
from archiver.seeds import Seed, fill_heading, parse, read, render, replace_body, splice
from archiver.seeds.picture_links import find_links, rewrite_links
from archiver.seeds.source import origin_url, published_at
from tests.faults.fault import Fault, Figures
from tests.faults.fuzz.front_matters import edits_of, seed_file
from tests.faults.fuzz.front_oracle import cut, fault_of, load
from tests.faults.fuzz.tries import run_tries


def make_try(number: int) -> str:
    """Read, edit and read again the file of a number; returns what is wrong."""
    random = Random(number)  # noqa: S311  a reproducible choice, nothing secret
    return fault_in(seed_file(random), random)


def fault_in(raw: bytes, random: Random) -> str:
    """What is wrong with how a file is read and edited, by some edits; empty when nothing is."""
    if render(parse(raw)) != raw:
        return "leaked: cut and joined again it is another file"
    try:
        seed = read("a.md", raw)
    except SeedError as error:
        return "" if _is_sentence(error) else f"the error is no sentence: {error}"
    _look(seed)
    if random.random() < 0.2 and (fault := _rewrite_fault(seed, raw)):
        return fault
    edits = edits_of(random, seed)
    body = _other_body(random, seed)
    try:
        new = splice(seed, edits, body)
    except SeedRefused as error:
        return "" if _is_sentence(error) else f"the error is no sentence: {error}"
    again = read("a.md", new)
    if splice(again, edits, again.body) != new:
        return "leaked: a second repair changes something"
    before, after = cut(raw), cut(new)
    if before is None or after is None:
        return "leaked: the front matter has no end"
    return fault_of(before, after, edits, body=body is not None)


def _rewrite_fault(seed: Seed, raw: bytes) -> str:
    """What is wrong with other addresses in the places of the pictures; empty when nothing is."""
    targets = {link.address: "../images/p.jpg" for link in find_links(seed, _PICTURES).links}
    try:
        new = rewrite_links(seed, _PICTURES, targets)
    except SeedRefused as error:
        return "" if _is_sentence(error) else f"the error is no sentence: {error}"
    before, after = cut(raw), cut(new)
    if before is None or after is None:
        return "leaked: the front matter has no end"
    allowed = {repr(address): repr(target) for address, target in targets.items()}
    old, other = (re.split(_STRING, repr(load(document))) for document in (before, after))
    if len(old) != len(other) or any(two not in {one, allowed.get(one)} for one, two in zip(old, other, strict=True)):
        return f"leaked: other values changed with the pictures: {old} to {other}"[:300]
    return (
        "" if rewrite_links(read("a.md", new), _PICTURES, targets) == new else "leaked: a second rewrite changes more"
    )


_PICTURES = ("image", "cover", "cover.image", "params.image", "params")
_STRING = re.compile(r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")


def _look(seed: Seed) -> None:
    """Read what a crawl reads of a seed before it asks for its page."""
    with contextlib.suppress(SeedError):
        origin_url(seed, ("origin_url", "params.source_url", "title"))
    published_at(seed, ("date", "params.date"), "https://a.example/2024/11/12/x")


def _other_body(random: Random, seed: Seed) -> str | None:
    match random.randrange(6):
        case 0:
            return replace_body(seed.body, "One *two*\n\nThree", seed.newline)
        case 1:
            return fill_heading(seed.body, "A title #", same=lambda text: len(text) % 2 == 0)
        case _:
            return None


def _is_sentence(error: SeedError) -> bool:
    text = str(error)
    return text.startswith("a.md: ") and text.endswith(".") and len(text) < 3_000


def run(tries: range, _: Path) -> Figures:
    """Make the tries."""
    return run_tries(make_try, tries)


FAULTS = (
    Fault(
        name="broken front matter",
        counts="one file of YAML, TOML or JSON, plausible, odd or broken, read and edited; lost: a crash or an error"
        " that is no sentence; leaked: a byte or value that changed and was not edited",
        full=1_000_000,
        short=300,
        run=run,
        batch=10_000,
        max_seconds=5,
    ),
)
