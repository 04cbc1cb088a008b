"""Where the files of a seed's pictures go, and what its links to them say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_BUNDLE = "index"
"""The name of a post that has a folder of its own (https://gohugo.io/content-management/page-bundles/)."""


class PicturePlace(NamedTuple):
    """A folder for pictures, as one seed sees it."""

    folder: Path
    prefix: str
    """What links have before the name of a file."""


@dataclass(frozen=True, slots=True)
class PicturePlaces:
    """The places of one collection."""

    seeds: Path
    folder: Path
    """The folder for pictures of all seeds."""
    path: str | None = None
    """How pages name that folder; None: as it lies, relative to the seed."""
    bundles: bool = True
    """Whether the pictures of a post that has a folder of its own lie beside it."""
    output: Path | None = None
    """Where copies of the seeds go, and pictures with them; links are those of the place where the seeds lie."""

    def of(self, seed: str) -> PicturePlace:
        """The place for the pictures of a seed, by its path below `seeds`.

        >>> PicturePlaces(Path("content"), Path("static/images"), "/images").of("posts/a.md")
        PicturePlace(folder=PosixPath('static/images'), prefix='/images/')
        >>> PicturePlaces(Path("notes"), Path("notes/files")).of("2024/a.md")
        PicturePlace(folder=PosixPath('notes/files'), prefix='../files/')
        >>> PicturePlaces(Path("content"), Path("static/images")).of("posts/a/index.md")
        PicturePlace(folder=PosixPath('content/posts/a'), prefix='')
        """
        path = PurePosixPath(seed)
        if self.bundles and path.name.split(".")[0] == _BUNDLE and path.parent.name:
            return PicturePlace((self.output or self.seeds) / path.parent, "")
        if self.path is not None:
            return PicturePlace(self.shared_folder, f"{self.path.rstrip('/')}/")
        relative = PurePosixPath(os.path.relpath(self.folder, self.seeds / path.parent))
        return PicturePlace(self.shared_folder, "" if relative == PurePosixPath() else f"{relative}/")

    @property
    def shared_folder(self) -> Path:
        """Where files go that all seeds share."""
        if self.output is None:
            return self.folder
        inside = os.path.relpath(self.folder, self.seeds)
        if not inside.startswith(".."):
            return self.output / inside
        return self.output / (
            self.folder.name if self.folder.is_absolute() or ".." in self.folder.parts else self.folder
        )
