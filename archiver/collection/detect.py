"""Which generator a folder is made for, and at which hosts its site is, from the generator's own files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from archiver.collection.presets import Preset, presets
from archiver.collection.survey import Post

MAX_CONFIGURATION_BYTES = 1024 * 1024
"""Bytes of a generator's configuration that are read; real ones have some thousands. Chosen, not measured."""
MIN_SIGN_SHARE = 0.5
"""Share of posts that have all keys that are a generator's signs; with less one imported post would decide. Chosen, not
measured."""

_CNAMES = ("CNAME", "static/CNAME", "public/CNAME", "src/CNAME")
"""Files in which a host of pages is told the name of the site."""


@dataclass(frozen=True, slots=True)
class Generator:
    """What a folder is made for."""

    preset: Preset
    evidence: str
    """The file, or the keys, that give it away."""
    hosts: tuple[str, ...]
    """Of the site itself."""
    hosts_from: str
    """The file that names them; empty without any."""


def detect_by_files(root: Path) -> Generator | None:
    """Return the generator whose files lie in a folder."""
    for preset in presets().values():
        found = next((file for glob in preset.files for file in _matches(root, glob) if _is_its(preset, file)), None)
        if found is not None:
            return Generator(preset, _shown(root, found), *site_hosts(root, preset))
    return None


def detect_by_posts(root: Path, posts: Mapping[str, Post]) -> Generator:
    """Return the generator whose keys, and whose suffix, most posts have; without one, none."""
    for preset in presets().values():
        if preset.signs and posts:
            suffixes = preset.texts("SEED_SUFFIXES")
            having = sum(
                path.lower().endswith(suffixes) and all(sign in post for sign in preset.signs)
                for path, post in posts.items()
            )
            if having > MIN_SIGN_SHARE * len(posts):
                return Generator(preset, f"{' and '.join(preset.signs)} in {having} of {len(posts)} posts", (), "")
    plain = presets()["plain"]
    return Generator(plain, "nothing says which", *site_hosts(root, plain))


def site_hosts(root: Path, preset: Preset) -> tuple[tuple[str, ...], str]:
    """Return the hosts of the site, and the file that names them."""
    for glob in (*preset.files, *preset.beside):
        for file in _matches(root, glob):
            hosts = tuple(dict.fromkeys(_addresses(file, preset.addresses)))
            if hosts:
                return hosts, _shown(root, file)
    for name in _CNAMES:
        host = _text(root / name).strip().lower()
        if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", host):
            return (host,), name
    return (), ""


def _matches(root: Path, glob: str) -> list[Path]:
    return sorted(root.glob(glob)) if "*" in glob else [root / glob] if (root / glob).exists() else []


def _is_its(preset: Preset, file: Path) -> bool:
    """Whether a file is the generator's; `config.toml` is Hugo's only with an address of Hugo's."""
    return file.name != "config.toml" or file.parent.name == "_default" or any(_addresses(file, preset.addresses))


def _addresses(file: Path, keys: Sequence[str]) -> Iterator[str]:
    """The hosts that a configuration names under one of the keys; a key that stands deeper is somebody else's."""
    if not keys or not file.is_file():
        return
    indent = "" if file.suffix in {".toml", ".yml", ".yaml"} else r"[ \t{]*"
    named = "|".join(map(re.escape, keys))
    pattern = rf"^{indent}[\"']?(?:{named})[\"']?[ \t]*[:=][ \t]*[\"']?(https?://[^\s\"',#]+)"
    for match in re.finditer(pattern, _text(file), re.MULTILINE | re.IGNORECASE):
        try:
            host = urlsplit(match[1]).hostname
        except ValueError:
            continue
        if host:
            yield host


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_CONFIGURATION_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _shown(root: Path, file: Path) -> str:
    return os.path.relpath(file, root)
