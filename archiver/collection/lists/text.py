"""Plain text and Markdown: an address a line, with or without words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archiver.collection.lists.row import BadRow, Entry, Row, shorten
from archiver.text.normalize import one_line

LINE_BREAK = re.compile(r"\r\n|\r|\n")
"""Where a line ends; `splitlines` would end one at control characters too."""

# List items, to-do items and quotes of Markdown (https://spec.commonmark.org/0.31.2/#list-items).
_MARKER = re.compile(r"\A(?:(?:[-*+]|\d{1,9}[.)]|>+|\[[ xX]\])[ \t]+)+")
_RULE = re.compile(r"[-*_=|:#>+\s]*")
_IMAGE = re.compile(r"!\[[^\[\]]*\]\([^\s()]*(?:\s[^()]*)?\)")
_LINK = re.compile(r"\[((?:[^\[\]\\]|\\.)*)\]\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s[^()]*)?\)")
_DEFINITION = re.compile(r"\[[^\[\]]+\]:\s*<?([^\s<>]+)>?(?:\s.*)?")
_AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>]*)>")
_BARE = re.compile(r"https?://[^\s<>\"`|]+", re.IGNORECASE)
_COMMENT = re.compile(r"\s#(?:\s.*)?$")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_text(text: str) -> Iterator[Entry]:
    """Read a list with one address, or one Markdown link, a line; `#` begins a comment or a heading."""
    for number, line in enumerate(LINE_BREAK.split(text), 1):
        yield from _read_line(f"line {number}", line.strip())


def _read_line(place: str, line: str) -> Iterator[Entry]:
    if _RULE.fullmatch(line) or line.startswith("#") or (line.startswith("<!--") and line.endswith("-->")):
        return
    said = _COMMENT.sub("", _IMAGE.sub("", _MARKER.sub("", line, count=1)))
    if links := _LINK.findall(said):
        yield from (Row(place, _unescape(address), _titled(title)) for title, address in links)
    elif definition := _DEFINITION.fullmatch(said):
        yield Row(place, definition[1])
    elif autolinks := _AUTOLINK.findall(said):
        yield from (Row(place, address) for address in autolinks)
    elif " " not in said and "\t" not in said:
        yield Row(place, said)
    elif bare := _BARE.findall(said):
        yield from (Row(place, _without_punctuation(address)) for address in bare)
    else:
        yield BadRow(place, f"says {shorten(line)!r}, which holds no http or https address; correct it")


def _titled(title: str) -> dict[str, str]:
    said = one_line(_unescape(title))
    return {"title": said} if said else {}


def _unescape(markdown: str) -> str:
    return _ESCAPED.sub(r"\1", markdown)


def _without_punctuation(address: str) -> str:
    """Return an address that stands in a sentence without the marks that end the sentence."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end and (address[end - 1] in ".,;:!?'*_" or (address[end - 1] == ")" and surplus > 0)):
        end -= 1
        surplus -= address[end] == ")"
    return address[:end]
