"""The collection file: found in the folder of a command or above it, read, and made into settings."""

from __future__ import annotations

import contextlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scrapy.settings import BaseSettings, Settings

from archiver.collection.presets import Preset, preset_named
from archiver.collection.tables import PATHS, TomlText, leads_inside, read_tables
from archiver.config.layers import FILE_PRIORITY, PRESET_PRIORITY, Layer, apply_layers, has_default
from archiver.config.names import OUR_DEFAULTS
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.program import OWN_NAME

FILE_NAME = "seed-archiver.toml"

MAX_FILE_BYTES = 256 * 1024
"""Bytes of a collection file that are read; a real one has one or two thousand, and a parser's time and memory grow
with it. Chosen, not measured."""

_BESIDE_THE_FILE = ("SEEDS_DIR", "ARCHIVE_DIR", "IMAGE_DIR")
"""Folders that are looked for beside the file although nobody names them."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection's file and preset, as settings."""

    file: Path
    preset: Preset | None
    layers: tuple[Layer, ...]
    """The lowest first."""

    def apply(self, settings: BaseSettings) -> Mapping[str, str]:
        """Set what file and preset say, below what the command line says; return where each value comes from.

        Raises SettingsError for a folder that nobody named and that is a link out of the collection.
        """
        beside = {name for name in _BESIDE_THE_FILE if has_default(settings, name)}
        beside -= {name for layer in self.layers for name in layer.values}
        places = {name: _shown(self.file.parent / OUR_DEFAULTS[name]) for name in beside}
        default = Layer(PRESET_PRIORITY, places, dict.fromkeys(places, f"default, beside {_shown(self.file)}"))
        layers = (default, *self.layers)
        origins = apply_layers(settings, layers)
        said = {name: value for layer in layers for name, value in layer.values.items()}
        for name in PATHS:
            if name in origins and said[name]:
                self._check_links(name, str(said[name]))
        return origins

    def _check_links(self, setting: str, place: str) -> None:
        """Raise SettingsError for a place, or for a file of an archive, that is a link out of the collection."""
        for path in (Path(place), *(_links_in(Path(place)) if setting == "ARCHIVE_DIR" else ())):
            if not leads_inside(self.file.parent, Path.cwd() / path):
                raise SettingsError(
                    f"{path} is a link out of the folder of {_shown(self.file)}; if you mean it, give -s {setting}= on "
                    "the command line"
                )


def _links_in(archive: Path) -> Iterator[Path]:
    """The links in an archive, whose ledger, index and WARCs a run writes to."""
    for folder in (archive, archive / "warc"):
        with contextlib.suppress(OSError), os.scandir(folder) as found:
            yield from (Path(entry.path) for entry in found if entry.is_symlink())


def find_file(folder: Path) -> Path | None:
    """Return the collection file in a folder, or in the nearest folder above that has one."""
    folder = folder.absolute()
    return next((file for place in (folder, *folder.parents) if os.path.lexists(file := place / FILE_NAME)), None)


def read_collection(file: Path) -> Collection:
    """Read a collection file. Raises SettingsError: one sentence that names the file and says what to do."""
    return parse_collection(file, _text(file, _shown(file)))


def parse_collection(file: Path, text: str) -> Collection:
    """Read the text of a collection file. Raises SettingsError, as `read_collection` does."""
    shown = _shown(file)
    source = TomlText(shown, text, file.parent)
    data = _parse(source)
    preset = preset_named(str(data["preset"]), source.place("preset")) if isinstance(data.get("preset"), str) else None
    if isinstance(data.get("preset"), list):
        raise SettingsError(f"{source.place('preset')}: preset names more than one; choose one of them")
    tables = read_tables(source, data)
    values = dict(tables.values)
    origins = dict(tables.origins)
    if preset and "exclude" in data:
        # A collection's own places are left out besides the generator's; SEED_EXCLUDE under [settings] replaces both.
        values["SEED_EXCLUDE"] = [*preset.texts("SEED_EXCLUDE"), *tables.values["SEED_EXCLUDE"]]  # type: ignore[misc]
        origins["SEED_EXCLUDE"] = f"preset {preset.name}, and {origins['SEED_EXCLUDE']}"
    upper = _placed(Layer(FILE_PRIORITY, values, origins), file.parent)
    lower = [_placed(preset.layer, file.parent)] if preset else []
    collection = Collection(file, preset, (*lower, upper))
    _check_values(collection, shown)
    return collection


def _text(file: Path, shown: str) -> str:
    try:
        if not file.is_file() and file.exists():
            raise SettingsError(f"{shown} is not a file; rename it, or write one with `{OWN_NAME} init`")
        with file.open("rb") as stream:
            raw = stream.read(MAX_FILE_BYTES + 1)
        if len(raw) > MAX_FILE_BYTES:
            raise SettingsError(
                f"{shown} is larger than {MAX_FILE_BYTES // 1024} KiB; leave out what does not belong in it"
            )
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{shown} is not UTF-8; save it as UTF-8") from None
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise SettingsError(f"{shown} cannot be read ({reason}); give this user permission, or delete it") from None


def _parse(source: TomlText) -> dict[str, object]:
    try:
        return tomllib.loads(source.text)
    except ValueError as error:  # besides its own error, tomllib lets that of a number too long through
        lines = [line for line in source.text.splitlines() if line.partition("=")[0].strip() == "preset"]
        if len(lines) > 1 and "overwrite" in str(error):
            raise SettingsError(f"{source.shown} names {len(lines)} presets; leave one of them") from None
        raise SettingsError(f"{source.shown} is not TOML ({str(error).rstrip('.')}); correct it") from None
    except RecursionError:
        raise SettingsError(f"{source.shown} is nested too deeply; make it flatter") from None


def _placed(layer: Layer, folder: Path) -> Layer:
    """The layer with its paths as they lead there from the working directory."""
    values = dict(layer.values)
    for name in PATHS:
        value = values.get(name)
        if value and (name, value) != ("REPLAY", "archive"):
            values[name] = _shown(folder / str(value))
    return Layer(layer.priority, values, layer.origins)


def _check_values(collection: Collection, shown: str) -> None:
    """Read the settings as a run would that nobody gave anything else. Raises SettingsError."""
    settings = Settings()
    settings.setmodule("archiver.settings")
    try:
        apply_layers(settings, collection.layers)
        RunSettings.read(settings, with_places=False)
    except SettingsError as error:
        said = str(error)
        raise SettingsError(said if shown in said else f"{shown}: {said}") from None


def _shown(path: Path) -> str:
    """A path as a person can open it from the working directory."""
    return os.path.relpath(path)
