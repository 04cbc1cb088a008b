"""The language of a text by its script and commonest words, to check what a page declares of itself.

A library of language detection would weigh more than the rest of the reader together; a page nearly always names its
language, and the question here is only whether the text contradicts it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from archiver.text.language_data import languages


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """The languages in which a word is one of the commonest."""
    table: dict[str, list[str]] = {}
    for language in languages():
        for word in dict.fromkeys(language.stop_words):
            table.setdefault(word, []).append(language.code)
    return {word: tuple(codes) for word, codes in table.items()}


@cache
def _codes() -> dict[str, str]:
    """The two-letter code by every name and other code that pages use."""
    return {name.lower(): language.code for language in languages() for name in (*language.names, *language.codes)}


_SCRIPTS = (
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("te", re.compile(r"[\u0c00-\u0c7f]")),
    ("ml", re.compile(r"[\u0d00-\u0d7f]")),
    ("gu", re.compile(r"[\u0a80-\u0aff]")),
    ("pa", re.compile(r"[\u0a00-\u0a7f]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("km", re.compile(r"[\u1780-\u17ff]")),
    ("my", re.compile(r"[\u1000-\u109f]")),
    ("lo", re.compile(r"[\u0e80-\u0eff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
)
_SHARED_SCRIPTS = {
    "ar": frozenset({"ar", "fa", "ur", "ps", "ckb", "ku", "ug", "sd"}),
    "he": frozenset({"he", "iw", "yi"}),
    "hi": frozenset({"hi", "mr", "ne", "sa"}),
    "bn": frozenset({"bn", "as"}),
    "zh": frozenset({"zh", "yue"}),
}
_FAMILIES = (
    frozenset({"nb", "no", "nn", "da"}),
    frozenset({"hr", "bs", "sr", "sh", "sl", "me"}),
    frozenset({"id", "ms"}),
    frozenset({"cs", "sk"}),
    frozenset({"es", "ca", "gl", "ast", "pt"}),
    frozenset({"nl", "af", "fy"}),
    frozenset({"de", "lb", "als", "gsw", "nds"}),
    frozenset({"bg", "mk", "ru", "uk", "be", "sr", "kk", "ky", "mn"}),
)
_UNCOMMON = re.compile(r"[\u0370-\u03ff\u0530-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
_ASCII_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else 32 for code in range(256))
"""To leave words apart in a text without any other letters; the pattern would take five times as long."""
_MAX_SAMPLE_LETTERS = 1800
"""Characters of a text that its language is told by; with fewer a quotation at the top decides, more cost time. No
measurement is on record."""
_TAG = re.compile(r"^([A-Za-z]{2,3})(?:[-_].*)?$")


def primary(tag: str) -> str | None:
    """The primary subtag of a language tag (https://www.rfc-editor.org/rfc/rfc5646#section-2.2.1), lower case.

    >>> primary("pt_BR"), primary("German"), primary("x")
    ('pt', 'de', None)
    """
    tag = tag.strip().split(",")[0].strip()
    if named := _codes().get(tag.lower()):
        return named
    match = _TAG.match(tag)
    if match is None:
        return None
    code = match[1].lower()
    return _codes().get(code, code)


def detect_language(text: str) -> tuple[str | None, bool]:
    """The language that a text is written in, and whether that is beyond doubt; (None, False) when it does not say."""
    sample = text[:_MAX_SAMPLE_LETTERS]
    tokens = _words(sample.casefold())
    letters = sum(map(len, tokens))
    if letters < 20:
        return None, False
    if not sample.isascii() and len(_UNCOMMON.findall(sample)) > 0.05 * letters:
        for language, pattern in _SCRIPTS:
            share = len(pattern.findall(sample)) / letters
            if share > (0.05 if language == "ja" else 0.4):
                return language, letters >= 40
    in_languages = _speakers()
    scores: Counter[str] = Counter()
    for token, times in Counter(tokens).items():
        for language in in_languages.get(token, ()):
            scores[language] += times
    (language, most), (_, next_most) = [*scores.most_common(2), ("", 0), ("", 0)][:2]
    total = len(tokens)
    best, second = most / total, next_most / total
    if best < 0.08:
        return None, False
    return language, total >= 60 and best >= 0.15 and best >= 1.4 * second


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.encode().translate(_ASCII_LETTERS).decode().split()
    return _WORD.findall(text)


def contradicts(declared: str, found: str) -> bool:
    """True when a text in the language `found` cannot be one in the language `declared`."""
    if declared == found or declared in _SHARED_SCRIPTS.get(found, ()):
        return False
    return not any(declared in family and found in family for family in _FAMILIES)
