"""IMAGE_LINKS, and where pictures go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.settings import Settings

from archiver import settings as ours
from archiver.collection.file import parse_collection
from archiver.config import image_links
from archiver.config.run_settings import RunSettings
from archiver.errors import SettingsError
from archiver.repair.pictures.places import PicturePlaces


def read(**given: Any) -> PicturePlaces | None:
    settings = Settings()
    settings.setmodule(ours)
    settings.setdict(given, priority="cmdline")
    return RunSettings.read(settings).image_links.places


def test_links_stay_unless_something_else_is_asked_for(tmp_path: Path) -> None:
    assert read() is None
    assert read(IMAGE_LINKS="local") == PicturePlaces(Path("seeds"), Path("images"))
    given = {"IMAGE_DIR": tmp_path, "IMAGE_PATH": "/img/", "IMAGE_BUNDLES": 0, "OUTPUT_DIR": tmp_path / "out"}
    assert read(IMAGE_LINKS="local", **given) == PicturePlaces(
        Path("seeds"), tmp_path, "/img/", bundles=False, output=tmp_path / "out"
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"IMAGE_LINKS": "locl"}, "IMAGE_LINKS=locl is not known; write remote or local"),
        ({"IMAGE_DIR": ""}, "IMAGE_DIR is empty; name the folder"),
        ({"IMAGE_DIR": "my pictures"}, "IMAGE_DIR=my pictures has a name that links cannot have"),
        ({"IMAGE_DIR": "README.md"}, "IMAGE_DIR=README.md is not a folder"),
        ({"IMAGE_PATH": "{{ site.url }}/x"}, "is no plain path; write it like /images"),
        ({"IMAGE_PATH": "//cdn.example/x"}, "IMAGE_PATH=//cdn.example/x is no plain path"),
        ({"IMAGE_BUNDLES": "some"}, "IMAGE_BUNDLES=some is neither on nor off"),
    ],
)
def test_what_cannot_be_meant_is_one_sentence(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**{"IMAGE_LINKS": "local", **given})
    assert sentence in str(refused.value)


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_links, "PACKAGE", "no_such_package")
    with pytest.raises(SettingsError, match=r"IMAGE_LINKS=local needs Pillow.*pip install 'seed-archiver\[images\]'"):
        read(IMAGE_LINKS="local")


@pytest.mark.parametrize(
    ("preset", "post", "place"),
    [
        ("hugo", "posts/a.md", ("static/images", "/images/")),
        ("hugo", "posts/a/index.md", ("content/posts/a", "")),
        ("jekyll", "2024-01-01-a.md", ("assets/images", "/assets/images/")),
        ("eleventy", "posts/a/index.md", ("images", "/images/")),
        ("astro", "blog/a/index.mdx", ("public/images", "/images/")),
        ("obsidian", "News/a.md", ("attachments", "../attachments/")),
        ("zettlr", "a.md", ("assets", "assets/")),
        ("dendron", "a.md", ("assets/images", "assets/images/")),
        ("plain", "a/index.md", ("a", "")),
    ],
)
def test_a_preset_knows_where_its_builder_finds_pictures(
    preset: str, post: str, place: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings()
    settings.setmodule(ours)
    text = f'preset = "{preset}"\n[settings]\nIMAGE_LINKS = "local"\n'
    parse_collection(tmp_path / "seed-archiver.toml", text).apply(settings)
    places = RunSettings.read(settings).image_links.places
    assert places is not None
    folder, prefix = places.of(post)
    assert (str(folder), prefix) == place


def test_a_collection_cannot_put_pictures_outside_of_its_folder(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"IMAGE_DIR .*leads out of the folder of the file"):
        parse_collection(tmp_path / "seed-archiver.toml", '[settings]\nIMAGE_DIR = "../../etc"\n')
