"""What may stand in a collection's file, and the setting that each part of it is.

What may not: docs/design.md D60.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archiver.config.fields import parse_keys, parse_policy, parse_shapes
from archiver.config.names import OUR_DEFAULTS, RENAMED, nearest
from archiver.errors import SettingsError

NAMES = {
    "seeds": "SEEDS_DIR",
    "include": "SEED_INCLUDE",
    "exclude": "SEED_EXCLUDE",
    "contact": "CONTACT",
    "heading": "BODY_HEADING",
    "site_hosts": "SITE_HOSTS",
    "keys": "SEED_KEYS",
    "policy": "FIELD_POLICY",
    "shapes": "SEED_SHAPES",
}
"""The names in a file, with the settings that they are; besides them there are `preset` and `[settings]`."""

PATHS = ("SEEDS_DIR", "OUTPUT_DIR", "ARCHIVE_DIR", "RUN_DIR", "REPLAY", "IMAGE_DIR")
"""Settings that name places on disk: from a file they count from its folder, and may not lead out of it."""

_BY_PERSON_ONLY = {
    "COMMIT": "runs git, and with it the hooks of a repository",
    "PRIVATE_HOSTS": "opens hosts that only this machine can reach",
    "WAYBACK_CDX": "names a host that may be a private one",
    "WAYBACK_RAW": "names a host that may be a private one",
    "WEB_ARCHIVES": "names hosts that may be private ones",
    "SAVE_PAGE_NOW_URL": "names the host that your keys are sent to",
    "BROWSER_EXECUTABLE": "names a program to run",
    "KNOWN_SETTING_PREFIXES": "lets settings through that nobody checks",
}
"""Settings of ours that no file may set, for it may come with a collection that somebody else made."""

_EXAMPLES = {
    "preset": '"hugo"', "seeds": '"content"', "include": '["posts/**"]', "exclude": '["drafts/**"]',
    "contact": '"mailto:me@example.org"', "heading": "false", "site_hosts": '["example.org"]',
    "keys": '{ source = "source_url" }', "policy": '{ date = "report" }', "shapes": '{ author = "list" }',
    "settings": "{ WAYBACK = false }",
}  # fmt: skip
_KINDS = {str: "a text", bool: "true or false", int: "a whole number", float: "a number", list: "a list of texts",
          dict: "a table"}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$")
_NAME = r"""(?:[\w-]+|"[^"]*"|'[^']*')"""
_ASSIGNMENT = re.compile(rf"\s*({_NAME}(?:\s*\.\s*{_NAME})*)\s*=")


@dataclass(frozen=True, slots=True)
class TomlText:
    """The text of a file, for saying where something stands in it."""

    shown: str
    """The file as messages name it."""
    text: str
    folder: Path | None
    """What its paths count from; None for a preset, whose paths are checked with the file's."""

    def place(self, *path: str) -> str:
        """Return where a name stands, such as `seed-archiver.toml, line 7`."""
        line = None if self.folder is None else self._line(path)
        return f"{self.shown}, line {line}" if line else self.shown

    def origin(self, *path: str) -> str:
        """Return where a value comes from, such as `seed-archiver.toml, line 7, [keys]`."""
        return f"{self.place(*path)}, [{path[0]}]" if len(path) > 1 else self.place(*path)

    def _line(self, path: tuple[str, ...]) -> int | None:
        table: tuple[str, ...] = ()
        longest, found = 0, None
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := _HEADER.match(line):
                here = table = _names(header[1])
            elif assignment := _ASSIGNMENT.match(line):
                here = (*table, *_names(assignment[1]))
            else:
                continue
            if longest < len(here) and path[: len(here)] == here:
                longest, found = len(here), number
        return found


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in re.findall(_NAME, dotted))


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file says, as settings."""

    values: Mapping[str, object]
    origins: Mapping[str, str]


def read_tables(source: TomlText, data: Mapping[str, object]) -> Tables:
    """Return the settings that a file's tables are. Raises SettingsError, which names file, line and the right name."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for path, setting, value in _settings(source, data):
        if setting in values:
            raise SettingsError(
                f"{source.place(*path)}: {setting} is there twice, also as `{_alias(setting)}`; leave one out"
            )
        values[setting] = _inside(source, path, value) if setting in PATHS else value
        origins[setting] = source.origin(*path)
        if isinstance(value, Mapping):
            origins |= {f"{setting}.{entry}": source.origin(*path, entry) for entry in value}
    return Tables(values, origins)


def _settings(source: TomlText, data: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str, object]]:
    """The places, names and values of all settings in a file, each of the right type."""
    for name, value in data.items():
        if name not in (*NAMES, "preset", "settings"):
            raise SettingsError(f"{source.place(name)}: {_unknown(name)}")
        setting = NAMES.get(name)
        expected = OUR_DEFAULTS[setting] if setting else {"preset": "", "settings": {}}[name]
        _check_type(source, (name,), value, expected, _EXAMPLES[name])
        if setting:
            _check_entries(source, name, value)
            yield (name,), setting, value
    named = data.get("settings", {})
    assert isinstance(named, Mapping)
    for setting, value in named.items():
        path = ("settings", setting)
        if refusal := _refusal(setting):
            raise SettingsError(f"{source.place(*path)}: {refusal}")
        _check_type(source, path, value, OUR_DEFAULTS[setting], None)
        yield path, setting, value


def _unknown(name: str) -> str:
    known = ["preset", *NAMES, "settings"]
    if name.upper() in OUR_DEFAULTS:
        return f"there is no {name} here; write it under [settings] as {name.upper()}"
    meant = nearest(name, known)
    return f"there is no {name}; " + (f"did you mean {meant}?" if meant else f"there may be {', '.join(known)}")


def _refusal(setting: str) -> str | None:
    """Why a file may not set a setting; None when it may."""
    if setting in _BY_PERSON_ONLY:
        what = "--commit" if setting == "COMMIT" else f"-s {setting}="
        return (
            f"[settings] may not set {setting}, which {_BY_PERSON_ONLY[setting]}, for the file may come with somebody "
            f"else's collection; give {what} on the command line"
        )
    if setting in OUR_DEFAULTS:
        return None
    meant = RENAMED.get(setting) or nearest(setting.upper(), OUR_DEFAULTS.keys() - _BY_PERSON_ONLY.keys())
    if meant:
        return f"there is no setting {setting}; did you mean {meant}?"
    return (
        f"[settings] may not set {setting}: it takes the settings of docs/settings.md only, since others can load code "
        "and the file may come with somebody else's collection; give it with -s on the command line"
    )


def _check_type(source: TomlText, path: tuple[str, ...], value: object, expected: object, example: str | None) -> None:
    if path[-1] == "REVIEW_BELOW" and type(value) in {int, float}:
        return  # one number for all fields
    kind = str if expected is None else type(expected)
    fits = isinstance(value, (int, float) if kind is float else kind) and (kind is bool or not isinstance(value, bool))
    if fits and isinstance(value, list):
        fits = all(isinstance(item, str) for item in value)
    if not fits:
        advice = f"write it like {path[-1]} = {example}" if example else "correct it"
        raise SettingsError(f"{source.place(*path)}: {path[-1]} must be {_KINDS[kind]}; {advice}")
    texts = value if isinstance(value, list) else [value]
    if any(isinstance(text, str) and _CONTROL.search(text) for text in texts):
        raise SettingsError(f"{source.place(*path)}: {path[-1]} holds a control character; write it in one plain line")


def _check_entries(source: TomlText, name: str, value: object) -> None:
    """Check the fields of [keys], [policy] and [shapes], each by itself, so that the message can say the line."""
    check = {"keys": parse_keys, "policy": parse_policy, "shapes": parse_shapes}.get(name)
    if check is None or not isinstance(value, Mapping):
        return
    for field, said in value.items():
        try:
            check({field: said}, f"[{name}]")
        except SettingsError as error:
            raise SettingsError(f"{source.place(name, field)}: {error}") from None


def _inside(source: TomlText, path: tuple[str, ...], value: object) -> object:
    """A path that a file names, once it is known to stay in the file's folder."""
    if not value or source.folder is None or (path[-1] == "REPLAY" and value == "archive"):
        return value
    if not leads_inside(source.folder, str(value)):
        setting = NAMES.get(path[-1], path[-1])
        raise SettingsError(
            f'{source.place(*path)}: {path[-1]} = "{value}" leads out of the folder of the file; name a place inside '
            f"it, or leave it out and give -s {setting}= on the command line"
        )
    return value


def leads_inside(folder: Path, place: str | Path) -> bool:
    """Return whether a path, links followed, stays in a folder."""
    return Path(os.path.realpath(folder / place)).is_relative_to(os.path.realpath(folder))


def _alias(setting: str) -> str:
    return next(name for name, named in NAMES.items() if named == setting)
