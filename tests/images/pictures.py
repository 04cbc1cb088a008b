"""Pictures that are made here: sound ones, and those that somebody made to do harm."""

from __future__ import annotations

import io
import random
import struct
import zlib
from functools import cache

from PIL import Image, ImageDraw

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0L9 9"/></svg>'
PAGE = b"<!DOCTYPE html><html><body>Not found</body></html>"


@cache
def picture(number: int = 1, size: tuple[int, int] = (640, 400), kind: str = "JPEG") -> bytes:
    """A picture of some shapes: those of one number look alike in any size and format."""
    rng = random.Random(number)  # noqa: S311  (no secret)
    drawn = Image.new("RGB", (640, 400), (240, 240, 230))
    pen = ImageDraw.Draw(drawn)
    for _ in range(14):
        x, y, w, h = rng.randrange(640), rng.randrange(400), rng.randrange(40, 260), rng.randrange(40, 200)
        pen.rectangle((x - w, y - h, x + w, y + h), fill=tuple(rng.randrange(256) for _ in range(3)))
    return packed(drawn.resize(size), kind)


def packed(image: Image.Image, kind: str) -> bytes:
    """The file of a picture."""
    stream = io.BytesIO()
    image.save(stream, kind)
    return stream.getvalue()


def even(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """A picture of one colour."""
    return packed(Image.new("RGB", size, (200, 200, 200)), kind)


def png_bomb(side: int) -> bytes:
    """Some hundred kilobytes that decode to a square with this side."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def gif_bomb() -> bytes:
    """A GIF that says that it has four billion pixels."""
    gif = bytearray(packed(Image.new("P", (40, 40), 1), "GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"
    return bytes(gif)


def webp_bomb() -> bytes:
    """A WebP with the largest canvas there is, 16,384 pixels square."""
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\x3f\x00" * 2
    rest = packed(Image.new("RGB", (40, 40), (9, 9, 9)), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(chunk + rest)) + b"WEBP" + chunk + rest


def endless_gif() -> bytes:
    """A GIF that shows something first, and of which every frame is followed by another."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\x00"
    return picture(kind="GIF").removesuffix(b";") + frame * 5000


def hostile() -> dict[str, bytes]:
    """What a server gives for a picture and nobody may take, by name; sizes and redirects are for a server to do."""
    sound = picture()
    return {
        "bomb.png": png_bomb(30_000),
        "bomb.gif": gif_bomb(),
        "bomb.webp": webp_bomb(),
        "page.jpg": PAGE,
        "drawing.jpg": SVG.replace(b"<path", b"<script>fetch('//127.0.0.1')</script><path"),
        "tiny.gif": packed(Image.new("P", (1, 1)), "GIF"),
        "film.jpg": b"\x00\x00\x00\x1cftypmp42\x00\x00\x00\x00isomavc1" + bytes(200),
        "truncated.jpg": sound[: len(sound) // 2],
        "endless.gif": endless_gif(),
        "polyglot.jpg": sound + b"<script>alert(1)</script>",
    }
