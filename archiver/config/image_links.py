"""Whether links to pictures are rewritten to files of the collection, and where these lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from scrapy.settings import BaseSettings

from archiver.config.images import PACKAGE
from archiver.config.values import read_switch
from archiver.errors import SettingsError
from archiver.repair.pictures.places import PicturePlaces
from archiver.seeds.picture_links import is_plain_address

LOCAL, REMOTE = "local", "remote"


@dataclass(frozen=True, slots=True)
class ImageLinks:
    """What becomes of links to pictures that the archive has."""

    places: PicturePlaces | None = None
    """Where local files go; None where links stay as they are."""

    @classmethod
    def read(cls, settings: BaseSettings, *, with_places: bool) -> ImageLinks:
        """Read the settings of links to pictures. Raises SettingsError; `with_places` looks for the extra too."""
        named = str(settings["IMAGE_LINKS"] or REMOTE)
        if named not in {LOCAL, REMOTE}:
            raise SettingsError(f"IMAGE_LINKS={named} is not known; write {REMOTE} or {LOCAL}")
        folder = str(settings["IMAGE_DIR"] or "")
        path = _parse_path(settings["IMAGE_PATH"])
        bundles = read_switch(settings, "IMAGE_BUNDLES")
        if named == REMOTE:
            return cls()
        if with_places and find_spec(PACKAGE) is None:
            raise SettingsError(
                "IMAGE_LINKS=local needs Pillow, which is not installed; install it with "
                "`pip install 'seed-archiver[images]'`, or set IMAGE_LINKS=remote"
            )
        if not folder:
            raise SettingsError("IMAGE_DIR is empty; name the folder for pictures, or set IMAGE_LINKS=remote")
        if Path(folder).exists() and not Path(folder).is_dir():
            raise SettingsError(f"IMAGE_DIR={folder} is not a folder; name another")
        seeds = Path(settings["SEEDS_DIR"] or "")
        if path is None and not is_plain_address(_relative(folder, seeds)):
            raise SettingsError(
                f"IMAGE_DIR={folder} has a name that links cannot have as it is; name a folder of plain letters, "
                "digits, dots and hyphens, or say in IMAGE_PATH how pages name it"
            )
        output = Path(settings["OUTPUT_DIR"]) if settings["OUTPUT_DIR"] else None
        return cls(PicturePlaces(seeds, Path(folder), path, bundles=bundles, output=output))


def _parse_path(named: object) -> str | None:
    if not named:
        return None
    path = str(named)
    if not is_plain_address(f"{path.rstrip('/')}/a.jpg"):
        raise SettingsError(
            f"IMAGE_PATH={path} is no plain path; write it like /images, of letters, digits, dots and hyphens"
        )
    return path


def _relative(folder: str, seeds: Path) -> str:
    return f"{Path(os.path.relpath(folder, seeds)).as_posix()}/a.jpg"
