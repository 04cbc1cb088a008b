"""Strings and dates written as YAML that every reader takes for the same value.

"Every reader" means YAML 1.1 (https://yaml.org/type/) and the core schema of YAML 1.2
(https://yaml.org/spec/1.2.2/#103-core-schema): a text is written plain only when both can see nothing but a string.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import Literal

import yaml

Style = Literal["plain", "single", "double"]
"""How a one-line scalar is quoted."""
_STYLES: tuple[Style, ...] = ("double", "single", "plain")

STRING_TAG = "tag:yaml.org,2002:str"
TIMESTAMP_TAG = "tag:yaml.org,2002:timestamp"

# Controls, breaks that only YAML 1.1 knows (NEL, LS, PS), marks that reorder what a reviewer sees, the byte order mark
# and the non-characters that PyYAML refuses to read.
HIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
"""Characters that are written as escapes, since nobody would see them."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_ESCAPED = re.compile(HIDDEN.pattern[:-1] + r'"\\]')
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}

# A letter or an opening quotation mark that means nothing to YAML may start a plain scalar.
_PLAIN_START = re.compile(r"[^\W\d_]|[“„‘«¿¡]")
# A digit may start one when a blank and two letters in a row follow: no number and no timestamp has both.
_COUNT_START = re.compile(r"[0-9](?=.* )(?=.*[^\W\d_]{2})")
_PLAIN_BREAKERS = re.compile(r":(?:\s|$)|\s#|\s$")
_RUBY_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d ?[+-]\d{4}", re.ASCII)
_WORDS_WITH_MEANING = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n"])


def has_lone_surrogate(text: str) -> bool:
    """True when the text holds half of a surrogate pair, which neither UTF-8 nor YAML can carry."""
    return _SURROGATE.search(text) is not None


def is_plain_safe(text: str) -> bool:
    """True when the text without quotes is the same string to YAML 1.1 and 1.2, in block context.

    >>> [is_plain_safe(text) for text in ("Ten dead", "10 dead", "no", "1.10", "a: b", "12:30:45")]
    [True, True, False, False, False, False]
    """
    return (
        (_PLAIN_START.match(text) or _COUNT_START.match(text)) is not None
        and _PLAIN_BREAKERS.search(text) is None
        and HIDDEN.search(text) is None
        and text.lower() not in _WORDS_WITH_MEANING
    )


def is_timestamp(text: str) -> bool:
    """True when the text without quotes is a date or a time of a date that exists.

    >>> [is_timestamp(text) for text in ("2024-11-12", "2024-11-12T04:10:56Z", "2024-11", "2024-02-30")]
    [True, True, False, False]
    """
    try:
        return "\n" not in text and isinstance(yaml.safe_load(text), date)
    except (yaml.YAMLError, ValueError, OverflowError):
        return False


def quote(text: str, style: Style) -> str:
    r"""The text as a YAML string on one line, in the style when it can carry the text, else double-quoted.

    >>> quote("It's", "single"), quote("It's", "plain"), quote("a\nb", "single")
    ("'It''s'", "It's", '"a\\nb"')
    """
    if style == "plain" and is_plain_safe(text):
        return text
    if style == "single" and HIDDEN.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def is_ruby_time(text: str) -> bool:
    """True for a time whose offset has no colon, as Jekyll has it: a time to Ruby, a string to PyYAML.

    >>> [is_ruby_time(text) for text in ("2024-11-12 04:10:56 +0700", "2024-11-12 04:10:56 +07:00")]
    [True, False]
    """
    return _RUBY_TIME.fullmatch(text) is not None


def choose_style(counts: Counter[Style], replaced: Style | None, *, may_be_plain: bool) -> Style:
    """The style that a file uses most, of those that can carry a text.

    A tie goes to the style of the string that is replaced, then to double quotes.
    """
    ranked = sorted(_STYLES, key=lambda style: (-counts[style], style != replaced))
    return next(style for style in ranked if style != "plain" or may_be_plain)


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    short = _SHORT_ESCAPES.get(char)
    if short is not None:
        return short
    return f"\\x{ord(char):02X}" if ord(char) < 0x100 else f"\\u{ord(char):04X}"
