"""Names of the people who wrote an article, out of what bylines and metadata say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from archiver.text.language_data import phrases
from archiver.text.normalize import alnum_key, one_line, without_tags
from archiver.text.phrase_patterns import alternatives

_THAI_LETTER = re.compile(r"[\u0e00-\u0e7f]")
_OPENING = alternatives(phrases("byline.openings"))
_BY = re.compile(rf"^\s*{_OPENING}\b(?:\s*[:：/|-])?\s+|^\s*{_OPENING}\s*[:：]\s*", re.IGNORECASE)
_GLUED_BY = re.compile(
    rf"^{alternatives(form for text in phrases('byline.glued') for form in (text, text.capitalize()))}(?=[A-ZÀ-Þ])"
)
# Thai is written without spaces.
_THAI_BY = re.compile(
    rf"^{alternatives(text for text in phrases('byline.openings') if _THAI_LETTER.match(text))}\s*[:：]?\s*"
)
_ROLE = re.compile(rf"\b{alternatives(phrases('role.words'))}\b", re.IGNORECASE)
_ROLES = re.compile(rf"(?:(?:{_ROLE.pattern}|\b{alternatives(phrases('role.qualifiers'))}\b)[\s/-]*)+", re.IGNORECASE)
_ADDRESS = re.compile(r"\S+@\S+|(?:https?:)?//\S+|\bwww\.\S+|(?<!\w)@\w+")
_TRAILING = re.compile(rf"(?:\s*[-–—|·•]\s*|\s*,\s*|\s+)(?:{alternatives(phrases('byline.affiliations'))}\s+.*|\d.*)$")
_TRAILED = re.compile(r"\s[-–—|·•]\s|,")
_SENTENCE = re.compile(r"\w{4,}(?<!Prof)[.?!:]\s|[{}<>=#]|\w{4,}\.$|\.(?:com|net|org|de|fr)\b")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)?\.[a-z]{2,6}", re.IGNORECASE)
_PLACE = re.compile(r"\s+in\s+\w+$")
_FOOTNOTE = re.compile(r"(?<=[^\W\d_]{2})\d{1,2}$")
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]?\s*$")
_AND = alternatives(phrases("byline.conjunctions"))
_SPLIT = re.compile(rf"\s*(?:;|/(?=[A-Z][A-Z-]+\b)|\||\n|•|·|、|，|\s/\s|&(?!\w+;)|\s\+\s|(?:,\s*)?\s{_AND}\s)\s*")
_COMMA = re.compile(rf"\s*,\s*(?:{_AND}\s+)?")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|mba|msc|ma|ba|esq|rn|dr|md|lic)\b\.?", re.IGNORECASE)
_NO_NAME = re.compile(
    rf"^(?:{alternatives(phrases('no_name.openings'))}|\d+)\b|©|\b{alternatives(phrases('no_name.words'))}\b",
    re.IGNORECASE,
)
_LABELS = frozenset(
    map(
        alnum_key,
        (
            *phrases("byline.openings"),
            *phrases("byline.signatures"),
            *phrases("byline.alone"),
            *phrases("date.openings"),
        ),
    )
)
"""What stands before a name or a date, and is no name."""
_NEWSROOMS = frozenset(map(alnum_key, phrases("role.newsrooms")))
_LEGAL_FORMS = frozenset(map(alnum_key, phrases("no_name.legal_forms")))
_LETTER = re.compile(r"[^\W\d_]")
_FULL_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*){1,3}")
_MAX_PARTICLE_LETTERS = 3
"""Letters of a word in a name that need not begin with a capital: `van`, `de`. No measurement is on record."""
_MAX_NAME_WORDS = 6
"""Words; one fewer loses `María de los Ángeles García López`, with more a sentence passes for a name. No measurement is
on record."""
_MAX_NAME_LETTERS = 70
"""Characters; one fewer loses a name of just this length, with more a sentence of few long words passes for one. No
measurement is on record."""
_MAX_BYLINE_LETTERS = 2000
"""Characters of a text in which names are looked for; with fewer the last of a hundred authors are lost, with more a
page that states a book for its author costs the square of its size. No measurement is on record."""
_AGENCY = re.compile(
    r"(?:afp|dpa(?:[-/ ]?\w+)?|apa|ap|reuters|rtr|efe|ansa|belga|sda|keystone-sda|kna|epd|sid|tass|xinhua|upi|"
    r"bloomberg|"
    r"europa press|agencias?|agenturen|ritzau|tt|ntb|anp|pap|čtk|ctk|mti|pti|ani|kyodo|yonhap|bernama|antara|lusa|"
    r"agence france-presse|(?:the )?associated press|deutsche presse-agentur)",
    re.IGNORECASE,
)


# The same byline stands in several places of a page, and on other pages of its author.
@lru_cache(maxsize=256)
def people(text: str) -> tuple[str, ...]:
    """The names that a byline holds, in its order; what cannot be a name is left out.

    A newsroom signs where it stands alone.

    >>> people("By Ada Quell and Bert Ohm, Staff writers")
    ('Ada Quell', 'Bert Ohm')
    """
    text = _strip_by(_ADDRESS.sub(" ", one_line(without_tags(text[:_MAX_BYLINE_LETTERS])).replace("\u200b", " ")))
    parts = [_clean_name(name) for part in _SPLIT.split(text) for name in _by_comma(part)]
    return unique(filter(_is_name, parts)) or unique(filter(is_newsroom, parts))


def unique(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in the spelling that is not all capitals where there is one."""
    kept: dict[str, str] = {}
    for name in names:
        key = alnum_key(name)
        if (
            key not in kept
            or (kept[key].isupper() and not name.isupper())
            or (is_login(kept[key]) and not is_login(name))
        ):
            kept[key] = name
    return tuple(kept.values())


def is_agency(name: str) -> bool:
    """True for a news agency's name or sign."""
    return bool(_AGENCY.fullmatch(_PLACE.sub("", name.strip())))


def is_desk(name: str) -> bool:
    """True for what is no person: a newsroom, a team, an agency, a role."""
    return is_agency(name) or is_newsroom(name) or bool(_ROLE.search(name))


def is_newsroom(name: str) -> bool:
    """True for the words with which a newsroom signs as a whole, such as `Redaktion`."""
    return alnum_key(name) in _NEWSROOMS


def is_host(name: str) -> bool:
    """True for the name of a website, such as `nordblatt.example`."""
    return bool(_HOST.fullmatch(name))


def is_login(name: str) -> bool:
    """True for a user name, such as an address of a profile shows it."""
    return len(name) > 3 and " " not in name and name == name.lower() and name.isascii()


def is_full_name(text: str) -> bool:
    """True for two to four words that are written as a person's name is."""
    words = text.split()
    if not _FULL_NAME.fullmatch(text) or people(text) != (text,) or is_desk(text):
        return False
    if not (words[0][:1].isupper() and words[-1][:1].isupper()):
        return False
    return all(word[:1].isupper() or len(word) <= _MAX_PARTICLE_LETTERS for word in words)


def _strip_by(text: str) -> str:
    for _ in range(2):
        shorter = _BY.sub("", text, count=1)
        shorter = _GLUED_BY.sub("", _THAI_BY.sub("", shorter, count=1), count=1)
        if shorter == text or not shorter:
            break
        text = shorter
    return text.strip()


def _by_comma(text: str) -> list[str]:
    """Names parted by commas; `Last, First` is one name and is turned round, the legal form of a company is none."""
    parts = [part for part in _COMMA.split(text) if part and alnum_key(part) not in _LEGAL_FORMS]
    if len(parts) == 2 and all(" " not in part for part in parts) and _SUFFIX.match(parts[1]) is None:
        if all(part[:1].isupper() and not part.isupper() for part in parts):
            return [f"{parts[1]} {parts[0]}"]
        return parts
    joined: list[str] = []
    for part in parts:
        if joined and _SUFFIX.match(part) and len(part) <= 6:
            joined[-1] += f", {part}"
        else:
            joined.append(part)
    return joined


def _clean_name(name: str) -> str:
    name = _BRACKETS.sub("", _strip_by(name))
    name = _TRAILING.sub("", name) if _TRAILED.search(name) else name
    name = _FOOTNOTE.sub("", name) if " " in name else name
    return name.strip(" \t,;:|/·•-–—*\"“”„»«'’")


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= _MAX_NAME_LETTERS or len(name.split()) > _MAX_NAME_WORDS:
        return False
    if not _LETTER.search(name) or sum(c.isdigit() for c in name) > 1:
        return False
    if alnum_key(name) in _LABELS:
        return False
    if _ROLES.fullmatch(name) or _NO_NAME.search(name) or sum(word[:1].islower() for word in name.split()) > 2:
        return False
    return not _SENTENCE.search(name) or bool(_HOST.fullmatch(name))
