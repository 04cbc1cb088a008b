"""Where the entries of front matter and of the mappings in it stand, in characters, to the last blank.

Positions come from the tokens of PyYAML's pure Python scanner, whose marks count characters exactly. Nodes would not
do: an alias has the marks of its anchor, and a block collection ends where the next key starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import dropwhile, pairwise
from typing import Literal

import yaml

Kind = Literal["empty", "scalar", "block scalar", "collection", "block collection"]
"""How a value is written: not at all; on a span (quoted, plain, alias); as `|` or `>`; in brackets; on lines below."""

BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
"""What ends a line in YAML 1.1."""
_OPENERS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_CLOSERS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_MAPPING_STARTS = (yaml.BlockMappingStartToken, yaml.FlowMappingStartToken)
_LIST_STARTS = (yaml.BlockSequenceStartToken, yaml.FlowSequenceStartToken, yaml.BlockEntryToken)
_BLOCK_STARTS = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken, yaml.BlockEntryToken)


@dataclass(frozen=True, slots=True)
class ListSpan:
    """A list that is a key's value."""

    flow: bool
    """True for one in brackets."""
    start: int
    """The bracket, or the first dash."""
    first: int
    """Where the first item starts; where it would start when it is empty or there is none."""
    last: int
    """Behind the last item's last character that is not a blank or comment."""
    end: int
    """Behind the closing bracket; of a block list the same as `last`."""
    scalars: tuple[tuple[str, str], ...]
    """Quotation mark, or nothing, and text of each item that is a scalar."""


@dataclass(frozen=True, slots=True)
class KeySpan:
    """One key with its value."""

    key: str
    flow: bool
    """True for a key in braces."""
    start: int
    """Where the key starts, or the `?` before it."""
    key_end: int
    colon_end: int | None
    """Behind the colon; None for a key without one."""
    kind: Kind
    style: str
    """Of a scalar: `"`, `'`, `|`, `>`, or nothing when plain, empty or an alias."""
    value_start: int
    """Where the value starts, with its anchor and tag; where it would start when it is empty."""
    content_start: int
    """Where the value starts behind its anchor and tag."""
    end: int
    """Behind the last character of the value that is not a blank or comment."""
    key_quote: str
    """The key's own quotation mark, or nothing."""
    keeps_breaks: bool
    """True when the lines behind `end` may be part of the value, as those of `|+` are."""
    tail: int
    """Where a block scalar gives way to what follows, its blank lines included; else the same as `end`."""
    inner: KeySpans | None
    """The entries of a value that is a mapping, spelled out here."""
    listed: ListSpan | None
    """The items of a value that is a list, spelled out here."""


@dataclass(frozen=True, slots=True)
class KeySpans:
    """The entries of one mapping: of the front matter itself, or of one in it."""

    flow: bool
    """True for a mapping in braces."""
    items: tuple[KeySpan, ...]

    def find(self, path: Sequence[str]) -> KeySpan | None:
        """The entry that a path of keys leads to."""
        entry = next((entry for entry in self.items if entry.key == path[0]), None)
        if entry is None or len(path) == 1:
            return entry
        return entry.inner.find(path[1:]) if entry.inner is not None else None

    def walk(self, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], KeySpan]]:
        """Every entry with its path, those of inner mappings too."""
        for entry in self.items:
            yield (*at, entry.key), entry
            if entry.inner is not None:
                yield from entry.inner.walk((*at, entry.key))


@dataclass(slots=True)
class _Parts:
    """The tokens of one entry, as they come."""

    start: int
    key: list[yaml.Token] = field(default_factory=list)
    colon: yaml.Token | None = None
    value: list[yaml.Token] = field(default_factory=list)


def locate_keys(front: str) -> KeySpans | None:
    """The entries of the text between the fences; None when its root is nothing that entries can be told of.

    The text must be valid YAML.
    """
    tokens = [
        token for token in yaml.scan(front, Loader=yaml.SafeLoader) if not isinstance(token, yaml.StreamStartToken)
    ]
    return _spans(front, tokens) if tokens and isinstance(tokens[0], _MAPPING_STARTS) else None


def _spans(front: str, tokens: list[yaml.Token]) -> KeySpans:
    """The entries of the mapping that the tokens start with."""
    flow = isinstance(tokens[0], yaml.FlowMappingStartToken)
    entries = []
    for parts in _parts(tokens, flow=flow):
        names = [token for token in parts.key if isinstance(token, yaml.ScalarToken)]
        if len(names) == 1 and not any(isinstance(token, (*_OPENERS, yaml.BlockEntryToken)) for token in parts.key):
            entries.append(_entry(front, parts, names[0], flow=flow))
    return KeySpans(flow, tuple(entries))


def _parts(tokens: list[yaml.Token], *, flow: bool) -> Iterator[_Parts]:
    """Group the tokens behind the start of a mapping by entry."""
    depth = 1
    parts: _Parts | None = None
    for token in tokens[1:]:
        opens, closes = isinstance(token, _OPENERS), isinstance(token, _CLOSERS)
        depth += opens - closes
        if depth == 0:
            break
        top = depth == 1 and not closes
        if top and _starts_entry(token, parts, flow=flow):
            if parts is not None:
                yield parts
            parts = None
        if top and isinstance(token, yaml.FlowEntryToken):
            continue
        if parts is None:
            parts = _Parts(token.start_mark.index)
        if top and isinstance(token, yaml.ValueToken):
            parts.colon = token
        elif not (top and isinstance(token, yaml.KeyToken)):
            (parts.key if parts.colon is None else parts.value).append(token)
    if parts is not None:
        yield parts


def _starts_entry(token: yaml.Token, parts: _Parts | None, *, flow: bool) -> bool:
    """True for a token of the mapping itself that cannot belong to the entry before it."""
    if flow:
        return isinstance(token, yaml.FlowEntryToken)
    orphan = isinstance(token, yaml.ValueToken) and parts is not None and parts.colon is not None
    return orphan or isinstance(token, yaml.KeyToken)


def _entry(front: str, parts: _Parts, name: yaml.ScalarToken, *, flow: bool) -> KeySpan:
    key_end = name.end_mark.index
    colon_end = parts.colon.end_mark.index if parts.colon is not None else None
    at = colon_end if colon_end is not None else key_end
    value_start = parts.value[0].start_mark.index if parts.value else at
    last = _last(parts.value)
    end, tail = (_content_end(front, last), last.end_mark.index) if last is not None else (at, at)
    content = list(dropwhile(lambda token: isinstance(token, (yaml.TagToken, yaml.AnchorToken)), parts.value))
    first = content[0] if content else None
    style = ""
    kind: Kind
    if first is None:
        kind = "scalar" if parts.value else "empty"
    elif isinstance(first, yaml.ScalarToken):
        style = first.style or ""
        kind = "block scalar" if style in {"|", ">"} else "scalar"
    elif isinstance(first, _BLOCK_STARTS):
        kind = "block collection"
    else:
        kind = "collection" if isinstance(first, _OPENERS) else "scalar"
    return KeySpan(
        key=name.value,
        flow=flow,
        start=parts.start,
        key_end=key_end,
        colon_end=colon_end,
        kind=kind,
        style=style,
        value_start=value_start,
        content_start=first.start_mark.index if first is not None else end,
        end=end,
        key_quote=name.style or "",
        keeps_breaks=last is not None and _keeps_breaks(front, last, end),
        tail=tail,
        inner=_spans(front, content) if isinstance(first, _MAPPING_STARTS) else None,
        listed=_list(front, content) if isinstance(first, _LIST_STARTS) else None,
    )


def _last(tokens: Sequence[yaml.Token]) -> yaml.Token | None:
    """The last token that stands somewhere: a block's end is a place only, and lies before the next thing."""
    return next((token for token in reversed(tokens) if not isinstance(token, yaml.BlockEndToken)), None)


def _list(front: str, tokens: list[yaml.Token]) -> ListSpan:
    """The items of the list that the tokens are."""
    flow = isinstance(tokens[0], yaml.FlowSequenceStartToken)
    # A list that is indented no further than its key has dashes only, and neither start nor end.
    dashes = tokens[1:] if isinstance(tokens[0], yaml.BlockSequenceStartToken) else tokens
    last = _last(tokens)
    assert last is not None
    end = _content_end(front, last)
    items = tokens[1:-1] if flow else dashes[1:]
    held = [token for token in items if not isinstance(token, (yaml.FlowEntryToken, yaml.BlockEndToken))]
    start = tokens[0] if flow else dashes[0]
    is_empty = not items or (not flow and isinstance(items[0], (yaml.BlockEntryToken, yaml.BlockEndToken)))
    final = _last(held) if flow else last
    starts = (yaml.FlowSequenceStartToken, yaml.FlowEntryToken, yaml.BlockEntryToken)
    return ListSpan(
        flow=flow,
        start=start.start_mark.index,
        first=start.end_mark.index if is_empty else items[0].start_mark.index,
        last=_content_end(front, final) if final is not None else start.end_mark.index,
        end=end,
        scalars=tuple(
            (token.style or "", token.value)
            for before, token in pairwise(tokens)
            if isinstance(before, starts) and isinstance(token, yaml.ScalarToken)
        ),
    )


def _is_block_scalar(token: yaml.Token) -> bool:
    return isinstance(token, yaml.ScalarToken) and token.style in {"|", ">"}


def _content_end(front: str, token: yaml.Token) -> int:
    """Behind the last character of a token's content; a block scalar's token goes on to the next thing."""
    start, end = token.start_mark.index, token.end_mark.index
    if not _is_block_scalar(token):
        return int(end)
    return int(start) + len(front[start:end].rstrip(" \t\r\n\x85\u2028\u2029"))


def _keeps_breaks(front: str, token: yaml.Token, end: int) -> bool:
    """True for a block scalar whose trailing blank lines count, by `+` or by holding blanks of their own."""
    if not _is_block_scalar(token):
        return False
    header = re.match(r"[|>][-+0-9]*", front[token.start_mark.index :])
    trailing = front[end : token.end_mark.index]
    return (header is not None and "+" in header[0]) or any(line.strip("\r\n") for line in trailing.split("\n")[1:])
