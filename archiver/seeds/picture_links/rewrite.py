"""Other addresses put in the places of a seed's pictures; every byte outside of them stays, or nothing changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NoReturn

from archiver.errors import SeedError, SeedRefused
from archiver.seeds.document import render
from archiver.seeds.picture_links.links import PictureLink, find_links
from archiver.seeds.seed import Seed, read

_PLAIN_ADDRESS = re.compile(r"(?:\.\.?/)*/?[A-Za-z0-9][A-Za-z0-9._~-]*(?:/[A-Za-z0-9._~-]+)*")
"""What means itself in every place where an address can stand: in YAML without quotes, in Markdown, in an attribute."""


def is_plain_address(address: str) -> bool:
    """True for an address that needs neither quotes nor escapes, wherever it stands."""
    return _PLAIN_ADDRESS.fullmatch(address) is not None


def rewrite_links(seed: Seed, image_keys: Sequence[str], targets: Mapping[str, str]) -> bytes:
    """The seed's bytes with each picture that `targets` names under its new address.

    Raises SeedRefused where a reader would see anything else changed; ValueError for an address that would need quotes
    or escapes somewhere.
    """
    for target in targets.values():
        if not is_plain_address(target):
            raise ValueError(f"{target!r} is no address that means itself everywhere")
    before = find_links(seed, image_keys)
    raw = render(seed.document)
    pieces: list[bytes] = []
    position = 0
    for link in before.links:
        if link.address in targets:
            pieces += (raw[position : link.start], targets[link.address].encode())
            position = link.end
    after = b"".join([*pieces, raw[position:]])
    if after == raw:
        return raw
    try:
        changed = read(seed.path, after)
    except SeedError as error:
        _refuse(seed, str(error))
    found = find_links(changed, image_keys)
    if found.links != tuple(_expected(before.links, targets)) or found.templates != before.templates:
        _refuse(seed, "another picture would be read there")
    if not _differs_only_in(set(map(seed.key_path, image_keys)), seed.values, changed.values, targets):
        _refuse(seed, "another key would be read differently")
    return after


def _expected(links: Iterable[PictureLink], targets: Mapping[str, str]) -> Iterator[PictureLink]:
    """Yield the links as they have to be found afterwards."""
    shift = 0
    for link in links:
        address = targets.get(link.address, link.address)
        start, end = link.start + shift, link.end + shift
        if link.address in targets:
            shift += len(address) - (link.end - link.start)
            end = start + len(address)
        yield PictureLink(start, end, address, link.place)


def _differs_only_in(
    paths: set[tuple[str, ...]], before: object, after: object, targets: Mapping[str, str], at: tuple[str, ...] = ()
) -> bool:
    """True when two loaded values differ by the new addresses only, and only at some paths and below them."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return list(before) == list(after) and all(
            _differs_only_in(paths, value, after[key], targets, (*at, str(key))) for key, value in before.items()
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _differs_only_in(paths, one, two, targets, at) for one, two in zip(before, after, strict=True)
        )
    if isinstance(before, str) and before != after:
        return targets.get(before) == after and any(at[: len(path)] == path for path in paths)
    return repr(before) == repr(after)  # as text, since NaN is no equal of itself


def _refuse(seed: Seed, clause: str) -> NoReturn:
    raise SeedRefused(f"{seed.path}: its pictures' addresses cannot be rewritten ({clause}); rewrite them by hand.")
