"""The pixels of a picture, by Pillow: only for a process that may be ended."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image

from archiver.images.fingerprint import ROWS, fingerprint
from archiver.images.types import PictureType

MAX_PIXELS = 40_000_000
"""Pixels that are decoded: Pillow holds 4 bytes of each, 160 MB, and a worker has 450. With fewer photographs of good
cameras (24 to 36 million) are not looked at, with more PNGs do not fit. Of 40 million JPEG, PNG and GIF fitted when
that was tried; WebP, which is held twice, did not, and is unknown then."""
_MAX_SAMPLE_SIDE_PIXELS = 64
"""Side, in pixels, of what is left of a picture when its colours are looked at; with fewer pixels a thin drawing on
white is taken for white, more cost time. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What is seen of a picture."""

    width: int
    height: int
    is_even: bool
    """Whether it is of one colour, or transparent all over."""
    fingerprint: str


class TooManyPixels(Exception):
    """The picture has more pixels than are decoded; `pixels` is their number."""

    def __init__(self, pixels: int) -> None:
        super().__init__(f"{pixels} pixels")
        self.pixels = pixels


def sample(kind: PictureType, body: bytes) -> Sample:
    """Return what a picture shows, of an animation its first frame.

    Raises TooManyPixels by its header alone, and whatever Pillow raises for a damaged picture, one that breaks off
    among them.
    """
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(body), formats=(kind.name,)) as picture:
                return _sample(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            numbers = [int(word.strip("().")) for word in str(error).split() if word.strip("().").isdigit()]
            raise TooManyPixels(max(numbers, default=MAX_PIXELS)) from None


def _sample(picture: Image.Image) -> Sample:
    width, height = picture.size
    # A JPEG is decoded at an eighth of its size at once; all of its bytes are read for that, too.
    picture.thumbnail((_MAX_SAMPLE_SIDE_PIXELS, _MAX_SAMPLE_SIDE_PIXELS))
    small = picture.convert("RGBA")
    ground = Image.new("RGBA", small.size, (128, 128, 128, 255))
    grey = Image.alpha_composite(ground, small).convert("L").resize((ROWS + 1, ROWS), Image.Resampling.BOX)
    return Sample(width, height, _is_even(small), fingerprint(list(grey.tobytes())))


_MAX_EVEN_RANGE_LEVELS = 8
"""Levels of 256 in which the lightest and the darkest pixel of an even colour differ, by compression; with fewer a
packed grey is taken for a picture, with more a night sky for nothing. Chosen, not measured."""


def _is_even(small: Image.Image) -> bool:
    ranges = [band.getextrema() for band in small.split()]
    if ranges[3][1] == 0:
        return True
    return all(high - low <= _MAX_EVEN_RANGE_LEVELS for low, high in ranges)  # type: ignore[operator]  # of one band each
