"""The presets: one file of data per generator, in presets/."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from archiver.collection.tables import TomlText, read_tables
from archiver.config.layers import PRESET_PRIORITY, Layer
from archiver.config.names import nearest
from archiver.errors import SettingsError

FOLDER = Path(__file__).with_name("presets")

_DETECT = ("files", "beside", "addresses", "keys")


@dataclass(frozen=True, slots=True)
class Preset:
    """What one generator has in common in all its collections."""

    name: str
    about: str
    """The generator's own name."""
    values: Mapping[str, object]
    """Settings, by name."""
    files: tuple[str, ...]
    """Globs of files and folders of which one, in a collection's folder, gives the generator away."""
    beside: tuple[str, ...]
    """Further files that may name the site's address."""
    addresses: tuple[str, ...]
    """Keys in those files that hold the site's address."""
    signs: tuple[str, ...]
    """Keys of front matter that together give the generator away."""

    @property
    def keys(self) -> Mapping[str, list[str]]:
        """The keys of each field, the usual one first."""
        keys = self.values["SEED_KEYS"]
        assert isinstance(keys, dict)
        return keys

    def texts(self, setting: str) -> tuple[str, ...]:
        """The texts of a setting that is a list."""
        texts = self.values.get(setting, ())
        assert isinstance(texts, (list, tuple))
        return tuple(texts)

    @property
    def layer(self) -> Layer:
        """Its settings, ready to be set."""
        values = self.values
        where = f"preset {self.name}"
        entries = {
            f"{name}.{entry}": where for name, value in values.items() if isinstance(value, dict) for entry in value
        }
        return Layer(PRESET_PRIORITY, values, {**dict.fromkeys(values, where), **entries})


@cache
def presets() -> Mapping[str, Preset]:
    """Read all presets, by name."""
    return {file.stem: read_preset(file) for file in sorted(FOLDER.glob("*.toml"))}


def preset_named(name: str, place: str) -> Preset:
    """Return a preset. Raises SettingsError, which says where it is named and the nearest name."""
    found = presets().get(name)
    if found is not None:
        return found
    meant = nearest(name.lower(), presets())
    guess = f"did you mean {meant}?" if meant else f"the presets are {', '.join(presets())}"
    raise SettingsError(f"{place}: there is no preset {name}; {guess}")


def read_preset(file: Path) -> Preset:
    """Read one file. Raises SettingsError, which names the file and what is wrong in it."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file} is not TOML ({error}); correct it") from None
    about, detect = data.pop("about", None), data.pop("detect", None)
    if not isinstance(about, str) or not isinstance(detect, dict) or set(detect) - set(_DETECT):
        raise SettingsError(
            f"{file}: it needs `about`, a text, and a table [detect] with {', '.join(_DETECT)}; add them"
        )
    if "preset" in data or "keys" not in data:
        raise SettingsError(f"{file}: a preset has [keys] and builds on no other preset; correct it")
    tables = read_tables(TomlText(str(file), "", None), data)
    return Preset(file.stem, about, tables.values, *(tuple(detect.get(part, ())) for part in _DETECT))
