"""The text of a page by the charset that is stated for it, or that its bytes show."""

from __future__ import annotations

import pytest

from archiver.extract.dom.decoding import decode

TEXT = "<p>Die Brücke über den Fluß, größer als je zuvor, steht wieder.</p>"


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "rot13", "zlib", "hex", "punycode", "unicode_escape", "utf-7", "utf-32", "klingon"]
)
def test_what_is_no_charset_of_the_web_counts_as_none_stated(charset: str) -> None:
    for body in (TEXT.encode(), f'<meta charset="{charset}">{TEXT}'.encode()):
        assert decode(body, f"text/html; charset={charset}").endswith(TEXT)
    stated = f'<meta charset="windows-1252">{TEXT}'
    assert decode(stated.encode("cp1252"), f"text/html; charset={charset}") == stated


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode("utf-8-sig"), "text/html; charset=windows-1252"),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("cp1252"), "text/html; charset=iso-8859-1"),
        (TEXT.encode("utf-16-be"), "text/html; charset=utf-16be"),
        (TEXT.encode(), None),
    ],
)
def test_a_mark_goes_before_the_header_and_utf_8_before_a_guess(body: bytes, content_type: str | None) -> None:
    assert decode(body, content_type) == TEXT
