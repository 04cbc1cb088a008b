"""What people answered to the values that a page offers for one seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from archiver.decisions import Answer, Decisions, ReviewDecision, digest_of
from archiver.models import Change, Choice, Field
from archiver.repair.shapes import split_names

DECISION = "decision"
"""The source of a value that a person accepted or gave."""


@dataclass(frozen=True, slots=True)
class Answers:
    """The last decisions on one seed, by the name of a field."""

    find: Callable[[str], ReviewDecision | None]
    """What was said last of a field, whatever was offered then."""

    @classmethod
    def of(cls, decisions: Decisions, path: str, url: str) -> Answers:
        """Those on the seed at a path below SEEDS_DIR, which was copied from an address."""
        return cls(lambda field: decisions.find(path, url, field))

    def with_decisions(self, decisions: Mapping[str, ReviewDecision]) -> Answers:
        """Let further decisions come before these, by field."""
        return Answers(lambda field: decisions.get(field) or self.find(field))

    def to(self, change: Change) -> ReviewDecision | None:
        """Return the decision on this very value; None where nobody was asked, or was asked of another one."""
        return self._on(change.field, change.new)

    def given(self, field: Field) -> ReviewDecision | None:
        """Return the value that a person gave to a field for which the page offers nothing."""
        said = self._on(field.value, "")
        return said if said is not None and said.answer is Answer.VALUE else None

    def _on(self, field: str, offered: str) -> ReviewDecision | None:
        said = self.find(field)
        return said if said is not None and said.offered == digest_of(field, offered) else None


NO_ANSWERS = Answers(lambda _: None)


def accepted(choice: Choice) -> Choice:
    """A page's value that a person accepted; the place it came from is a witness."""
    return replace(choice, source=DECISION, witnesses=(choice.source, *choice.witnesses))


def choice_of(said: ReviewDecision) -> Choice:
    """The value that a person gave."""
    value = said.value or ""
    names = split_names(value) if said.field == Field.AUTHOR else ()
    return Choice(value, DECISION, items=names if len(names) > 1 else ())
