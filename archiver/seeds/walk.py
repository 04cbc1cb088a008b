"""Go through the folder of seeds: which files there are seeds, in the order of their names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archiver.files.stamps import stamp_of
from archiver.seeds.globs import SeedFiles


class FoundSeed(NamedTuple):
    """A file that is named like a seed."""

    path: str
    """From the folder of seeds on, `/` between folders."""
    entry: os.DirEntry[str] | None
    """None for a folder that cannot be listed, which is told as one seed that cannot be read."""

    @property
    def stamp(self) -> bytes | None:
        """The stamp of the file as it lies there; None for a link, and where there is none any more."""
        try:
            return None if self.entry is None else stamp_of(self.entry.stat(follow_symlinks=False))
        except OSError:
            return None


def walk_seeds(root: Path, files: SeedFiles) -> Iterator[FoundSeed]:
    """The seeds below a folder, one folder at a time in memory.

    Hidden files and folders are passed over, and what `files` leaves out; links to folders are not entered, so that no
    seed is met twice and none outside.
    """
    return _walk(root, files, (), files.includes_root())


def _walk(root: Path, files: SeedFiles, folder: tuple[str, ...], included: bool) -> Iterator[FoundSeed]:
    try:
        with os.scandir(root.joinpath(*folder)) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        # Reported as one seed that cannot be read, rather than passed over as if the folder were empty.
        yield FoundSeed("/".join(folder) or ".", None)
        return
    for entry in entries:
        name, is_folder = entry.name, entry.is_dir(follow_symlinks=False)
        parts = (*folder, name)
        if name.startswith(".") or files.excludes(parts, is_folder):
            continue
        wanted = included or files.includes(parts, is_folder)
        if files.is_named(name):
            if wanted:
                yield FoundSeed("/".join(parts), entry)
        elif is_folder and (wanted or files.leads_to_included(parts)):
            yield from _walk(root, files, parts, wanted)
