"""Out of a page's headlines the one that most of its places agree on.

Which of two good ones: docs/design.md D13.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archiver.extract.fields.site import SiteNames
from archiver.extract.fields.title_parts import clean, is_junk, strip_site_name
from archiver.models import Candidate, Choice, Field
from archiver.text.normalize import fold_punctuation, slug_share

_PLACE_WEIGHT: Mapping[str, float] = {
    "json-ld": 1.0,
    "meta": 1.0,
    "h1": 1.0,
    "title": 0.9,
    "microdata": 0.5,
    "headline": 0.4,
}
_WEAK = ("h2", "headline")
_SLUG_WEIGHT = 0.9
"""What a title adds to its score that says all of the slug, where its places add their own weights. Were it 0, the
address said nothing about the title; the higher, the more places it outvotes. No measurement is on record."""


@dataclass(slots=True)
class _Group:
    """Candidates that say the same headline."""

    members: list[tuple[Candidate, str]]
    regions: dict[str, float]
    slug: float = 0.0
    in_body: bool = False

    def score(self) -> float:
        return sum(self.regions.values()) + _SLUG_WEIGHT * self.slug


def choose_title(
    candidates: Sequence[Candidate], names: SiteNames, slug: frozenset[str], body_start: str
) -> Choice | None:
    """The headline that most places agree on; the address's words decide between those with equal support.

    `body_start` is the folded beginning of the article's text. None when every candidate is junk.
    """
    titles = [candidate for candidate in candidates if candidate.field is Field.TITLE]
    cleaned = {value: clean(value) for value in {candidate.value for candidate in titles}}
    told = {text for text in set(cleaned.values()) if not is_junk(text, names)}
    first = [
        (candidate, text, _place(candidate.source))
        for candidate in titles
        if (text := cleaned[candidate.value]) in told
    ]
    groups: dict[str, _Group] = {}
    rivals = list(dict.fromkeys((place, text) for _, text, place in first))
    for candidate, text, place in first:
        # A sub-heading proves nothing against a headline that another place has in full.
        weak = _WEAK if any(other == text and rival not in {place, *_WEAK} for rival, other in rivals) else ()
        agreed = [other for rival, other in rivals if rival not in (place, "alternative", *weak)]
        value = strip_site_name(text, names, agreed)
        if is_junk(value, names):
            continue
        group = groups.setdefault(fold_punctuation(value), _Group([], {}))
        group.members.append((candidate, value))
        weight = _PLACE_WEIGHT.get(place, 0.3)
        group.regions[place] = max(weight, group.regions.get(place, 0.0))
    if not groups:
        return None
    for key, group in groups.items():
        group.slug = slug_share(group.members[0][1], slug)
        group.in_body = len(key) > 15 and key in body_start
    ruled = [group for group in groups.values() if "rules" in group.regions]
    best = max(ruled or list(groups.values()), key=lambda group: (group.score(), -_order(group)))
    return _choice(best)


def _order(group: _Group) -> int:
    ranks = ("rules", "json-ld", "meta", "h1", "title", "microdata", "headline")
    return min((ranks.index(place) for place in group.regions if place in ranks), default=len(ranks))


def _choice(group: _Group) -> Choice:
    ranks = ("rules", "h1", "json-ld", "meta", "title", "microdata", "headline")
    order = {place: number for number, place in enumerate(ranks)}
    candidate, value = min(group.members, key=lambda member: order.get(_place(member[0].source), len(order)))
    witnesses = [other.source for other, _ in group.members if other.source != candidate.source]
    witnesses += ["slug"] if group.slug >= 0.5 else []
    witnesses += ["body"] if group.in_body else []
    return Choice(value, candidate.source, tuple(dict.fromkeys(witnesses)))


def _place(source: str) -> str:
    kind, _, name = source.partition(":")
    return "alternative" if name.startswith("alternat") else kind
