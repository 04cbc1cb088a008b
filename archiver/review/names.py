"""Whether a path that a file names is one of a seed: files of runs and of decisions come from elsewhere too."""

from __future__ import annotations

from pathlib import Path

from archiver.errors import SeedUnreadable
from archiver.seeds.store import SeedStore


def check_name(store: SeedStore, path: str) -> None:
    """Raise SeedUnreadable for a path that is none of a seed in the store's folder, whether one is there or not."""
    parts = path.split("/")
    is_plain = "\0" not in path and "\\" not in path and not any(not part or part.startswith(".") for part in parts)
    if not is_plain or not store.files.is_named(parts[-1]) or not _is_inside(store, path):
        raise SeedUnreadable(
            f"{path!r} is no path of a seed in {store.root}; name seeds by their path below that folder"
        )


def _is_inside(store: SeedStore, path: str) -> bool:
    try:
        return Path(store.root, path).parent.resolve().is_relative_to(store.root.resolve())
    except (OSError, ValueError, RuntimeError):
        return False
