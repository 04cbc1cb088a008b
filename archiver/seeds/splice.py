"""Changes put into a seed's bytes; every byte outside them stays, or nothing changes at all.

Which readers must agree: docs/design.md D7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import NoReturn

import frontmatter
import yaml

from archiver.errors import SeedRefused
from archiver.seeds.document import parse, render
from archiver.seeds.edit import Edit, Splice, Writer
from archiver.seeds.front_matter import FrontMatterError, Tree, compose, load
from archiver.seeds.positions import KeySpans, locate_keys
from archiver.seeds.scalars import STRING_TAG, TIMESTAMP_TAG, has_lone_surrogate, is_timestamp
from archiver.seeds.seed import Seed

_Pair = tuple[object, object]


def splice(seed: Seed, edits: Sequence[Edit] = (), body: str | None = None) -> bytes:
    """The seed's bytes with the edits made, and with another body where one is given.

    Edits whose key has the value already change nothing. Before and after, both YAML parsers must agree on the front
    matter, and only the edited keys may differ; else SeedRefused is raised and names the reason.
    """
    document = seed.document
    front = _apply_edits(seed, edits) if edits else seed.front
    closing = document.closing
    if body is not None and body != seed.body:
        _check_text(seed, body, "body")
        if body and not closing.endswith(b"\n"):
            closing += seed.newline.encode()
    changed = replace(
        document,
        front=front.encode(),
        closing=closing,
        body=document.body if body is None else body.encode(),
    )
    raw = render(changed)
    if parse(raw) != changed:
        _refuse(seed, "a changed value would be taken for the end of the front matter; change it by hand")
    if edits:
        _check_reader(seed, raw, {edit.key for edit in edits})
    return raw


def _check_reader(seed: Seed, raw: bytes, edited: set[str]) -> None:
    """Refuse a change after which python-frontmatter, which many load their posts with, sees other fields changed."""
    before = _load_fields(render(seed.document))
    if before and _other_fields(before, edited) != _other_fields(_load_fields(raw), edited):
        _refuse(seed, "python-frontmatter would read other fields differently afterwards; change it by hand")


def _load_fields(raw: bytes) -> dict[str, object]:
    """The fields that python-frontmatter finds; none in a file that ends them with `...`."""
    try:
        return frontmatter.loads(raw.decode("utf-8-sig")).metadata
    except (yaml.YAMLError, ValueError, TypeError):
        return {}


def _other_fields(fields: dict[str, object], edited: set[str]) -> list[str]:
    # As text, since NaN is no equal of itself.
    return [f"{key!r}: {value!r}" for key, value in fields.items() if key not in edited]


def _apply_edits(seed: Seed, edits: Sequence[Edit]) -> str:
    front = seed.front
    try:
        before, entries = compose(front), locate_keys(front)
    except (FrontMatterError, yaml.YAMLError):
        before, entries = None, None
    if entries is None or before is None:
        _refuse(
            seed, "its front matter is written in a way that cannot be edited safely; write it as `key: value` lines"
        )
    keys = [edit.key for edit in edits]
    if len(set(keys)) < len(keys):
        _refuse(seed, "one key is to be changed twice; change it once")
    due = [edit for edit in edits if not _is_made(edit, before)]
    after = _assemble(front, _pieces(seed, due, entries, Writer(front, entries, before, seed.newline)))
    try:
        load(after)
        tree = compose(after)
    except (FrontMatterError, yaml.YAMLError):
        tree = None
    if tree is None or tree[0] != before[0] or not _differs_only(_pairs(before), _pairs(tree), due):
        names = ", ".join(f"`{edit.key}`" for edit in due)
        _refuse(seed, f"{names} cannot be changed without touching something else; change it by hand")
    return after


def _pieces(seed: Seed, edits: Sequence[Edit], entries: KeySpans, writer: Writer) -> list[Splice]:
    """What the edits replace, replacements first: at one place, a value comes before a new key."""
    pieces: list[Splice] = []
    for edit in sorted(edits, key=lambda edit: edit.after is not None):
        _check_text(seed, edit.key + edit.value, f"new value of `{edit.key}`")
        entry = entries.find(edit.key)
        if edit.after is None:
            if entry is None:
                _refuse(seed, f"it has no key `{edit.key}` of its own; add the key")
            pieces.extend(writer.replace(entry, edit))
            continue
        if entry is not None:
            _refuse(seed, f"it has a key `{edit.key}` already; change that one")
        anchor = entries.find(edit.after)
        if anchor is None:
            _refuse(seed, f"it has no key `{edit.after}` to put `{edit.key}` after; add it by hand")
        pieces.append(writer.insert(anchor, edit))
    return pieces


def _assemble(front: str, pieces: list[Splice]) -> str:
    """The text with every piece in its place: what is between the pieces is copied, character by character."""
    parts: list[str] = []
    position = 0
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        parts += (front[position : piece.start], piece.text)
        position = piece.end
    return "".join([*parts, front[position:]])


def _pairs(tree: Tree) -> list[_Pair]:
    return tree[1] if isinstance(tree[1], list) else []


def _is_made(edit: Edit, tree: Tree) -> bool:
    """True when the key has the edit's value already."""
    return any(_is_key(key, edit.key) and _is_value(value, edit) for key, value in _pairs(tree))


def _is_key(node: object, name: str) -> bool:
    return isinstance(node, tuple) and node[1] == name


def _is_value(node: object, edit: Edit) -> bool:
    as_date = edit.timestamp and is_timestamp(edit.value) and node == (TIMESTAMP_TAG, edit.value)
    return as_date or node == (STRING_TAG, edit.value)


def _differs_only(before: list[_Pair], after: list[_Pair], edits: Sequence[Edit]) -> bool:
    """True when the pairs are the same in the same order, but for the edits, and these are made."""
    wanted: list[tuple[object, object]] = []
    for key, value in before:
        changed = next((edit for edit in edits if edit.after is None and _is_key(key, edit.key)), None)
        wanted.append((key, changed or value))
        wanted.extend(((STRING_TAG, edit.key), edit) for edit in edits if edit.after and _is_key(key, edit.after))
    missing = (None, None)
    return all(
        key == new_key and (_is_value(new_value, value) if isinstance(value, Edit) else value == new_value)
        for (key, value), (new_key, new_value) in zip_longest(wanted, after, fillvalue=missing)
    )


def _check_text(seed: Seed, text: str, name: str) -> None:
    if has_lone_surrogate(text):
        _refuse(seed, f"the {name} holds half of a surrogate pair, which no file can hold; correct the source")


def _refuse(seed: Seed, clause: str) -> NoReturn:
    raise SeedRefused(f"{seed.path}: {clause}.")
