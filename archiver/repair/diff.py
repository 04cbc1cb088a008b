"""Seed and article → how they differ: field by field, and in their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from archiver.extract.confidence.assess import assess_choice
from archiver.extract.confidence.evidence import Evidence
from archiver.extract.confidence.model import with_seed
from archiver.extract.fields.alternatives import MAX_ALTERNATIVES
from archiver.models import Alternative, Article, Candidate, Choice, DriftKind, Field, TextDiff
from archiver.repair.drift.text_diff import compare_texts
from archiver.repair.shapes import strip_wikilinks
from archiver.seeds import Seed, first_heading, first_paragraph
from archiver.text import dates
from archiver.text.markdown.plain import markdown_to_text
from archiver.text.normalize import fold_punctuation

Keys = Mapping[str, tuple[str, ...]]
"""The names that a field may have in front matter, the usual one first; `source` is the seed's address."""

_HEADLINES = frozenset({"rules:title", "json-ld:headline", "meta:og:title", "meta:twitter:title", "h1"})
"""Places that hold a headline and nothing else. A standfirst often looks like one, and often opens a seed's text."""


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
    text_diff: TextDiff | None
    """None when the seed has no text to compare."""

    @property
    def drift(self) -> DriftKind | None:
        """How the texts differ, in one word."""
        return self.text_diff.kind if self.text_diff else None


def compare(seed: Seed, article: Article, keys: Keys) -> Comparison:
    """Hold a seed against the article at its address. Nothing is decided here."""
    differences = []
    for field in Field:
        choice = _title(seed, article) if field is Field.TITLE else article.choices.get(field)
        if choice is None:
            continue
        key = find_key(seed, keys.get(field, (field.value,)))
        blank = key is None or seed.is_blank(key)
        old = text_of(seed, key) if key is not None else None
        if blank or (key is not None and old is not None and not _agree(seed, key, old, field, choice)):
            differences.append(Difference(field, key, old, blank, choice))
    return Comparison(tuple(differences), compare_texts(seed.body, article.body, said_elsewhere(article)))


def said_elsewhere(article: Article) -> list[str]:
    """Return what a page says of its article beside the text."""
    chosen = [choice.value for choice in article.choices.values()]
    return [*chosen, *(candidate.value for candidate in article.candidates)]


def find_key(seed: Seed, names: tuple[str, ...]) -> str | None:
    """The first of a field's keys that the seed has; None when it has none of them.

    A mapping is passed over while there is another, such as one in it: `image`, `image.url`. The usual key counts as
    had when a list or a text stands in the way of its path, so that nothing is put in beside it.
    """
    present = [name for name in names if seed.has(name)]
    if not present:
        return names[0] if seed.obstacle(names[0]) is not None else None
    if len(present) == 1:
        return present[0]
    return next((name for name in present if not isinstance(seed.value(name), Mapping)), present[0])


def text_of(seed: Seed, key: str) -> str | None:
    """What a seed says under a key, the items of a list joined by a comma and a space."""
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
        return with_seed(choice)
    for candidate in article.candidates:
        if (
            candidate.field is Field.TITLE
            and candidate.source in _HEADLINES
            and fold_punctuation(candidate.value) in said
        ):
            return _repeated_by_seed(candidate, choice)
    return choice


def _repeated_by_seed(candidate: Candidate, choice: Choice) -> Choice:
    """A headline of the page that the seed repeats, where the page's places agree on another one."""
    others = (Alternative(choice.value, choice.source, choice.witnesses), *choice.alternatives)
    own = fold_punctuation(candidate.value)
    rivals = tuple(other for other in others if fold_punctuation(other.value) != own)[:MAX_ALTERNATIVES]
    repeated = Choice(candidate.value, candidate.source, ("seed",), alternatives=rivals)
    return assess_choice(Evidence(Field.TITLE, repeated))


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


def drift(seed_body: str, page_body: str) -> DriftKind | None:
    """How the page's text differs from the seed's; None when the seed has none."""
    found = compare_texts(seed_body, page_body)
    return found.kind if found else None
