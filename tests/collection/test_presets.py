"""The presets: data that is checked when it is read, and that the wheel holds."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from scrapy.settings import Settings

from archiver.collection.presets import FOLDER, presets, read_preset
from archiver.config.layers import apply_layers
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.models import Field
from archiver.repair.policy import Action
from archiver.seeds.globs import Glob, SeedFiles
from tests.conftest import ROOT

NAMES = ["astro", "dendron", "eleventy", "hugo", "jekyll", "obsidian", "plain", "zettlr"]


def test_the_presets_are_these() -> None:
    assert list(presets()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_names_the_keys_of_every_field_and_is_valid(name: str) -> None:
    preset = presets()[name]
    assert set(preset.keys) == {"source", *Field} - {Field.BODY}
    for keys in preset.keys.values():
        assert len(keys) == len(set(keys))
    assert {"SEEDS_DIR", "SEED_SUFFIXES", "SEED_EXCLUDE", "BODY_HEADING", "LIQUID_FENCES"} <= set(preset.values)
    settings = Settings()
    settings.setmodule("archiver.settings")
    apply_layers(settings, [preset.layer])
    run = RunSettings.read(settings)
    assert run.keys["source"] == tuple(preset.keys["source"])
    reported = {field for field in Field if run.policy.action(field) is Action.REPORT}
    assert reported == ({Field.DATE, Field.CATEGORY} if name == "jekyll" else set())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_post_is_excluded(name: str) -> None:
    posts = SeedFiles(exclude=tuple(map(Glob.parse, presets()[name].texts("SEED_EXCLUDE"))))

    def is_excluded(path: str) -> bool:
        parts = path.split("/")
        return any(posts.excludes(parts[:end], end < len(parts)) for end in range(1, len(parts) + 1))

    for path in ("node_modules/x/readme.md", "a/node_modules/b.md", "README.md", "sub/LICENSE.md"):
        assert is_excluded(path), path
    for path in ("2024-01-01-a.md", "blog/readme-first.md", "en/2024/post/index.md"):
        assert not is_excluded(path), path


def test_liquid_runs_in_two_of_them_and_a_heading_belongs_in_the_body_of_two() -> None:
    assert {name for name, preset in presets().items() if preset.values["LIQUID_FENCES"]} == {"jekyll", "eleventy"}
    assert {name for name, preset in presets().items() if preset.values["BODY_HEADING"]} == {"plain", "zettlr"}


def test_the_wheel_holds_every_preset() -> None:
    """What is forgotten is data, which nothing imports; `make release` looks into the wheel itself."""
    package = ROOT / "archiver"
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    globs = configuration["tool"]["setuptools"]["package-data"]["archiver"]
    held = {file for glob in globs for file in package.glob(glob)}
    assert {FOLDER / f"{name}.toml" for name in NAMES} <= held


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("about = ", "is not TOML"),
        ('[keys]\nsource = "x"\n', "it needs `about`, a text, and a table [detect]"),
        ('about = "x"\n[detect]\nfile = []\n', "it needs `about`, a text, and a table [detect]"),
        ('about = "x"\npreset = "hugo"\n[detect]\n', "a preset has [keys] and builds on no other preset"),
        ('about = "x"\n[keys]\ntitel = "x"\n[detect]\n', "[keys] names the field 'titel', which does not exist"),
        ('about = "x"\n[keys]\ntitle = "x"\n[settings]\nADDONS = {}\n[detect]\n', "[settings] may not set ADDONS"),
    ],
)
def test_a_preset_is_checked_when_it_is_read(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "new.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        read_preset(file)
    assert str(caught.value).startswith(str(file))
    assert sentence in str(caught.value)
