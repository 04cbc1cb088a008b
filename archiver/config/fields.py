"""What settings say of single fields: their actions, and their keys in front matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from archiver.config.names import nearest
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.diff import Keys
from archiver.repair.policy import Action


def parse_fields(names: str | None) -> Iterable[Field]:
    """Return the fields of `-a refresh=`. Raises SettingsError."""
    for name in filter(None, (part.strip() for part in (names or "").split(","))):
        yield _field(name, "refresh")


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


def parse_keys(named: Mapping[str, object], where: str = "SEED_KEYS") -> Keys:
    """Return the keys of SEED_KEYS, and those of fields that it does not name. Raises SettingsError."""
    keys = {}
    for name, value in named.items():
        spelled = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
        if name != "source":
            _field(name, where, ["source"])
        if not spelled or not all(isinstance(key, str) and key.strip() for key in spelled):
            raise SettingsError(f"{where} gives {name} no key; give it a name or a list of names")
        keys[name] = spelled
    return {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}, **keys}
