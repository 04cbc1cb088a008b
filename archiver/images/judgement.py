"""What the bytes of a picture are worth: alive, a placeholder, or no picture at all.

Why the pixels are looked at in processes that may be ended: docs/design.md D96.
"""

from __future__ import annotations

from archiver.images.animations import has_too_many_frames
from archiver.images.drawings import judge_drawing
from archiver.images.polyglots import second_meaning
from archiver.images.types import SVG, PictureType, picture_type, unread_type
from archiver.models import PictureJudgement, PictureVerdict

_MIN_SIDE_PIXELS = 3
"""Pixels of the shorter side; with fewer a thin tracking picture (1 by 1, 2 by 2, 1 by 40) shows something, with more
rules that part a text are lost. Chosen, not measured."""
_MIN_LONG_SIDE_PIXELS = 32
"""Pixels of the longer side; with fewer icons and dots are pictures, with more small drawings of a formula are none.
Chosen, not measured."""
_MAX_PIXELS_PER_BYTE = 200
"""Pixels that a byte stands for in a picture that is too large to be looked at; three bytes of each in deflate, which
packs a thousand into one at best, are 340. With fewer large charts are bombs, with more bombs are merely large. Chosen,
not measured."""
_PLACEHOLDER_SIZES = frozenset({(161, 81)})
"""What hosts give for pictures that they lost: Imgur's `removed.png`."""


def judge_picture(body: bytes) -> PictureJudgement:
    """Return what the bytes of a picture are: its type by the first of them, its size and what it shows by Pillow.

    Only for a process that may be ended: memory and time are as large as the picture makes them.
    """
    kind = picture_type(body)
    if kind is None and (name := unread_type(body)) is not None:
        return PictureJudgement(PictureVerdict.UNKNOWN, f"nobody here looks at {name}")
    if kind is None:
        return PictureJudgement(PictureVerdict.NOT_IMAGE, _describe(body))
    if kind is SVG:
        return judge_drawing(body)
    # Readers may see a picture, so it is not dead; but it is none that anybody should take, or decode.
    if (meaning := second_meaning(body)) is not None:
        return PictureJudgement(PictureVerdict.UNKNOWN, meaning, kind.mime)
    if has_too_many_frames(kind, body):
        return PictureJudgement(PictureVerdict.UNKNOWN, "it has more frames than anybody watches", kind.mime)
    return _judge_pixels(kind, body)


def _judge_pixels(kind: PictureType, body: bytes) -> PictureJudgement:
    from archiver.images.decoding import TooManyPixels, sample  # noqa: PLC0415  (the crawl itself needs no Pillow)

    try:
        seen = sample(kind, body)
    except TooManyPixels as error:
        is_bomb = error.pixels > _MAX_PIXELS_PER_BYTE * len(body)
        verdict = PictureVerdict.NOT_IMAGE if is_bomb else PictureVerdict.UNKNOWN
        return PictureJudgement(verdict, f"it has {error.pixels} pixels in {len(body)} bytes", kind.mime)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever the decoders of nine formats raise for damaged bytes)
        said = " ".join(str(error).split())[:100] or type(error).__name__
        return PictureJudgement(PictureVerdict.NOT_IMAGE, f"its {kind.name} is damaged ({said})", kind.mime)
    size = seen.width, seen.height
    nothing = (
        f"it has {seen.width} by {seen.height} pixels"
        if min(size) < _MIN_SIDE_PIXELS or max(size) < _MIN_LONG_SIDE_PIXELS
        else "it is of one colour"
        if seen.is_even
        else "it is what its host shows for pictures that are lost"
        if size in _PLACEHOLDER_SIZES
        else ""
    )
    verdict = PictureVerdict.PLACEHOLDER if nothing else PictureVerdict.ALIVE
    return PictureJudgement(verdict, nothing, kind.mime, *size, "" if nothing else seen.fingerprint)


def _describe(body: bytes) -> str:
    if not body.strip():
        return "it is empty"
    start = body[:200].lstrip().lower()
    return "it is a page" if start.startswith((b"<!doctype", b"<html", b"<head", b"<")) else "its bytes are no picture"
