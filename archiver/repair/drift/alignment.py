"""The paragraphs of two texts side by side: equal ones first, then by their words what lies between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rapidfuzz.distance import Indel

from archiver.repair.drift.words import Words, compare_words, concatenate

_MAX_PRODUCT_WORDS = 100_000_000
"""Words of one text times words of the other between two equal paragraphs, and paragraphs likewise: 10,000 by 10,000
take about 0.1 s and 12 MB. Above it what lies between is not compared word by word: it counts as taken away and put in.
With less long articles that were rewritten are not aligned, with more one hostile page costs seconds."""
_MIN_SHARE = 0.5
"""Share of the words of the shorter of two paragraphs that the other must have, in its order, to be what became of it;
with less paragraphs that share common words are one, with more a rewritten one is two. Found on generated edits."""
_MIN_RUN_WORDS = 3
"""Words in a row that two such paragraphs must share; with fewer common words alone make them one, with more a
paragraph in which every third word was changed is two. Found on generated edits."""

_MIN_RUN_LETTERS = 30
"""Letters in a row that two paragraphs share, an ideograph as two, from which the one became the other however long
both are: half of a sentence. With fewer a turn of phrase makes them one, with more the end of a paragraph that was cut
and joined to another is lost. Found on generated edits."""
_FIRST_IDEOGRAPH = "\u2e80"


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs of one text and those of the other that they became; one side may have none, each may have several."""

    old: tuple[int, ...]
    """Their places in the old text."""
    new: tuple[int, ...]
    is_equal: bool = False
    """Whether both say the same, word for word."""


def align(old: Sequence[Words], new: Sequence[Words]) -> list[Group]:
    """Return the groups of two texts, in the order of both."""
    groups: list[Group] = []
    left = right = 0
    anchors = _anchors([words.key for words in old], [words.key for words in new])
    for one, other in (*anchors, (len(old), len(new))):
        groups += _between(old, new, range(left, one), range(right, other))
        if one < len(old):
            groups.append(Group((one,), (other,), is_equal=True))
        left, right = one + 1, other + 1
    return groups


def align_around(
    old: Sequence[Words], new: Sequence[Words], old_asides: Collection[int], new_asides: Collection[int]
) -> list[Group]:
    """Return the groups of two texts whose asides are aligned after all else, so that they part no paragraphs.

    An aside is what stands between paragraphs and is not the text's: it is paired with an equal one at the same place.
    """
    lefts = [at for at in range(len(old)) if at not in old_asides]
    rights = [at for at in range(len(new)) if at not in new_asides]
    groups: list[Group] = []
    one = other = 0
    for group in align([old[at] for at in lefts], [new[at] for at in rights]):
        placed = replace(group, old=tuple(lefts[at] for at in group.old), new=tuple(rights[at] for at in group.new))
        left = [at for at in range(one, placed.old[0]) if at in old_asides] if placed.old else []
        right = [at for at in range(other, placed.new[0]) if at in new_asides] if placed.new else []
        groups += _asides(old, new, left, right)
        one, other = max([one, *placed.old, *left]), max([other, *placed.new, *right])
        groups.append(placed)
        # What stands within a group comes behind it.
        groups += _asides(
            old, new, [at for at in range(*_inner(placed.old)) if at in old_asides],
            [at for at in range(*_inner(placed.new)) if at in new_asides],
        )  # fmt: skip
    seen_old = {at for group in groups for at in group.old}
    seen_new = {at for group in groups for at in group.new}
    rest = [at for at in range(len(old)) if at not in seen_old], [at for at in range(len(new)) if at not in seen_new]
    return [*groups, *_asides(old, new, *rest)]


def _anchors(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of equal paragraphs: the longest common run, or of huge texts those that are in each once."""
    if len(old) * len(new) > _MAX_PRODUCT_WORDS:
        yield from _unique_anchors(old, new)
        return
    for it in Indel.opcodes(old, new):
        if it.tag == "equal":
            yield from zip(range(it.src_start, it.src_end), range(it.dest_start, it.dest_end), strict=True)


def _unique_anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest run of paragraphs, in the order of both texts, among those that are in each text once."""
    counts, places = Counter(old), {key: at for at, key in enumerate(new)}
    once = {key for key, count in Counter(new).items() if count == 1 and counts[key] == 1}
    tails: list[int] = []
    chains: list[tuple[int, int, int]] = []  # place in old, place in new, the link before it
    ends: list[int] = []
    for at, key in enumerate(old):
        if key not in once:
            continue
        place = places[key]
        length = bisect_left(tails, place)
        chains.append((at, place, ends[length - 1] if length else -1))
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [len(chains) - 1]
    found: list[tuple[int, int]] = []
    link = ends[-1] if ends else -1
    while link >= 0:
        at, place, link = chains[link]
        found.append((at, place))
    return found[::-1]


def _inner(places: Sequence[int]) -> tuple[int, int]:
    return (places[0], places[-1]) if places else (0, 0)


def _asides(old: Sequence[Words], new: Sequence[Words], left: Sequence[int], right: Sequence[int]) -> Iterator[Group]:
    """Asides of one place: equal ones as a pair."""
    one = other = 0
    anchors = _anchors([old[at].key for at in left], [new[at].key for at in right])
    for first, second in (*anchors, (len(left), len(right))):
        yield from (Group((at,), ()) for at in left[one:first])
        yield from (Group((), (at,)) for at in right[other:second])
        if first < len(left):
            yield Group((left[first],), (right[second],), is_equal=True)
        one, other = first + 1, second + 1


def _between(old: Sequence[Words], new: Sequence[Words], left: range, right: range) -> Iterator[Group]:
    """The groups of what lies between two equal paragraphs."""
    links = _links([old[at] for at in left], [new[at] for at in right]) if left and right else []
    one, other = left.start, right.start
    for first, last, start, end in _components(links):
        lefts, rights = range(left[first], left[last] + 1), range(right[start], right[end] + 1)
        yield from _alone(range(one, lefts.start), range(other, rights.start))
        is_equal = "".join(old[at].key for at in lefts) == "".join(new[at].key for at in rights)
        yield Group(tuple(lefts), tuple(rights), is_equal)
        one, other = lefts.stop, rights.stop
    yield from _alone(range(one, left.stop), range(other, right.stop))


def _alone(left: range, right: range) -> Iterator[Group]:
    yield from (Group((at,), ()) for at in left)
    yield from (Group((), (at,)) for at in right)


def _components(links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Links that share a paragraph as one: first and last of the old, first and last of the new."""
    found: list[list[int]] = []
    for one, other in links:
        if found and (one <= found[-1][1] or other <= found[-1][3]):
            found[-1][1], found[-1][3] = max(one, found[-1][1]), max(other, found[-1][3])
        else:
            found.append([one, one, other, other])
    return found


def _links(old: Sequence[Words], new: Sequence[Words]) -> list[tuple[int, int]]:
    """The pairs of paragraphs that share most of the words of the shorter one, in the order of both."""
    starts, others = _starts(old), _starts(new)
    if starts[-1] * others[-1] > _MAX_PRODUCT_WORDS:
        return []
    shared: defaultdict[tuple[int, int], int] = defaultdict(int)
    longest: defaultdict[tuple[int, int], int] = defaultdict(int)
    letters: defaultdict[tuple[int, int], int] = defaultdict(int)
    forms = concatenate(old)
    for stretch in compare_words(forms, concatenate(new)):
        if not stretch.is_equal:
            continue
        at, other = stretch.old[0], stretch.new[0]
        length = min(stretch.old[1] - at, stretch.new[1] - other)
        done = 0
        while done < length:
            pair = bisect_right(starts, at + done) - 1, bisect_right(others, other + done) - 1
            step = min(length, starts[pair[0] + 1] - at, others[pair[1] + 1] - other) - done
            shared[pair] += step
            longest[pair] = max(longest[pair], length)
            letters[pair] = max(letters[pair], _weight(forms[at + done : at + done + step]))
            done += step
    return sorted(
        pair
        for pair, count in shared.items()
        if letters[pair] >= _MIN_RUN_LETTERS
        or (longest[pair] >= _MIN_RUN_WORDS and count >= _MIN_SHARE * min(len(old[pair[0]]), len(new[pair[1]])))
    )


def _weight(forms: Sequence[str]) -> int:
    """How many letters some words have; an ideograph says as much as two."""
    return sum(2 * len(form) if form[0] >= _FIRST_IDEOGRAPH else len(form) for form in forms)


def _starts(texts: Sequence[Words]) -> list[int]:
    """Where each text starts among the words of all, and where the last one ends."""
    return list(accumulate(map(len, texts), initial=0))
