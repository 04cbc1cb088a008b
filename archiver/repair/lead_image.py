"""What a look at the lead image of a seed makes of what its page offers for it. Why: docs/design.md D97."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archiver.models import Choice, Field, PictureVerdict
from archiver.repair.diff import Comparison, Difference, Keys, find_key, text_of
from archiver.seeds import Seed


@dataclass(frozen=True, slots=True)
class LeadImage:
    """The lead image of a seed, looked at."""

    verdict: PictureVerdict | None
    """None where the seed names no picture."""
    is_own: bool = False
    """Whether the picture is kept for the site."""
    choice: Choice | None = None
    """What may stand in its place, and was seen alive; None where there is nothing."""
    is_sure: bool = True
    """False where a person is to look at it first."""
    detail: str = ""
    """Why it is dead; a sentence."""
    remark: str = ""
    """What a person should know of the search for another one; a sentence."""

    @property
    def is_replaceable(self) -> bool:
        """Whether another address may take its place."""
        return not self.is_own and (self.verdict is None or self.verdict.is_dead)


def apply_lead_image(comparison: Comparison, seed: Seed, lead: LeadImage, keys: Keys) -> Comparison:
    """Return a comparison in which a dead lead image counts as blank, and one that is kept as equal."""
    others = [one for one in comparison.differences if one.field is not Field.IMAGE]
    if not lead.is_replaceable:
        if lead.verdict is PictureVerdict.UNKNOWN and not lead.is_own:
            return comparison
        return replace(comparison, differences=tuple(others))
    if lead.choice is None:
        return replace(comparison, differences=tuple(others))
    key = find_key(seed, keys.get(Field.IMAGE, (Field.IMAGE.value,)))
    if lead.verdict is None and key is not None and not seed.is_blank(key):
        return comparison  # somebody filled it meanwhile
    old = text_of(seed, key) if key is not None else None
    found = Difference(Field.IMAGE, key, old, blank=True, choice=lead.choice)
    order = list(Field)
    return replace(comparison, differences=tuple(sorted((*others, found), key=lambda one: order.index(one.field))))
