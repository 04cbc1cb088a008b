"""Thousands of generated files × edits, judged by an oracle that shares nothing with the code: PyYAML and lines."""

from __future__ import annotations

from collections import Counter

import pytest
import yaml

from archiver.errors import SeedRefused
from archiver.seeds import Edit, read, splice

from .front_matters import Case, Line, case

CASES = 4200
LOADERS = (yaml.CSafeLoader, yaml.CBaseLoader)
_FOLDERS = 4


def _halves(raw: bytes) -> tuple[str, str, str]:
    """Opening line, front matter, everything from the closing fence on; cut by hand."""
    lines = raw.decode().split("\n")
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() in {"---", "..."})
    return lines[0] + "\n", "".join(line + "\n" for line in lines[1:end]), "\n".join(lines[end:])


def _load(front: str, loader: type) -> list[tuple[str, str]]:
    """Keys in order with values as text that tells types apart and in which NaN equals NaN."""
    return [(str(key), repr(value)) for key, value in yaml.load(front, Loader=loader).items()]  # noqa: S506  safe loaders


def _wanted_value(edit: Edit, loader: type) -> set[str]:
    plain = yaml.load(edit.value, Loader=loader) if edit.timestamp else edit.value  # noqa: S506  safe loaders
    return {repr(edit.value), repr(plain)}


def _fault(one: Case, new: bytes) -> str | None:
    """What is wrong with the edited file; None when nothing is."""
    (opening, old_front, rest), (new_opening, new_front, new_rest) = _halves(one.raw), _halves(new)
    if (opening, rest) != (new_opening, new_rest):
        return "something outside the front matter changed"
    if one.newline == "\r\n" and new.count(b"\n") != new.count(b"\r\n"):
        return "line ends are mixed"
    for loader in LOADERS:
        before, after = _load(old_front, loader), _load(new_front, loader)
        wanted = [(key, {value}) for key, value in before]
        for edit in one.edits:
            index = next(i for i, (key, _) in enumerate(wanted) if key == (edit.after or edit.key))
            wanted[index + bool(edit.after) : index + 1] = [(edit.key, _wanted_value(edit, loader))]
        if len(after) != len(wanted) or any(
            k != key or v not in vs for (k, v), (key, vs) in zip(after, wanted, strict=True)
        ):
            return f"the values differ: {after} instead of {wanted}"
    return None if one.flow else _line_fault(one, new_front.replace(one.newline, "\n"))


def _line_fault(one: Case, front: str) -> str | None:
    """Every line of an entry that was not edited is there, in place; a one-line entry stays one line with its comment.

    Blank lines are counted, not placed: a new key stands before those that end a block scalar.
    """
    changed = {edit.key for edit in one.edits if not edit.after}
    added: set[str] = {edit.after for edit in one.edits if edit.after}
    lines = [line for line in front.split("\n") if line.strip()]
    if all(entry.one_line for entry in one.entries if entry.key in changed):
        blank = sum(not line.strip() for entry in one.entries for line in entry.text.split("\n")[:-1])
        if blank != sum(not line.strip() for line in front.split("\n")[:-1]):
            return "the number of blank lines changed"
    for number, entry in enumerate(one.entries):
        if entry.key in changed and not entry.one_line:
            # The entry's new length is unknown: go on from the other end.
            return _line_fault_from_below(one.entries[number + 1 :], lines, changed | added)
        for old in _text_lines(entry):
            new = lines.pop(0) if lines else ""
            if entry.key not in changed and new != old:
                return f"a line changed: {old!r} → {new!r}"
            name = old[: old.index(":", len(entry.key)) + 1] if entry.key in changed else ""
            if not (new.startswith(name) and new.endswith(entry.trailer)):
                return f"a key or comment changed: {old!r} → {new!r}"
        if entry.key in added and not lines.pop(0).lstrip(" \"'").startswith(one.edits[0].key):
            return "the new key is not on the next line"
    return f"lines are left: {lines}" if lines else None


def _line_fault_from_below(entries: tuple[Line, ...], lines: list[str], touched: set[str]) -> str | None:
    for entry in reversed(entries):
        if entry.key and entry.key in touched:
            return None
        for old in reversed(_text_lines(entry)):
            if not lines or lines.pop() != old:
                return f"a line below changed: {old!r}"
    return None


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
