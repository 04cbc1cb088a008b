"""The alarm of a host: what its pages stopped yielding, and the one line that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from archiver.ledger.yields.collapse import Collapse
from archiver.ledger.yields.marks import RULE
from archiver.models import Field
from archiver.program import program_name

_MAX_NAMED_RULES = 3
"""Selectors that a line names; with fewer the one that broke may be missing, more make it long. Chosen, not
measured."""
_NOUNS = {"image": "an image", "author": "an author"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One aspect that the pages of a host stopped yielding."""

    host: str
    aspect: str
    """A field, or `rule ` with a field and a selector of the publisher's rules."""
    since: datetime
    """When the page was read that raised it."""
    url: str
    """The address of that page."""
    collapse: Collapse
    usual: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    """The places that gave each field before."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "usual", MappingProxyType(dict(self.usual)))

    @property
    def field(self) -> Field:
        """The field in question; what rules take out of the body or put in is the body's."""
        name = self.aspect.removeprefix(RULE).split(" ")[0]
        return Field(name) if name in set(Field) else Field.BODY


@dataclass(frozen=True, slots=True)
class Caution:
    """Why and where the values of a page are not to be trusted."""

    sentence: str
    fields: frozenset[Field]
    """Those in question, and those that come from a place that did not give them before."""


def alarm_sentence(alarms: Sequence[Alarm]) -> str:
    """Return the one line about the alarms of one host; there is at least one."""
    fields = [_describe(alarm) for alarm in alarms if not alarm.aspect.startswith(RULE)]
    rules = [alarm for alarm in alarms if alarm.aspect.startswith(RULE)]
    said = "; ".join([*fields, *([_describe_rules(rules)] if rules else [])])
    newest = max(alarms, key=lambda alarm: alarm.since)
    return (
        f"{newest.host}: {said}; the pages' layout may have changed; look at it with "
        f"`{program_name()} try {newest.url}`"
    )


def recovery_sentence(alarm: Alarm) -> str:
    """Return the line about an alarm that has ended by itself."""
    what = f"the rule `{alarm.aspect.removeprefix(RULE)}`" if alarm.aspect.startswith(RULE) else alarm.aspect
    return f"{alarm.host}: the pages yield again: {what}; its alarm has ended"


def _describe(alarm: Alarm) -> str:
    one, found = _NOUNS.get(alarm.aspect, f"a {alarm.aspect}"), alarm.collapse
    places = alarm.usual.get(alarm.field, ())
    told = f" (from {' or '.join(places[:2])})" if places else ""
    what = f"no {alarm.aspect} on" if not found.hits else f"{one} on only {found.hits} of"
    if alarm.aspect == Field.BODY:
        what = "no body, or a small part of one, on" if not found.hits else f"a whole body on only {found.hits} of"
    if found.paired:
        return f"{what} the last {found.pages} pages that had one before{told}"
    return f"{what} the last {found.pages} pages; {found.before_hits} of the {found.before_pages} before had one{told}"


def _describe_rules(alarms: Sequence[Alarm]) -> str:
    named = ", ".join(f"`{alarm.aspect.removeprefix(RULE)}`" for alarm in alarms[:_MAX_NAMED_RULES])
    more = f" and {len(alarms) - _MAX_NAMED_RULES} more" if len(alarms) > _MAX_NAMED_RULES else ""
    if len(alarms) > 1:
        return f"{len(alarms)} rules match no more ({named}{more})"
    found = alarms[0].collapse
    said = f"the rule {named} does not match {found.pages - found.hits} of the last {found.pages} pages"
    if found.paired:
        return f"{said} that it matched"
    return f"{said}; it matched {found.before_hits} of the {found.before_pages} before"
