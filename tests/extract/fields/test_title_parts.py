from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extract.fields import title_parts
from archiver.extract.fields.site import SiteNames

HEADLINE = "Neue Brücke über den Fluss"
NAMES = SiteNames(frozenset({"nordblatt", "nordblattexample"}), frozenset({"politik"}))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Neue Brücke über den Fluss - Nordblatt", HEADLINE),
        ("Neue Brücke über den Fluss | nordblatt.example", HEADLINE),
        ("Neue Brücke über den Fluss - Politik - Nordblatt", HEADLINE),
        ("Neue Brücke über den Fluss – Nordblatt – 13.06.2023", HEADLINE),
        ("Neue Brücke über den Fluss | Nordblatt News", HEADLINE),
        ("Nordblatt - Neue Brücke über den Fluss", HEADLINE),
        ("Nordblatt: Neue Brücke über den Fluss", HEADLINE),
        ("Das Ende der Putin-Ära", "Das Ende der Putin-Ära"),
        ("Stadt | Land | Fluss", "Stadt | Land | Fluss"),
        ("Er kommt - und geht wieder", "Er kommt - und geht wieder"),
        ("Nordblatt", "Nordblatt"),
        ("Der Streit um das Nordblatt", "Der Streit um das Nordblatt"),
    ],
)
def test_only_what_is_proved_is_taken_off(raw: str, clean: str) -> None:
    assert title_parts.strip_site_name(raw, NAMES) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Neue Brücke über den Fluss | Fluss Bote", HEADLINE),
        ("Neue Brücke über den Fluss | FBV®", HEADLINE),
        ("Neue Brücke über den Fluss - Politik - Bote am Fluss - Zeitung für alle", HEADLINE),
        ("Neue Brücke über den Fluss | Der", "Neue Brücke über den Fluss | Der"),
        ("Fluss Bote - und andere Zeitungen", "Fluss Bote - und andere Zeitungen"),
        ("Wer kommt – EU", "Wer kommt – EU"),
    ],
)
def test_what_a_site_calls_itself_for_short_or_in_two_parts_is_taken_off_the_end(raw: str, clean: str) -> None:
    called = SiteNames(
        frozenset({"fbvereinsverlag", "europa", "boteamflusszeitungfuralle"}), frozenset({"politik"}), "derflussbote"
    )
    assert title_parts.strip_site_name(raw, called) == clean


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADLINE} * Unbekannt",
        f"Leute » {HEADLINE} » Archiv",
        f"{HEADLINE} -- Kultur -- Netz",
        "Leute | Neue Brücke über den Fluss! | Alles über Brücken am Fluss",
    ],
)
def test_another_headline_of_the_page_proves_what_is_around_it(raw: str) -> None:
    assert title_parts.strip_site_name(raw, NAMES, [HEADLINE]).rstrip("!") == HEADLINE


@given(st.text(max_size=80), st.lists(st.text(max_size=30), max_size=3))
def test_a_stripped_title_is_never_empty(text: str, agreed: list[str]) -> None:
    assert bool(title_parts.strip_site_name(text, NAMES, agreed)) == bool(text)


@pytest.mark.parametrize(
    "text",
    [
        "Home",
        "Nordblatt",
        "nordblatt.example",
        "Page not found",
        "404 - Seite nicht gefunden",
        "Menü",
        "",
        "…",
        "{{ basket.title }}",
        "x" * 301,
    ],
)
def test_junk(text: str) -> None:
    assert title_parts.is_junk(text, NAMES)
