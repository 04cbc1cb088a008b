"""Names of files: readable, and taken by every file system."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text.file_names import MAX_NAME_BYTES, name_key, name_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ten dead: mayor's “second” term — AFP", "ten-dead-mayors-second-term-afp"),
        ("Übergröße in Łódź, Ærø", "ubergrosse-in-lodz-aero"),
        ("Новости дня: ёлка", "новости-дня-ёлка"),
        ("ข่าววันนี้", "ข่าววันนี้"),
        ("今日のニュース！", "今日のニュース"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("cafe\u0301", "cafe"),
        ("İstanbul", "istanbul"),
        ("\u202egnp.exe", "gnp-exe"),
        ("../../etc/passwd", "etc-passwd"),
        (".hidden", "hidden"),
        ("a\x00b\nc", "a-b-c"),
        ("CON", "con-post"),
        ("com1", "com1-post"),
        ("README", "readme-post"),
        ("Index", "index-post"),
        ("😀", ""),
        ("", ""),
    ],
)
def test_a_title_as_a_name(text: str, name: str) -> None:
    assert name_of(text) == name


def test_a_long_title_ends_after_a_word_or_a_letter_with_its_marks() -> None:
    name = name_of("word " * 100)
    assert len(name.encode()) <= MAX_NAME_BYTES
    assert name.endswith("-word")
    thai = name_of("ที่" * 100)
    assert MAX_NAME_BYTES - 9 < len(thai.encode()) <= MAX_NAME_BYTES
    assert set(thai.split("ที่")) == {""}


@given(st.text(max_size=300))
def test_any_text_gives_a_name_that_is_safe_everywhere(text: str) -> None:
    name = name_of(text)
    assert len(name.encode()) <= MAX_NAME_BYTES + len("-post")
    assert name == unicodedata.normalize("NFC", name)
    assert all(char == "-" or unicodedata.category(char)[0] in "LNM" for char in name)
    assert not name.startswith("-")
    assert not name.endswith("-")
    assert name_of(name) == name or len(name.encode()) > MAX_NAME_BYTES


def test_names_that_some_file_systems_take_for_one() -> None:
    assert name_key("Straße.MD") == name_key("STRASSE.md")
    assert name_key("e\u0301") == name_key("É")
