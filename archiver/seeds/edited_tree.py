"""What front matter has to be after its edits, and whether it is: the trees of before and after, compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archiver.seeds.edit import Edit
from archiver.seeds.front_matter import Tree
from archiver.seeds.scalars import STRING_TAG, TIMESTAMP_TAG, is_timestamp

MAPPING_TAG = "tag:yaml.org,2002:map"
SEQUENCE_TAG = "tag:yaml.org,2002:seq"
NULL_TAG = "tag:yaml.org,2002:null"
NOTHING = object()
"""Stands for a value of which nothing is left."""

_Pairs = list[tuple[object, object]]
_Step = tuple[tuple[str, ...], Edit, str | None]
"""The path of an edit, the edit, and the key that a new one goes after, as `with_edits` has them."""


def with_edits(tree: Tree, steps: Iterable[_Step]) -> Tree:
    """The tree with each edit in the place of its value.

    A new key comes behind the one that its step names, and behind those that came there before; with `""` it comes at
    the end of its mapping.
    """
    for path, edit, after in steps:
        tree = _put(tree, path, edit, after)
    return tree


def _put(tree: Tree, path: Sequence[str], edit: Edit, after: str | None) -> Tree:
    tag, pairs = tree[0], _pairs(tree)
    index = next((at for at, (key, _) in enumerate(pairs) if _is_key(key, path[0])), None)
    if index is not None and len(path) > 1:
        key, inner = pairs[index]
        if not isinstance(inner, tuple) or inner[0] == NULL_TAG:
            inner = (MAPPING_TAG, [])
        pairs[index] = (key, _put(inner, path[1:], edit, after))
    elif index is not None:
        pairs[index] = (pairs[index][0], edit)
    else:
        value: object = edit
        for name in reversed(path[1:]):
            value = (MAPPING_TAG, [((STRING_TAG, name), value)])
        pairs.insert(_place(pairs, after if len(path) == 1 else ""), ((STRING_TAG, path[0]), value))
    return tag, pairs


def _place(pairs: _Pairs, after: str | None) -> int:
    found = next((at for at, (key, _) in enumerate(pairs) if after and _is_key(key, after)), None)
    if found is None:
        return len(pairs)
    while found + 1 < len(pairs) and isinstance(edit := pairs[found + 1][1], Edit) and edit.after is not None:
        found += 1
    return found + 1


def is_made(tree: Tree, path: Sequence[str], edit: Edit) -> bool:
    """True when the key at a path has the edit's value already."""
    node: object = tree
    for name in path:
        pairs = _pairs(node) if isinstance(node, tuple) and node[0] == MAPPING_TAG else []
        node = next((value for key, value in pairs if _is_key(key, name)), None)
    return _is_value(node, edit)


def is_wanted(node: object, wanted: object) -> bool:
    """True when a node is the same as the wanted one, whose edits stand for their values."""
    if isinstance(wanted, Edit):
        return _is_value(node, wanted)
    if not (isinstance(node, tuple) and isinstance(wanted, tuple)) or len(node) != len(wanted):
        return node == wanted
    return all(
        len(one) == len(two) and all(map(is_wanted, one, two))
        if isinstance(one, list) and isinstance(two, list)
        else is_wanted(one, two)
        for one, two in zip(node, wanted, strict=True)
    )


def without(value: object, paths: set[tuple[str, ...]]) -> object:
    """A loaded value without what stands at some paths in it; NOTHING when there is nothing else in it."""
    if () in paths:
        return NOTHING
    if not paths:
        return value
    if value is None:
        return NOTHING
    if not isinstance(value, dict):
        return value
    rest = {
        key: inner
        for key, found in value.items()
        if (inner := without(found, {path[1:] for path in paths if path[0] == key})) is not NOTHING
    }
    return rest or NOTHING


def _pairs(tree: object) -> _Pairs:
    return list(tree[1]) if isinstance(tree, tuple) and isinstance(tree[1], list) else []


def _is_key(node: object, name: str) -> bool:
    return isinstance(node, tuple) and node[1] == name


def _is_value(node: object, edit: Edit) -> bool:
    if isinstance(edit.value, tuple):
        return node == (SEQUENCE_TAG, [(STRING_TAG, item) for item in edit.value])
    as_date = edit.timestamp and is_timestamp(edit.value) and node == (TIMESTAMP_TAG, edit.value)
    return as_date or node == (STRING_TAG, edit.value)
