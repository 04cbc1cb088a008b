"""Which differences are taken: the merge policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from archiver.models import Field, Verdict
from archiver.repair.diff import Comparison, Difference
from archiver.repair.shapes import Shapes


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
    REPORT = "report"
    """Say what would be filled or refreshed, write nothing."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The differences of one seed, sorted by what becomes of them."""

    taken: tuple[Difference, ...]
    reported: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One action per field; a field that is not named is filled."""

    actions: Mapping[Field, Action]
    shapes: Shapes = field(default_factory=dict)
    """How values are written that are taken."""
    body_heading: bool = True
    """Whether a body that is written begins with the title as a heading, and an empty heading is filled."""

    def action(self, field: Field) -> Action:
        """The action for a field."""
        return self.actions.get(field, Action.FILL)

    def inserts(self, field: Field) -> bool:
        """Whether a post should have a field, so that its key is put in where it is absent. A title all should have."""
        return field is Field.TITLE or self.action(field) is Action.INSERT

    def on(self, verdict: Verdict) -> Policy:
        """The policy for what a page with this verdict offers: of a walled one there is no text to take."""
        if verdict is not Verdict.WALLED:
            return self
        return replace(self, actions={**self.actions, Field.BODY: Action.KEEP})

    def cautious(self, fields: Collection[Field]) -> Policy:
        """The policy while the host's pages are not to be trusted with some fields: these are not written."""
        doubted = {name: Action.REPORT for name in fields if self.action(name) is not Action.KEEP}
        return replace(self, actions={**self.actions, **doubted})

    def decide(self, comparison: Comparison) -> Decision:
        """Sort a seed's differences."""
        taken, reported = [], []
        for difference in comparison.differences:
            fillable = difference.blank and (difference.key is not None or difference.field is Field.TITLE)
            match self.action(difference.field):
                case Action.FILL if fillable:
                    taken.append(difference)
                case Action.INSERT if difference.blank:
                    taken.append(difference)
                case Action.REFRESH if fillable or not difference.blank:
                    taken.append(difference)
                case Action.REPORT if fillable or not difference.blank:
                    reported.append(difference)
                case _:
                    pass
        return Decision(tuple(taken), tuple(reported))
