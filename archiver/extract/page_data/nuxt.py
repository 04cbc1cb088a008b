"""Nuxt's payload: one flat list in which objects and lists name their values by place.

The format is that of devalue, https://github.com/sveltejs/devalue: `[{"title": 1}, "Harbour reopens"]`.
"""

from __future__ import annotations


def is_payload(value: object) -> bool:
    """True for a flat list whose first value names others by place."""
    if not isinstance(value, list) or len(value) < 2:
        return False
    first = value[0]
    places = first.values() if isinstance(first, dict) else first[1:] if isinstance(first, list) else ()
    return bool(places) and all(isinstance(place, int) and place < len(value) for place in places)


def unflatten(payload: list[object]) -> object:
    """The first value of a payload with all others in their places; each is made once, so that it stays linear."""
    made: list[object] = [_shell(value) for value in payload]
    for value, shell in zip(payload, made, strict=True):
        if isinstance(value, dict) and isinstance(shell, dict):
            shell.update((key, _at(made, place)) for key, place in value.items())
        elif isinstance(value, list) and isinstance(shell, list):
            wrapped = bool(value) and isinstance(value[0], str)
            shell.extend(_at(made, place) for place in (value[1:] if wrapped else value))
    return made[0]


def _shell(value: object) -> object:
    if isinstance(value, dict):
        return {}
    if not isinstance(value, list):
        return value
    if len(value) == 2 and value[0] == "Date":
        return value[1]
    return []


def _at(made: list[object], place: object) -> object:
    return made[place] if isinstance(place, int) and 0 <= place < len(made) else None
