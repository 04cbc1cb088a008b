"""The numbers, dates, names and quotes in which two versions of a paragraph differ."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from typing import Literal

from archiver.models import ChangedFact, Span
from archiver.repair.drift.words import find_words
from archiver.text.language_data import phrases
from archiver.text.months import month_number
from archiver.text.phrase_patterns import alternatives

Kind = Literal["number", "date", "name", "quote"]

_MAX_NOUN_SHARE = 0.2
"""Share of capitalised words within the sentences of a paragraph above which its language writes nouns so, and a single
one is no name; with less English texts full of names lose some, with more every German noun is one. Chosen by eye."""
_MIN_NAME_LETTERS = 2
"""Letters of a word that is a name; with fewer initials and "I" are names, with more Xi and Li are none."""

_KANA, _HAN = "\u30a1-\u30fa\u30fc", "\u3400-\u4dbf\u4e00-\u9fff\u3005"
_CJK_DIGITS = "〇零一二三四五六七八九十百千万萬億亿兆"
_NUMBER = re.compile(
    rf"[$£€¥฿]?\d+(?:[.,:/]\d+)*(?:[万萬億亿兆千百]\d*)*(?:\s?[%‰°％])?|(?<![{_HAN}])[{_CJK_DIGITS}]{{2,}}|[{_CJK_DIGITS}]{{3,}}"
)
_NUMERIC_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    rf"|(?:[\d{_CJK_DIGITS}]{{2,4}}年)?[\d{_CJK_DIGITS}]{{1,3}}月(?:[\d{_CJK_DIGITS}]{{1,3}}[日号號])?"
    rf"|(?<![\d{_CJK_DIGITS}])[\d{_CJK_DIGITS}]{{1,3}}[日号號](?![{_HAN}])"
)
_MONTH = r"[^\W\d_][^\s\d,;:!?()]{2,}"
_DAY_FIRST = re.compile(
    rf"\d{{1,2}}(?:\.|st|nd|rd|th|er|º)?\s+(?:\w{{1,2}}\s+)?(?P<month>{_MONTH})(?:,?\s+(?:\w{{1,2}}\s+)?\d{{4}})?"
)
_MONTH_FIRST = re.compile(rf"(?P<month>{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}})?")
_QUOTE = re.compile(r"“[^“”]{2,}”|\"[^\"]{2,}\"|«[^«»]{2,}»|„[^„“”]{2,}[“”]|「[^「」]{2,}」|『[^『』]{2,}』")
_CAPITALISED = re.compile(r"[^\W\d_][\w’'-]*")
_PARTICLES = frozenset("de da do dos del della di du la le van von der den bin ibn al el".split())
_SENTENCE_START = re.compile(r"(?:^|[.!?:…。\n]|[\"“„«(\[])[\s\"“„«'’(\[]*\Z")
_FOREIGN_NAME = re.compile(rf"[{_KANA}]+(?:[・＝][{_KANA}]+)+|[{_HAN}]{{1,6}}(?:[·‧・][{_HAN}]{{1,6}})+")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date, name or quote in a text."""

    kind: Kind
    text: str
    key: str
    """What is equal for two spellings of it."""


def changed_facts(old: str, new: str) -> list[ChangedFact]:
    """Return the facts that only one of two versions of a paragraph has, in order, those of a kind side by side.

    >>> changed_facts("Divers found 140 metres on Monday.", "Divers found 190 metres on Monday.")
    [ChangedFact(kind='number', old='140', new='190')]
    """
    found = []
    ours, theirs = find_facts(old), find_facts(new)
    for kind in ("number", "date", "name", "quote"):
        removed = _only(ours, theirs, kind)
        added = _only(theirs, ours, kind)
        found += [ChangedFact(kind, one, other) for one, other in zip_longest(removed, added)]
    return found


def find_facts(text: str) -> list[Fact]:
    """Return the facts of a text; a number that is part of a date is none by itself."""
    dates = find_dates(text)
    numbers = [it.span() for it in _NUMBER.finditer(text) if not any(a < it.end() and it.start() < b for a, b in dates)]
    kinds: dict[Kind, Sequence[Span]] = {
        "number": numbers, "date": dates, "name": _apart(_names(text, dates)),
        "quote": [it.span() for it in _QUOTE.finditer(text)],
    }  # fmt: skip
    return [
        Fact(kind, said, find_words(said).key)
        for kind, spans in kinds.items()
        for said in (text[start:end].strip() for start, end in spans)
    ]


def find_dates(text: str) -> list[Span]:
    """Return where dates stand in a text."""
    return _apart(_dates(text))


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, of those that overlap the first and longest."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def _only(some: Sequence[Fact], others: Sequence[Fact], kind: str) -> Iterator[str]:
    """The facts of a kind that some texts have oftener than others."""
    counts: defaultdict[str, int] = defaultdict(int)
    for fact in others:
        counts[fact.key] += fact.kind == kind
    for fact in some:
        if fact.kind == kind:
            counts[fact.key] -= 1
            if counts[fact.key] < 0:
                yield fact.text


def _dates(text: str) -> Iterator[Span]:
    if not any(character.isdigit() or character in _CJK_DIGITS for character in text):
        return
    for match in chain(_DAY_FIRST.finditer(text), _MONTH_FIRST.finditer(text)):
        if month_number(match["month"].rstrip(".")) is not None:
            yield match.span()
    yield from (match.span() for match in _NUMERIC_DATE.finditer(text))


def _names(text: str, dates: Sequence[Span]) -> Iterator[Span]:
    yield from (match.span() for match in _FOREIGN_NAME.finditer(text))
    for find in (_before_title(), _after_title()):
        yield from (match.span("name") for match in find.finditer(text))
    words = [it for it in _CAPITALISED.finditer(text) if not any(a <= it.start() < b for a, b in dates)]
    starts = [_SENTENCE_START.search(text[max(0, it.start() - 8) : it.start()]) is not None for it in words]
    within = [word[0] for word, start in zip(words, starts, strict=True) if not start]
    has_nouns = sum(word[0].isupper() for word in within) > _MAX_NOUN_SHARE * len(within)
    for first, last in _runs([_is_name(it[0]) for it in words], [it[0] in _PARTICLES for it in words], words, text):
        is_single = first == last
        if len(words[first][0]) >= _MIN_NAME_LETTERS and not (is_single and (starts[first] or has_nouns)):
            yield words[first].start(), words[last].end()


def _is_name(word: str) -> bool:
    return word[0].isupper()


def _runs(
    capitals: Sequence[bool], particles: Sequence[bool], words: Sequence[re.Match[str]], text: str
) -> Iterator[tuple[int, int]]:
    """First and last of words that stand side by side and are capitalised, particles between them or not."""
    first = last = -1
    for at, word in enumerate(words):
        beside = first >= 0 and text[words[at - 1].end() : word.start()] in {" ", ". ", "-", " “"}
        if first >= 0 and not (beside and (capitals[at] or particles[at])):
            yield first, last
            first = -1
        if capitals[at]:
            first, last = (at if first < 0 else first), at
    if first >= 0:
        yield first, last


@cache
def _after_title() -> re.Pattern[str]:
    """A name behind a title, in scripts without capitals."""
    return _titled(
        phrases("person.before"), lambda title: rf"{title}\s*(?P<name>[^\s\d,.()\"“”]+(?:\s[^\s\d,.()\"“”]+)?)"
    )


@cache
def _before_title() -> re.Pattern[str]:
    return _titled(phrases("person.after"), lambda title: rf"(?P<name>[{_HAN}]{{1,5}}?|[{_KANA}・＝]{{2,}}){title}")


def _titled(titles: Sequence[str], pattern: Callable[[str], str]) -> re.Pattern[str]:
    return re.compile(pattern(alternatives(titles)))


def all_changed_facts(pairs: Sequence[tuple[str, str]]) -> tuple[ChangedFact, ...]:
    """Return the facts that differ in any of some pairs of paragraphs, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(changed_facts(old, new) for old, new in pairs)))
