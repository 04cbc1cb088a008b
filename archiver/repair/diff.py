"""Seed and article → how they differ: field by field, and in their text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import unescape

from archiver.models import Article, Choice, DriftKind, Field
from archiver.repair.shapes import strip_wikilinks
from archiver.seeds import Seed, first_heading, first_paragraph
from archiver.text import dates
from archiver.text.normalize import alnum_key, fold_punctuation

Keys = Mapping[str, tuple[str, ...]]
"""The names that a field may have in front matter, the usual one first; `source` is the seed's address."""

_MIN_UPDATED_SHARE = 0.5
"""Share of common shingles from which two texts are versions of one article; below it they are two articles. With less
another report on the same event is a version, with more a rewritten one is not. No measurement is on record."""
_SHINGLE_WORDS = 4
"""Words of one shingle; with fewer common turns of phrase make two texts alike, with more one changed word parts more
of them. No measurement is on record."""
_HEADLINES = frozenset({"rules:title", "json-ld:headline", "meta:og:title", "meta:twitter:title", "h1"})
"""Places that hold a headline and nothing else. A standfirst often looks like one, and often opens a seed's text."""

_IMAGE = re.compile(r"!\[(?P<alt>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_LINK = re.compile(r"\[(?P<text>(?:[^\]\\]|\\.)*)\]\((?:[^()]|\([^()]*\))*\)")
_BLOCK_MARK = re.compile(r"(?m)^\s{0,3}(?:#{1,6}(?:\s+|$)|>\s?|[-*+]\s+|\d+[.)]\s+)")
_ESCAPED = re.compile(r"\\([^\w\s])")
_REFERENCE = re.compile(r"&(?:amp|#\d{2,3});")
"""The references that our own Markdown has."""
_EMPHASIS = re.compile(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))")
_PARAGRAPH_BREAK = re.compile(r"\r?\n[ \t]*(?:\r?\n)+")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which page and seed are not equal."""

    field: Field
    key: str | None
    """The key as the seed spells it; None when it has none of the field's names."""
    old: str | None
    """What the seed says, the items of a list joined by a comma and a space; None when the key is absent or null, or
    holds anything else."""
    blank: bool
    choice: Choice


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that page and seed do not agree on."""

    differences: tuple[Difference, ...]
    drift: DriftKind | None
    """None when the seed has no text to compare."""


def compare(seed: Seed, article: Article, keys: Keys) -> Comparison:
    """Hold a seed against the article at its address. Nothing is decided here."""
    differences = []
    for field in Field:
        choice = _title(seed, article) if field is Field.TITLE else article.choices.get(field)
        if choice is None:
            continue
        key = find_key(seed, keys.get(field, (field.value,)))
        blank = key is None or seed.is_blank(key)
        old = _said(seed, key) if key is not None else None
        if blank or (key is not None and old is not None and not _agree(seed, key, old, field, choice)):
            differences.append(Difference(field, key, old, blank, choice))
    return Comparison(tuple(differences), drift(seed.body, article.body))


def find_key(seed: Seed, names: tuple[str, ...]) -> str | None:
    """The first of a field's keys that the seed has; None when it has none of them.

    A mapping is passed over while there is another, such as one in it: `image`, `image.url`. The usual key counts as
    had when a list or a text stands in the way of its path, so that nothing is put in beside it.
    """
    present = [name for name in names if seed.has(name)]
    if not present:
        return names[0] if seed.obstacle(names[0]) is not None else None
    return next((name for name in present if not isinstance(seed.value(name), Mapping)), present[0])


def _said(seed: Seed, key: str) -> str | None:
    items = seed.items(key)
    return seed.text(key) if items is None else ", ".join(items)


def _title(seed: Seed, article: Article) -> Choice | None:
    """The page's title; where the seed's own text repeats one of the page's headlines, that one."""
    choice = article.choices.get(Field.TITLE)
    said = {fold_punctuation(markdown_to_text(text)) for text in opening_lines(seed.body)}
    if choice is None or not said:
        return choice
    if choice.source == "seed":
        return choice
    if fold_punctuation(choice.value) in said:
        # Whoever copied the post read this headline there: that needs no reckoning.
        return replace(choice, witnesses=(*choice.witnesses, "seed"), confidence=None)
    for candidate in article.candidates:
        if (
            candidate.field is Field.TITLE
            and candidate.source in _HEADLINES
            and fold_punctuation(candidate.value) in said
        ):
            return Choice(candidate.value, candidate.source, ("seed",))
    return choice


def opening_lines(body: str) -> Iterable[str]:
    """The Markdown texts at the top of a body that may be its title: first heading and first paragraph."""
    heading, paragraph = first_heading(body), first_paragraph(body)
    if heading and heading.text:
        yield heading.text
    if paragraph:
        yield paragraph.text


def _agree(seed: Seed, key: str, old: str, field: Field, choice: Choice) -> bool:
    """True when the seed says what the page says: all its authors, or one of several categories or images."""
    items = seed.items(key)
    if items is None or field is Field.AUTHOR:
        return _equal(field, strip_wikilinks(old), choice.value)
    return any(_equal(field, strip_wikilinks(item), choice.value) for item in items)


def _equal(field: Field, one: str, two: str) -> bool:
    """True when the seed's text says what the page's does."""
    return _is_same_date(one, two) if field is Field.DATE else fold_punctuation(one) == fold_punctuation(two)


def _is_same_date(stated: str, found: str) -> bool:
    """True when a date agrees with one of the page, in whatever form a person wrote it."""
    try:
        return dates.same(stated, found)
    except ValueError:
        read = dates.parse_date(stated)
        return read is not None and dates.same(read, found)


def markdown_to_text(markdown: str) -> str:
    r"""The text that a reader of some Markdown sees.

    >>> markdown_to_text("A **bold** [link](https://a.example/) and \\*star\\*")
    'A bold link and *star*'
    """
    text = _IMAGE.sub(r"\g<alt>", markdown)
    text = _LINK.sub(r"\g<text>", text)
    text = _BLOCK_MARK.sub("", text)
    # Escaped characters are put aside while marks are removed.
    kept: list[str] = []

    def aside(match: re.Match[str]) -> str:
        kept.append(match[1])
        return "\0"

    text = _EMPHASIS.sub("", _ESCAPED.sub(aside, text))
    characters = iter(kept)
    text = re.sub("\0", lambda _: next(characters, ""), text)
    return _REFERENCE.sub(lambda found: unescape(found[0]), text)


def paragraphs(body: str) -> list[str]:
    """The blocks of a body as plain text without images and first heading; white space folded."""
    heading = first_heading(body)
    text = body[heading.end :] if heading else body
    blocks = (markdown_to_text(_IMAGE.sub(" ", block)) for block in _PARAGRAPH_BREAK.split(text))
    return [folded for block in blocks if (folded := " ".join(block.split()))]


def drift(seed_body: str, page_body: str) -> DriftKind | None:
    """How the page's text differs from the seed's; None when the seed has none.

    Titles and image captions that only one of both carries do not count.
    """
    ours = paragraphs(seed_body)
    if not ours:
        return None
    theirs = paragraphs(page_body)
    if not theirs:
        return DriftKind.GONE
    if ours == theirs or ours[1:] == theirs:
        return DriftKind.SAME
    old, new = _bags(ours), _bags(theirs)
    if old == new:
        return DriftKind.COSMETIC
    missing, extra = _count_unmatched(ours, theirs), _count_unmatched(theirs, ours)
    if not missing and not extra:
        return DriftKind.COSMETIC
    if not missing:
        return DriftKind.SEED_TRUNCATED
    if not extra:
        return DriftKind.SHORTENED
    common = sum((old & new).values())
    within = common / max(1, min(sum(old.values()), sum(new.values())))
    return DriftKind.UPDATED if within >= _MIN_UPDATED_SHARE else DriftKind.DIVERGED


def _count_unmatched(some: list[str], others: list[str]) -> int:
    """How many paragraphs of one text have no counterpart in the other, however that is split."""
    whole = alnum_key(" ".join(others))
    return sum(alnum_key(paragraph) not in whole for paragraph in some)


def _bags(text: list[str]) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", fold_punctuation(" ".join(text)))
    # Scripts without spaces make one word of a sentence; their letters are their words.
    units = [unit for word in words for unit in (word if len(word) > 30 else (word,))]
    if len(units) < _SHINGLE_WORDS:
        return Counter([tuple(units)])
    return Counter(tuple(units[at : at + _SHINGLE_WORDS]) for at in range(len(units) - _SHINGLE_WORDS + 1))
