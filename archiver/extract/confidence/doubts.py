"""Why a chosen value may be wrong, in sentences for a person."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.extract.confidence.evidence import Evidence
from archiver.extract.confidence.features import is_odd_name, other_days, other_headlines
from archiver.extract.fields.figures import LEAD
from archiver.models import Alternative, Field

_MAX_SURE_SHARE = 0.9
"""Probability below which the evidence itself is a doubt. What waits for a person by default then says why; with more,
what is written has doubts, too. Chosen like the setting."""
_MAX_SURE_AUTHOR_SHARE = 0.85
"""The same of authors."""
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
    named = _NAMED.get(evidence.field)
    if named is None:
        return ()
    contradicted = _contradictions(evidence, named)
    if evidence.field is Field.TITLE and contradicted:
        return contradicted
    limit = _MAX_SURE_AUTHOR_SHARE if evidence.field is Field.AUTHOR else _MAX_SURE_SHARE
    return contradicted or tuple(_weaknesses(evidence, named)) if confidence < limit else ()


def _contradictions(evidence: Evidence, named: str) -> tuple[str, ...]:
    """Another value that could be meant."""
    choice = evidence.choice
    if evidence.field is Field.TITLE and (others := other_headlines(evidence)):
        return (f"The page has another headline: {_quoted(others[0])}.",)
    if evidence.field is Field.DATE and (others := other_days(evidence)):
        return (f"Readers see another date than {choice.source} gives: {_quoted(others[0])}.",)
    is_alone = len(evidence.kinds) < 2 and not evidence.agrees("slug", "body", "seed")
    if evidence.field in {Field.TITLE, Field.AUTHOR} and is_alone and choice.alternatives:
        return (f"The page gives {named} in two ways: {choice.source}, and {_quoted(choice.alternatives[0])}.",)
    return ()


def _weaknesses(evidence: Evidence, named: str) -> Iterator[str]:
    """What a value lacks that others have."""
    choice = evidence.choice
    places = [source for source in (choice.source, *choice.witnesses) if source not in {"slug", "body"}]
    if evidence.field is Field.IMAGE and not evidence.agrees(LEAD):
        yield f"The page does not show {named} that it names ({', '.join(places)})."
    elif len(evidence.kinds) < 2:
        yield f"Only {', '.join(places)} {'gives' if len(places) == 1 else 'give'} {named}, and no other kind of place."
    if evidence.field is Field.AUTHOR and is_odd_name(evidence):
        yield f"“{_cut(choice.value)}” is not written as a person's name."


def _quoted(other: Alternative) -> str:
    return f"“{_cut(other.value)}” ({other.source})"


def _cut(value: str) -> str:
    return value if len(value) <= _MAX_SHOWN_LETTERS else f"{value[:_MAX_SHOWN_LETTERS]}…"
