"""Read one setting as what it has to be. Each raises SettingsError, whose sentence says which setting to mend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scrapy.settings import BaseSettings

from archiver.errors import SettingsError


def read_switch(settings: BaseSettings, name: str) -> bool:
    """Return a setting that is on or off."""
    try:
        return settings.getbool(name)
    except ValueError:
        raise SettingsError(f"{name}={settings[name]} is neither on nor off; write {name}=1 or {name}=0") from None


def read_count(settings: BaseSettings, name: str) -> int:
    """Return a whole number from 0 up."""
    return int(_read_number(settings, name, settings.getint, " whole"))


def read_amount(settings: BaseSettings, name: str) -> float:
    """Return a number from 0 up."""
    return _read_number(settings, name, settings.getfloat, "")


def read_pace(settings: BaseSettings, name: str) -> float:
    """Return a number above 0, of things in a time."""
    pace = read_amount(settings, name)
    if pace == 0:
        raise SettingsError(f"{name}={settings[name]} would wait for ever; give it a number above 0")
    return pace


def read_mapping(settings: BaseSettings, name: str) -> dict[str, Any]:
    """Return a mapping, which the command line has as JSON."""
    try:
        return settings.getdict(name)
    except ValueError:
        raise SettingsError(
            f"{name}={settings[name]} is not a JSON object; write it like {name}='{{\"title\": …}}'"
        ) from None


def _read_number(settings: BaseSettings, name: str, read: Callable[[str], float], kind: str) -> float:
    try:
        amount = read(name)
    except (TypeError, ValueError):
        amount = -1
    if not 0 <= amount < float("inf"):
        raise SettingsError(f"{name}={settings[name]} is not a{kind} number from 0 up; correct it")
    return amount
