"""Data inside an HTML page that nothing in it can break out of."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

_INERT = {
    code: f"\\u{code:04x}" for code in (*b"<>&", *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
}
"""Characters that end a script element, begin a comment, end a line in old scripts, or turn the direction of a text in
whatever shows the file; JSON has escapes for them."""
_GZIP_LEVEL = 6
"""Of 1 to 9: 9 takes three times as long and saves 1 %."""


def to_island(value: Any) -> str:
    r"""Return JSON that may stand in a script element.

    >>> to_island("</script>")
    '"\\u003c/script\\u003e"'
    """
    # A lone half of a pair, as JSON can hold one, has no bytes in UTF-8.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode().translate(_INERT)


def to_packed(value: Any) -> str:
    """Return JSON as gzip in Base64, whose letters mean nothing to HTML; the same bytes for the same value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(text, _GZIP_LEVEL, mtime=0)).decode()
