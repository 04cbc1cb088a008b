"""Seed and article → the repaired bytes and what was changed: diff, policy and splice in a row."""

from __future__ import annotations

from dataclasses import dataclass

from archiver.models import Article, Change, Choice, DriftKind, Field, TextDiff
from archiver.repair.diff import Comparison, Difference, Keys, compare, opening_lines
from archiver.repair.edits import edit_of, fill_title, title_markdown
from archiver.repair.policy import Action, Policy
from archiver.repair.shapes import Shapes
from archiver.seeds import Edit, Seed, first_heading, replace_body, splice
from archiver.text.mdx import as_mdx


@dataclass(frozen=True, slots=True)
class Repair:
    """What the policy makes of one seed."""

    content: bytes
    """The whole file; the seed's own bytes when there is nothing to change."""
    changes: tuple[Change, ...]
    """What differs between the seed and `content`."""
    reported: tuple[Change, ...]
    """What the policy only speaks of."""
    still_blank: tuple[str, ...]
    """Keys that the seed has, that are blank, and that the page offers nothing for."""
    text_diff: TextDiff | None
    """How the page's text differs from the seed's; None when the seed has none."""

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
    decision = policy.decide(comparison)
    edits = tuple(_edit(seed, difference, keys, policy.shapes) for difference in decision.taken)
    taken = [note for note in notes if note.replaces or seed.is_blank(note.key)]
    title = _title_after(seed, comparison, decision.taken, keys) if policy.body_heading else None
    body, body_changes = _body(seed, article, policy, title, comparison.drift)
    return Repair(
        content=splice(seed, (*edits, *(_edit_for_note(seed, note, keys) for note in taken)), body),
        changes=(
            *map(_change, decision.taken, edits),
            *body_changes,
            *(Change(note.key, seed.text(note.key), note.address, note.source) for note in taken),
        ),
        reported=tuple(_change(it, _edit(seed, it, keys, policy.shapes)) for it in decision.reported),
        still_blank=_still_blank(seed, edits, keys),
        text_diff=comparison.text_diff,
    )


def _edit(seed: Seed, difference: Difference, keys: Keys, shapes: Shapes) -> Edit:
    return edit_of(seed, difference.field, difference.choice, keys, shapes)


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


def _title_after(seed: Seed, comparison: Comparison, taken: tuple[Difference, ...], keys: Keys) -> Choice | None:
    """The title that the seed will have, whoever said it."""
    for difference in taken:
        if difference.field is Field.TITLE:
            return difference.choice
    key = seed.first_key(keys[Field.TITLE])
    if key is not None and (text := seed.text(key)):
        return Choice(" ".join(text.split()), "seed")
    offered = (difference.choice for difference in comparison.differences if difference.field is Field.TITLE)
    return next(offered, None)


def _body(
    seed: Seed, article: Article, policy: Policy, title: Choice | None, drift: DriftKind | None
) -> tuple[str | None, tuple[Change, ...]]:
    """The new body and what is new in it; None when the seed's body stays."""
    action = policy.action(Field.BODY)
    if action in {Action.KEEP, Action.REPORT}:
        return None, ()
    heading = title_markdown(title.value) if title else ""
    if article.body and _is_empty(seed.body):
        return _replace_body(seed, "", article, heading)
    if action is Action.REFRESH and article.body and drift not in {None, DriftKind.SAME, DriftKind.COSMETIC}:
        return _replace_body(seed, seed.body, article, heading)
    if title is None:
        return None, ()
    body = fill_title(seed.body, title.value)
    if body == seed.body:
        return None, ()
    filled = first_heading(body)
    moved = filled is not None and filled.text in set(opening_lines(seed.body))
    source, witnesses = ("seed", (title.source, *title.witnesses)) if moved else (title.source, title.witnesses)
    kept = tuple(name for name in witnesses if name != source)
    return body, (Change("heading", "", filled.text if filled else heading, source, kept),)


def _replace_body(seed: Seed, old: str, article: Article, heading: str) -> tuple[str, tuple[Change, ...]]:
    """The body with other text; without a new `heading` that of the seed stays, even an empty one."""
    own = first_heading(seed.body)
    line = f"# {heading}" if heading else seed.body[own.start : own.end] if own else ""
    written = as_mdx(article.body) if seed.path.lower().endswith(".mdx") else article.body
    text = f"{line}\n\n{written}" if line else written
    return replace_body("", text, seed.newline), (Change("body", old.strip(), text, article.body_source),)


def _is_empty(body: str) -> bool:
    """True for a body without text: nothing at all, or nothing but an empty heading."""
    heading = first_heading(body)
    return not (body[heading.end :] if heading and not heading.text else body).strip()


def _still_blank(seed: Seed, edits: tuple[Edit, ...], keys: Keys) -> tuple[str, ...]:
    filled = {edit.key for edit in edits}
    known = {name for field in Field for name in keys.get(field, (field.value,)) if seed.has(name)}
    places = list(seed.values)
    blank = (key for key in known if key not in filled and seed.is_blank(key))
    return tuple(sorted(blank, key=lambda key: (places.index(seed.key_path(key)[0]), key)))
