"""Seed and article → the repaired bytes and what was changed: diff, policy and splice in a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from archiver.decisions import Answer
from archiver.models import Article, Change, Choice, DriftKind, Field, TextDiff
from archiver.repair.body import OfferedTitle, decide_body
from archiver.repair.diff import Comparison, Difference, Keys, compare
from archiver.repair.edits import edit_of
from archiver.repair.lead_image import apply_lead_image
from archiver.repair.policy import Decision, Policy, apply_answers, given_values
from archiver.repair.reviews.answers import Answers
from archiver.repair.shapes import Shapes
from archiver.seeds import Edit, Seed, splice

_DRIFT_DOUBTS = {
    DriftKind.UPDATED: "The page's text is another version of the seed's.",
    DriftKind.SHORTENED: "The page's text is shorter than the seed's.",
    DriftKind.DIVERGED: "The page's text is not the seed's any more.",
}


@dataclass(frozen=True, slots=True)
class Repair:
    """What the policy makes of one seed."""

    content: bytes
    """The whole file; the seed's own bytes when there is nothing to change."""
    changes: tuple[Change, ...]
    """What differs between the seed and `content`."""
    proposed: tuple[Change, ...]
    """What waits for a person."""
    reported: tuple[Change, ...]
    """What the policy only speaks of."""
    still_blank: tuple[str, ...]
    """Keys that the seed has, that are blank, and that the page offers nothing for."""
    text_diff: TextDiff | None
    """How the page's text differs from the seed's; None when the seed has none."""
    doubts: tuple[str, ...] = ()
    """Why a person should look at the seed, a sentence each."""
    refused: tuple[str, ...] = ()
    """Fields that are left alone since a person said so of what the page offers."""
    picture_files: tuple[Path, ...] = ()
    """Files that `content` names in the place of pictures elsewhere."""
    remote_pictures: tuple[str, ...] = ()
    """Pictures elsewhere that no file could take the place of, with the reason."""

    @property
    def drift(self) -> DriftKind | None:
        """The kind of that difference."""
        return self.text_diff.kind if self.text_diff else None


@dataclass(frozen=True, slots=True)
class Note:
    """An address that is written to the seed beside its fields, because a setting asks for it."""

    key: str
    address: str
    source: str
    """What says so: `wayback` for an archived copy, `redirect` for where the page has moved."""
    replaces: bool = False
    """Whether it takes the place of what the seed has there; else it is written only where there is nothing."""


def repair(seed: Seed, article: Article, policy: Policy, keys: Keys, notes: tuple[Note, ...] = ()) -> Repair:
    """Repair one seed. Raises SeedRefused when that cannot be done without touching something else."""
    comparison = compare(seed, article, keys)
    if policy.lead is not None:
        comparison = apply_lead_image(comparison, seed, policy.lead, keys)

    def change_of(difference: Difference) -> Change:
        return _change(difference, _edit(seed, difference, keys, policy.shapes))

    decision = apply_answers(policy.decide(comparison), policy.answers, change_of)
    decision = replace(decision, taken=(*decision.taken, *given_values(seed, comparison, policy, keys)))
    edits = tuple(_edit(seed, difference, keys, policy.shapes) for difference in decision.taken)
    taken = [note for note in notes if _is_taken(seed, note, policy.answers)]
    title = _title_after(seed, comparison, decision, policy, keys) if policy.body_heading else None
    body = decide_body(seed, article, policy, title, comparison)
    return Repair(
        content=splice(seed, (*edits, *(_edit_for_note(seed, note, keys) for note in taken)), body.text),
        changes=(
            *map(_change, decision.taken, edits),
            *body.changes,
            *(_change_of_note(seed, note) for note in taken),
        ),
        proposed=(*map(change_of, decision.proposed), *body.proposed),
        reported=tuple(map(change_of, decision.reported)),
        still_blank=_still_blank(seed, decision, keys),
        refused=(*(it.field.value for it in decision.refused), *body.refused),
        text_diff=comparison.text_diff,
        doubts=tuple(_doubts((*decision.taken, *decision.proposed), comparison.drift)),
    )


def _doubts(differences: Iterable[Difference], drift: DriftKind | None) -> Iterator[str]:
    """What speaks against values that are written or proposed, and how the page's text has changed."""
    yield from dict.fromkeys(doubt for difference in differences for doubt in difference.choice.doubts)
    if drift in _DRIFT_DOUBTS:
        yield _DRIFT_DOUBTS[drift]


def _edit(seed: Seed, difference: Difference, keys: Keys, shapes: Shapes) -> Edit:
    return edit_of(seed, difference.field, difference.choice, keys, shapes)


def _is_taken(seed: Seed, note: Note, answers: Answers) -> bool:
    if not (note.replaces or seed.is_blank(note.key)):
        return False
    said = answers.to(_change_of_note(seed, note))
    return said is None or said.answer is Answer.ACCEPT


def _change_of_note(seed: Seed, note: Note) -> Change:
    return Change(note.key, seed.text(note.key), note.address, note.source)


def _edit_for_note(seed: Seed, note: Note, keys: Keys) -> Edit:
    value = (note.address,) if isinstance(seed.value(note.key), list) else note.address
    return Edit(note.key, value, None if seed.has(note.key) else seed.first_key(keys["source"]) or "")


def _change(difference: Difference, edit: Edit) -> Change:
    choice = difference.choice
    new = edit.value if isinstance(edit.value, str) else ", ".join(edit.value)
    return Change(
        difference.field.value, difference.old, new, choice.source, choice.witnesses,
        choice.confidence, choice.alternatives,
    )  # fmt: skip


def _title_after(
    seed: Seed, comparison: Comparison, decision: Decision, policy: Policy, keys: Keys
) -> OfferedTitle | None:
    """The title that the seed will have; None where there is none, or a person refused it."""
    for differences, waits in ((decision.taken, False), (decision.proposed, True)):
        for choice in _titles(differences):
            return OfferedTitle(choice, waits)
    key = seed.first_key(keys[Field.TITLE])
    if key is not None and (text := seed.text(key)):
        return OfferedTitle(Choice(" ".join(text.split()), "seed"))
    if any(_titles(decision.refused)):
        return None
    offered = next(_titles(comparison.differences), None)
    return OfferedTitle(offered, not policy.is_sure(Field.TITLE, offered)) if offered else None


def _titles(differences: Iterable[Difference]) -> Iterator[Choice]:
    return (difference.choice for difference in differences if difference.field is Field.TITLE)


def _still_blank(seed: Seed, decision: Decision, keys: Keys) -> tuple[str, ...]:
    """What the seed has no value for, and the page neither."""
    filled = {it.key for it in (*decision.taken, *decision.proposed, *decision.refused)}
    known = {name for field in Field for name in keys.get(field, (field.value,)) if seed.has(name)}
    places = list(seed.values)
    blank = (key for key in known if key not in filled and seed.is_blank(key))
    return tuple(sorted(blank, key=lambda key: (places.index(seed.key_path(key)[0]), key)))
