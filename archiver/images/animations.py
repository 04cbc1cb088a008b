"""How many frames an animation has, without decoding one of them."""

from __future__ import annotations

from archiver.images.types import GIF, PNG, WEBP, PictureType

MAX_FRAMES_SHOWN = 1000
"""Frames of an animation; films of a minute have that many. With fewer such films are refused, with more a file that
never ends is shown to readers. Chosen, not measured."""

_FRAME_MARKS = {PNG: b"fcTL", WEBP: b"ANMF"}
"""What stands before each frame (https://www.w3.org/TR/png-3/#fcTL-chunk, WebP container specification)."""


def has_too_many_frames(kind: PictureType, body: bytes) -> bool:
    """Whether an animation has more frames than anybody would watch."""
    if kind is GIF:
        return _gif_frames(body) > MAX_FRAMES_SHOWN
    mark = _FRAME_MARKS.get(kind)
    return mark is not None and body.count(mark) > MAX_FRAMES_SHOWN


def _gif_frames(body: bytes) -> int:
    """The frames of a GIF, counted up to one more than are allowed (https://www.w3.org/Graphics/GIF/spec-gif89a.txt)."""
    frames, at = 0, 13
    if len(body) < at:
        return 0
    at += _table_bytes(body[10])
    while at < len(body) and frames <= MAX_FRAMES_SHOWN:
        block, at = body[at], at + 1
        if block == 0x2C and at + 9 <= len(body):  # an image descriptor
            frames += 1
            at = _after_parts(body, at + 9 + _table_bytes(body[at + 8]) + 1)
        elif block == 0x21:  # an extension
            at = _after_parts(body, at + 1)
        else:  # the trailer, or damage
            break
    return frames


def _table_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _after_parts(body: bytes, at: int) -> int:
    """The place behind a row of parts, each with its length before it, of which the last has none."""
    while at < len(body) and body[at]:
        at += body[at] + 1
    return at + 1
