"""What bytes are, whatever they are called."""

from __future__ import annotations

import pytest

from archiver.images.types import picture_type


@pytest.mark.parametrize(
    ("body", "extension"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", ".jpg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", ".png"),
        (b"GIF87a\x01\x00", ".gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", ".webp"),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00avifmif1", ".avif"),
        (b"BM\x46\x00\x00\x00\x00\x00\x00\x00\x36\x00\x00\x00", ".bmp"),
        (b"II*\x00\x08\x00\x00\x00", ".tif"),
        (b"\x00\x00\x01\x00\x01\x00", ".ico"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<svg xmlns="http://www.w3.org/2000/svg">', ".svg"),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(body: bytes, extension: str) -> None:
    kind = picture_type(body)
    assert kind is not None
    assert kind.extension == extension


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<!DOCTYPE html><html><svg>", b"%PDF-1.7", b"RIFF\x10\x00\x00\x00WAVE", b"BMW drivers", b"<svgfoo>",
        b"\x00\x00\x00\x1cftypmp42\x00\x00\x00\x00isomavc1", b"<!---->" * 140,
    ],
)  # fmt: skip
def test_anything_else_is_none(body: bytes) -> None:
    assert picture_type(body) is None
