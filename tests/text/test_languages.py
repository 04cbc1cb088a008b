from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.models import Field
from archiver.text import languages
from tests.support.sheets import sheet, value

GERMAN = "Die neue Brücke ist am Morgen für den Verkehr geöffnet worden, und viele sind mit dem Rad gekommen. " * 4
ENGLISH = "The new bridge was opened this morning, and many of them have come by bike to see that it is there. " * 4


@pytest.mark.parametrize(
    ("tag", "code"),
    [("de", "de"), ("pt_BR", "pt"), ("zh-Hant-TW", "zh"), ("EN-us", "en"), ("nb-NO", "no"),
     ("deu", "de"), ("German", "de"),
     ("en, de", "en"), ("", None), ("x", None), ("unknown", None)],
)  # fmt: skip
def test_primary(tag: str, code: str | None) -> None:
    assert languages.primary(tag) == code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GERMAN, "de"),
        (ENGLISH, "en"),
        (
            "Le nouveau pont est ouvert ce matin et les gens sont venus dans la ville pour le voir avec une fête. " * 4,
            "fr",
        ),
        ("สะพานใหม่เปิดใช้งานแล้วเมื่อเช้านี้ ผู้คนจำนวนมากเดินทางมาดู " * 2, "th"),
        ("新しい橋が今朝開通しました。多くの人が見に来ました。" * 3, "ja"),
        ("新大桥今天早晨正式通车许多市民前来参观并拍照留念" * 3, "zh"),
        ("새 다리가 오늘 아침 개통되었다 많은 사람들이 보러 왔다 " * 3, "ko"),
    ],
)
def test_spoken(text: str, language: str) -> None:
    assert languages.detect_language(text) == (language, True)


@pytest.mark.parametrize("text", ["", "Neu", "12345 67890"])
def test_too_little_text_says_nothing(text: str) -> None:
    assert languages.detect_language(text) == (None, False)


@given(st.text(max_size=200))
def test_spoken_never_raises(text: str) -> None:
    language, sure = languages.detect_language(text)
    assert language or not sure


def test_the_page_is_believed_unless_its_text_contradicts() -> None:
    assert value(sheet(html='<html lang="de-AT">'), Field.LANGUAGE, GERMAN) == "de"
    assert value(sheet(html='<html lang="en">'), Field.LANGUAGE, GERMAN) == "de"
    assert value(sheet(html='<html lang="en">'), Field.LANGUAGE) == "en"
    assert value(sheet(html="<html>"), Field.LANGUAGE, ENGLISH) == "en"
    assert (
        value(sheet('<meta property="og:locale" content="de_DE">', html='<html lang="en">'), Field.LANGUAGE, GERMAN)
        == "de"
    )


def test_near_relatives_do_not_contradict_each_other() -> None:
    assert not languages.contradicts("no", "da")
    assert not languages.contradicts("fa", "ar")
    assert languages.contradicts("en", "de")
