"""The values that a page offers for a field beside the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archiver.models import Alternative

MAX_ALTERNATIVES = 9
"""Values that are kept beside the chosen one; a person picks one with the keys 1 to 9. With fewer the right one may be
cut off, with more there is no key for it. Chosen, not measured."""


def collect_alternatives(
    offered: Iterable[tuple[str, str]], chosen: str, same: Callable[[str, str], bool]
) -> tuple[Alternative, ...]:
    """Return what else is offered as (value, source) pairs, the best first, each with all sources that say the same.

    `same` tells whether two values count as equal; what equals the chosen value is left out.

    >>> collect_alternatives([("A", "h1"), ("B", "title"), ("B", "meta:og:title")], "A", str.__eq__)
    (Alternative(value='B', source='title', witnesses=('meta:og:title',)),)
    """
    sources: dict[str, dict[str, None]] = {}
    for value, source in offered:
        if value in sources:
            sources[value][source] = None
        elif not same(value, chosen):
            known = next((other for other in sources if same(value, other)), value)
            if known in sources or len(sources) < MAX_ALTERNATIVES:
                sources.setdefault(known, {})[source] = None
    return tuple(Alternative(value, *_with_witnesses(tuple(found))) for value, found in sources.items())


def _with_witnesses(sources: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return sources[0], sources[1:]
