"""Changes put into a seed's bytes; every byte outside them stays, or nothing changes at all.

Which readers must agree: docs/design.md D7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NoReturn

import frontmatter
import yaml

from archiver.errors import SeedRefused
from archiver.seeds.document import parse, render
from archiver.seeds.edit import Edit, Splice
from archiver.seeds.edited_tree import NOTHING, is_made, is_wanted, with_edits, without
from archiver.seeds.formats.edits import edit_front
from archiver.seeds.formats.load import language_of
from archiver.seeds.front_matter import FrontMatterError, compose, load_tree
from archiver.seeds.positions import KeySpans, locate_keys
from archiver.seeds.scalars import has_lone_surrogate
from archiver.seeds.seed import Seed
from archiver.seeds.writer import Writer


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
        _check_reader(seed, raw, {seed.key_path(edit.key) for edit in edits})
    return raw


def _check_reader(seed: Seed, raw: bytes, edited: set[tuple[str, ...]]) -> None:
    """Refuse a change after which python-frontmatter, which many load their posts with, sees other fields changed."""
    before = _load_fields(render(seed.document))
    if before and _other_fields(before, edited) != _other_fields(_load_fields(raw), edited):
        _refuse(seed, "python-frontmatter would read other fields differently afterwards; change it by hand")


def _load_fields(raw: bytes) -> dict[str, object]:
    """The fields that python-frontmatter finds; none in a file that it cannot read, as one that ends with `...`."""
    try:
        return frontmatter.loads(raw.decode("utf-8-sig")).metadata
    except (yaml.YAMLError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # PyYAML lets the error of a conversion through: of `!!int :`, of a key that is `!!timestamp x`.
        return {}


def _other_fields(fields: dict[str, object], edited: set[tuple[str, ...]]) -> list[str]:
    # As text, since NaN is no equal of itself.
    return [
        f"{key!r}: {rest!r}"
        for key, value in fields.items()
        if (rest := without(value, {path[1:] for path in edited if path[0] == key})) is not NOTHING
    ]


def _apply_edits(seed: Seed, edits: Sequence[Edit]) -> str:
    front = seed.front
    if seed.format != "yaml":
        try:
            return edit_front(language_of(seed.document), front, edits, seed.newline)
        except FrontMatterError as error:
            _refuse(seed, str(error))
    try:
        before, spans = compose(front), locate_keys(front)
    except (FrontMatterError, yaml.YAMLError):
        before, spans = None, None
    if spans is None or before is None:
        _refuse(
            seed, "its front matter is written in a way that cannot be edited safely; write it as `key: value` lines"
        )
    paths = {edit.key: seed.key_path(edit.key) for edit in edits}
    if len(paths) < len(edits) or any(one in paths.values() for path in paths.values() for one in _holders(path)):
        _refuse(seed, "one key is to be changed twice; change it once")
    due = [edit for edit in edits if not is_made(before, paths[edit.key], edit)]
    # What goes into a mapping that is still to be made has no place before it is: such edits come last, one by one.
    late = [edit for edit in due if edit.after is not None and not _has_siblings(spans, paths[edit.key])]
    batches = [[edit for edit in due if edit not in late], *([edit] for edit in late)]
    after, wanted = front, before
    try:
        for batch in filter(None, batches):
            spans = locate_keys(after) if after != front else spans
            writer = Writer(after, spans, compose(after), seed.newline) if spans else None
            if spans is None or writer is None:
                break
            after = _assemble(after, _pieces(seed, batch, spans, writer))
            wanted = with_edits(wanted, [(paths[edit.key], edit, _sibling(seed, edit)) for edit in batch])
        tree = load_tree(after)
    except (FrontMatterError, yaml.YAMLError):
        tree = None
    if tree is None or not is_wanted(tree, wanted):
        names = ", ".join(f"`{edit.key}`" for edit in due)
        _refuse(seed, f"{names} cannot be changed without touching something else; change it by hand")
    return after


def _holders(path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The paths of the mappings that a path leads through."""
    return (path[:length] for length in range(1, len(path)))


def _has_siblings(spans: KeySpans, path: tuple[str, ...]) -> bool:
    """True when the mapping that a path ends in is there, with something in it."""
    holder = spans.find(path[:-1]) if len(path) > 1 else None
    return len(path) == 1 or (holder is not None and holder.inner is not None and bool(holder.inner.items))


def _sibling(seed: Seed, edit: Edit) -> str | None:
    """The name of the key that an edit's new key goes after; `""` for the end of its mapping, None for no new key."""
    if not edit.after:
        return edit.after
    path, after = seed.key_path(edit.key), seed.key_path(edit.after)
    return after[-1] if path[:-1] == after[:-1] else ""


def _pieces(seed: Seed, edits: Sequence[Edit], spans: KeySpans, writer: Writer) -> list[Splice]:
    """What the edits replace, in the order of places that are the same: values, then new keys, inner ones first."""
    pieces: list[Splice] = []
    paths = {edit.key: seed.key_path(edit.key) for edit in edits}
    for edit in sorted(edits, key=lambda edit: (edit.after is not None, -len(paths[edit.key]))):
        path = paths[edit.key]
        text = edit.value if isinstance(edit.value, str) else "".join(edit.value)
        _check_text(seed, edit.key + text, f"new value of `{edit.key}`")
        if (obstacle := seed.obstacle(edit.key)) is not None:
            what = "a list" if isinstance(seed.value(obstacle), list) else "a single value"
            _refuse(
                seed,
                f"`{obstacle}` is {what}, so it cannot hold `{edit.key}`; make it a mapping, or name another key",
            )
        entry, sibling = spans.find(path), _sibling(seed, edit)
        if sibling is None:
            if entry is None:
                _refuse(seed, f"it has no key `{edit.key}` of its own; add the key")
            pieces.extend(writer.replace(path, entry, edit))
            continue
        if entry is not None:
            _refuse(seed, f"it has a key `{edit.key}` already; change that one")
        if edit.after and spans.find(seed.key_path(edit.after)) is None:
            _refuse(seed, f"it has no key `{edit.after}` to put `{edit.key}` after; add it by hand")
        placed = list(writer.insert(path, edit, sibling))
        if not placed:
            _refuse(seed, f"there is no place for `{edit.key}` that it could be put in safely; add it by hand")
        pieces += placed
    return pieces


def _assemble(front: str, pieces: list[Splice]) -> str:
    """The text with every piece in its place: what is between the pieces is copied, character by character."""
    parts: list[str] = []
    position = 0
    for piece in sorted(pieces, key=lambda piece: (piece.start, piece.end)):
        parts += (front[position : piece.start], piece.text)
        position = piece.end
    return "".join([*parts, front[position:]])


def _check_text(seed: Seed, text: str, name: str) -> None:
    if has_lone_surrogate(text):
        _refuse(seed, f"the {name} holds half of a surrogate pair, which no file can hold; correct the source")


def _refuse(seed: Seed, clause: str) -> NoReturn:
    raise SeedRefused(f"{seed.path}: {clause}.")
