"""Names of the people who wrote an article, out of what bylines and metadata say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from archiver.models import Choice
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
_BRACKETS = re.compile(r"\s*[(\[{][^()\[\]{}]*[)\]}]?\s*$")
_AND = alternatives(phrases("byline.conjunctions"))
_SPLIT = re.compile(rf"\s*(?:;|\||\n|•|·|、|，|\s/\s|&(?!\w+;)|\s\+\s|(?:,\s*)?\s{_AND}\s)\s*")
_COMMA = re.compile(rf"\s*,\s*(?:{_AND}\s+)?")
_SUFFIX = re.compile(r"^(?:jr|sr|ii|iii|iv|ph\.?\s?d|m\.?d|mba|msc|ma|ba|esq|rn|dr|md|lic)\b\.?", re.IGNORECASE)
_NO_NAME = re.compile(
    rf"^(?:{alternatives(phrases('no_name.openings'))}|\d+)\b|©|\b{alternatives(phrases('no_name.words'))}\b",
    re.IGNORECASE,
)
_LEGAL_FORMS = frozenset(map(alnum_key, phrases("no_name.legal_forms")))
_ORGANISATION = ":organization"
_OWNERS = frozenset({"meta:author", "meta:dc.creator", "meta:dcterms.creator"})
_PERSON, _LOGIN, _DESK, _PUBLISHER = range(4)
"""Ranks of what a name stands for, the best first: a source that names a person goes before one that names a login."""
_LETTER = re.compile(r"[^\W\d_]")
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

    >>> people("By Ada Quell and Bert Ohm, Staff writers")
    ('Ada Quell', 'Bert Ohm')
    """
    text = one_line(without_tags(text[:_MAX_BYLINE_LETTERS])).replace("\u200b", " ")
    text = _strip_by(_ADDRESS.sub(" ", text))
    names: list[str] = []
    for part in _SPLIT.split(text):
        names.extend(_by_comma(part))
    return unique(name for name in map(_clean_name, names) if _is_name(name))


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
    return is_agency(name) or bool(_ROLE.search(name))


def is_login(name: str) -> bool:
    """True for a user name, such as an address of a profile shows it."""
    return len(name) > 3 and " " not in name and name == name.lower() and name.isascii()


def choose_authors(found: Sequence[tuple[str, str]], is_site: Callable[[str], bool]) -> Choice | None:
    """The names of the first source of (source, name) pairs that names a person; sources come best first.

    Agencies and desks that this source names beside the person have signed too and stay. Where no person is named a
    desk or agency signs, then the publisher, but only by a statement about the article itself: `meta:author` is as
    often the owner of the site. `is_site` tells the publisher's names.
    """
    signed: dict[str, list[tuple[int, str]]] = {}
    for source, name in found:
        place = source.removesuffix(_ORGANISATION)
        kind = _kind(name, is_site, organisation=source != place)
        if kind < _DESK or place not in _OWNERS:
            signed.setdefault(place, []).append((kind, name))
    if not signed:
        return None
    place = min(signed, key=lambda source: min(kind for kind, _ in signed[source]))
    best = min(kind for kind, _ in signed[place])
    own = [name for kind, name in signed[place] if kind == best or (best <= _LOGIN and kind == _DESK)]
    spellings = [name for names in signed.values() for _, name in names if alnum_key(name) in _keys(own)]
    names = unique([*own, *spellings])
    witnesses = [other for other in signed if other != place and _keys(n for _, n in signed[other]) >= _keys(names)]
    return Choice(", ".join(names), place, tuple(witnesses), names if len(names) > 1 else ())


def _kind(name: str, is_site: Callable[[str], bool], *, organisation: bool) -> int:
    if is_site(name):
        return _PUBLISHER
    if organisation or is_desk(name):
        return _DESK
    return _LOGIN if is_login(name) else _PERSON


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(alnum_key, names))


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
    return name.strip(" \t,;:|/·•-–—*\"“”„»«'’")


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= _MAX_NAME_LETTERS or len(name.split()) > _MAX_NAME_WORDS:
        return False
    if not _LETTER.search(name) or sum(c.isdigit() for c in name) > 1:
        return False
    if _ROLES.fullmatch(name) or _NO_NAME.search(name) or sum(word[:1].islower() for word in name.split()) > 2:
        return False
    return not _SENTENCE.search(name) or bool(_HOST.fullmatch(name))
