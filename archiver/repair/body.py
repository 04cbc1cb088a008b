"""What becomes of a seed's body and of its first heading."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.decisions import Answer
from archiver.models import Article, Change, Choice, DriftKind, Field
from archiver.repair.body_decision import BodyDecision, accepted_change
from archiver.repair.body_refresh import refresh_body
from archiver.repair.diff import Comparison, opening_lines
from archiver.repair.edits import fill_title, title_markdown
from archiver.repair.policy import Action, Policy
from archiver.repair.reviews.answers import DECISION, Answers, choice_of
from archiver.seeds import Seed, first_heading, replace_body
from archiver.text.markdown.mdx import as_mdx


@dataclass(frozen=True, slots=True)
class OfferedTitle:
    """The title that a seed will have, whoever said it."""

    choice: Choice
    waits: bool = False
    """Whether a person has to accept it, and the heading with it."""


def decide_body(
    seed: Seed, article: Article, policy: Policy, title: OfferedTitle | None, comparison: Comparison
) -> BodyDecision:
    """Decide on the new body, and on what is new or proposed in it."""
    action = policy.action(Field.BODY)
    if action in {Action.KEEP, Action.REPORT}:
        return BodyDecision()
    reviewed = action is Action.REVIEW
    waits = reviewed or Field.BODY in policy.doubted
    differs = comparison.drift not in {None, DriftKind.SAME, DriftKind.COSMETIC}
    done = BodyDecision()
    if article.body and _is_empty(seed.body):
        done = _fill_body(seed, article, title, policy.answers, reviewed=waits)
        if done.text is not None:
            return done
    elif article.body and differs and action in {Action.REFRESH, Action.REVIEW}:
        done = refresh_body(seed, article, policy.answers, reviewed=waits)
    body = seed.body if done.text is None else done.text
    heading = _heading(body, title, policy.answers, reviewed=reviewed)
    return BodyDecision(
        heading.text if heading.text is not None else done.text,
        (*done.changes, *heading.changes),
        (*done.proposed, *heading.proposed),
        (*done.refused, *heading.refused),
    )


def _fill_body(
    seed: Seed, article: Article, title: OfferedTitle | None, answers: Answers, *, reviewed: bool
) -> BodyDecision:
    """The body of a seed that has none."""
    filled = _new_body(seed, article, title)
    said = answers.to(filled.changes[0])
    if said is None:
        return BodyDecision(proposed=filled.changes) if reviewed else filled
    if said.answer is Answer.ACCEPT:
        return replace(filled, changes=(accepted_change(filled.changes[0]), *filled.changes[1:]))
    if said.answer is Answer.VALUE:
        given = choice_of(said).value
        return BodyDecision(replace_body("", given, seed.newline), (Change("body", "", given, DECISION),))
    return BodyDecision(refused=("body",))


def _heading(old: str, title: OfferedTitle | None, answers: Answers, *, reviewed: bool) -> BodyDecision:
    """The body with its empty heading filled, or that proposed; as sure as the title is."""
    if title is None:
        return BodyDecision()
    choice = title.choice
    body, text = _fill(old, choice.value)
    if body == old:
        return BodyDecision()
    moved = text in set(opening_lines(old))
    source, witnesses = ("seed", (choice.source, *choice.witnesses)) if moved else (choice.source, choice.witnesses)
    kept = tuple(name for name in witnesses if name != source)
    change = Change("heading", "", text, source, kept, choice.confidence, choice.alternatives)
    said = answers.to(change)
    if said is None:
        return BodyDecision(proposed=(change,)) if title.waits or reviewed else BodyDecision(body, (change,))
    if said.answer is Answer.ACCEPT:
        return BodyDecision(body, (accepted_change(change),))
    if said.answer is Answer.VALUE:
        body, text = _fill(old, choice_of(said).value)
        return BodyDecision(body, (Change("heading", "", text, DECISION),))
    return BodyDecision(refused=("heading",))


def _fill(old: str, title: str) -> tuple[str, str]:
    """The body with its empty heading filled, and what that says then."""
    body = fill_title(old, title)
    filled = first_heading(body)
    return body, filled.text if filled else title_markdown(title)


def _new_body(seed: Seed, article: Article, title: OfferedTitle | None) -> BodyDecision:
    """The body with the page's text; without a new heading that of the seed stays, even an empty one.

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
    change = Change("body", "", text, article.body_source)
    return BodyDecision(replace_body("", text, seed.newline), (change,), proposed)


def _is_empty(body: str) -> bool:
    """True for a body without text: nothing at all, or nothing but an empty heading."""
    heading = first_heading(body)
    return not (body[heading.end :] if heading and not heading.text else body).strip()
