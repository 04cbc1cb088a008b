"""A reading against those before it → one mark per aspect, which is all that the statistic asks for.

An aspect is a field (`author`), the body, or a selector of the publisher's rules (`rule author .byline a`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from archiver.ledger.yields.readings import FIELDS, PageReading
from archiver.models import Field

MIN_BODY_SHARE = 1 / 3
"""Share of the characters that a body had at its last reading, or that the host's bodies have in the median, below
which it counts as not found: one step lower the first paragraph alone passes for a short article, higher short news
count as collapsed. Chosen from pages whose body falls to their first paragraph."""

RULE = "rule "
"""How the aspects begin that are selectors."""


class Mark(StrEnum):
    """What one reading says about one aspect."""

    FOUND = "+"
    KEPT = "*"
    """Found, as at the address's reading before."""
    ABSENT = "-"
    """Not found at the first reading of the address."""
    LOST = "!"
    """Not found, but at the address's reading before."""
    NEVER = "."
    """Not found, nor at the address's reading before: a page that has no author says nothing when it has none again."""


def marks_of(reading: PageReading, before: PageReading | None, usual_body: int) -> dict[str, Mark]:
    """Return the marks of a reading.

    `before` is the last reading of the same address, `usual_body` the median length of the host's bodies, 0 where none
    is known.
    """
    marks = {
        aspect: _mark(found, None if before is None else _found(before, aspect))
        for aspect, found in _aspects(reading).items()
    }
    was_read = before is not None and before.body is not None
    if reading.body is not None and (reading.places is not None or was_read):
        marks[Field.BODY.value] = _body_mark(reading.body, before, usual_body)
    return marks


def _aspects(reading: PageReading) -> Mapping[str, bool]:
    places = reading.places
    fields = {} if places is None else {field.value: field in places for field in FIELDS}
    return {**fields, **{RULE + selector: served for selector, served in reading.selectors.items()}}


def _found(reading: PageReading, aspect: str) -> bool | None:
    """Whether an earlier reading had an aspect; None where it was not asked for."""
    if aspect.startswith(RULE):
        return reading.selectors.get(aspect.removeprefix(RULE))
    return None if reading.places is None else Field(aspect) in reading.places


def _mark(found: bool, before: bool | None) -> Mark:
    if found:
        return Mark.KEPT if before else Mark.FOUND
    return Mark.ABSENT if before is None else Mark.LOST if before else Mark.NEVER


def _body_mark(body: int, before: PageReading | None, usual: int) -> Mark:
    known = before.body if before is not None else None
    if known is None:
        return _mark(body > usual * MIN_BODY_SHARE, None)
    return _mark(body > known * MIN_BODY_SHARE if known else body > 0, known > 0)
