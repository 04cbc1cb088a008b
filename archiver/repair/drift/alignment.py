"""The paragraphs of two texts side by side: equal ones first, then by their words what lies between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs of one text and those of the other that they became; one side may have none, each may have several."""

    old: range
    """Their places in the old text."""
    new: range
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
            groups.append(Group(range(one, one + 1), range(other, other + 1), is_equal=True))
        left, right = one + 1, other + 1
    return groups


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


def _between(old: Sequence[Words], new: Sequence[Words], left: range, right: range) -> Iterator[Group]:
    """The groups of what lies between two equal paragraphs."""
    links = _links([old[at] for at in left], [new[at] for at in right]) if left and right else []
    one, other = left.start, right.start
    for first, last, start, end in _components(links):
        lefts, rights = range(left[first], left[last] + 1), range(right[start], right[end] + 1)
        yield from _alone(range(one, lefts.start), range(other, rights.start))
        is_equal = "".join(old[at].key for at in lefts) == "".join(new[at].key for at in rights)
        yield Group(lefts, rights, is_equal)
        one, other = lefts.stop, rights.stop
    yield from _alone(range(one, left.stop), range(other, right.stop))


def _alone(left: range, right: range) -> Iterator[Group]:
    yield from (Group(range(at, at + 1), range(right.start, right.start)) for at in left)
    yield from (Group(range(left.stop, left.stop), range(at, at + 1)) for at in right)


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
    for stretch in compare_words(concatenate(old), concatenate(new)):
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
            done += step
    return sorted(
        pair
        for pair, count in shared.items()
        if longest[pair] >= _MIN_RUN_WORDS and count >= _MIN_SHARE * min(len(old[pair[0]]), len(new[pair[1]]))
    )


def _starts(texts: Sequence[Words]) -> list[int]:
    """Where each text starts among the words of all, and where the last one ends."""
    return list(accumulate(map(len, texts), initial=0))
