"""What an edit of front matter did, as readers see it that share nothing with the archiver: PyYAML, tomllib, json."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Hashable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import yaml

from archiver.seeds import Edit

_FENCES = {b"---": ("yaml", (b"---", b"...")), b"+++": ("toml", (b"+++",)), b";;;": ("json", (b";;;",))}
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|\s+|[^\s"\'#,\[\]{}=:]+|.',
    re.DOTALL,
)
Path = tuple[str, ...]


class Cut(NamedTuple):
    """A file cut by hand."""

    language: str
    before: bytes
    front: bytes
    after: bytes


def cut(raw: bytes) -> Cut | None:
    """Cut a file into what precedes its front matter, that, and the rest; None without an end."""
    start = 3 if raw.startswith(b"\xef\xbb\xbf") else 0
    if raw[start : start + 1] == b"{":
        text = raw[start:].decode()
        end = json.JSONDecoder().raw_decode(text)[1]
        size = len(text[:end].encode())
        return Cut("json", raw[:start], raw[start : start + size], raw[start + size :])
    first = raw[start:].split(b"\n", 1)[0] + b"\n"
    language, ends = _FENCES[first[:3]]
    name = first[3:].strip().lower().decode()
    if name:
        language, ends = {"yml": "yaml"}.get(name, name), (b"---",)
    at = start + len(first)
    for line in raw[at:].split(b"\n"):
        if line.rstrip(b" \t\r") in ends:
            return Cut(language, raw[: start + len(first)], raw[start + len(first) : at], raw[at:])
        at += len(line) + 1
    return None


def fault_of(old: Cut, new: Cut, edits: Sequence[Edit], *, body: bool) -> str:
    """What is wrong with an edited file; empty when nothing is. `body` says that the rest was to change too."""
    if new.before != old.before or (not body and new.after != old.after):
        return "leaked: something outside of the front matter changed"
    before, after = load(old), load(new)
    fault = _value_fault(before, after, edits)
    if fault or len(edits) != 1:
        return fault
    front, changed = old.front.decode(), new.front.decode()
    if old.language == "yaml":
        return _entry_fault(front, changed, edits[0], before)
    return _token_fault(front, changed, edits[0])


# ---- Values ----------------------------------------------------------------------------------------------------------


def load(document: Cut) -> object:
    """Front matter as a tree that shares no branch with itself."""
    text = document.front.decode()
    if document.language == "toml":
        return _tree(tomllib.loads(text.replace("\r\n", "\n"), parse_float=Decimal))
    if document.language == "json":
        is_open = document.before.lstrip(b"\xef\xbb\xbf").startswith(b";;;") and not text.lstrip().startswith("{")
        return _tree(json.loads("{" + text + "}" if is_open else text, parse_float=Decimal))
    return _tree(yaml.load(text, Loader=_TextKeys))  # noqa: S506  a safe loader


class _TextKeys(yaml.CSafeLoader):
    """A loader to which the key `no` is that text, as it is to the archiver."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


def _tree(value: object) -> object:
    if isinstance(value, dict):
        return {key: _tree(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tree(inner) for inner in value]
    return value


def path_of(tree: object, key: str) -> Path:
    """The names that lead to a key; one that is spelled with dots goes first."""
    return (key,) if isinstance(tree, dict) and key in tree else tuple(key.split("."))


def _value_fault(before: object, after: object, edits: Sequence[Edit]) -> str:
    paths = [path_of(before, edit.key) for edit in edits]
    for path, edit in zip(paths, edits, strict=True):
        found = after
        for name in path:
            found = found.get(name, _NOTHING) if isinstance(found, dict) else _NOTHING
        if not _is_value(found, edit):
            return f"leaked: {edit.key} is {found!r:.60} and not {edit.value!r:.60}"
    rest, other = (_without(tree, paths) for tree in (before, after))
    if repr(rest) != repr(other):
        return f"leaked: other values changed: {rest!r:.100} to {other!r:.100}"
    return ""


_NOTHING = object()


def _is_value(found: object, edit: Edit) -> bool:
    if isinstance(edit.value, tuple):
        return found == list(edit.value)
    if edit.timestamp and isinstance(found, date):
        return str(found)[:10] == edit.value[:10]
    return found == edit.value


def _without(tree: object, paths: Sequence[Path]) -> object:
    """A tree without what stands at some paths, and without the mappings of which nothing is left."""
    if () in paths:
        return _NOTHING
    if not paths:
        return tree
    if tree is None:
        return _NOTHING
    if not isinstance(tree, dict):
        return tree
    rest = {}
    for key, value in tree.items():
        inner = _without(value, [path[1:] for path in paths if path[0] == key])
        if inner is not _NOTHING:
            rest[key] = inner
    return rest or _NOTHING


# ---- Bytes of YAML ---------------------------------------------------------------------------------------------------


class Entry(NamedTuple):
    """A key of the root, with its value, by places in the text."""

    name: str
    start: int
    value_start: int
    value_end: int
    is_span: bool
    """Whether the value ends where it says: it is no block."""


def entries(front: str) -> tuple[bool, list[Entry]]:
    """Whether the root is in braces, and its entries, by the events of libyaml."""
    depth, found, flow = 0, list[Entry](), False
    key: yaml.Event | None = None
    value: yaml.Event | None = None
    for event in yaml.parse(front, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if depth == 1 and key is not None and value is not None:
                found.append(_entry(key, value, event))
                key = None
        elif isinstance(event, yaml.NodeEvent):
            if depth == 0 and isinstance(event, yaml.MappingStartEvent):
                flow = bool(event.flow_style)
            elif depth == 1 and key is None:
                key = event
            elif depth == 1 and key is not None:
                value = event
                if not isinstance(event, yaml.CollectionStartEvent):
                    found.append(_entry(key, event, event))
                    key = None
            depth += isinstance(event, yaml.CollectionStartEvent)
    return flow, found


def _entry(key: yaml.Event, value: yaml.Event, end: yaml.Event) -> Entry:
    is_block = getattr(value, "style", None) in {"|", ">"} or (
        value is not end and not getattr(value, "flow_style", None)
    )
    start, first, last = (mark.index if mark else 0 for mark in (key.start_mark, value.start_mark, end.end_mark))
    return Entry(getattr(key, "value", ""), start, first, last, not is_block)


def _entry_fault(front: str, changed: str, edit: Edit, before: object) -> str:
    """What differs outside of the entry that was edited."""
    (flow, old), (_, new) = entries(front), entries(changed)
    name = path_of(before, edit.key)[0]
    is_new = name not in {entry.name for entry in old}
    if is_new and flow:
        return ""
    old_parts, new_parts = _parts(front, old, flow=flow), _parts(changed, new, flow=flow)
    if is_new:
        at = next(number for number, entry in enumerate(new) if entry.name == name)
        if at == 0:
            return "leaked: a new key stands before all others"
        lines = _new_lines(changed, new[at], new_parts[at + 1])
        if lines is None:
            return ""
        new_parts[at : at + 2] = [new_parts[at] + lines]
        return "" if new_parts == old_parts else "leaked: more than one line came in"
    if len(old_parts) != len(new_parts):
        return "leaked: keys came or went"
    for number, (part, other) in enumerate(zip(old_parts, new_parts, strict=True)):
        if number == 0 or old[number - 1].name != name:
            if part != other:
                return f"leaked: {part!r:.80} became {other!r:.80}"
        elif fault := _own_fault((front, changed), (part, other), old[number - 1], new[number - 1], edit):
            return fault
    return ""


def _parts(front: str, found: list[Entry], *, flow: bool) -> list[str]:
    """What precedes the entries, and each of them up to the next."""
    starts = [entry.start if flow else _line_start(front, entry.start) for entry in found]
    places = [0, *starts, len(front)]
    return [front[one:two] for one, two in pairwise(places)]


_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def _line_start(front: str, at: int) -> int:
    return max((match.end() for match in _BREAK.finditer(front, 0, at)), default=0)


def _new_lines(changed: str, entry: Entry, part: str) -> str | None:
    """What follows the lines of a new entry up to the next one; None for a block, whose end is not marked."""
    if not entry.is_span:
        return None
    rest = changed[entry.value_end : _line_start(changed, entry.start) + len(part)]
    match = _BREAK.match(rest)
    return rest[match.end() :] if match else None


def _own_fault(texts: tuple[str, str], parts: tuple[str, str], old: Entry, new: Entry, edit: Edit) -> str:
    """What differs in the entry that was edited, outside of its value."""
    front, changed = texts
    nested = "." in edit.key and old.name != edit.key
    if (
        nested
        or not (old.is_span and new.is_span)
        or isinstance(edit.value, tuple)
        or "?" in front[old.start - 2 : old.start + 1]
    ):
        return ""
    head, other_head = (
        front[old.start : old.value_start].rstrip(" \t"),
        changed[new.start : new.value_start].rstrip(" \t"),
    )
    start = old.start - (len(parts[0]) - len(parts[0].lstrip(" "))) if front[old.start] != " " else old.start
    tail = front[old.value_end : _line_start(front, start) + len(parts[0])]
    other_tail = changed[new.value_end : _line_start(changed, start) + len(parts[1])]
    if old.value_start == old.value_end:
        # libyaml has what is empty in braces before the next thing, behind the blanks.
        tail, other_tail, head = tail.lstrip(), other_tail.lstrip(), head.rstrip()
    if head.rstrip() != other_head.rstrip() and not other_head.startswith(head):
        return f"leaked: the key became {other_head!r:.60} from {head!r:.60}"
    return "" if tail == other_tail else f"leaked: behind the value {tail!r:.60} became {other_tail!r:.60}"


# ---- Bytes of TOML and JSON ------------------------------------------------------------------------------------------


def _token_fault(front: str, changed: str, edit: Edit) -> str:
    """What differs outside of one value: what went is that value, and no comment, line or other key."""
    old, new = _TOKEN.findall(front), _TOKEN.findall(changed)
    same = next(
        (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
    )
    old, new = old[same:], new[same:]
    while old and new and old[-1] == new[-1]:
        old.pop()
        new.pop()
    if edit.after is not None:
        went = "".join(old).strip()
        return f"leaked: a new key took {went!r:.60} away" if went not in {"", "null", "{}", "{", "}"} else ""
    if isinstance(edit.value, str) and len(old) > 1 and "".join(old).lstrip()[:1] not in {"[", "{"}:
        gone = [token for token in old if token.strip() and not re.fullmatch(r"[\w.:+-]+|:", token)]
        if len(gone) > 1:
            return f"leaked: more than the value went: {old!r:.80}"
    return ""
