"""Digests as the database has them: SHA-256 as its 32 bytes, half of what its text takes; any other as it is."""

from __future__ import annotations

import re

_SHA256 = re.compile(r"[0-9a-f]{64}")


def digest_value(digest: str | None) -> bytes | str | None:
    """The value of a column for a digest."""
    return bytes.fromhex(digest) if digest is not None and _SHA256.fullmatch(digest) else digest


def digest_text(value: object) -> str | None:
    """The opposite of `digest_value`."""
    if isinstance(value, bytes):
        return value.hex()
    assert value is None or isinstance(value, str)
    return value
