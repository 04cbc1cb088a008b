r"""Write how a file changes as a patch that `git apply` takes: the exact bytes, whatever they are.

>>> print(unified_patch(b"a.md", b"one\ntwo", b"one\n2").decode(), end="")
diff --git a/a.md b/a.md
--- a/a.md
+++ b/a.md
@@ -1,2 +1,2 @@
 one
-two
\ No newline at end of file
+2
\ No newline at end of file
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

_MAX_CONTEXT_LINES = 1
"""Lines that are shown around a change. Without one git asks for `--unidiff-zero`, and cannot tell the beginning of a
file from its middle; more make a diff of front matter longer than what it says. Chosen, not measured."""
_NO_LAST_NEWLINE = b"\\ No newline at end of file\n"
_QUOTED = re.compile(rb'[\x00-\x1f"\\\x7f-\xff]')
_LETTER_ESCAPES = {b"\a": b"a", b"\b": b"b", b"\t": b"t", b"\n": b"n", b"\v": b"v", b"\f": b"f", b"\r": b"r"}


def unified_patch(path: bytes, before: bytes, after: bytes) -> bytes:
    """Return the patch that turns `before` into `after`; empty when they are the same.

    `path` is relative to the folder that the patch will be applied in, `/` between folders.
    """
    changes = b"".join(hunks(before, after))
    return _header(path) + changes if changes else b""


def _header(path: bytes) -> bytes:
    """Return the lines that say which file is changed, with its name as git quotes it."""
    old, new = _quote(b"a/" + path), _quote(b"b/" + path)
    # A name with a blank is ended by a tab, for what follows a name could be its time.
    end = b"\t\n" if b" " in path else b"\n"
    # The first line makes git read the names from the top of the work tree, whatever folder it is called in.
    return b"diff --git %b %b\n--- %b%b+++ %b%b" % (old, new, old, end, new, end)


def hunks(before: bytes, after: bytes, context_lines: int = _MAX_CONTEXT_LINES) -> Iterator[bytes]:
    """Yield the lines behind the header, each with its end; none when there is no difference."""
    # Letters of one byte each: only LF ends a line, and no byte is lost. CR, form feed and U+2028 are parts of lines.
    old, new = (re.findall("[^\n]*\n|[^\n]+", content.decode("latin-1")) for content in (before, after))
    lines = difflib.unified_diff(old, new, lineterm="\n", n=context_lines)
    for number, line in enumerate(lines):
        if number < 2:
            continue  # the names, which the header has
        yield line.encode("latin-1") if line.endswith("\n") else line.encode("latin-1") + b"\n" + _NO_LAST_NEWLINE


def _quote(name: bytes) -> bytes:
    """Return a name as git writes it: in quotes, as a C string, where it has more than plain ASCII."""
    if not _QUOTED.search(name):
        return name
    return b'"' + _QUOTED.sub(_escape, name) + b'"'


def _escape(found: re.Match[bytes]) -> bytes:
    byte = found[0]
    if byte in b'"\\':
        return b"\\" + byte
    return b"\\" + _LETTER_ESCAPES.get(byte, b"%03o" % byte[0])
