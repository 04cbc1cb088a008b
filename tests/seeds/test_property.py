"""Generated files × edits, judged by an oracle that shares nothing with the code: PyYAML and lines.

The suite takes some; `SEED_CASES=4200 pytest tests/seeds/test_property.py -s` takes all and prints the figures.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest
import yaml

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice

from .front_matters import Case, Line, case

CASES = int(os.environ.get("SEED_CASES", "800"))
LOADERS = (yaml.CSafeLoader, yaml.CBaseLoader)
_FOLDERS = 4


def _halves(raw: bytes) -> tuple[str, str, str]:
    """Opening line, front matter, everything from the closing fence on; cut by hand."""
    lines = raw.decode().split("\n")
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() in {"---", "..."})
    return lines[0] + "\n", "".join(line + "\n" for line in lines[1:end]), "\n".join(lines[end:])


def _load(front: str, loader: type) -> object:
    return _ordered(yaml.load(front, Loader=loader))  # noqa: S506  safe loaders


def _ordered(value: object) -> object:
    """A mapping as its pairs in order, anything else as text that tells types apart and in which NaN equals NaN."""
    if isinstance(value, dict):
        return [(str(key), _ordered(inner)) for key, inner in value.items()]
    return repr(value)


def _edited(pairs: object, edit: Edit, path: list[str], after: str | None, values: set[str]) -> object:
    """The pairs with the values that an edit may have in the place of the one at its path."""
    pairs = list(pairs) if isinstance(pairs, list) else []
    index = next((index for index, (key, _) in enumerate(pairs) if key == path[0]), None)
    if len(path) > 1:
        inner = _edited([] if index is None else pairs[index][1], edit, path[1:], after, values)
        return [*pairs, (path[0], inner)] if index is None else [*pairs[:index], (path[0], inner), *pairs[index + 1 :]]
    if after is None:
        assert index is not None
        return [*pairs[:index], (path[0], values), *pairs[index + 1 :]]
    place = next((number + 1 for number, (key, _) in enumerate(pairs) if key == after), len(pairs))
    return [*pairs[:place], (path[0], values), *pairs[place:]]


def _wanted_values(edit: Edit, loader: type) -> set[str]:
    if isinstance(edit.value, tuple):
        return {repr(list(edit.value))}
    plain = yaml.load(edit.value, Loader=loader) if edit.timestamp else edit.value  # noqa: S506  safe loaders
    return {repr(edit.value), repr(plain)}


def _is_wanted(value: object, wanted: object) -> bool:
    if isinstance(wanted, set):
        return value in wanted
    if isinstance(wanted, list) and isinstance(value, list):
        return len(wanted) == len(value) and all(
            key == name and _is_wanted(inner, one) for (key, inner), (name, one) in zip(value, wanted, strict=True)
        )
    return value == wanted


def _fault(one: Case, new: bytes) -> str | None:
    """What is wrong with the edited file; None when nothing is."""
    (opening, old_front, rest), (new_opening, new_front, new_rest) = _halves(one.raw), _halves(new)
    if (opening, rest) != (new_opening, new_rest):
        return "something outside the front matter changed"
    if one.newline == "\r\n" and new.count(b"\n") != new.count(b"\r\n"):
        return "line ends are mixed"
    for loader in LOADERS:
        wanted, after = _load(old_front, loader), _load(new_front, loader)
        for edit in one.edits:
            sibling = edit.after and edit.after.rpartition(".")[2]
            wanted = _edited(wanted, edit, edit.key.split("."), sibling, _wanted_values(edit, loader))
        if not _is_wanted(after, wanted):
            return f"the values differ: {after} instead of {wanted}"
    return None if one.flow else _line_fault(one, new_front.replace(one.newline, "\n"))


def _line_fault(one: Case, front: str) -> str | None:
    """Every line of an entry that was not edited is there, in place; a one-line entry stays one line with its comment.

    Blank lines are counted, not placed: a new key stands before those that end a block scalar.
    """
    spelled = {entry.key for entry in one.entries}
    # What is edited in braces has no line of its own: that of its mapping changes.
    changed = {key if (key := edit.key) in spelled else key.partition(".")[0] for edit in one.edits}
    added = _places_of_new_keys(one)
    lines = [line for line in front.split("\n") if line.strip()]
    if all(entry.one_line for entry in one.entries if entry.key in changed):
        blank = sum(not line.strip() for entry in one.entries for line in entry.text.split("\n")[:-1])
        if blank != sum(not line.strip() for line in front.split("\n")[:-1]):
            return "the number of blank lines changed"
    for number, entry in enumerate(one.entries):
        if entry.key in changed and not entry.one_line:
            # The entry's new length is unknown: go on from the other end.
            return _line_fault_from_below(one, number + 1, lines, changed, added)
        for old in _text_lines(entry):
            new = lines.pop(0) if lines else ""
            if entry.key not in changed and new != old:
                return f"a line changed: {old!r} → {new!r}"
            name = old[: old.index(":", len(entry.key.rpartition(".")[2])) + 1] if entry.key in changed else ""
            if not (new.startswith(name) and new.endswith(entry.trailer)):
                return f"a key or comment changed: {old!r} → {new!r}"
        for names, items in added.get(number, ()):
            if not _take_new_lines(lines, names, items):
                return f"the new key {names} is not on the next line: {lines}"
    return f"lines are left: {lines}" if lines else None


def _take_new_lines(lines: list[str], names: list[str], items: int) -> bool:
    """Take the lines of a new key; False when the next ones are not these."""
    new = [lines.pop(0) for _ in names if lines]
    if items and new and new[-1].endswith(":"):
        del lines[:items]
    return len(new) == len(names) and all(
        line.lstrip(" \"'").startswith(name) for line, name in zip(new, names, strict=True)
    )


def _line_fault_from_below(
    one: Case, first: int, lines: list[str], changed: set[str], added: dict[int, list[tuple[list[str], int]]]
) -> str | None:
    for number in reversed(range(first, len(one.entries))):
        entry = one.entries[number]
        if number in added or (entry.key and entry.key in changed):
            return None
        for old in reversed(_text_lines(entry)):
            if not lines or lines.pop() != old:
                return f"a line below changed: {old!r}"
    return None


def _places_of_new_keys(one: Case) -> dict[int, list[tuple[list[str], int]]]:
    """By the entry that new keys come right behind: the names on their lines, and how many items follow."""
    places: dict[int, list[tuple[list[str], int]]] = {}
    keys = [entry.key for entry in one.entries]
    in_braces = {entry.key for entry in one.entries if "{" in entry.text}
    found = []
    for edit in one.edits:
        mapping, _, name = edit.key.rpartition(".")
        if edit.after is None or mapping in in_braces:
            continue
        is_made = bool(mapping) and mapping not in keys
        anchor = "" if is_made else edit.after or mapping
        behind = max(
            number
            for number, key in enumerate(keys)
            if key and not key.endswith("#") and (not anchor or key == anchor or key.startswith(anchor + "."))
        )
        items = len(edit.value) if isinstance(edit.value, tuple) else 0
        found.append((is_made, not mapping, behind, [mapping, name] if is_made else [name], items))
    for _, _, behind, names, items in sorted(found, key=lambda place: place[:2]):
        places.setdefault(behind, []).append((names, items))
    return places


def _text_lines(entry: Line) -> list[str]:
    return [line for line in entry.text.split("\n") if line.strip()]


@pytest.mark.parametrize("part", range(_FOLDERS))
def test_only_the_edited_keys_differ(part: int) -> None:
    counts: Counter[str] = Counter()
    faults = []
    for number in range(part, CASES, _FOLDERS):
        one = case(number)
        seed = read(f"{number}.md", one.raw)
        try:
            new = splice(seed, one.edits)
        except SeedRefused:
            counts["refused"] += 1
            continue
        fault = _fault(one, new)
        if fault is None and splice(read("again.md", new), one.edits) != new:
            fault = "a second run changed something"
        counts["wrong" if fault else "right"] += 1
        if fault:
            faults.append((number, fault))
    print(f"{dict(counts)} of {CASES // _FOLDERS}")  # noqa: T201  the figures are what this run is for
    assert faults == []
    assert counts["refused"] <= counts.total() * 0.01
    assert counts["right"] >= CASES // _FOLDERS * 0.99
