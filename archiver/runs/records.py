"""What a run did to one seed, as a line of results.jsonl."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

from archiver.models import Outcome, PageWords, Result, TextDiff
from archiver.runs.chain import ChainStep
from archiver.runs.decoding import OnProblem, decode

_OF_RESULT = frozenset(one.name for one in fields(Result))


class State(StrEnum):
    """What a seed asks of a person."""

    ASK = "ask"
    """A decision, or a look: something is proposed or doubtful."""
    MISSED = "missed"
    WRITTEN = "written"
    QUIET = "quiet"
    """Nothing: it was left as it is."""


@dataclass(frozen=True, slots=True)
class SeedRecord:
    """One line: the keys of the result, and what explains them."""

    seed: str
    """The seed's path relative to SEEDS_DIR, `/` between folders."""
    result: Result
    title: str | None = None
    """The article's; None where there is none, or where its page was not read again."""
    language: str | None = None
    patch: str = ""
    """The unified diff of what was written, or would be in a dry run."""
    text: TextDiff | None = None
    """How the texts of page and seed differ; None where they do not, or where there is nothing to compare."""
    page: PageWords | None = None
    """What a page said that was no article."""
    chain: tuple[ChainStep, ...] = ()
    """The way from the seed's address to what was read."""
    offered: Mapping[str, str] = field(default_factory=dict)
    """By field, the digest of the value that the page offers, as a decision on it names it."""

    @property
    def state(self) -> State:
        """What the seed asks of a person."""
        if self.result.outcome is Outcome.MISSED:
            return State.MISSED
        if self.result.proposed or self.result.doubts:
            return State.ASK
        return State.WRITTEN if self.result.outcome is Outcome.WRITTEN else State.QUIET

    def to_json(self) -> str:
        """Return the line, without its end."""
        told = asdict(self)
        return json.dumps({"seed": told.pop("seed"), **told.pop("result"), **told}, ensure_ascii=False)


def decode_record(line: bytes, on_problem: OnProblem) -> SeedRecord:
    """Return what a line says, whichever version wrote it. Raises ValueError for one that says nothing.

    The line of a feed, which has no `seed`, is read too: its path stands for it.
    """
    found: Any = json.loads(line)
    if not isinstance(found, dict):
        raise ValueError("it is no object")
    result = {key: value for key, value in found.items() if key in _OF_RESULT}
    own = {key: value for key, value in found.items() if key not in _OF_RESULT}
    return decode(SeedRecord, {"seed": result.get("path"), **own, "result": result}, on_problem)
