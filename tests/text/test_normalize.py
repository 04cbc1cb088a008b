from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.text import normalize as wording
from archiver.text.letters import letters_key


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Fish &amp;amp; chips", "Fish & chips"),
        ("&quot;Nein&quot;,\n\t sagt er", '"Nein", sagt er'),
        ("„Ja“ – sagt\u00a0sie …", "„Ja“ – sagt sie …"),
        ("Bru\u0308cke", "Brücke"),
        ("Ver\u00adfassungs\u200bbeschwerde", "Verfassungsbeschwerde"),
        ("a\x07b", "ab"),
        ("left\u202eright \u2066one\u2069", "leftright one"),
        ("AT&T; R&D", "AT&T; R&D"),
    ],
)
def test_line(raw: str, clean: str) -> None:
    assert wording.one_line(raw) == clean


@given(st.text(max_size=200))
def test_a_line_is_one_line_and_stays_so(text: str) -> None:
    once = wording.one_line(text)
    assert "\n" not in once
    assert once == once.strip()
    assert all(unicodedata.category(c) != "Cc" for c in once)


@pytest.mark.parametrize(
    ("text", "slug", "share"),
    [
        ("Über die Brücke", {"ueber", "die", "bruecke"}, 1.0),
        ("Über die Brücke", {"uber", "die", "brucke"}, 1.0),
        ("Straße nach Łódź", {"strasse", "nach", "lodz"}, 1.0),
        ("Новый мост", {"novyy", "most"}, 1.0),
        ("Rain", {"snow"}, 0.0),
        ("Rain", set(), 0.0),
    ],
)
def test_slug_share(text: str, slug: set[str], share: float) -> None:
    assert wording.slug_share(text, frozenset(slug)) == pytest.approx(share)


def test_fold_ignores_how_quotes_dashes_and_case_are_written() -> None:
    assert wording.fold_punctuation("»Ja« – SAGT er…") == wording.fold_punctuation('"ja" - sagt er...')


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_has_the_key_that_it_has_beside_other_punctuation(text: str) -> None:
    assert letters_key(text) == letters_key(text + "—")
