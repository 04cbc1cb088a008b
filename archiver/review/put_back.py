"""Take back what a run wrote: each seed that is still as the run left it gets the bytes that it had before.

A seed's state is told by its SHA-256, so that no git is needed, and so that a run that is taken back again, or whose
taking back was killed, finds what is left to do (docs/design.md D75).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from archiver.decisions import Answer, DecisionFile, Decisions, ReviewDecision
from archiver.errors import SeedError, SeedUnreadable
from archiver.models import Result
from archiver.review.answers import keep_decisions
from archiver.review.names import check_name
from archiver.runs import RunFolder, WrittenSeed
from archiver.seeds.store import SeedStore


class Fate(StrEnum):
    """What became of one seed that a run had written."""

    PUT_BACK = "put back"
    AS_BEFORE = "as it was before already"
    LEFT = "left as it is"


@dataclass(frozen=True, slots=True)
class PutBack:
    """One seed, and what became of it."""

    seed: str
    """Relative to SEEDS_DIR."""
    fate: Fate
    clause: str = ""
    """Why it was left, as a sentence that names it."""


def put_back(
    store: SeedStore, folder: RunFolder, decisions: DecisionFile | None, problems: list[str], *, writes: bool
) -> Iterator[PutBack]:
    """Put back what a run wrote, seed by seed in that order; what cannot be read of the run goes to `problems`.

    The values that the run had written are refused in `decisions`, each once, so that no later run writes them again;
    None refuses nothing. Without `writes` it is only said what would be done.
    """
    refusals = _Refusals(folder, decisions) if decisions is not None and writes else None
    # A run writes each seed once; of two lines the later one says what the run left.
    for note in {note.seed: note for note in folder.written(problems.append)}.values():
        done = _put_back(store, note, writes=writes)
        if refusals is not None and done.fate is not Fate.LEFT:
            refusals.note(note.seed)
        yield done


def _put_back(store: SeedStore, note: WrittenSeed, *, writes: bool) -> PutBack:
    try:
        check_name(store, note.seed)
        if not (store.root / note.seed).exists():
            raise SeedUnreadable(f"{store.display_path(note.seed)} is gone; restore it, then undo again")
        now = store.read(note.seed)
        if now == note.before:
            return PutBack(note.seed, Fate.AS_BEFORE)
        if hashlib.sha256(now).hexdigest() != note.after_sha256:
            shown = store.display_path(note.seed)
            return PutBack(note.seed, Fate.LEFT, f"{shown} was changed after the run; take the change back by hand")
        if writes:
            store.write(note.seed, now, note.before)
    except SeedError as error:
        return PutBack(note.seed, Fate.LEFT, str(error).rstrip("."))
    return PutBack(note.seed, Fate.PUT_BACK)


class _Refusals:
    """Notes that what a run wrote to a seed is not wanted."""

    def __init__(self, folder: RunFolder, file: DecisionFile) -> None:
        self._file = file
        self._why = f"run {folder.name} was undone"
        self._known: Decisions = file.read()
        self._results: dict[str, Result] = {
            record.seed: record.result for record in folder.records() if record.result.changes
        }

    def note(self, seed: str) -> None:
        result = self._results.get(seed)
        if result is None:
            return
        refused = keep_decisions(seed, result.origin_url or "", result.changes, self._why)
        self._file.append(one for one in refused if not self._is_noted(one))

    def _is_noted(self, refusal: ReviewDecision) -> bool:
        found = self._known.find(refusal.path, refusal.url, refusal.field)
        return found is not None and (found.offered, found.answer) == (refusal.offered, Answer.KEEP)
