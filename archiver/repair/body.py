"""What becomes of a seed's body and of its first heading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.decisions import Answer
from archiver.models import Article, Change, Choice, DriftKind, Field
from archiver.repair.answers import DECISION, Answers, choice_of
from archiver.repair.diff import opening_lines
from archiver.repair.edits import fill_title, title_markdown
from archiver.repair.policy import Action, Policy
from archiver.seeds import Seed, first_heading, replace_body
from archiver.text.mdx import as_mdx


@dataclass(frozen=True, slots=True)
class OfferedTitle:
    """The title that a seed will have, whoever said it."""

    choice: Choice
    waits: bool = False
    """Whether a person has to accept it, and the heading with it."""


@dataclass(frozen=True, slots=True)
class BodyDecision:
    """What becomes of a seed's body."""

    text: str | None = None
    """The new one; None when the seed's stays."""
    changes: tuple[Change, ...] = ()
    proposed: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    """`body` and `heading`, where a person wants the seed's own."""


def decide_body(
    seed: Seed, article: Article, policy: Policy, title: OfferedTitle | None, drift: DriftKind | None
) -> BodyDecision:
    """Decide on the new body, and on what is new or proposed in it."""
    answers = policy.answers
    action = policy.action(Field.BODY)
    if action in {Action.KEEP, Action.REPORT}:
        return BodyDecision()
    is_empty = _is_empty(seed.body)
    differs = action in {Action.REFRESH, Action.REVIEW} and drift not in {None, DriftKind.SAME, DriftKind.COSMETIC}
    waiting: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    if article.body and (is_empty or differs):
        replaced = _replace_body(seed, "" if is_empty else seed.body, article, title)
        said = answers.to(replaced.changes[0])
        if said is None and action is not Action.REVIEW and Field.BODY not in policy.doubted:
            return replaced
        if said is None:
            waiting = replaced.changes
        elif said.answer is Answer.ACCEPT:
            return replace(replaced, changes=(_accepted(replaced.changes[0]), *replaced.changes[1:]))
        elif said.answer is Answer.VALUE and is_empty:
            given = choice_of(said).value
            return BodyDecision(replace_body("", given, seed.newline), (Change("body", "", given, DECISION),))
        else:
            refused = ("body",)
    heading = _heading(seed, title, answers, reviewed=action is Action.REVIEW)
    return replace(heading, proposed=(*waiting, *heading.proposed), refused=(*refused, *heading.refused))


def _heading(seed: Seed, title: OfferedTitle | None, answers: Answers, *, reviewed: bool) -> BodyDecision:
    """The body with its empty heading filled, or that proposed; as sure as the title is."""
    if title is None:
        return BodyDecision()
    choice = title.choice
    body, text = _fill(seed, choice.value)
    if body == seed.body:
        return BodyDecision()
    moved = text in set(opening_lines(seed.body))
    source, witnesses = ("seed", (choice.source, *choice.witnesses)) if moved else (choice.source, choice.witnesses)
    kept = tuple(name for name in witnesses if name != source)
    change = Change("heading", "", text, source, kept, choice.confidence, choice.alternatives)
    said = answers.to(change)
    if said is None:
        return BodyDecision(proposed=(change,)) if title.waits or reviewed else BodyDecision(body, (change,))
    if said.answer is Answer.ACCEPT:
        return BodyDecision(body, (_accepted(change),))
    if said.answer is Answer.VALUE:
        body, text = _fill(seed, choice_of(said).value)
        return BodyDecision(body, (Change("heading", "", text, DECISION),))
    return BodyDecision(refused=("heading",))


def _fill(seed: Seed, title: str) -> tuple[str, str]:
    """The body with its empty heading filled, and what that says then."""
    body = fill_title(seed.body, title)
    filled = first_heading(body)
    return body, filled.text if filled else title_markdown(title)


def _accepted(change: Change) -> Change:
    return replace(change, source=DECISION, witnesses=(change.source, *change.witnesses))


def _replace_body(seed: Seed, old: str, article: Article, title: OfferedTitle | None) -> BodyDecision:
    """The body with other text; without a new heading that of the seed stays, even an empty one.

    While the title waits, its place is held by an empty heading, which is filled as soon as somebody accepts it.
    """
    own = first_heading(seed.body)
    heading = title_markdown(title.choice.value) if title else ""
    waits = title is not None and title.waits
    stays = seed.body[own.start : own.end] if own else "#" if waits else ""
    line = f"# {heading}" if heading and not waits else stays
    written = as_mdx(article.body) if seed.path.lower().endswith(".mdx") else article.body
    text = f"{line}\n\n{written}" if line else written
    proposed: tuple[Change, ...] = ()
    if title is not None and waits and not (own and own.text):
        choice = title.choice
        proposed = (
            Change("heading", "", heading, choice.source, choice.witnesses, choice.confidence, choice.alternatives),
        )
    change = Change("body", old.strip(), text, article.body_source)
    return BodyDecision(replace_body("", text, seed.newline), (change,), proposed)


def _is_empty(body: str) -> bool:
    """True for a body without text: nothing at all, or nothing but an empty heading."""
    heading = first_heading(body)
    return not (body[heading.end :] if heading and not heading.text else body).strip()
