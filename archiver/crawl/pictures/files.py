"""Pictures that are files of the site: where they lie for a seed that names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

_FOLDERS = ("", "static", "public", "assets", "source", "src")
"""Folders from which builders take files as they are: Hugo and Zola, Astro, Eleventy, Hexo."""
_MAX_LEVELS_UP = 2
"""Levels above SEEDS_DIR where the site's own folder may be, as with `content/posts`; with fewer its files are not
found, with more files that are no part of the site are. Chosen, not measured."""


def find_file(address: str, seed: Path, seeds: Path) -> Path | None:
    """Return the file that an address without a host means in a seed; None where there is none in the site's folders.

    `seeds` is SEEDS_DIR. A path that leads out of the site, or a link that does, means no file.
    """
    path = unquote(urlsplit(address).path)
    if not path or "\0" in path:
        return None
    roots = _roots(seeds.resolve())
    for place in _places(path, seed, roots):
        try:
            real = place.resolve()
            if real.is_file() and any(real.is_relative_to(root) for root in roots):
                return real
        except (OSError, ValueError):
            continue
    return None


def is_rooted(address: str) -> bool:
    """True for a path from the site's root, which a builder may serve from anywhere."""
    return address.startswith("/")


def _roots(seeds: Path) -> list[Path]:
    """SEEDS_DIR and the folders above it that may be the site's; the root of all folders is none."""
    return [folder for folder in (seeds, *list(seeds.parents)[:_MAX_LEVELS_UP]) if folder != folder.parent]


def _places(path: str, seed: Path, roots: list[Path]) -> Iterator[Path]:
    relative = path.lstrip("/")
    if not is_rooted(path):
        yield seed.parent / relative
    for root in roots:
        yield from (root / folder / relative for folder in _FOLDERS)
