"""Settings from a collection's file and its preset, put between the settings module and the command line.

Why between: docs/design.md D59.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from archiver.config.names import OUR_DEFAULTS

PRESET_PRIORITY = 22
"""Scrapy's priority of what a preset says: above the settings module (20), so that a preset changes anything, and below
FILE_PRIORITY."""
FILE_PRIORITY = 25
"""Scrapy's priority of what a collection's file says: above its preset, below a spider (30) and the command line
(40)."""

_MODULE = SETTINGS_PRIORITIES["project"]
_ORIGINS = {SETTINGS_PRIORITIES["spider"]: "command", SETTINGS_PRIORITIES["cmdline"]: "command line"}


@dataclass(frozen=True, slots=True)
class Layer:
    """Settings of one origin."""

    priority: int
    values: Mapping[str, object]
    """By the name of a setting."""
    origins: Mapping[str, str]
    """Where a person finds each: by setting, and by `SETTING.entry` for the entries of a mapping."""


class SettingLine(NamedTuple):
    """One setting, or one entry of a mapping, that is in force."""

    name: str
    value: object
    origin: str


def apply_layers(settings: BaseSettings, layers: Sequence[Layer]) -> Mapping[str, str]:
    """Set what the layers say, the lowest first; return where each value comes from.

    A mapping is joined entry by entry, with what the command line says on top: whoever changes one field there means
    the others to stay as the preset has them. Every other value is replaced.
    """
    origins: dict[str, str] = {}
    for name in dict.fromkeys(name for layer in layers for name in layer.values):
        holders = [layer for layer in layers if name in layer.values]
        if isinstance(holders[-1].values[name], Mapping):
            origins |= _join(settings, name, holders)
            continue
        for layer in holders:
            settings.set(name, layer.values[name], layer.priority)
        if (settings.getpriority(name) or 0) <= FILE_PRIORITY:
            origins[name] = holders[-1].origins[name]
    return origins


def _join(settings: BaseSettings, name: str, holders: Sequence[Layer]) -> dict[str, str]:
    priority = settings.getpriority(name) or 0
    try:
        given = settings.getdict(name)
    except (ValueError, TypeError):
        return {}  # one value for all entries, or a wrong one: whoever reads the settings says what is wrong with it
    is_above = priority > FILE_PRIORITY
    joined = dict(OUR_DEFAULTS.get(name) or {}) if is_above else given
    origins = {f"{name}.{entry}": "default" for entry in joined}
    for layer in holders:
        entries = layer.values[name]
        assert isinstance(entries, Mapping)
        joined |= entries
        origins |= {f"{name}.{entry}": layer.origins[f"{name}.{entry}"] for entry in entries}
    if is_above:
        joined |= given
        origins |= {f"{name}.{entry}": _ORIGINS.get(priority, "command line") for entry in given}
    settings.set(name, joined, max(priority, holders[-1].priority))
    return origins


def settings_in_force(settings: BaseSettings, origins: Mapping[str, str]) -> Iterator[SettingLine]:
    """Return every setting of ours with its value and where that comes from; a mapping entry by entry."""
    for name, default in OUR_DEFAULTS.items():
        value = settings.get(name, default)
        origin = origins.get(name) or _origin(settings, name, default)
        if not isinstance(value, Mapping) or not value:
            yield SettingLine(name, value, origin)
            continue
        for entry in value:
            yield SettingLine(f"{name}.{entry}", value[entry], origins.get(f"{name}.{entry}", origin))


def has_default(settings: BaseSettings, name: str) -> bool:
    """Return whether nobody has given a setting another value than its default."""
    return bool(settings.get(name, OUR_DEFAULTS[name]) == OUR_DEFAULTS[name])


def _origin(settings: BaseSettings, name: str, default: object) -> str:
    priority = settings.getpriority(name) or 0
    if priority > _MODULE:
        return _ORIGINS.get(priority, "command line")
    return "default" if settings.get(name, default) == default else "settings module"
