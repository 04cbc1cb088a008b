"""Out of a page's headlines the one that most of its places agree on.

Which of two good ones: docs/design.md D13.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from archiver.extract.fields.alternatives import collect_alternatives
from archiver.extract.fields.site import SiteNames
from archiver.extract.fields.title_parts import clean, is_junk, strip_site_name
from archiver.models import Candidate, Choice, Field
from archiver.text.normalize import fold_punctuation, slug_share

# Where one place stands against another, the heading wins that readers see.
_PLACE_WEIGHT: Mapping[str, float] = {
    "json-ld": 1.0,
    "meta": 1.0,
    "h1": 1.1,
    "part": 1.1,
    "title": 0.9,
    "microdata": 0.5,
    "headline": 0.4,
}
_OTHER_WEIGHT = 0.4
"""What a place adds that is not in the table: a sub-heading, an alternative headline. Below 0.3 a heading of another
subject outvotes the address with a sub-heading on the acceptance pages; from 0.3 to 0.5 their titles are the same."""
_EMPHASIS = re.compile(r"(?<!\w)([*_]{1,3})(?=[^\s*_])([^*_]*[^\s*_])\1(?!\w)")
"""Markdown's emphasis, which some programs leave in data."""
_MIN_CUT_LETTERS = 12
"""Characters of a headline that breaks off; with fewer `The…` would be said by any headline that begins so, with more a
headline cut for a narrow place counts as another one. No page of the acceptance sets has one that goes on elsewhere."""
_SPELLING_ORDER = ("rules", "h1", "json-ld", "meta", "title", "microdata", "headline")
_SUB_HEADINGS = ("h2", "headline")
_PROVE_NOTHING = ("alternative", "part")
"""Places whose text shows of no other headline where it ends."""
_DATA = frozenset({"json-ld", "meta", "title"})
"""Places that hold the page's headline and nothing else, but for what the site adds."""
_CUT_BY_SUB_HEADING = frozenset({*_SUB_HEADINGS, "meta", "title"})
"""Places whose text is cut where a sub-heading says a part of it: the others state a headline that readers see whole.
`<meta>` and `<title>` are filled from one field, so that they do not testify for each other."""
_SLUG_WEIGHT = 0.6
"""What a title adds to its score that says all of the slug, where its places add their own weights. Were it 0, the
address said nothing about the title; the higher, the more places it outvotes. On the acceptance pages 0.4 to 0.7 give
the same titles, with 0.9 two more are wrong."""


@dataclass(slots=True)
class _Group:
    """Candidates that say the same headline."""

    members: list[tuple[Candidate, str]]
    regions: dict[str, float]
    cut: list[Candidate] = field(default_factory=list)
    """Those that break off before its end."""
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
    groups = _join_cut(_groups(_statements(candidates, names), names))
    if not groups:
        return None
    _let_sub_heading_stand_in(groups.values())
    for key, group in groups.items():
        group.slug = slug_share(group.members[0][1], slug)
        group.in_body = len(key) > 15 and key in body_start
    ruled = [group for group in groups.values() if "rules" in group.regions]
    ranked = sorted(groups.values(), key=lambda group: (group.score(), -_order(group)), reverse=True)
    best = next(group for group in ranked if not ruled or group in ruled)
    return _choice(best, [group for group in ranked if group is not best])


@dataclass(frozen=True, slots=True)
class _Statement:
    """A headline as one place states it."""

    candidate: Candidate
    text: str
    place: str


def _statements(candidates: Sequence[Candidate], names: SiteNames) -> list[_Statement]:
    """What the places state that can be a headline."""
    titles = [candidate for candidate in candidates if candidate.field is Field.TITLE]
    cleaned = {value: clean(value) for value in {candidate.value for candidate in titles}}
    fit = {text for text in set(cleaned.values()) if not is_junk(text, names)}
    return [_Statement(c, cleaned[c.value], _place(c.source)) for c in titles if cleaned[c.value] in fit]


def _groups(statements: Sequence[_Statement], names: SiteNames) -> dict[str, _Group]:
    """The headlines without what the site adds, those that say the same together."""
    groups: dict[str, _Group] = {}
    rivals = list(dict.fromkeys((one.place, one.text) for one in statements))
    in_full = {text for place, text in rivals if place not in _CUT_BY_SUB_HEADING}
    for one in statements:
        weak = _SUB_HEADINGS if one.text in in_full else ()
        agreed = [text for place, text in rivals if place not in (one.place, *_PROVE_NOTHING, *weak)]
        value = strip_site_name(one.text, names, agreed)
        if is_junk(value, names):
            continue
        group = groups.setdefault(fold_punctuation(_EMPHASIS.sub(r"\2", value)), _Group([], {}))
        group.members.append((one.candidate, value))
        group.regions[one.place] = _PLACE_WEIGHT.get(one.place, _OTHER_WEIGHT)
    # A part of a heading is a headline only where another place says so.
    return {key: group for key, group in groups.items() if group.regions.keys() != {"part"}}


def _join_cut(groups: dict[str, _Group]) -> dict[str, _Group]:
    """The headlines, those that break off in an ellipsis as part of one that goes on."""
    for key in [key for key in groups if key.endswith("...")]:
        start = key.rstrip(". ")
        whole = next((group for other, group in groups.items() if other != key and other.startswith(start)), None)
        if whole and len(start) >= _MIN_CUT_LETTERS:
            cut = groups.pop(key)
            whole.cut += [candidate for candidate, _ in cut.members]
            whole.regions = cut.regions | whole.regions
    return groups


def _let_sub_heading_stand_in(groups: Collection[_Group]) -> None:
    """Weigh a sub-heading that says what data of the page say as its main heading, where it has none."""
    if any("h1" in group.regions for group in groups):
        return
    for group in groups:
        if group.regions.keys() & _DATA:
            group.regions.update((place, _PLACE_WEIGHT["h1"]) for place in _SUB_HEADINGS if place in group.regions)


def _order(group: _Group) -> int:
    ranks = ("rules", "json-ld", "meta", "h1", "title", "microdata", "headline")
    return min((ranks.index(place) for place in group.regions if place in ranks), default=len(ranks))


def _choice(group: _Group, rivals: Sequence[_Group]) -> Choice:
    candidate, value = _spelled(group)
    others = [*(other for other, _ in group.members), *group.cut]
    witnesses = [other.source for other in others if other.source != candidate.source]
    witnesses += ["slug"] if group.slug >= 0.5 else []
    witnesses += ["body"] if group.in_body else []
    offered = ((_spelled(rival)[1], member.source) for rival in rivals for member, _ in rival.members)
    alternatives = collect_alternatives(offered, value, lambda one, two: fold_punctuation(one) == fold_punctuation(two))
    return Choice(value, candidate.source, tuple(dict.fromkeys(witnesses)), alternatives=alternatives)


def _spelled(group: _Group) -> tuple[Candidate, str]:
    """The place that a headline is taken from, and how that one spells it."""
    return min(group.members, key=lambda member: _spelling_rank(*member))


def _spelling_rank(candidate: Candidate, value: str) -> tuple[bool, int]:
    """Which spelling of one headline is taken: none in small letters or capitals only, then the heading's."""
    place = _place(candidate.source)
    in_one_case = (value.islower() or value.isupper()) and place != "rules"
    return in_one_case, _SPELLING_ORDER.index(place) if place in _SPELLING_ORDER else len(_SPELLING_ORDER)


def _place(source: str) -> str:
    kind, _, name = source.partition(":")
    if name.startswith("alternat"):
        return "alternative"
    return "part" if source == "h1:part" else kind
