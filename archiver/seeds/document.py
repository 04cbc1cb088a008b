"""A seed's bytes cut into their five parts; the cut is total and loses nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOM = b"\xef\xbb\xbf"
# As Jekyll has it: the opening fence is the first line, the closing one starts at column 0, blanks may follow either.
_OPENING = re.compile(rb"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(rb"^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """The parts of a file, in the order in which they stand; joined they are the file.

    A file without an opening fence is all body. A file whose fence is never closed is all front matter.
    """

    bom: bytes
    """The UTF-8 byte order mark, or nothing."""
    opening: bytes
    """The line `---` with its line end, or nothing."""
    front: bytes
    """What stands between the fences: empty, or ending in a line end when `closing` is there."""
    closing: bytes
    """The line `---` or `...` with its line end (none at the end of a file), or nothing."""
    body: bytes
    """Everything after the closing fence."""


def parse(raw: bytes) -> Document:
    r"""Cut any bytes into the parts of a document; never fails.

    >>> parse(b"---\ntitle: x\n---\n# x")
    Document(bom=b'', opening=b'---\n', front=b'title: x\n', closing=b'---\n', body=b'# x')
    """
    bom = _BOM if raw.startswith(_BOM) else b""
    opening = _OPENING.match(raw, len(bom))
    if opening is None:
        return Document(bom, b"", b"", b"", raw[len(bom) :])
    closing = _CLOSING.search(raw, opening.end())
    if closing is None:
        return Document(bom, opening[0], raw[opening.end() :], b"", b"")
    return Document(bom, opening[0], raw[opening.end() : closing.start()], closing[0], raw[closing.end() :])


def render(document: Document) -> bytes:
    """The document's bytes: `render(parse(raw)) == raw` for any bytes."""
    return b"".join((document.bom, document.opening, document.front, document.closing, document.body))
