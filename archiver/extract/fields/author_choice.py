"""Who of all the people that a page names has signed its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from archiver.extract.fields import authors
from archiver.extract.fields.alternatives import collect_alternatives
from archiver.models import Choice
from archiver.text.normalize import alnum_key

_ORGANISATION = ":organization"
_OWNERS = frozenset({"meta:author", "meta:dc.creator", "meta:dcterms.creator"})
"""Sources that as often name the owner of the site as the author."""
_VISIBLE = ("rel:author", "class:byline", "visible:byline", "visible:name")
"""Sources of names that readers see."""
_CONTRADICTED = ("json-ld:", "meta:", "microdata:", "class:byline")
"""Sources whose names a signature below the headline may replace."""
_PERSON, _LOGIN, _DESK, _PUBLISHER, _WEBSITE = range(5)
"""Ranks of what a name stands for, the best first: a source that names a person goes before one that names a login."""
_Named: TypeAlias = dict[str, list[tuple[int, str]]]
"""Source → the ranks and names that it gives."""


def choose_authors(found: Sequence[tuple[str, str]], is_site: Callable[[str], bool]) -> Choice | None:
    """The names of the first source of (source, name) pairs that names a person; sources come best first.

    Agencies and desks that this source names beside the person have signed too and stay. Where no person is named a
    desk or agency signs, then the publisher, but only by a statement about the article itself: `meta:author` is as
    often the owner of the site, and counts where nobody else is named. `is_site` tells the publisher's names.
    """
    named = _by_source(found, is_site)
    if not named:
        return None
    source = _best_source(named)
    names = _signed(source, named)
    keys = _keys(names)
    spellings = [name for others in named.values() for _, name in others if alnum_key(name) in keys]
    names = authors.unique([*names, *spellings])
    witnesses = [other for other in named if other != source and _names_of(named, other) >= _keys(names)]
    rest = ((", ".join(authors.unique(_signed(other, named))), other) for other in named if other not in witnesses)
    others = collect_alternatives(rest, ", ".join(names), _is_same_people)
    return Choice(", ".join(names), source, tuple(witnesses), names if len(names) > 1 else (), alternatives=others)


def _is_same_people(one: str, two: str) -> bool:
    return _keys(one.split(", ")) == _keys(two.split(", "))


def _by_source(found: Sequence[tuple[str, str]], is_site: Callable[[str], bool]) -> _Named:
    signed: _Named = {}
    owners: _Named = {}
    for stated, name in found:
        source = stated.removesuffix(_ORGANISATION)
        # A name that nothing says to be one goes before the publisher's only.
        rank = _rank(name, is_site, organisation=source != stated or source == "visible:name")
        if rank < _DESK or source not in _OWNERS:
            signed.setdefault(source, []).append((rank, name))
        elif authors.is_full_name(name) or authors.is_newsroom(name):
            owners.setdefault(source, []).append((rank, name))
    return signed or owners


def _rank(name: str, is_site: Callable[[str], bool], *, organisation: bool) -> int:
    if is_site(name):
        return _WEBSITE if authors.is_host(name) else _PUBLISHER
    if organisation or authors.is_desk(name):
        return _DESK
    return _LOGIN if authors.is_login(name) else _PERSON


def _best_source(named: Mapping[str, Sequence[tuple[int, str]]]) -> str:
    """The first source of the best rank; the signature below the headline before one that nothing visible bears out.

    Metadata often name who entered the text, a byline elsewhere who wrote another.
    """
    source = min(named, key=lambda one: min(rank for rank, _ in named[one]))
    given, shown = _names_of(named, source), _names_of(named, "visible:byline")
    if not shown or shown & given or not source.startswith(_CONTRADICTED):
        return source
    visible = frozenset().union(*(_names_of(named, other) for other in _VISIBLE if other != source))
    full = all(authors.is_full_name(name) for _, name in named["visible:byline"])
    return "visible:byline" if source == "class:byline" or (full and not visible & given) else source


def _signed(source: str, named: Mapping[str, Sequence[tuple[int, str]]]) -> Sequence[str]:
    """The names that a source gives for the article; of a byline only those that metadata bear out, if they do any.

    A byline names translators and sections as well.
    """
    best = min(rank for rank, _ in named[source])
    own = [name for rank, name in named[source] if rank == best or (best <= _LOGIN and rank == _DESK)]
    if best <= _LOGIN:
        own = [name for name in own if not authors.is_newsroom(name)]
    if source == "class:byline":
        for other in named:
            keys = _names_of(named, other)
            if other.startswith("meta:") and keys < _keys(own):
                return [name for name in own if alnum_key(name) in keys]
    return own


def _names_of(named: Mapping[str, Sequence[tuple[int, str]]], source: str) -> frozenset[str]:
    return _keys(name for _, name in named.get(source, ()))


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(alnum_key, names))
