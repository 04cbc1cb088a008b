"""What pictures are judged to be, by their bytes alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from archiver.images.fingerprint import look_alike
from archiver.images.judgement import judge_picture
from archiver.models import PictureVerdict
from tests.images.pictures import PAGE, SVG, even, hostile, packed, picture, png_bomb


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_a_picture_is_alive_in_every_format(kind: str) -> None:
    found = judge_picture(picture(kind=kind))
    assert (found.verdict, found.width, found.height) == (PictureVerdict.ALIVE, 640, 400)
    assert found.mime == f"image/{kind.lower()}"


def test_an_icon_and_a_drawing_are_judged_too() -> None:
    assert judge_picture(packed(Image.open(io.BytesIO(picture())).resize((64, 64)), "ICO")).mime == "image/x-icon"
    assert judge_picture(SVG).verdict is PictureVerdict.ALIVE


@pytest.mark.parametrize("name", sorted(hostile()))
def test_nothing_hostile_is_alive(name: str) -> None:
    found = judge_picture(hostile()[name])
    assert found.verdict is not PictureVerdict.ALIVE, found
    assert found.detail


def _with_files(body: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as files:
        files.writestr("a.class", "x")
    return body + stream.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (PAGE, "a page"),
        (b"\x01\x02", "no picture"),
        (b"BM%PDF-1.4" + bytes(200), "no picture"),
        (SVG[:-3], "damaged"),
        (picture(kind="PNG")[:900], "damaged"),
        (png_bomb(30_000), "900000000 pixels in 177 bytes"),
    ],
)
def test_what_is_no_picture_says_why(body: bytes, said: str) -> None:
    found = judge_picture(body)
    assert found.verdict is PictureVerdict.NOT_IMAGE
    assert said in found.detail


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_with_files(picture()), "archive"),
        (b"GIF89a/*" + picture(kind="GIF")[8:] + b"*/=1;alert(1)", "script"),
        (picture(kind="PNG") + b"<?php system(1)", "markup"),
        (hostile()["endless.gif"], "frames"),
        (SVG.replace(b"<path", b'<image href="https://127.0.0.1/a.png"/><path'), "asks others"),
        (SVG.replace(b"<path ", b'<path onload="x()" '), "runs a script"),
        (SVG.replace(b"<svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg'), "runs a script"),
    ],
)
def test_what_readers_see_and_nobody_should_take_is_unknown(body: bytes, said: str) -> None:
    found = judge_picture(body)
    assert found.verdict is PictureVerdict.UNKNOWN
    assert said in found.detail


@pytest.mark.parametrize(
    "body",
    [
        even((1, 1)),
        even((600, 2)),
        even((600, 400)),
        even((600, 400), "JPEG"),
        picture(size=(24, 24)),
        picture(size=(161, 81), kind="PNG"),
        packed(Image.new("RGBA", (300, 300), (9, 200, 30, 0)), "PNG"),
        SVG.replace(b'<path d="M0 0L9 9"/>', b""),
    ],
)
def test_what_shows_nothing_is_a_placeholder(body: bytes) -> None:
    assert judge_picture(body).verdict is PictureVerdict.PLACEHOLDER


def test_one_that_is_only_too_large_is_unknown() -> None:
    big = bytearray(picture(kind="BMP"))
    big[18:26] = (9000).to_bytes(4, "little") * 2
    found = judge_picture(bytes(big))
    assert found.verdict is PictureVerdict.UNKNOWN
    assert "81000000 pixels" in found.detail


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
    ],
)
def test_a_picture_that_only_some_browsers_show_is_not_dead(body: bytes, name: str) -> None:
    found = judge_picture(body)
    assert (found.verdict, name in found.detail) == (PictureVerdict.UNKNOWN, True)


def test_sizes_of_a_picture_look_alike_and_other_pictures_do_not() -> None:
    whole, other = judge_picture(picture(1)).fingerprint, judge_picture(picture(2)).fingerprint
    for size, kind in (((200, 125), "JPEG"), ((320, 200), "WEBP"), ((640, 400), "GIF")):
        assert look_alike(whole, judge_picture(picture(1, size, kind)).fingerprint) is True
    assert look_alike(whole, other) is False
    assert look_alike(whole, judge_picture(SVG).fingerprint) is None
