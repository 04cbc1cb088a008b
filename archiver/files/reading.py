"""Files read part by part, whatever their size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

_PART_BYTES = 1 << 20
"""Bytes that are read at once; fewer cost more calls, more cost memory. Nothing but speed depends on it. No measurement
is on record."""


def read_parts(stream: BinaryIO, length: int) -> Iterator[bytes]:
    """Return so many bytes of a file, from where it stands, part by part; fewer where it ends before."""
    while length and (part := stream.read(min(length, _PART_BYTES))):
        length -= len(part)
        yield part
