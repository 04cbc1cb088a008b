"""A page's skeleton has its structure and none of its sentences."""

from __future__ import annotations

import html as escaping
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from archiver.archive.skeleton import skeletons
from archiver.models import Capture
from archiver.text.dates import parse_date
from tests.conftest import FIXTURES

PAGES = sorted(page for page in FIXTURES.glob("*/*/response.html") if (page.parent / "after.md").exists())[:8]
URL = "https://nordblatt.example/coast/lighthouse-shines-again-in-the-north-a5120.html"


def capture(markup: str) -> Capture:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    return Capture(URL, URL, 200, (("Content-Type", "text/html; charset=utf-8"),), markup.encode(), at, "live")


def skeleton(one: Capture) -> Capture:
    return skeletons([one])[0]


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of four words, numbers aside."""
    words = [word.casefold() for word in re.findall(r"[^\W\d_]+", text)]
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


@given(st.lists(st.text(alphabet="abcdefgh harbour éß", min_size=1), min_size=4, max_size=30).map(" ".join))
@settings(max_examples=60, deadline=None)
def test_no_run_of_four_words_is_left(text: str) -> None:
    markup = f'<html><head><title>{text}</title></head><body><p title="{text}">{text}</p></body></html>'
    made = html.document_fromstring(skeleton(capture(markup)).body.decode())
    told = [
        "".join(map(str, made.itertext())),
        *(str(value) for element in made.iter() for value in element.values()),
    ]
    assert not runs(text) & {run for one in told for run in runs(one)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_a_fixture_keeps_its_structure_and_loses_its_text(page: Path) -> None:
    before = html.document_fromstring(page.read_text(encoding="utf-8"))
    after = html.document_fromstring(skeleton(capture(page.read_text(encoding="utf-8"))).body.decode())
    shapes = [[(e.tag, e.get("class")) for e in tree.iter(html.etree.Element)] for tree in (before, after)]
    assert shapes[0] == shapes[1]
    text = " ".join("".join(str(piece) for piece in p.itertext()) for p in before.iter("p"))
    assert runs(text)
    assert not runs(text) & runs(escaping.unescape(html.tostring(after, encoding="unicode")))


def test_places_that_agreed_still_agree() -> None:
    markup = "<title>Lighthouse shines again</title><h1>Lighthouse shines again</h1><p>12 November 2024, 10:30</p>"
    made = skeleton(capture(markup))
    tree = html.document_fromstring(made.body)
    assert tree.findtext(".//title") == tree.findtext(".//h1")
    slug = "-".join((tree.findtext(".//h1") or "").lower().split())
    assert slug in made.url
    assert "shines" not in made.url
    assert made.url.startswith("https://nordblatt.example/")
    assert made.url.endswith("5120.html")


def test_what_rules_look_for_stays() -> None:
    url = "https://nordblatt.example/coast/top-stories/lighthouse-shines-again-a5120.html?page=2"
    made = html.document_fromstring(
        skeleton(
            capture(f'<p><a href="{url}">12. März 2024</a><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>')
        ).body.decode()
    )
    link = str(made.xpath("string(//a/@href)"))
    assert re.fullmatch(r"https://nordblatt\.example/coast/top-stories/\w+-\w+-\w+-a5120\.html\?page=2", link)
    assert "shines" not in link
    assert made.xpath("string(//a)") == "12. März 2024"
    assert made.xpath("string(//img/@src)") == "data:,"


@pytest.mark.parametrize(
    "text",
    [
        "Published: 31 Mar 2026 at 01:01 pm",
        "12 Nov 2024, 19:20 ICT",
        "Tue, 12 Nov 2024 04:10:00 GMT",
        "Mis à jour le 12 novembre 2024 à 23h15",
        "5th of March 2024, 7 p.m.",
        "12 de novembro de 2024 às 10:30",
        "Publié le 1er mars 2024",
        "12 พ.ย. 2567 10:30 น.",
        "2024年11月12日 10時30分",
    ],
)
def test_a_short_text_keeps_its_date(text: str) -> None:
    tree = html.document_fromstring(skeleton(capture(f"<p class=date>{text}</p>")).body.decode())
    assert parse_date(str(tree.xpath("string(//p)"))) == parse_date(text) is not None


def test_a_time_of_day_alone_stays() -> None:
    tree = html.document_fromstring(skeleton(capture("<b>23h15</b><i>01:01 pm</i><u>19:20 ICT</u>")).body)
    assert [tree.findtext(f".//{tag}") for tag in "biu"] == ["23h15", "01:01 pm", "19:20 ICT"]


def test_a_name_behind_a_folder_of_authors_is_invented() -> None:
    kept = ["/kueste/top-stories", "/nachrichten/baden-baden/5/"]
    page = '<a href="/redaktion/tomke-ihnen">Tomke Ihnen</a>' + "".join(f'<a href="{folder}">x</a>' for folder in kept)
    made = html.document_fromstring(skeleton(capture(page)).body)
    name, *folders = [str(link.get("href")) for link in made.iter("a")]
    assert name == f"/redaktion/{str(made.xpath('string(//a)')).lower().replace(' ', '-')}"
    assert "tomke" not in name
    assert folders == kept
