"""Which differences are taken."""

from __future__ import annotations

from dataclasses import replace

import pytest

from archiver.models import Choice, Field
from archiver.repair.diff import Comparison, Difference
from archiver.repair.policy import Action, Policy


def difference(field: Field, key: str | None, old: str | None) -> Difference:
    return Difference(field, key, old, not old, Choice("new", "h1"))


BLANK = difference(Field.IMAGE, "image", "")
ABSENT = difference(Field.IMAGE, None, None)
OTHER = difference(Field.IMAGE, "image", "old")
TITLE_ABSENT = difference(Field.TITLE, None, None)


@pytest.mark.parametrize(
    ("action", "found", "taken", "reported"),
    [
        (Action.FILL, BLANK, True, False),
        (Action.FILL, ABSENT, False, False),
        (Action.FILL, OTHER, False, False),
        (Action.FILL, TITLE_ABSENT, True, False),
        (Action.INSERT, BLANK, True, False),
        (Action.INSERT, ABSENT, True, False),
        (Action.INSERT, OTHER, False, False),
        (Action.INSERT, TITLE_ABSENT, True, False),
        (Action.REFRESH, BLANK, True, False),
        (Action.REFRESH, ABSENT, False, False),
        (Action.REFRESH, OTHER, True, False),
        (Action.REFRESH, TITLE_ABSENT, True, False),
        (Action.REVIEW, BLANK, False, False),
        (Action.REVIEW, OTHER, False, False),
        (Action.REPORT, BLANK, False, True),
        (Action.REPORT, ABSENT, False, False),
        (Action.REPORT, OTHER, False, True),
        (Action.KEEP, BLANK, False, False),
        (Action.KEEP, OTHER, False, False),
        (Action.KEEP, TITLE_ABSENT, False, False),
    ],
)
def test_actions(action: Action, found: Difference, taken: bool, reported: bool) -> None:
    decision = Policy({found.field: action}).decide(Comparison((found,), None))
    assert decision.taken == ((found,) if taken else ())
    assert decision.reported == ((found,) if reported else ())


@pytest.mark.parametrize(("found", "waits"), [(BLANK, True), (ABSENT, False), (OTHER, True), (TITLE_ABSENT, True)])
def test_what_is_reviewed_is_proposed(found: Difference, waits: bool) -> None:
    decision = Policy({found.field: Action.REVIEW}).decide(Comparison((found,), None))
    assert decision.proposed == ((found,) if waits else ())


@pytest.mark.parametrize("action", [Action.FILL, Action.INSERT, Action.REFRESH])
@pytest.mark.parametrize(("confidence", "waits"), [(0.84, True), (0.85, False), (None, False)])
def test_what_is_less_sure_than_its_bound_is_proposed(action: Action, confidence: float | None, waits: bool) -> None:
    found = replace(BLANK, choice=replace(BLANK.choice, confidence=confidence))
    decision = Policy({found.field: action}, review_below={Field.IMAGE: 0.85}).decide(Comparison((found,), None))
    assert (decision.proposed, decision.taken) == (((found,), ()) if waits else ((), (found,)))


def test_a_bound_of_0_lets_nothing_wait() -> None:
    found = replace(BLANK, choice=replace(BLANK.choice, confidence=0.0))
    decision = Policy({}, review_below={Field.IMAGE: 0.0}).decide(Comparison((found,), None))
    assert decision.taken == (found,)


def test_a_field_that_is_not_named_is_filled() -> None:
    assert Policy({Field.IMAGE: Action.KEEP}).action(Field.TITLE) is Action.FILL
