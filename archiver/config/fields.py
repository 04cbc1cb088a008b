"""What settings say of single fields: their actions, and their keys in front matter."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from archiver.config.names import OUR_DEFAULTS, nearest
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action
from archiver.repair.shapes import Shape, Shapes

_DATE_SHAPES = frozenset({Shape.DAY, Shape.INSTANT})
_OWN_KEYS = {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}}


def parse_fields(names: str | None) -> Iterable[Field]:
    """Return the fields of `-a refresh=`. Raises SettingsError."""
    for name in filter(None, (part.strip() for part in (names or "").split(","))):
        yield _field(name, "refresh")


HEADING = "heading"
"""What the audit calls a first heading without text; a need as a blank field is."""


def parse_missing(names: str | None, where: str = "missing") -> Iterable[str]:
    """Return what `-a missing=` names: fields, and the heading. Raises SettingsError."""
    for name in filter(None, (part.strip() for part in (names or "").split(","))):
        yield name if name == HEADING else _field(name, where).value


def _field(name: str, where: str, others: Iterable[str] = ()) -> Field:
    try:
        return Field(name)
    except ValueError:
        meant = nearest(name, [*Field, *others])
        guess = f"did you mean {meant}? The fields" if meant else "the fields"
        known = ", ".join([*Field, *others])
        raise SettingsError(f"{where} names the field {name!r}, which does not exist; {guess} are {known}") from None


def parse_policy(named: Mapping[str, str], where: str = "FIELD_POLICY") -> Mapping[Field, Action]:
    """Return the actions of FIELD_POLICY by field. Raises SettingsError, which says where they stand."""
    actions = {}
    for name, action in named.items():
        if action not in [*Action]:
            known = ", ".join(Action)
            raise SettingsError(
                f"{where} gives {name} the action {action!r}, which does not exist; the actions are {known}"
            )
        actions[_field(name, where)] = Action(action)
    return actions


def parse_review_below(named: object, where: str = "REVIEW_BELOW") -> Mapping[Field, float]:
    """Return REVIEW_BELOW by field; what a mapping leaves out has its default. Raises SettingsError."""
    default = OUR_DEFAULTS["REVIEW_BELOW"]
    if isinstance(named, str):
        try:
            named = json.loads(named)
        except ValueError:
            named = None
    if not isinstance(named, Mapping):
        return dict.fromkeys(Field, _probability(named, where))
    given = {_field(name, where): _probability(value, f"{where} for {name}") for name, value in named.items()}
    return {field: given.get(field, default[field]) for field in Field}


def _probability(value: object, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise SettingsError(
            f"{where} is no number from 0 to 1; write one, or a mapping such as REVIEW_BELOW='{{\"author\": 0.85}}'"
        )
    return float(value)


def parse_shapes(named: Mapping[str, object], where: str = "SEED_SHAPES") -> Shapes:
    """Return the shapes of SEED_SHAPES by field. Raises SettingsError."""
    shapes: dict[Field, Shape] = {}
    for name, shape in named.items():
        field = _field(name, where)
        if field is Field.BODY:
            raise SettingsError(f"{where} gives the body a shape, which only a key can have; leave it out")
        fitting = [known for known in Shape if (known in _DATE_SHAPES) is (field is Field.DATE)]
        if shape not in [*Shape]:
            meant = nearest(str(shape), fitting)
            guess = f"did you mean {meant}? The shapes of {name}" if meant else f"the shapes of {name}"
            raise SettingsError(
                f"{where} gives {name} the shape {shape!r}, which does not exist; {guess} are {', '.join(fitting)}"
            )
        if shape not in fitting:
            raise SettingsError(
                f"{where} gives {name} the shape {str(shape)!r}; the shapes of {name} are {', '.join(fitting)}"
            )
        shapes[field] = Shape(str(shape))
    return shapes


def parse_keys(named: Mapping[str, object], where: str = "SEED_KEYS") -> Keys:
    """Return the keys of SEED_KEYS, and behind them those of fields that it does not name. Raises SettingsError."""
    keys = {}
    for name, value in named.items():
        spelled = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
        if name != "source":
            _field(name, where, ["source"])
        if not spelled or not all(isinstance(key, str) and key.strip() for key in spelled):
            raise SettingsError(f"{where} gives {name} no key; give it a name or a list of names")
        if torn := next((key for key in spelled if not all(part.strip() for part in key.split("."))), None):
            raise SettingsError(
                f"{where} gives {name} the key {torn!r}, a path that lacks a name; write it like params.source_url"
            )
        keys[name] = spelled
    return {**keys, **{name: own for name, own in _OWN_KEYS.items() if name not in keys}}
