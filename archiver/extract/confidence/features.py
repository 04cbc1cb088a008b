"""The named features of each field, by which a choice is weighed: docs/confidence.md says what each means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from archiver.extract.confidence.evidence import Evidence
from archiver.extract.fields import authors
from archiver.extract.fields.figures import LEAD
from archiver.extract.fields.site import SEPARATOR
from archiver.extract.verdict.signs import count_letters
from archiver.models import Alternative, Field
from archiver.text import dates
from archiver.text.letters import letters_key
from archiver.text.normalize import words

_MIN_SHARED_WORDS_SHARE = 0.6
"""Share of the shorter headline's words that two wordings of one headline have in common; with less two subjects count
as one, with more a reworded headline counts as another. Chosen, not measured."""
_MAX_SHORT_TITLE_WORDS = 3
"""Words of a headline that may be a label; with fewer `About our blog` is a headline, with more short headlines are
doubted. Chosen, not measured."""
_MAX_SHORT_TITLE_LETTERS = 24
"""Letters of such a headline, counted twice in scripts without gaps, which make one word of a sentence. Chosen, not
measured."""
_MAX_SAME_DAYS = 1
"""Days between two dates that may be one instant in two zones; with none an evening's date contradicts itself, with
more a date of a change counts as the same. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that a choice has or has not."""

    sign: int
    """1 where it can only speak for the value, -1 where only against it."""
    holds: Callable[[Evidence], bool]
    meaning: str
    """Half a sentence for docs/confidence.md."""


def _has_kinds(least: int) -> Feature:
    count = {2: "two", 3: "three", 4: "four"}[least]
    return Feature(1, lambda it: len(it.kinds) >= least, f"{count} kinds of places or more agree")


_RULE = Feature(1, lambda it: it.agrees("rules"), "a selector of the publisher's own rules found it")


def other_headlines(it: Evidence) -> list[Alternative]:
    """Return what JSON-LD, og:title or an h1 say in other words than the chosen title."""
    rivals = it.rivals("json-ld", "meta:og:title", "h1")
    return [other for other in rivals if _shared_share(it.choice.value, other.value) < _MIN_SHARED_WORDS_SHARE]


def _shared_share(one: str, two: str) -> float:
    some, others = set(words(one)), set(words(two))
    return len(some & others) / max(1, min(len(some), len(others)))


def _is_short_title(it: Evidence) -> bool:
    value = it.choice.value
    return len(value.split()) <= _MAX_SHORT_TITLE_WORDS and count_letters(value) <= _MAX_SHORT_TITLE_LETTERS


_TITLE = {
    "two_kinds": _has_kinds(2),
    "three_kinds": _has_kinds(3),
    "four_kinds": _has_kinds(4),
    "rule": _RULE,
    "slug": Feature(1, lambda it: it.agrees("slug"), "the address says at least half of it"),
    "body": Feature(1, lambda it: it.agrees("body"), "the text begins with it"),
    "seed": Feature(1, lambda it: it.agrees("seed"), "the seed's own text begins with it"),
    "is_headline": Feature(
        1, lambda it: letters_key(it.choice.value) == letters_key(it.headline), "the headline that readers see is it"
    ),
    "not_in_headline": Feature(
        -1,
        lambda it: bool(it.headline) and letters_key(it.choice.value) not in letters_key(it.headline),
        "the headline that readers see does not hold it",
    ),
    "separator": Feature(-1, lambda it: bool(SEPARATOR.search(it.choice.value)), "a sign such as – or · is in it"),
    "short": Feature(-1, _is_short_title, "it has three words or fewer"),
    "far_rival": Feature(-1, lambda it: bool(other_headlines(it)), "JSON-LD, og:title or an h1 say another headline"),
}


def is_odd_name(it: Evidence) -> bool:
    """Whether a name is not written as those of people are; in scripts without capitals none is."""
    names = it.choice.items or (it.choice.value,)
    return any(name.lower() != name.upper() and not authors.is_full_name(name) for name in names)


_AUTHOR = {
    "two_kinds": _has_kinds(2),
    "rule": _RULE,
    "near_headline": Feature(1, lambda it: it.agrees("visible"), "it stands below the headline"),
    "odd_name": Feature(-1, is_odd_name, "it is not written as people's names are"),
    "several": Feature(-1, lambda it: bool(it.choice.items), "it has several names"),
    "rival": Feature(-1, lambda it: bool(it.rivals()), "other names are offered"),
}
_DATE_SHOWN = ("visible", "class", "time", "url")


def _is_near_midnight(it: Evidence) -> bool:
    return it.choice.value.endswith("Z") and it.choice.value[11:13] in {"00", "22", "23"}


def other_days(it: Evidence) -> list[Alternative]:
    """Return the other days that readers see."""
    return [o for o in it.rivals(*_DATE_SHOWN) if dates.days_between(o.value, it.choice.value) > _MAX_SAME_DAYS]


_DATE = {
    "two_kinds": _has_kinds(2),
    "three_kinds": _has_kinds(3),
    "rule": _RULE,
    "zone": Feature(1, lambda it: it.choice.value.endswith("Z"), "it has a time and a zone"),
    "machine_and_shown": Feature(
        1,
        lambda it: it.agrees(*_DATE_SHOWN) and it.agrees("json-ld", "meta", "microdata"),
        "what readers see and the page's data agree",
    ),
    "near_midnight": Feature(-1, _is_near_midnight, "it lies within two hours of midnight UTC"),
    "shown_rival": Feature(-1, lambda it: bool(other_days(it)), "readers see another day"),
    "guessed": Feature(
        -1,
        lambda it: it.choice.source.startswith(("htmldate", "url", "class")),
        "it was guessed, or is from the address or from an element that only its name makes a date",
    ),
}
_IMAGE = {
    "two_kinds": _has_kinds(2),
    "three_kinds": _has_kinds(3),
    "rule": _RULE,
    "shown": Feature(1, lambda it: it.agrees(LEAD), "the page shows it"),
    "lone_figure": Feature(
        -1, lambda it: all(source.startswith(LEAD) for source in it.sources), "only the page shows it, no data name it"
    ),
}

FEATURES: Mapping[Field, Mapping[str, Feature]] = MappingProxyType(
    {Field.TITLE: _TITLE, Field.AUTHOR: _AUTHOR, Field.DATE: _DATE, Field.IMAGE: _IMAGE}
)
"""The features of each field with a truth to fit them by."""


def measure(evidence: Evidence) -> dict[str, float]:
    """Return the values of the features of a choice, by their names."""
    return {name: float(feature.holds(evidence)) for name, feature in FEATURES[evidence.field].items()}
