"""What front matter says: read once for scan and edit alike, so that both call the same things an error.

Nothing is expanded, built or executed before it is known to be small. Two parsers have to agree, libyaml and the pure
Python one of PyYAML; front matter of lines on which they cannot differ is read line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import yaml

from archiver.seeds.simple_yaml import read_simple

MAX_BYTES = 256 * 1024
"""Bytes; larger front matter is refused. With less data that somebody keeps in it is refused, with more YAML of that
size costs its time at each run. Chosen, not measured."""
MAX_DEPTH = 50
"""Levels; collections nested deeper are refused, since parsers recurse. Chosen, not measured."""
MAX_NODES = 20_000
"""Keys, values and items; front matter of more is refused, where an alias counts as all that it stands for. Chosen, not
measured."""

Tree = tuple[str, object]
"""A node as values that compare exactly: its tag with its text, or with the trees of its items."""

_TAG_PREFIX = "tag:yaml.org,2002:"
_MAPPING_TAG = f"{_TAG_PREFIX}map"
_TAGS = frozenset(
    f"{_TAG_PREFIX}{name}"
    for name in ("binary", "bool", "float", "int", "map", "null", "omap", "pairs", "seq", "set", "str", "timestamp")
) | {"!"}

_Fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_PLAIN_WORDS = (
    # What a parser says, and what a person can do with it.
    ("mapping values are not allowed", "a value with `: ` in it has to be put in quotes"),
    ("unexpected end of stream", "a quote that is opened is never closed"),
    ("unexpected document separator", "a quote that is opened is never closed"),
    ("could not find expected ':'", "a line is neither `key: value` nor part of a value, so mend or indent it"),
    ("that cannot start any token", "a value starts with a character that has to be put in quotes"),
    ("undefined alias", "a value that starts with `*` has to be put in quotes"),
    ("scanning an alias", "a value that starts with `*` has to be put in quotes"),
    ("scanning an anchor", "a value that starts with `&` has to be put in quotes"),
    ("maximum nesting depth", "make it flatter"),
    ("second occurrence", "an anchor (`&name`) is there twice, so rename one"),
    ("unknown escape character", "a backslash in double quotes has to be doubled"),
    ("special characters are not allowed", "a control character has to be removed"),
    ("control characters are not allowed", "a control character has to be removed"),
    ("found unhashable key", "a list or a mapping is used as a key, which has to be a plain word"),
    (
        "expected <block end>",
        "text stands behind a value or has a wrong indent: quote or indent it",
    ),
    (
        "expected key",
        "text stands behind a value or has a wrong indent: quote or indent it",
    ),
    ("expected ',' or", "a bracket that is opened is never closed, or a comma is missing"),
)


class _Mark(Protocol):
    line: int


class FrontMatterError(Exception):
    """What is wrong with front matter: a clause that names the line, for a sentence about the file."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What front matter says, key by key; keys are their text, `no: 1` has the key `no`."""

    values: dict[str, object]
    """Safe-loaded values; a mapping in a mapping is a dictionary with keys of text too."""
    texts: dict[str, str]
    """Scalars that are not null, by dotted path, as the text that stands in the file: `2024-11-12T04:10:56.812Z`."""


def load(front: str) -> FrontMatter:
    """Read the text between the fences; raises FrontMatterError."""
    return _load(front)[0]


def load_tree(front: str) -> Tree | None:
    """Read text as `load` does, as a tree on which both parsers agree; None when it is empty."""
    return _load(front)[1] or compose(front)


def compose(front: str) -> Tree | None:
    """The tree of text that `load` has read, so that both parsers agree on it; None when it is empty."""
    return _tree(yaml.compose(front, Loader=_Fast))


def _load(front: str) -> tuple[FrontMatter, Tree | None]:
    """What the text says, and its tree where it had to be composed to know that."""
    if len(front.encode()) > MAX_BYTES:
        raise FrontMatterError(
            f"its front matter is larger than {MAX_BYTES // 1024} KiB; move the data to another file"
        )
    try:
        if (simple := read_simple(front, MAX_NODES)) is not None:
            return FrontMatter(*simple), None
        _inspect(yaml.parse(front, Loader=_Fast))
        # First the one whose errors say more.
        tree = _tree(yaml.compose(front, Loader=yaml.SafeLoader))
        if tree != compose(front):
            raise FrontMatterError("two YAML parsers read its front matter differently; quote its values")
        return _construct(front), tree
    except yaml.YAMLError as error:
        raise FrontMatterError(_explain(front, error)) from error


def _tree(node: yaml.Node | None) -> Tree | None:
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        return node.tag, [(_tree(key), _tree(value)) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return node.tag, [_tree(item) for item in node.value]
    return node.tag, node.value


def _construct(front: str) -> FrontMatter:
    loader = _Fast(front)
    try:
        root = loader.get_single_node()
        if root is None:
            return FrontMatter({}, {})
        if not isinstance(root, yaml.MappingNode):
            raise FrontMatterError("its front matter is not a list of `key: value` lines; write it as such")
        texts: dict[str, str] = {}
        values = _mapping(loader, root, texts, "")
        _put_literal_keys_first(root, values, texts)
        return FrontMatter(values, texts)
    finally:
        loader.dispose()


def _mapping(loader: yaml.SafeLoader, node: yaml.MappingNode, texts: dict[str, str], at: str) -> dict[str, object]:
    """The values of a mapping; the texts of its scalars are added to `texts`, by their paths, which begin with `at`.

    Below a key that is spelled with a dot no path leads.
    """
    loader.flatten_mapping(node)
    values: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise FrontMatterError(f"line {_line(key.start_mark)} uses a list or a mapping as a key; use a plain word")
        name = key.value
        path = at + name
        if name in values:
            # A merge was here before.
            for stale in [text for text in texts if text == path or text.startswith(path + ".")]:
                del texts[stale]
        if isinstance(value, yaml.MappingNode) and value.tag == _MAPPING_TAG:
            values[name] = _mapping(loader, value, {} if "." in name else texts, path + ".")
            continue
        try:
            values[name] = loader.construct_object(value, deep=True)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # A date that does not exist, `0x_`, `!!int x`: PyYAML lets the error of the conversion through.
            where = f"line {_line(value.start_mark)}"
            raise FrontMatterError(f"{where}: `{name}` has an impossible value; correct or quote it") from error
        if isinstance(value, yaml.ScalarNode) and values[name] is not None and not (at and "." in name):
            texts[path] = value.value
    return values


def _put_literal_keys_first(root: yaml.MappingNode, values: dict[str, object], texts: dict[str, str]) -> None:
    """Give the path `a.b` to the key that is spelled so, where there is one."""
    for key, node in root.value:
        if "." in key.value:
            texts.pop(key.value, None)
            if isinstance(node, yaml.ScalarNode) and values[key.value] is not None:
                texts[key.value] = node.value


@dataclass(slots=True)
class _Collection:
    """A collection whose end has not been seen."""

    anchor: str | None
    keys: set[str] | None
    """The scalar keys so far; None for a sequence."""
    nodes_before: int
    at_key: bool = True


def _inspect(events: Iterable[yaml.Event]) -> None:
    """Refuse what is dangerous or ambiguous, at a cost that grows with the text and not with what it stands for."""
    open_: list[_Collection] = []
    sizes: dict[str | None, int] = {}
    nodes = 0
    for event in events:
        where = f"line {_line(event.start_mark)}"
        if isinstance(event, yaml.CollectionEndEvent):
            closed = open_.pop()
            sizes[closed.anchor] = nodes - closed.nodes_before
        if not isinstance(event, yaml.NodeEvent):
            continue
        if isinstance(event, yaml.AliasEvent) and any(event.anchor == collection.anchor for collection in open_):
            raise FrontMatterError(
                f"{where}: the alias `*{event.anchor}` stands for a value that it is part of; remove it"
            )
        if open_:
            _note_key(open_[-1], event, where)
        _check_tag(event, where)
        if isinstance(event, yaml.CollectionStartEvent):
            keys = set[str]() if isinstance(event, yaml.MappingStartEvent) else None
            open_.append(_Collection(event.anchor, keys, nodes))
        nodes += sizes.get(event.anchor, 1) if isinstance(event, yaml.AliasEvent) else 1
        if len(open_) > MAX_DEPTH:
            raise FrontMatterError(f"{where}: it is nested more than {MAX_DEPTH} levels deep; make it flatter")
        if nodes > MAX_NODES:
            raise FrontMatterError(
                f"{where}: it stands for more than {MAX_NODES} values with its aliases; make it smaller"
            )


def _check_tag(event: yaml.NodeEvent, where: str) -> None:
    tag = event.tag if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) else None
    if tag is not None and tag not in _TAGS:
        raise FrontMatterError(f"{where}: the tag `{tag}` is not supported; remove it")


def _note_key(collection: _Collection, event: yaml.NodeEvent, where: str) -> None:
    if collection.keys is None:
        return
    if collection.at_key and isinstance(event, yaml.ScalarEvent):
        if event.value in collection.keys:
            raise FrontMatterError(f"{where}: the key `{event.value}` is there twice; remove one of them")
        collection.keys.add(event.value)
    collection.at_key = not collection.at_key


def _line(mark: _Mark | None) -> int:
    """The number of a line in the file: the opening fence is line 1."""
    return mark.line + 2 if mark is not None else 2


def _explain(front: str, error: yaml.YAMLError) -> str:
    """The clause for a parser's error."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    number = mark.line if mark is not None else front.count("\n", 0, getattr(error, "position", 0) or 0)
    lines = front.split("\n")
    tab = next(_tab_lines(lines, number), None)
    if tab is not None:
        return f"line {tab + 2} is indented with a tab or has one before a value; use blanks"
    advice = next((advice for said, advice in _PLAIN_WORDS if said in problem), None)
    return f"line {number + 2} is not valid YAML ({problem}); " + (advice or "correct it")


def _tab_lines(lines: list[str], number: int) -> Iterator[int]:
    """The lines near an error whose tab is the likely cause."""
    for index in (number, number - 1):
        if 0 <= index < len(lines) and re.match(r"[ ]*\t|[^\"']*?[:-][ ]*\t", lines[index]):
            yield index
