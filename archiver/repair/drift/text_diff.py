"""The text of a seed beside that of its page: which kind of difference, paragraph by paragraph, and which facts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from archiver.models import DriftKind, ParagraphPair, TextDiff
from archiver.repair.drift.alignment import Group, align_around
from archiver.repair.drift.classify import ParagraphChange, Side, classify, find_changes
from archiver.repair.drift.cosmetic import PageMetadata, Weight, known_keys, weigh
from archiver.repair.drift.facts import all_changed_facts
from archiver.repair.drift.paragraphs import Paragraph, split_paragraphs
from archiver.repair.drift.words import changed_stretches, find_words, text_spans


def compare_texts(seed_body: str, page_body: str, said: Collection[str] = ()) -> TextDiff | None:
    """Compare the Markdown of a seed with that of its page; None when the seed has no text.

    `said` is what the page says of the article elsewhere, such as its title and its authors: where only one of both
    texts has that too, nothing differs.
    """
    old, new = _sides(split_paragraphs(seed_body), split_paragraphs(page_body), said)
    if not old.paragraphs:
        return None
    if not new.paragraphs:
        return TextDiff(DriftKind.GONE, tuple(ParagraphPair(paragraph.text, None) for paragraph in old.paragraphs))
    groups = align_around(
        [it.words for it in old.paragraphs], [it.words for it in new.paragraphs], old.asides, new.asides
    )
    changes = find_changes(old, new, groups)
    pairs = tuple(
        pair for group, change in zip(groups, changes, strict=True) for pair in _pairs(old, new, group, change)
    )
    edits = [(it.old, it.new) for it in pairs if it.old and it.new and (it.removed or it.added) and not it.cosmetic]
    return TextDiff(classify(old, new, groups, changes), pairs, all_changed_facts(edits))


def weighed_paragraphs(body: str, beside: Sequence[str], said: Collection[str] = ()) -> list[tuple[Paragraph, Weight]]:
    """Return the paragraphs of a body that are the article's text, with their weights.

    `beside` are the texts in whose images its captions are looked for.
    """
    alts = known_keys([alt for text in beside for paragraph in split_paragraphs(text) for alt in paragraph.alts])
    found = split_paragraphs(body)
    weights = weigh(found, PageMetadata(known_keys(said), alts))
    return [(it, weight) for it, weight in zip(found, weights, strict=True) if weight is not Weight.NONE]


def _sides(ours: Sequence[Paragraph], theirs: Sequence[Paragraph], said: Collection[str]) -> tuple[Side, Side]:
    alts = known_keys([alt for paragraph in (*ours, *theirs) for alt in paragraph.alts])
    metadata = PageMetadata(known_keys(said), alts)
    return _side(ours, metadata), _side(theirs, metadata)


def _side(paragraphs: Sequence[Paragraph], metadata: PageMetadata) -> Side:
    """The paragraphs that say something."""
    pairs = [
        (paragraph, weight)
        for paragraph, weight in zip(paragraphs, weigh(paragraphs, metadata), strict=True)
        if paragraph.words
    ]
    has_title = bool(pairs) and pairs[0][1] is Weight.PAIRED
    return Side(tuple(it for it, _ in pairs), tuple(weight for _, weight in pairs), has_title)


def _pairs(old: Side, new: Side, group: Group, change: ParagraphChange) -> list[ParagraphPair]:
    """A group as pairs; equal paragraphs one by one."""
    ours = [old.paragraphs[at].text for at in group.old]
    theirs = [new.paragraphs[at].text for at in group.new]
    is_cosmetic = change is ParagraphChange.NONE and ours != theirs
    if not ours or not theirs:
        return [ParagraphPair("\n".join(ours) or None, "\n".join(theirs) or None, cosmetic=is_cosmetic)]
    one, other = "\n".join(ours), "\n".join(theirs)
    if group.is_equal:
        return [ParagraphPair(one, other, cosmetic=is_cosmetic)]
    left, right = find_words(one), find_words(other)
    stretches = changed_stretches(left, right)
    removed = text_spans(left, [it.old for it in stretches])
    added = text_spans(right, [it.new for it in stretches])
    return [ParagraphPair(one, other, removed, added, is_cosmetic)]
