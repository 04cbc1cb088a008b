"""Why a chosen value may be wrong, in sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.extract.confidence.evidence import Evidence
from archiver.extract.confidence.features import other_days, other_headlines
from archiver.models import Alternative, Field

_MAX_SURE_SHARE = 0.85
"""Probability below which it is said of a value that nothing else bears it out: with less, values that wait for a
person come without a reason, with more every other author has a doubt. Chosen, not measured."""
_MAX_SHOWN_LETTERS = 80
"""Characters of a value that a sentence quotes. Chosen, not measured."""
_NAMED = {
    Field.TITLE: "the headline",
    Field.AUTHOR: "the author",
    Field.DATE: "the date",
    Field.IMAGE: "the picture",
    Field.LANGUAGE: "the language",
}


def doubts_of(evidence: Evidence, confidence: float) -> tuple[str, ...]:
    """Return why a person should look at a choice; nothing for one that only differs in wording from a rival."""
    return tuple(_doubts(evidence, confidence))


def _doubts(evidence: Evidence, confidence: float) -> Iterator[str]:
    choice, named = evidence.choice, _NAMED.get(evidence.field)
    if named is None:
        return
    is_alone = len(evidence.kinds) < 2 and not evidence.agrees("slug", "body", "seed")
    if evidence.field is Field.TITLE and (others := other_headlines(evidence)):
        yield f"The page has another headline: {_quoted(others[0])}."
    elif evidence.field is Field.DATE and (others := other_days(evidence)):
        yield f"Readers see another date than {choice.source} gives: {_quoted(others[0])}."
    elif evidence.field in {Field.TITLE, Field.AUTHOR} and is_alone and choice.alternatives:
        other = choice.alternatives[0]
        yield f"The page gives {named} in two ways: {choice.source}, and {_quoted(other)}."
    elif confidence < _MAX_SURE_SHARE and is_alone:
        yield f"Only {choice.source} gives {named}; no other place of the page says the same."


def _quoted(other: Alternative) -> str:
    value = other.value if len(other.value) <= _MAX_SHOWN_LETTERS else f"{other.value[:_MAX_SHOWN_LETTERS]}…"
    return f"“{value}” ({other.source})"
