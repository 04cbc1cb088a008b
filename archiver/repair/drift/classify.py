"""Aligned paragraphs → what kind of difference two texts have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from archiver.models import DriftKind
from archiver.repair.drift.alignment import Group
from archiver.repair.drift.cosmetic import Weight
from archiver.repair.drift.paragraphs import Paragraph
from archiver.repair.drift.words import compare_words, concatenate

_MIN_UPDATED_SHARE = 0.5
"""Share of the words of the shorter text, in paragraphs that both have, from which they are versions of one article;
below it they are two articles. With less another report on the same event is a version, with more a rewritten one is
not. Found on generated edits."""
_MIN_REPEATED_LETTERS = 12
"""Letters of a paragraph from which the other text can hold it anywhere, within its paragraphs or at another place;
with fewer "He agreed." is found in any text, with more a short quote that was moved is taken away and put in. Chosen
by eye."""
_MAX_SEARCHED_LETTERS = 100_000_000
"""Letters that are searched for all paragraphs that only one text has; more cost seconds, and with fewer paragraphs
that were moved within a long text count as changes. Chosen, not measured."""


class ParagraphChange(Enum):
    """What became of the paragraphs of a group."""

    NONE = auto()
    """Nothing that counts."""
    REMOVED = auto()
    ADDED = auto()
    CHANGED = auto()
    CONTINUED = auto()
    """The old text ends in the middle of what the new one says."""
    CUT = auto()
    """The new text ends in the middle of what the old one says."""


@dataclass(frozen=True, slots=True)
class Side:
    """One text: its paragraphs that say something, and what each counts."""

    paragraphs: tuple[Paragraph, ...]
    weights: tuple[Weight, ...]
    has_title: bool = False
    """Whether it begins with what can be its title."""

    @property
    def asides(self) -> frozenset[int]:
        """The places of what is not the article's text."""
        return frozenset(at for at, weight in enumerate(self.weights) if weight is Weight.NONE)

    def key(self, places: Sequence[int]) -> str:
        """What some paragraphs say, in letters and digits."""
        return "".join(self.paragraphs[at].key for at in places)

    def weight(self, places: Sequence[int], least: Weight) -> bool:
        """Whether one of some paragraphs has more than the least weight."""
        return any(self.weights[at] > least for at in places)


def find_changes(old: Side, new: Side, groups: Sequence[Group]) -> list[ParagraphChange]:
    """Return what became of each group."""
    contained = _contained(old, new, groups)
    ends = _last(old), _last(new)
    return [
        ParagraphChange.NONE if group.is_equal or number in contained else _change(old, new, group, ends)
        for number, group in enumerate(groups)
    ]


def _change(old: Side, new: Side, group: Group, ends: tuple[int, int]) -> ParagraphChange:
    if not group.new:
        return ParagraphChange.REMOVED if old.weight(group.old, Weight.PAIRED) else ParagraphChange.NONE
    if not group.old:
        return ParagraphChange.ADDED if new.weight(group.new, Weight.PAIRED) else ParagraphChange.NONE
    if not old.weight(group.old, Weight.NONE) and not new.weight(group.new, Weight.NONE):
        return ParagraphChange.NONE
    one, other = old.key(group.old), new.key(group.new)
    if other.startswith(one) and group.old[-1] >= ends[0]:
        return ParagraphChange.CONTINUED
    if one.startswith(other) and group.new[-1] >= ends[1]:
        return ParagraphChange.CUT
    return ParagraphChange.CHANGED


def _last(side: Side) -> int:
    """Where the last paragraph of the article's text stands."""
    return max((at for at, weight in enumerate(side.weights) if weight is Weight.FULL), default=-1)


def _contained(old: Side, new: Side, groups: Sequence[Group]) -> set[int]:
    """The groups of one text alone whose words the other has all the same: moved, repeated, or a pull quote."""
    alone = [(number, group) for number, group in enumerate(groups) if not group.old or not group.new]
    whole = {id(side): side.key(range(len(side.paragraphs))) for side in (old, new)}
    if len(alone) * max(map(len, whole.values())) > _MAX_SEARCHED_LETTERS:
        return set()
    found = set()
    for number, group in alone:
        side, other, places = (old, new, group.old) if group.old else (new, old, group.new)
        key = side.key(places)
        if len(key) >= _MIN_REPEATED_LETTERS and key in whole[id(other)]:
            found.add(number)
    return found


def classify(old: Side, new: Side, groups: Sequence[Group], changes: Sequence[ParagraphChange]) -> DriftKind:
    """Return the kind of difference of two texts that both have some."""
    found = set(changes) - {ParagraphChange.NONE}
    if not found:
        return DriftKind.SAME if _is_same(old, new) else DriftKind.COSMETIC
    shared = _shared(old, new, groups, changes)
    if found <= {ParagraphChange.ADDED, ParagraphChange.CONTINUED} and (shared or not _total(old)):
        return DriftKind.SEED_TRUNCATED
    if found <= {ParagraphChange.REMOVED, ParagraphChange.CUT} and (shared or not _total(new)):
        return DriftKind.SHORTENED
    share = shared / max(1, min(_total(old), _total(new)))
    return DriftKind.UPDATED if share >= _MIN_UPDATED_SHARE else DriftKind.DIVERGED


def _is_same(old: Side, new: Side) -> bool:
    """Whether both have the same characters; the old may begin with its title."""
    ours, theirs = ([paragraph.text for paragraph in side.paragraphs] for side in (old, new))
    return theirs == ours or (old.has_title and theirs == ours[1:])


def _total(side: Side) -> int:
    return sum(
        len(paragraph.words)
        for paragraph, weight in zip(side.paragraphs, side.weights, strict=True)
        if weight is not Weight.NONE
    )


def _shared(old: Side, new: Side, groups: Sequence[Group], changes: Sequence[ParagraphChange]) -> int:
    """How many words of the article's text both have, in paragraphs that are the same or became one another."""
    count = 0
    for group, change in zip(groups, changes, strict=True):
        if not group.old or not group.new:
            # What stands elsewhere in the other text is counted there.
            continue
        ours = [old.paragraphs[at].words for at in group.old]
        theirs = [new.paragraphs[at].words for at in group.new]
        if not old.weight(group.old, Weight.NONE) or not new.weight(group.new, Weight.NONE):
            continue
        if change is ParagraphChange.NONE:
            count += min(sum(map(len, ours)), sum(map(len, theirs)))
        else:
            stretches = compare_words(concatenate(ours), concatenate(theirs))
            count += sum(it.old[1] - it.old[0] for it in stretches if it.is_equal)
    return count
