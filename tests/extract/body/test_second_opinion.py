"""When the other extractor's text is taken for the article."""

from __future__ import annotations

import pytest
from lxml import html

from archiver.extract.body import body as module
from archiver.extract.body.body import Body, body
from tests.extract.body.test_body import ARTICLE, MENU, PROSE, TEXT, page

THREAD = "".join(f"<p>Remark {at}: a reader says what he thinks of it, at some length too.</p>" for at in range(3))
STATED = f'<script type="application/ld+json">{{"@type": "Article", "articleBody": "{" ".join(PROSE * 9)}"}}</script>'


def decided(monkeypatch: pytest.MonkeyPatch, markup: str, opinion: str) -> Body:
    monkeypatch.setattr(module, "second_opinion", lambda _: html.fromstring(f"<div>{opinion}</div>"))
    return body(page(f"{MENU}{markup}", STATED.replace("“", "").replace("”", "")))


def test_longer_text_that_lacks_the_first_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    markup = f"<main><h1>Harbour reopens</h1><div>{ARTICLE}</div></main><div class=comments>{THREAD}</div>"
    found = decided(monkeypatch, markup, THREAD * 3)
    assert (found.extractor, found.markdown) == ("content", TEXT)


def test_longer_text_that_has_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    markup = f"<main><h1>Harbour reopens</h1><div>{ARTICLE}</div></main><div class=related>{THREAD}</div>"
    found = decided(monkeypatch, markup, ARTICLE + THREAD)
    assert (found.extractor, found.markdown.count("Remark")) == ("trafilatura", 3)


def test_text_above_the_headline_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    above = "<p>Boats of all kinds are sold here, new ones and old ones alike, at any time.</p>"
    markup = (
        f"<div>{above}</div><div><h1>Harbour reopens</h1></div><div>{ARTICLE}</div><div class=related>{THREAD}</div>"
    )
    found = decided(monkeypatch, markup, above + ARTICLE + THREAD)
    assert found.extractor == "trafilatura"
    assert "Boats of all kinds" not in found.markdown
