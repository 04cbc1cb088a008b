"""The words of a text in any script, each with its place; and those in which two texts differ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import Indel

from archiver.models import Span

_MAX_GAP_WORDS = 2
"""Equal characters between two changes in a script without spaces that are marked with them; with fewer a changed word
that shares a character with the old one is marked in crumbs, with more words beside it are marked. Chosen by eye."""

_BASE = "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ec0-\u0ec6\u1000-\u102a\u1780-\u17b3"
"""Thai, Lao, Myanmar and Khmer: what a syllable is built on."""
_ON_TOP = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
"""Their vowels and tones that stand above, below or behind it."""
_IDEOGRAPH = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_SPACELESS = _BASE + _IDEOGRAPH + _HIRAGANA + _KATAKANA
_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff"
)
"""What combines with a letter and is none for `re`; of India's scripts all but the full stop."""
_SYMBOL = "%‰°$£¢¥฿\u20a0-\u20cf"
"""Signs that say as much as a word."""
_WORD = re.compile(
    rf"\d+(?:[.,:/]\d+)*|[{_SYMBOL}]|[{_KATAKANA}]+|[{_BASE}][{_ON_TOP}]*|[{_IDEOGRAPH}{_HIRAGANA}]"
    rf"|(?:[^\W\d_{_SPACELESS}])(?:[^\W_{_SPACELESS}]|[{_MARK}])*"
)
_ASCII_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[%$]|[a-z][a-z0-9]*")
_SPACELESS_WORD = re.compile(f"[{_SPACELESS}]")


class _Fold(dict[int, str]):
    """What `str.translate` makes of a character: one character always, so that places stay; each is looked up once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        digit = unicodedata.decimal(character, None)
        folded = str(digit) if digit is not None else unicodedata.normalize("NFKC", character).casefold()
        self[code] = character = folded if len(folded) == 1 else character
        return character


_FOLD = _Fold()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: what of it counts. White space, punctuation, case and width do not."""

    text: str
    forms: tuple[str, ...]
    """How they are compared."""

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def key(self) -> str:
        """All in one: equal for texts that differ in nothing but where words are parted."""
        return "".join(self.forms)

    def spans(self) -> list[Span]:
        """Return where they stand in the text."""
        folded, pattern = _folded(self.text)
        return [match.span() for match in pattern.finditer(folded)]


def find_words(text: str) -> Words:
    """Return the words of a text; in scripts without spaces characters with their marks, and runs of Katakana.

    >>> find_words("It’s 1,000 km").forms
    ('it', 's', '1,000', 'km')
    >>> find_words("ราคา５％").forms
    ('ร', 'า', 'ค', 'า', '5', '%')
    """
    folded, pattern = _folded(text)
    return Words(text, tuple(pattern.findall(folded)))


def _folded(text: str) -> tuple[str, re.Pattern[str]]:
    return (text.lower(), _ASCII_WORD) if text.isascii() else (text.translate(_FOLD), _WORD)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of words of one text and the run of the other that stands in its place; one of both may be empty."""

    is_equal: bool
    old: Span
    """In words, not characters."""
    new: Span


def compare_words(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """Return the longest common run of words as stretches, equal and different ones in turn.

    What differs in nothing but where words are parted is equal.
    """
    stretches = [
        Stretch(it.tag == "equal", (it.src_start, it.src_end), (it.dest_start, it.dest_end))
        for it in Indel.opcodes(old, new)
    ]
    return list(_joined(stretches, old, new))


def _joined(stretches: list[Stretch], old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """The stretches with neighbours that differ as one: rapidfuzz gives what is deleted and what is inserted apart."""
    waiting: Stretch | None = None
    for stretch in stretches:
        if not stretch.is_equal and waiting is not None:
            waiting = Stretch(False, (waiting.old[0], stretch.old[1]), (waiting.new[0], stretch.new[1]))
            continue
        if stretch.is_equal:
            if waiting is not None:
                yield _settled(waiting, old, new)
                waiting = None
            yield stretch
        else:
            waiting = stretch
    if waiting is not None:
        yield _settled(waiting, old, new)


def _settled(stretch: Stretch, old: Sequence[str], new: Sequence[str]) -> Stretch:
    same = "".join(old[slice(*stretch.old)]) == "".join(new[slice(*stretch.new)])
    return Stretch(True, stretch.old, stretch.new) if same else stretch


def changed_stretches(old: Words, new: Words) -> list[Stretch]:
    """Return where two texts differ, changes with next to nothing between them as one in scripts without spaces."""
    joined: list[Stretch] = []
    for stretch in compare_words(old.forms, new.forms):
        if stretch.is_equal:
            continue
        if joined and _is_crumb(old, joined[-1].old[1], stretch.old[0]):
            last = joined.pop()
            joined.append(Stretch(False, (last.old[0], stretch.old[1]), (last.new[0], stretch.new[1])))
        else:
            joined.append(stretch)
    return joined


def _is_crumb(words: Words, start: int, end: int) -> bool:
    between = words.forms[start:end]
    return len(between) <= _MAX_GAP_WORDS and all(map(_SPACELESS_WORD.match, between))


def text_spans(words: Words, runs: Sequence[Span]) -> tuple[Span, ...]:
    """Return where runs of words stand in their text, in characters; empty runs stand nowhere."""
    if not any(start < end for start, end in runs):
        return ()
    spans = words.spans()
    return tuple((spans[start][0], spans[end - 1][1]) for start, end in runs if start < end)


def concatenate(parts: Sequence[Words]) -> tuple[str, ...]:
    """Return the forms of several texts, one after the other."""
    return tuple(chain.from_iterable(part.forms for part in parts))
