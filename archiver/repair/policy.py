"""Which differences are taken: the merge policy."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from archiver.decisions import Answer
from archiver.models import Change, Choice, Field, Verdict
from archiver.repair.diff import Comparison, Difference, Keys, find_key
from archiver.repair.lead_image import LeadImage
from archiver.repair.reviews.answers import NO_ANSWERS, Answers, accepted, choice_of
from archiver.repair.shapes import Shapes
from archiver.seeds import Seed


class Action(StrEnum):
    """What may be done with one field."""

    KEEP = "keep"
    """Never touch it, never speak of it."""
    FILL = "fill"
    """Write it where the seed has its key and the value is blank; the title also where the key is absent."""
    INSERT = "insert"
    """Like fill, and put the key in where it is absent."""
    REFRESH = "refresh"
    """Like fill, and replace a value that differs from the page's."""
    REVIEW = "review"
    """Write nothing, and propose to a person what would be filled or refreshed."""
    REPORT = "report"
    """Say what would be filled or refreshed, write nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The differences of one seed, sorted by what becomes of them."""

    taken: tuple[Difference, ...]
    proposed: tuple[Difference, ...]
    """What is written when a person accepts it."""
    refused: tuple[Difference, ...]
    """What would be taken or proposed, had a person not said otherwise."""
    reported: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One action per field; a field that is not named is filled."""

    actions: Mapping[Field, Action]
    shapes: Shapes = field(default_factory=dict)
    """How values are written that are taken."""
    body_heading: bool = True
    """Whether a body that is written begins with the title as a heading, and an empty heading is filled."""

    review_below: Mapping[Field, float] = field(default_factory=dict)
    """The probability below which a value waits for a person; a field that is not named has none that waits."""

    doubted: frozenset[Field] = frozenset()
    """Fields of which every value waits that the page gives, since the host's pages have changed."""

    answers: Answers = NO_ANSWERS
    """What people said of single values of the seed, which goes before the actions."""

    lead: LeadImage | None = None
    """The seed's lead image, where somebody has looked at it."""

    def action(self, field: Field) -> Action:
        """The action for a field."""
        return self.actions.get(field, Action.FILL)

    def inserts(self, field: Field) -> bool:
        """Whether a post should have a field, so that its key is put in where it is absent. A title all should have."""
        return field is Field.TITLE or self.action(field) is Action.INSERT

    def is_sure(self, field: Field, choice: Choice) -> bool:
        """Whether a value is written without a person's word; one whose probability nobody reckoned is."""
        if field in self.doubted and choice.source != "seed":
            return False
        return choice.confidence is None or choice.confidence >= self.review_below.get(field, 0)

    def on(self, verdict: Verdict) -> Policy:
        """The policy for what a page with this verdict offers: of a walled one there is no text to take."""
        if verdict is not Verdict.WALLED:
            return self
        return replace(self, actions={**self.actions, Field.BODY: Action.KEEP})

    def cautious(self, fields: Collection[Field]) -> Policy:
        """The policy while the host's pages are not to be trusted with some fields: what they say of these waits."""
        return replace(self, doubted=frozenset(fields))

    def after_look(self, lead: LeadImage) -> Policy:
        """The policy once a seed's lead image was looked at: what may be another picture waits for a person."""
        return replace(self, lead=lead, doubted=self.doubted if lead.is_sure else self.doubted | {Field.IMAGE})

    def decide(self, comparison: Comparison) -> Decision:
        """Sort a seed's differences."""
        taken: list[Difference] = []
        proposed: list[Difference] = []
        reported: list[Difference] = []
        for difference in comparison.differences:
            fillable = difference.blank and (difference.key is not None or difference.field is Field.TITLE)
            sure = taken if self.is_sure(difference.field, difference.choice) else proposed
            match self.action(difference.field):
                case Action.FILL if fillable:
                    sure.append(difference)
                case Action.INSERT if difference.blank:
                    sure.append(difference)
                case Action.REFRESH if fillable or not difference.blank:
                    sure.append(difference)
                case Action.REVIEW if fillable or not difference.blank:
                    proposed.append(difference)
                case Action.REPORT if fillable or not difference.blank:
                    reported.append(difference)
                case _:
                    pass
        return Decision(tuple(taken), tuple(proposed), (), tuple(reported))


def apply_answers(decision: Decision, answers: Answers, change_of: Callable[[Difference], Change]) -> Decision:
    """Sort a seed's differences anew by what people said; `change_of` says what is offered."""
    taken: list[Difference] = []
    proposed: list[Difference] = []
    refused: list[Difference] = []
    waiting = {difference.field for difference in decision.proposed}
    order = list(Field)
    for difference in sorted((*decision.taken, *decision.proposed), key=lambda one: order.index(one.field)):
        said = answers.to(change_of(difference))
        if said is None:
            (proposed if difference.field in waiting else taken).append(difference)
        elif said.answer is Answer.ACCEPT:
            taken.append(replace(difference, choice=accepted(difference.choice)))
        elif said.answer is Answer.VALUE and difference.blank:
            taken.append(replace(difference, choice=choice_of(said)))
        else:
            refused.append(difference)
    return replace(decision, taken=tuple(taken), proposed=tuple(proposed), refused=tuple(refused))


def given_values(seed: Seed, comparison: Comparison, policy: Policy, keys: Keys) -> Iterator[Difference]:
    """The values that people gave to blank fields for which the page offers none."""
    offered = {difference.field for difference in comparison.differences}
    for name in Field:
        if name in offered or name is Field.BODY or policy.action(name) in {Action.KEEP, Action.REPORT}:
            continue
        key = find_key(seed, keys[name])
        blank = policy.inserts(name) if key is None else seed.is_blank(key)
        if blank and (said := policy.answers.given(name)) is not None:
            yield Difference(name, key, None, True, choice_of(said))
