"""What the posts of a folder have: how many, the keys of their sources and fields, the shapes of their values."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

from archiver.collection.presets import Preset, presets
from archiver.errors import SeedError
from archiver.models import Field
from archiver.seeds import first_heading, is_blank, read
from archiver.seeds.globs import Glob, SeedFiles
from archiver.seeds.seed import ABSENT, find_value

MIN_DISTINCT_SHARE = 0.5
"""Share of different addresses among those of a key that nobody knows for a source: with less, a link to the author or
to a licence that many posts share is taken for one. Chosen, not measured."""
MAX_POST_BYTES = 8 * 1024 * 1024
"""Bytes of a file that is looked at; a larger one is no post. Chosen, not measured."""

_MEDIA = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp|mp[34]|m4a|ogg|webm|pdf|ico)\Z", re.IGNORECASE)
_WIKILINK = re.compile(r"\[\[.+\]\]")
_OPENINGS = ("---", "+++", ";;;", "{")
"""What a file with front matter begins with, whether it can be read or not."""


Post = Mapping[str, object]
"""The front matter of a post; its body is not kept, for a collection may have a hundred thousand."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a folder that are named like posts."""

    posts: Mapping[str, Post]
    """The front matter of those that have some, by their path."""
    headed: Mapping[str, bool]
    """Of those with a text, whether it begins with a heading of the first level."""
    broken: Mapping[str, str]
    """Those that cannot be read, with the sentence that says why."""
    others: tuple[str, ...]
    """Those without front matter."""


@dataclass(frozen=True, slots=True)
class KeyCount:
    """How often a key was found."""

    key: str
    posts: int
    blank: int = 0
    """Of them without a value."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found in the posts of a folder."""

    sources: tuple[KeyCount, ...]
    """The keys that name the page a post was copied from, in the order in which they are to be asked."""
    sourced: frozenset[str]
    """The paths of the posts that have one."""
    fields: Mapping[Field, tuple[KeyCount, ...]]
    """The keys of each field, those of most posts first."""
    shapes: Mapping[Field, Counter[str]]
    """The shapes of what is not blank: text, list, wikilinks; day, instant."""


def read_folder(root: Path, suffixes: Collection[str], exclude: Sequence[str]) -> Folder:
    """Read every file below a folder that is named like a post; hidden ones and what is excluded are passed over."""
    posts: dict[str, Post] = {}
    headed: dict[str, bool] = {}
    broken: dict[str, str] = {}
    others = []
    for path in _paths(root, SeedFiles(tuple(suffixes), exclude=tuple(map(Glob.parse, exclude)))):
        try:
            raw = (root / path).read_bytes()
            seed = read(path, raw)
            posts[path] = dict(seed.values)
            if seed.body.strip():
                headed[path] = first_heading(seed.body) is not None
        except SeedError as error:
            text = raw.removeprefix(b"\xef\xbb\xbf").lstrip().decode("utf-8", "replace")
            if text.startswith(_OPENINGS):
                broken[path] = str(error)
            else:
                others.append(path)
        except OSError as error:
            broken[path] = f"{path} cannot be read ({(error.strerror or '').lower()})"
    return Folder(posts, headed, broken, tuple(others))


def _paths(root: Path, posts: SeedFiles) -> Iterator[str]:
    for place, folders, files in os.walk(root):
        parts = Path(place).relative_to(root).parts
        folders[:] = sorted(
            name for name in folders if not (name.startswith(".") or posts.excludes((*parts, name), True))
        )
        for name in sorted(files):
            if name.startswith(".") or not posts.is_named(name) or posts.excludes((*parts, name), False):
                continue
            file = Path(place, name)
            if not file.is_symlink() and file.is_file() and file.stat().st_size <= MAX_POST_BYTES:
                yield "/".join((*parts, name))


def survey_posts(posts: Mapping[str, Post], preset: Preset, hosts: Sequence[str]) -> Survey:
    """Count what the posts have."""
    values = {path: dict(_scalars(post)) for path, post in posts.items()}
    addresses = {
        path: {key for key, value in found.items() if is_source_address(value, hosts)} for path, found in values.items()
    }
    keys = tuple(_source_keys(values, addresses, preset))
    sources = tuple(KeyCount(key, sum(key in found for found in addresses.values())) for key in keys)
    sourced = frozenset(path for path, found in addresses.items() if found & set(keys))
    fields: dict[Field, tuple[KeyCount, ...]] = {}
    shapes: dict[Field, Counter[str]] = {}
    for field in Field:
        if field is not Field.BODY:
            fields[field] = tuple(_field_keys(posts.values(), field, preset, set(keys)))
            usual = preset.values.get("SEED_SHAPES", {})
            assert isinstance(usual, dict)
            shapes[field] = _shapes(posts.values(), field, fields[field], usual.get(field, "text"))
    return Survey(sources, sourced, fields, shapes)


def is_source_address(value: object, hosts: Sequence[str]) -> bool:
    """Return whether a value is an absolute address of a page on another host than the site's own."""
    if not isinstance(value, str) or not value.lower().startswith(("http://", "https://")):
        return False
    try:
        parts = urlsplit(value.strip())
        host = parts.hostname
    except ValueError:
        return False
    own = {name.removeprefix("www.") for name in hosts}
    spaced = any(character.isspace() for character in value.strip())
    return not (not host or spaced or host.removeprefix("www.") in own or _MEDIA.search(parts.path))


def _scalars(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """The values that are neither lists nor mappings, by dotted path."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _scalars({str(name): inner for name, inner in value.items()}, f"{prefix}{key}.")
        elif not isinstance(value, (list, tuple)) and all(name.strip() for name in key.split(".")):
            yield f"{prefix}{key}", value


def _source_keys(
    values: Mapping[str, Mapping[str, object]], addresses: Mapping[str, set[str]], preset: Preset
) -> Iterator[str]:
    """The keys of sources: those that presets know, then any other whose addresses differ, while posts lack one."""
    known = dict.fromkeys(key for one in (preset, *presets().values()) for key in one.keys["source"])
    of_fields = {
        key for one in presets().values() for field, keys in one.keys.items() if field != "source" for key in keys
    }
    counts = Counter(key for found in addresses.values() for key in found)
    lacking = {path for path, found in addresses.items() if found}
    for key in known:
        if having := {path for path in lacking if key in addresses[path]}:
            lacking -= having
            yield key
    alone = Counter(key for path in lacking for key in addresses[path] if key not in of_fields)
    # A key that other posts have beside their source, such as a discussion, is less likely to be one.
    for key in sorted(alone, key=lambda key: (-alone[key] / counts[key], -counts[key], key)):
        having = {path for path in lacking if key in addresses[path]}
        distinct = {values[path][key] for path in having}
        if 2 * len(having) >= counts[key] and len(distinct) >= MIN_DISTINCT_SHARE * len(having) > 0:
            lacking -= having
            yield key


def _field_keys(posts: Iterable[Post], field: Field, preset: Preset, taken: set[str]) -> Iterator[KeyCount]:
    """The keys of a field that posts have, of those that presets know."""
    names = [*preset.keys[field], *sorted({key for one in presets().values() for key in one.keys[field]})]
    found = []
    for key in dict.fromkeys(names):
        held = [value for post in posts if _is_kept(value := find_value(post, key))]
        if held and key not in taken:
            found.append(KeyCount(key, len(held), sum(is_blank(value) for value in held)))
    # Python's sort keeps the preset's order among equals.
    yield from sorted(found, key=lambda count: -count.posts)


def _is_kept(value: object) -> bool:
    """Whether a key is there and holds a field; a mapping holds keys of its own."""
    return value is not ABSENT and not isinstance(value, Mapping)


def _shapes(posts: Iterable[Post], field: Field, keys: Sequence[KeyCount], usual: str) -> Counter[str]:
    """The shapes of the values of a field; a blank list is of the usual shape, if that is one of lists."""
    found: Counter[str] = Counter()
    for post in posts:
        value = next((held for key in keys if _is_kept(held := find_value(post, key.key))), ABSENT)
        if isinstance(value, list) and is_blank(value):
            found["list" if usual == "text" else usual] += 1
        elif value is not ABSENT and not is_blank(value):
            found[_shape(field, value)] += 1
    return found


def _shape(field: Field, value: object) -> str:
    if isinstance(value, list):
        is_linked = bool(value) and all(isinstance(item, str) and _WIKILINK.fullmatch(item) for item in value)
        return "wikilinks" if is_linked else "list"
    if field is Field.DATE:
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        return "day" if is_day or re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else "instant"
    return "text"
