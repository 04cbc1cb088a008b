"""Read web links: the header Link and the link format of TimeMaps (RFC 8288, RFC 6690, RFC 7089 section 5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_NAME = r"[\w!#$&+.^`|~*-]+"
_QUOTED, _PLAIN = r'"((?:[^"\\]|\\.)*)"', r'([^\s",;]*)'
_PARAMETER = re.compile(rf"\s*;\s*({_NAME})(?:\s*=\s*(?:{_QUOTED}|{_PLAIN}))?")
_TARGET = re.compile(r"[\s,]*<([^>]*)>")


@dataclass(frozen=True, slots=True)
class Link:
    """One link."""

    target: str
    """As written: it may be relative."""
    relations: frozenset[str]
    """The words of `rel`, in lower case."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""


def parse_links(text: str) -> Iterator[Link]:
    """Return the links of a text, up to what is none.

    >>> [link.relations for link in parse_links('<http://a.example/>;rel="original", </b>; rel=memento')]
    [frozenset({'original'}), frozenset({'memento'})]
    """
    position = 0
    while (target := _TARGET.match(text, position)) is not None:
        position, parameters = target.end(), {}
        while (found := _PARAMETER.match(text, position)) is not None:
            position = found.end()
            name, quoted, plain = found.groups()
            parameters[name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain or ""
        yield Link(target[1].strip(), frozenset(parameters.get("rel", "").lower().split()), parameters)
