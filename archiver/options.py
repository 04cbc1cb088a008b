"""What a run was asked to do, checked before anything is fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from archiver.archive.saved import check_saved
from archiver.diff import Keys
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.policy import Action, Policy


@dataclass(frozen=True, slots=True)
class Options:
    """A run's settings and arguments, valid."""

    seeds: Path
    output: Path | None
    dry_run: bool
    only: str | None
    policy: Policy
    keys: Keys

    @classmethod
    def read(cls, settings: BaseSettings, only: str | None = None, refresh: str | None = None) -> Options:
        """Check what a run was given. Raises SettingsError, whose sentence says which setting to mend."""
        replay = settings.get("REPLAY")
        if replay:
            check_saved(Path(replay))
        if not settings.get("SEEDS_DIR"):
            raise SettingsError("SEEDS_DIR is empty; name the folder that holds the seeds")
        # These are used elsewhere, where a wrong one would end the run half way.
        _switch(settings, "SHOW_DIFF")
        _switch(settings, "PRIVATE_HOSTS")
        _check_amount("EXTRACT_WORKERS", settings, settings.getint)
        _check_amount("EXTRACT_TIMEOUT", settings, settings.getfloat)
        _check_amount("EXTRACT_MEMORY_MB", settings, settings.getint)
        output = settings.get("OUTPUT_DIR")
        return cls(
            seeds=Path(settings["SEEDS_DIR"]),
            output=Path(output) if output else None,
            dry_run=_switch(settings, "DRY_RUN"),
            only=only or None,
            policy=Policy(
                {**_actions(_mapping(settings, "FIELD_POLICY")), **dict.fromkeys(_fields(refresh), Action.REFRESH)}
            ),
            keys=_keys(_mapping(settings, "SEED_KEYS")),
        )


def _switch(settings: BaseSettings, name: str) -> bool:
    try:
        return settings.getbool(name)
    except ValueError:
        raise SettingsError(f"{name}={settings[name]} is neither on nor off; write {name}=1 or {name}=0") from None


def _check_amount(name: str, settings: BaseSettings, read: Callable[[str], float]) -> None:
    try:
        amount = read(name)
    except (TypeError, ValueError):
        amount = -1
    if not 0 <= amount < float("inf"):
        whole = " whole" if read == settings.getint else ""
        raise SettingsError(f"{name}={settings[name]} is not a{whole} number from 0 up; correct it")


def _mapping(settings: BaseSettings, name: str) -> dict[str, Any]:
    try:
        return settings.getdict(name)
    except ValueError:
        raise SettingsError(
            f"{name}={settings[name]} is not a JSON object; write it like {name}='{{\"title\": …}}'"
        ) from None


def _fields(names: str | None) -> Iterable[Field]:
    for name in filter(None, (part.strip() for part in (names or "").split(","))):
        yield _field(name, "refresh")


def _field(name: str, where: str) -> Field:
    try:
        return Field(name)
    except ValueError:
        known = ", ".join(Field)
        raise SettingsError(f"{where} names the field {name!r}, which does not exist; the fields are {known}") from None


def _actions(named: Mapping[str, str]) -> Mapping[Field, Action]:
    actions = {}
    for name, action in named.items():
        if action not in [*Action]:
            known = ", ".join(Action)
            raise SettingsError(
                f"FIELD_POLICY gives {name} the action {action!r}, which does not exist; the actions are {known}"
            )
        actions[_field(name, "FIELD_POLICY")] = Action(action)
    return actions


def _keys(named: Mapping[str, object]) -> Keys:
    keys = {}
    for name, value in named.items():
        spelled = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, (list, tuple)) else ()
        if name != "source":
            _field(name, "SEED_KEYS")
        if not spelled or not all(isinstance(key, str) and key.strip() for key in spelled):
            raise SettingsError(f"SEED_KEYS gives {name} no key; give it a name or a list of names")
        keys[name] = spelled
    return {"source": ("origin_url",), **{field.value: (field.value,) for field in Field}, **keys}
