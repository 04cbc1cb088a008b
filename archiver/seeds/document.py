"""A seed's bytes cut into their five parts; the cut is total and loses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Format = Literal["yaml", "toml", "json"]
"""The language of a front matter."""

_BOM = b"\xef\xbb\xbf"
# The opening fence is the first line, the closing one starts at column 0, and blanks may follow either: `---` is
# Jekyll's, `+++` Hugo's, `;;;` Middleman's; Eleventy names the language behind `---`.
_OPENING = re.compile(
    rb"(?P<fence>\+\+\+|;;;|---(?:[ \t]*(?P<language>toml|json|ya?ml))?)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE
)
_FENCES: dict[bytes, tuple[Format, re.Pattern[bytes]]] = {
    b"---": ("yaml", re.compile(rb"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)),
    b"+++": ("toml", re.compile(rb"^\+\+\+[ \t]*(?:\r?\n|\Z)", re.MULTILINE)),
    b";;;": ("json", re.compile(rb"^;;;[ \t]*(?:\r?\n|\Z)", re.MULTILINE)),
}
_NAMED: dict[bytes, Format] = {b"toml": "toml", b"json": "json", b"yaml": "yaml", b"yml": "yaml"}
_NAMED_CLOSING = re.compile(rb"^---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
# Hugo takes a leading brace for JSON. The brace of Liquid, Goldmark, MDX or a shortcode has something else behind it.
_LEADING_BRACE = re.compile(rb'\{(?=[ \t]*(?:\r?\n|\}|"(?:[^"\\\n]|\\.)*"[ \t]*:))')
_BRACE_OR_STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"|[{}]')
_REST_OF_LINE = re.compile(rb"[ \t]*(?:\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Document:
    """The parts of a file, in the order in which they stand; joined they are the file.

    A file without an opening fence or brace is all body. A file whose front matter is never closed is all front matter.
    """

    bom: bytes
    """The UTF-8 byte order mark, or nothing."""
    opening: bytes
    """The line of the opening fence with its line end, or nothing."""
    front: bytes
    """What stands between the fences: empty, or ending in a line end when `closing` is there. JSON without fences is
    all here, with its braces."""
    closing: bytes
    """The line of the closing fence with its line end (none at the end of a file), or nothing. Of JSON without fences,
    what ends the line of its last brace."""
    body: bytes
    """Everything after the front matter."""
    format: Format = "yaml"
    """The language that the opening fence stands for."""

    @property
    def has_front_matter(self) -> bool:
        """True when the file begins with front matter, closed or not."""
        return bool(self.opening) or bool(self.front)

    @property
    def is_closed(self) -> bool:
        """True when the front matter has an end."""
        return bool(self.closing) or (not self.opening and self.front.endswith(b"}"))


def parse(raw: bytes) -> Document:
    r"""Cut any bytes into the parts of a document; never fails.

    >>> parse(b"---\ntitle: x\n---\n# x")
    Document(bom=b'', opening=b'---\n', front=b'title: x\n', closing=b'---\n', body=b'# x', format='yaml')
    """
    bom = _BOM if raw.startswith(_BOM) else b""
    opening = _OPENING.match(raw, len(bom))
    if opening is None:
        return _parse_leading_brace(raw, bom)
    if opening["language"] is not None:
        language, fence = _NAMED[opening["language"].lower()], _NAMED_CLOSING
    else:
        language, fence = _FENCES[opening["fence"]]
    closing = fence.search(raw, opening.end())
    if closing is None:
        return Document(bom, opening[0], raw[opening.end() :], b"", b"", language)
    front, body = raw[opening.end() : closing.start()], raw[closing.end() :]
    return Document(bom, opening[0], front, closing[0], body, language)


def render(document: Document) -> bytes:
    """The document's bytes: `render(parse(raw)) == raw` for any bytes."""
    return b"".join((document.bom, document.opening, document.front, document.closing, document.body))


def _parse_leading_brace(raw: bytes, bom: bytes) -> Document:
    """Cut a file behind the brace that closes its first one; a file that begins with none is all body."""
    start = len(bom)
    if _LEADING_BRACE.match(raw, start) is None:
        return Document(bom, b"", b"", b"", raw[start:])
    depth = 0
    for match in _BRACE_OR_STRING.finditer(raw, start):
        depth += {b"{": 1, b"}": -1}.get(match[0], 0)
        if depth == 0 and match[0] == b"}":
            rest = _REST_OF_LINE.match(raw, match.end())
            closing = rest[0] if rest else b""
            return Document(bom, b"", raw[start : match.end()], closing, raw[match.end() + len(closing) :], "json")
    return Document(bom, b"", raw[start:], b"", b"", "json")
