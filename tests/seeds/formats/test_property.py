"""Thousands of generated files × edits, judged by an oracle that shares nothing with the code: the library and pieces.

The suite takes a few hundred; `SEED_CASES=4200 pytest tests/seeds/formats/test_property.py -s` takes all and prints the
figures.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from archiver.errors import SeedRefused
from archiver.seeds import Edit, parse, read, render, splice

from .cases import Case, KeyPath, json_case, path_of, toml_case

POSTS = Path(__file__).with_name("posts")
CASES = int(os.environ.get("SEED_CASES", "300"))
Tree = dict[str, Any]


def _load(one: Case, front: str) -> Tree:
    if one.language == "toml":
        return tomllib.loads(front, parse_float=Decimal)
    loaded: Tree = json.loads(front if one.braces else "{" + front + "}", parse_float=Decimal)
    return loaded


def _front(one: Case, raw: bytes) -> str | None:
    """The front matter of an edited file; None when something around it changed."""
    text = raw.decode()
    before, after = (part.replace("\n", one.newline) for part in (one.before, one.after))
    whole = text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after)
    return text[len(before) : len(text) - len(after)] if whole else None


def _wanted(one: Case, edit: Edit) -> list[object]:
    """The values that an edit may have led to."""
    value: object = edit.value
    if isinstance(value, tuple):
        return [list(value)]
    if edit.timestamp and one.language == "toml" and edit.value != "2024-11":
        return [value, tomllib.loads(f"x = {edit.value}")["x"]]
    return [value]


def _parent(tree: Tree, path: KeyPath) -> Tree:
    for name in path[:-1]:
        tree = tree[name]
    return tree


def _undo(one: Case, before: Tree, after: Tree) -> str | None:
    """Take the edits back out of what was read; says what is wrong with one."""
    for edit in one.edits:
        path = path_of(edit)
        try:
            holder = _parent(after, path)
            value = holder[path[-1]]
        except KeyError:
            return f"{path} is not there"
        if repr(value) not in map(repr, _wanted(one, edit)):
            return f"{path} is {value!r}"
        if edit.after is None:
            holder[path[-1]] = _parent(before, path)[path[-1]]
            continue
        anchor = path_of(Edit(edit.after, ""))
        names = list(holder)
        if edit.after and anchor[:-1] == path[:-1] and names.index(path[-1]) != names.index(anchor[-1]) + 1:
            return f"{path} is not right behind {anchor}"
        del holder[path[-1]]
        if not holder and path[0] not in before:
            del after[path[0]]
    return None if repr(after) == repr(before) else f"the values differ: {after} instead of {before}"


def _piece_fault(one: Case, front: str) -> str | None:
    """What differs from the pieces, but for the values of the edits, which must be there and nothing else."""
    edits = {path_of(edit): edit for edit in one.edits if edit.after is None}
    pattern, paths = "", []
    for piece in one.pieces:
        if piece.path in edits:
            pattern += "(.+?)"
            paths.append(piece.path)
        else:
            pattern += re.escape(piece.text.replace("\n", one.newline))
    match = re.fullmatch(pattern, front, re.DOTALL)
    if match is None:
        return f"a piece changed: {front!r}"
    for path, text in zip(paths, match.groups(), strict=True):
        assert path is not None
        value = tomllib.loads(f"x = {text}")["x"] if one.language == "toml" else json.loads(text)
        if repr(value) not in map(repr, _wanted(one, edits[path])):
            return f"more than the value of {path} changed: {text!r}"
    return None


def _is_insertion(old: str, new: str) -> bool:
    """True when the new text is the old one with something put in at one place."""
    same = next(
        (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
    )
    return len(new) >= len(old) and new.endswith(old[same:])


def _fault(one: Case) -> str | None:
    """What is wrong with the edited file; None when nothing is."""
    seed = read("a.md", one.raw)
    new = splice(seed, one.edits)
    replaced = splice(seed, [edit for edit in one.edits if edit.after is None])
    front, part = _front(one, new), _front(one, replaced)
    if front is None or part is None:
        return "something outside the front matter changed"
    if one.newline == "\r\n" and new.count(b"\n") != new.count(b"\r\n"):
        return "line ends are mixed"
    if sum(edit.after is not None for edit in one.edits) <= 1 and not _is_insertion(part, front):
        return f"more than one piece was put in: {front!r}"
    if splice(read("again.md", new), one.edits) != new:
        return "a second run changed something"
    return _piece_fault(one, part) or _undo(one, _load(one, one.front.replace("\n", one.newline)), _load(one, front))


@pytest.mark.parametrize("post", sorted(POSTS.iterdir()), ids=lambda post: post.name)
def test_a_post_survives_being_read_and_edited(post: Path) -> None:
    raw = post.read_bytes()
    assert render(parse(raw)) == raw
    seed = read(post.name, raw)
    texts = {key: text for key, text in seed.texts.items() if isinstance(seed.value(key), str)}
    other = splice(seed, [Edit(key, f"<{text}>") for key, text in texts.items()])
    assert other != raw
    assert {key: text for key, text in read(post.name, other).texts.items() if key in texts} == {
        key: f"<{text}>" for key, text in texts.items()
    }
    lines, others = raw.splitlines(), other.splitlines()
    if b'"""' not in raw:
        assert len(lines) == len(others)
        assert [line for line in others if b"<" not in line] == [
            line for line, new in zip(lines, others, strict=True) if b"<" not in new
        ]


@pytest.mark.parametrize("case", [toml_case, json_case])
def test_only_the_edited_keys_differ(case: Callable[[int], Case]) -> None:
    counts: Counter[str] = Counter()
    faults = []
    for number in range(CASES):
        one = case(number)
        assert render(parse(one.raw)) == one.raw
        try:
            fault = _fault(one)
        except SeedRefused:
            counts["refused"] += 1
            continue
        counts["wrong" if fault else "right"] += 1
        if fault:
            faults.append((number, fault))
    print(f"{case.__name__}: {dict(counts)} of {CASES}")  # noqa: T201  the figures are what this run is for
    assert faults == []
    assert counts["refused"] <= CASES * 0.01
    assert counts["right"] >= CASES * 0.99
