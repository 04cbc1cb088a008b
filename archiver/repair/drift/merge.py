"""A seed's body brought up by its page, paragraph by paragraph, three-way against what the page said before.

What only the page changed is taken, what only the seed changed stays, and what both changed waits for a person. All
bytes outside of the paragraphs that are taken stay. Why so: docs/design.md D70.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from archiver.models import DriftKind, Span
from archiver.repair.drift.alignment import Group, align
from archiver.repair.drift.cosmetic import Weight
from archiver.repair.drift.own_markup import has_own_markup
from archiver.repair.drift.paragraphs import Paragraph
from archiver.repair.drift.text_diff import compare_texts, weighed_paragraphs

Side = tuple[tuple[Paragraph, Weight], ...]
"""The paragraphs of a text that are the article's, with their weights."""

_UNTRUSTED = frozenset({DriftKind.SHORTENED, DriftKind.DIVERGED, DriftKind.GONE})
"""How a page that only shows its beginning, or another article, differs from what it said before."""


@dataclass(frozen=True, slots=True)
class MergedBody:
    """What a page makes of a seed's body."""

    text: str
    """The body with what only the page changed; the seed's own, byte for byte, where that is nothing."""
    proposal: str | None = None
    """The same with the page's paragraphs also where both changed one; None where there are none."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Paragraphs of all three texts that belong together; each side may have none."""

    base: tuple[int, ...]
    ours: tuple[int, ...]
    theirs: tuple[int, ...]
    is_rewritten: bool = False
    """Whether the page's only stand where the others stood before."""


@dataclass(frozen=True, slots=True)
class _Edit:
    """A piece of the seed's body and what comes in its place."""

    span: Span
    text: str
    is_conflict: bool


def merge_body(
    ours: str,
    theirs: str,
    base: str | None,
    said: Collection[str] = (),
    write: Callable[[str], str] = lambda markdown: markdown,
) -> MergedBody:
    """Merge the Markdown of a page into a seed's body.

    `base` is the Markdown of the page as it was captured before. Without it the seed stands for it: then paragraphs
    that only the seed has stay, since a person may have written them. `said` is what the page says of the article
    elsewhere, `write` makes a paragraph of the page one of the seed's file, with its line ends.
    """
    before = ours if base is None else base
    change = compare_texts(before, theirs, said)
    if change is None or change.kind in {DriftKind.SAME, DriftKind.COSMETIC}:
        return MergedBody(ours)
    texts = (ours, theirs, before)
    seed, page, earlier = (tuple(weighed_paragraphs(text, texts, said)) for text in texts)
    merge = _Merge(ours, seed, page, earlier, write, is_two_way=base is None)
    edits = list(merge.edits(is_doubtful=change.kind in _UNTRUSTED))
    text = _apply(ours, [edit for edit in edits if not edit.is_conflict])
    proposal = _apply(ours, edits) if any(edit.is_conflict for edit in edits) else None
    return MergedBody(text, proposal if proposal != text else None)


@dataclass(frozen=True, slots=True)
class _Merge:
    """One merge: the three texts and how their paragraphs belong together."""

    body: str
    ours: Side
    theirs: Side
    base: Side
    write: Callable[[str], str]
    is_two_way: bool

    def edits(self, *, is_doubtful: bool) -> Iterator[_Edit]:
        """Return what the page changes; all of it as conflicts when the page is not to be trusted."""
        anchor: int | None = None
        waiting: list[str] = []
        for cluster in self._clusters():
            if not cluster.base and cluster.theirs:
                waiting += self._inserted(cluster.theirs)
            elif cluster.ours:
                yield from self._insertions(anchor, cluster.ours[0], waiting, is_doubtful=is_doubtful)
                waiting = []
                edits = list(self._changes(cluster, is_doubtful=is_doubtful))
                yield from edits
                # What goes away is no place to put anything behind.
                anchor = anchor if edits and not edits[0].text else cluster.ours[-1]
        yield from self._insertions(anchor, None, waiting, is_doubtful=is_doubtful)

    def _clusters(self) -> list[_Cluster]:
        """The paragraphs that belong together; one that was taken away and one put in in its place are one too."""
        found: list[_Cluster] = []
        for cluster in _join(_grouped(self.base, self.ours), _grouped(self.base, self.theirs)):
            last = found[-1] if found else None
            if last is not None and self._is_removed(last) and not cluster.base and cluster.theirs:
                found[-1] = _Cluster(last.base, last.ours, cluster.theirs, is_rewritten=True)
            elif last is not None and last.is_rewritten and not cluster.base and cluster.theirs:
                found[-1] = replace(last, theirs=(*last.theirs, *cluster.theirs))
            elif last is not None and self._is_removed(last) and self._is_removed(cluster):
                found[-1] = _Cluster((*last.base, *cluster.base), (*last.ours, *cluster.ours), ())
            else:
                found.append(cluster)
        return found

    def _is_removed(self, cluster: _Cluster) -> bool:
        """Whether the page has no more what it had, not at another place either."""
        if not cluster.base or not cluster.ours or cluster.theirs:
            return False
        whole = _key([it for it, _ in self.theirs])
        return not any(self.base[at][0].key in whole for at in cluster.base)

    def _inserted(self, places: Sequence[int]) -> list[str]:
        """The Markdown of what only the page has, but what is not the article's text or stands in the seed already."""
        whole = _key([it for it, _ in self.ours])
        found = []
        for number, at in enumerate(places):
            paragraph, weight = self.theirs[at]
            # A heading comes along with the text below it.
            is_heading = paragraph.is_heading and number + 1 < len(places)
            if (weight is Weight.FULL or is_heading) and paragraph.key not in whole:
                found.append(self.write(paragraph.markdown))
        return found

    def _insertions(
        self, after: int | None, before: int | None, texts: Sequence[str], *, is_doubtful: bool
    ) -> Iterator[_Edit]:
        if not texts:
            return
        gap = self.write("\n\n")
        if after is not None:
            at = self.ours[after][0].end
            yield _Edit((at, at), "".join(gap + text for text in texts), is_doubtful)
        elif before is not None:
            at = self.ours[before][0].start
            yield _Edit((at, at), "".join(text + gap for text in texts), is_doubtful)

    def _changes(self, cluster: _Cluster, *, is_doubtful: bool) -> Iterator[_Edit]:
        ours = [self.ours[at][0] for at in cluster.ours]
        theirs = [self.theirs[at][0] for at in cluster.theirs]
        base = [self.base[at][0] for at in cluster.base]
        one, other, before = _key(ours), _key(theirs), _key(base)
        if other in {before, one}:
            return
        if not theirs and (self.is_two_way or not self._is_removed(cluster) or not self._counts(cluster)):
            return
        texts = self._inserted(cluster.theirs) if cluster.is_rewritten else [self.write(it.markdown) for it in theirs]
        is_conflict = is_doubtful or one != before or has_own_markup(ours, theirs if self.is_two_way else base)
        if cluster.is_rewritten and self.is_two_way:
            is_conflict = True
        first, *rest = ours
        if texts:
            yield _Edit(first.span, self.write("\n\n").join(texts), is_conflict)
        elif cluster.is_rewritten:
            return
        for paragraph in rest if texts else ours:
            yield _Edit(self._with_gap(paragraph), "", is_conflict)

    def _counts(self, cluster: _Cluster) -> bool:
        return any(self.ours[at][1] is Weight.FULL for at in cluster.ours)

    def _with_gap(self, paragraph: Paragraph) -> Span:
        """Where a paragraph stands, with the blank lines before it, or after it where it is the first."""
        before = self.body[: paragraph.start].rstrip(" \t\r\n")
        if before:
            return len(before), paragraph.end
        after = self.body[paragraph.end :]
        return paragraph.start, paragraph.end + len(after) - len(after.lstrip("\r\n"))


def _key(paragraphs: Sequence[Paragraph]) -> str:
    return "".join(paragraph.key for paragraph in paragraphs)


def _grouped(base: Sequence[tuple[Paragraph, Weight]], other: Sequence[tuple[Paragraph, Weight]]) -> list[Group]:
    return align([it.words for it, _ in base], [it.words for it, _ in other])


def _join(to_ours: Sequence[Group], to_theirs: Sequence[Group]) -> list[_Cluster]:
    """Groups of both alignments that share a paragraph of the base as one, in the order of all three texts."""
    clusters: list[_Cluster] = []
    one = other = 0
    while one < len(to_ours) or other < len(to_theirs):
        # What only one text has goes before the next paragraph of the base.
        if one < len(to_ours) and not to_ours[one].old:
            clusters.append(_Cluster((), to_ours[one].new, ()))
            one += 1
            continue
        if other < len(to_theirs) and not to_theirs[other].old:
            clusters.append(_Cluster((), (), to_theirs[other].new))
            other += 1
            continue
        base, ours, theirs = set(to_ours[one].old), list(to_ours[one].new), list(to_theirs[other].new)
        last, second = max(to_ours[one].old), max(to_theirs[other].old)
        base.update(to_theirs[other].old)
        one, other = one + 1, other + 1
        while last != second:
            if last < second:
                base.update(to_ours[one].old)
                ours += to_ours[one].new
                last = max((last, *to_ours[one].old))
                one += 1
            else:
                base.update(to_theirs[other].old)
                theirs += to_theirs[other].new
                second = max((second, *to_theirs[other].old))
                other += 1
        clusters.append(_Cluster(tuple(sorted(base)), tuple(ours), tuple(theirs)))
    return clusters


def _apply(body: str, edits: Sequence[_Edit]) -> str:
    """The body with the edits made: all between them is copied, character by character."""
    parts: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        start, end = max(edit.span[0], position), max(edit.span[1], position)
        parts += (body[position:start], edit.text)
        position = end
    return "".join([*parts, body[position:]])
