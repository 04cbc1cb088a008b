"""Read data classes from JSON that another version may have written: what can be read is, what cannot is named."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union

Made = TypeVar("Made")
OnProblem = Callable[[str], None]
"""Called with a sentence for what could not be read."""


def decode(kind: type[Made], value: Any, on_problem: OnProblem) -> Made:
    """Return a data class from what `json.loads` gave for it.

    Keys that the class does not have are passed over, a value of another type takes the field's default and is named.
    Raises ValueError where a field without a default cannot be read.
    """
    return typing.cast("Made", _decode(kind, value, on_problem))


def _decode(kind: Any, value: Any, on_problem: OnProblem) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {Union, types.UnionType}:
        return _decode_union(arguments, value, on_problem)
    if origin is Literal:
        return _expect(value, value in arguments, "one of " + ", ".join(map(str, arguments)))
    if origin is tuple:
        return _decode_tuple(arguments, value, on_problem)
    if origin is not None and issubclass(origin, Mapping):
        items = _expect(value, isinstance(value, dict), "an object").items()
        return {key: _decode(arguments[1], item, on_problem) for key, item in items}
    return _decode_fields(kind, value, on_problem) if is_dataclass(kind) else _decode_plain(kind, value)


def _decode_plain(kind: Any, value: Any) -> Any:
    if kind is Any:
        return value
    if issubclass(kind, Enum):
        return kind(value)
    if kind is not bool and isinstance(value, bool):
        raise ValueError(f"{value} is not {kind.__name__}")
    if kind is float:
        return float(_expect(value, isinstance(value, int | float), "a number"))
    return _expect(value, isinstance(value, kind), kind.__name__)


def _expect(value: Any, fits: bool, what: str) -> Any:
    if not fits:
        raise ValueError(f"{value!r:.60} is not {what}")
    return value


def _decode_union(arguments: tuple[Any, ...], value: Any, on_problem: OnProblem) -> Any:
    if value is None and types.NoneType in arguments:
        return None
    (other,) = (argument for argument in arguments if argument is not types.NoneType)
    return _decode(other, value, on_problem)


def _decode_tuple(arguments: tuple[Any, ...], value: Any, on_problem: OnProblem) -> tuple[Any, ...]:
    items = _expect(value, isinstance(value, list), "a list")
    if arguments[-1] is Ellipsis:
        return tuple(_decode(arguments[0], item, on_problem) for item in items)
    _expect(value, len(items) == len(arguments), f"a list of {len(arguments)}")
    return tuple(_decode(one, item, on_problem) for one, item in zip(arguments, items, strict=True))


def _decode_fields(kind: Any, value: Any, on_problem: OnProblem) -> Any:
    given = _expect(value, isinstance(value, dict), "an object")
    found, lacking = {}, []
    for name, hint, is_needed in _shape(kind):
        if name not in given:
            if is_needed:
                lacking.append(name)
            continue
        try:
            found[name] = _decode(hint, given[name], on_problem)
        except ValueError as error:
            if is_needed:
                raise
            on_problem(f"{name}: {error}")
    if lacking:
        raise ValueError(f"it lacks {', '.join(lacking)}")
    return kind(**found)


@cache
def _shape(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Return the fields of a class: name, type, and whether there is no default."""
    hints = typing.get_type_hints(kind)
    return tuple(
        (one.name, hints[one.name], one.default is MISSING and one.default_factory is MISSING)
        for one in fields(kind)
        if one.init
    )
