"""Linked data in `<script type="application/ld+json">`: broken JSON read as far as it goes, then one list of nodes.

The format is https://www.w3.org/TR/json-ld11/, the vocabulary https://schema.org/Article; pages keep to neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import unquote, urlsplit

Node = Mapping[str, Any]
"""One object of linked data, as JSON gives it."""

_OPENED = re.compile(r"(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?\s*(?://[^\S\n]*\n)?")
_CLOSED = re.compile(r"(?://|/\*)?\s*(?:-->|\]\]>)\s*(?:\*/)?$")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_BARE_BACKSLASH = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_DECODER = json.JSONDecoder(strict=False)
_BEFORE_TYPE = re.compile(r"[/#:]")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_MAX_DEPTH = 20
"""Lists in lists and objects in objects of one property; deeper values are not read. Publishers write two levels at
most. It bounds the recursion, of two Python frames a level."""
_MAX_NODES = 300
"""Objects of linked data on a page; with fewer the article behind a list of teasers may be missed, more cost time on
pages that repeat themselves. No measurement is on record."""
_ARTICLE = re.compile(
    r"article|posting|\breport\b|hentry|creativework|recipe|review$|webpage$|itempage$|videoobject$", re.IGNORECASE
)
_RANKS = (
    (re.compile(r"article$|liveblogposting|blogposting|^report$|^hentry$"), 4),
    (re.compile(r"posting$|recipe$|review$|creativework$"), 3),
    (re.compile(r"videoobject$|audioobject$|imagegallery$|event$|product$|podcastepisode$"), 2),
    (re.compile(r"webpage$|itempage$|aboutpage$"), 1),
)


def nodes(scripts: Iterable[str]) -> tuple[Node, ...]:
    """Every object of the scripts that may describe the page, outermost first, in page order.

    Lists, `@graph` and main entities are opened; teasers inside an `ItemList` or a live blog's updates are not.
    """
    found: list[Node] = []
    for script in scripts:
        for value in _values(script):
            found.extend(_flatten(value))
            if len(found) >= _MAX_NODES:
                return tuple(found[:_MAX_NODES])
    return tuple(found)


def article(found: tuple[Node, ...], addresses: Iterable[str]) -> Node | None:
    """The node that describes the article at one of the addresses; None when no node describes a text.

    The type counts first, then an address of the node that is the page's, then a headline; the earliest wins a tie.
    """
    wanted = {_path(address) for address in addresses}
    best: tuple[int, Node | None] = (0, None)
    for node in found:
        rank = _rank(node)
        if not rank:
            continue
        own = {_path(address) for address in _addresses(node)}
        score = 4 * rank + 3 * bool(own & wanted) + bool(node.get("headline")) + bool(node.get("datePublished"))
        if rank == 4 and own and not own & wanted:
            score -= 2
        if score > best[0]:
            best = (score, node)
    return best[1]


def types(node: Node) -> tuple[str, ...]:
    """The node's types, lower case, without `schema:` or an address before them."""
    return tuple(_BEFORE_TYPE.split(name)[-1].lower() for name in strings(node.get("@type")))


def strings(value: object, depth: int = 0) -> tuple[str, ...]:
    """The text or texts that a property holds: a string, a list, or `@value` objects; `depth` is that of the value."""
    if depth > _MAX_DEPTH:
        return ()
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    if isinstance(value, Mapping):
        return strings(value.get("@value"), depth + 1)
    if isinstance(value, list):
        return tuple(text for item in value for text in strings(item, depth + 1))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (str(value),)
    return ()


def objects(value: object, found: tuple[Node, ...] = (), depth: int = 0) -> Iterator[Node | str]:
    """The things that a property holds, objects or plain strings; `@id` references are looked up in `found`."""
    if isinstance(value, list) and depth <= _MAX_DEPTH:
        for item in value:
            yield from objects(item, found, depth + 1)
    elif isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, Mapping):
        inner = value.get("@list")
        if isinstance(inner, list):
            yield from objects(inner, found, depth + 1)
            return
        name = value.get("@id")
        if len(value) <= 2 and isinstance(name, str):
            yield next((node for node in found if node.get("@id") == name and len(node) > 2), value)
        else:
            yield value


def _rank(node: Node) -> int:
    names = types(node)
    return max((rank for pattern, rank in _RANKS for name in names if pattern.search(name)), default=0)


def _addresses(node: Node) -> Iterator[str]:
    for key in ("url", "@id", "mainEntityOfPage"):
        for thing in objects(node.get(key)):
            if isinstance(thing, str):
                yield thing
            else:
                yield from (text for name in ("@id", "url") for text in strings(thing.get(name)))


def _path(address: str) -> str:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    return unquote(parts.path).rstrip("/").lower() or "/"


def _flatten(value: object, depth: int = 0) -> Iterator[Node]:
    if depth > 4:
        return
    if isinstance(value, list):
        for item in value:
            yield from _flatten(item, depth + 1)
    elif isinstance(value, Mapping):
        yield value
        for key in _NESTED:
            inner = value.get(key)
            if isinstance(inner, list | Mapping):
                yield from _flatten(inner, depth + 1)


def _values(script: str) -> Iterator[object]:
    text = _unwrap(script.strip())
    if not text:
        return
    try:
        yield _DECODER.decode(text)
    except (ValueError, RecursionError):
        yield from _salvage(text)


def _unwrap(text: str) -> str:
    """The text without the comment or CDATA marks that once hid it from old browsers."""
    while match := _OPENED.match(text):
        text = text[match.end() :].lstrip()
    while match := _CLOSED.search(text, max(0, len(text) - 30)):
        text = text[: match.start()].rstrip()
    return text.rstrip(";").rstrip()


def _salvage(text: str) -> Iterator[object]:
    """What can be read of JSON that is no JSON: each repair is tried on its own, the first that gives anything wins."""
    mended = _TRAILING_COMMA.sub("", _BARE_BACKSLASH.sub(r"\\\\", text))
    for attempt in (text, mended, unescape(mended), _escape_inner_quotes(mended)):
        values = list(_split_objects(attempt))
        if values:
            yield from values
            return


def _split_objects(text: str) -> Iterator[object]:
    position = 0
    while position < len(text):
        if text[position] not in "{[":
            position += 1
            continue
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value


def _escape_inner_quotes(text: str) -> str:
    """Escape the quotes that stand inside a string: those that neither open nor close it by what is around them."""
    out: list[str] = []
    inside = False
    for match in re.finditer(r'\\.|"|[^"\\]+', text, re.DOTALL):
        piece = match[0]
        if piece == '"':
            if not inside:
                inside = True
            elif re.match(r'\s*(?:$|[}\]:]|,\s*["{\[}\]\d])', text[match.end() : match.end() + 200]):
                inside = False
            else:
                piece = '\\"'
        out.append(piece)
    return "".join(out)
