"""Take back what a run wrote: each seed that is still as the run left it gets the bytes that it had before.

A seed's state is told by its SHA-256, so that no git is needed, and so that a run that is taken back again, or whose
taking back was killed, finds what is left to do (docs/design.md D72).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from archiver.decisions import Answer, DecisionFile, ReviewDecision
from archiver.errors import SeedError, SeedUnreadable
from archiver.models import Result
from archiver.review.answers import keep_decisions
from archiver.review.names import check_name
from archiver.review.notes import WrittenNotes
from archiver.runs import RunFolder, WrittenSeed
from archiver.seeds.store import SeedStore


class UndoOutcome(StrEnum):
    """What became of one seed that a run had written."""

    PUT_BACK = "put back"
    AS_BEFORE = "as it was before already"
    LEFT = "left as it is"


@dataclass(frozen=True, slots=True)
class PutBack:
    """One seed, and what became of it."""

    seed: str
    """Relative to SEEDS_DIR."""
    outcome: UndoOutcome
    clause: str = ""
    """Why it was left, as a sentence that names it."""


AfterUndo = Callable[[str, Result], None]
"""What is done about a seed that is as it was before the run: its path, and what the run had done to it."""


def put_back(
    store: SeedStore, folder: RunFolder, then: AfterUndo | None, problems: list[str], *, writes: bool
) -> Iterator[PutBack]:
    """Put back what a run wrote, seed by seed in that order; what cannot be read of the run goes to `problems`.

    Without `writes` it is only said what would be done.
    """
    results = {record.seed: record.result for record in folder.records() if record.result.changes} if then else {}
    # A run writes each seed once; of two lines the later one says what the run left.
    for note in {note.seed: note for note in folder.written(problems.append)}.values():
        if note.is_void:
            continue
        done = _put_back(store, note, writes=writes)
        if then is not None and writes and done.outcome is not UndoOutcome.LEFT and note.seed in results:
            then(note.seed, results[note.seed])
        yield done


def _put_back(store: SeedStore, note: WrittenSeed, *, writes: bool) -> PutBack:
    try:
        check_name(store, note.seed)
        if not (store.root / note.seed).exists():
            raise SeedUnreadable(f"{store.display_path(note.seed)} is gone; restore it, then undo again")
        now = store.read(note.seed)
        if now == note.before:
            return PutBack(note.seed, UndoOutcome.AS_BEFORE)
        if hashlib.sha256(now).hexdigest() != note.after_sha256:
            shown = store.display_path(note.seed)
            return PutBack(
                note.seed, UndoOutcome.LEFT, f"{shown} was changed after the run; take the change back by hand"
            )
        if writes:
            store.write(note.seed, now, note.before)
    except SeedError as error:
        return PutBack(note.seed, UndoOutcome.LEFT, str(error).rstrip("."))
    return PutBack(note.seed, UndoOutcome.PUT_BACK)


def refuse_in(file: DecisionFile, why: str) -> AfterUndo:
    """Return what notes that the values of a run are not wanted, each once, so that no later run writes them again."""
    known = file.read()

    def is_noted(refusal: ReviewDecision) -> bool:
        found = known.find(refusal.path, refusal.url, refusal.field)
        return found is not None and (found.offered, found.answer) == (refusal.offered, Answer.KEEP)

    def refuse(seed: str, result: Result) -> None:
        refused = keep_decisions(seed, result.origin_url or "", result.changes, why)
        file.append(one for one in refused if not is_noted(one))

    return refuse


def forget_in(notes: WrittenNotes) -> AfterUndo:
    """Return what lets later runs write the values again."""

    def forget(seed: str, result: Result) -> None:
        notes.forget(seed, result.origin_url or "", result.changes)

    return forget
