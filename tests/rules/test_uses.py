"""Which selectors a run names at its end."""

from __future__ import annotations

from datetime import UTC, datetime

from archiver.extract.article import extract
from archiver.models import Capture, Field
from archiver.rules import SiteRules
from archiver.rules.uses import UnmatchedSelectors

TEXT = "<p>" + "The lighthouse on the northern pier shines again after twelve years in the dark. " * 12 + "</p>"
PAGE = f"""<html lang="en"><head><title>Lighthouse shines again</title></head><body><h1>Lighthouse shines again</h1>
<p class="by">Words by Ann Ohm</p><div class="story">{TEXT}<img data-pic="/a/harbour-at-night.jpg" src="/blank.gif">
<img data-pic="/a/pier-at-dawn.jpg" src="/blank.gif"></div></body></html>"""
OLD = datetime(2019, 1, 1, tzinfo=UTC)


def without_words(text: str) -> str:
    return text.removeprefix("Words by ")


def capture(host: str = "nordblatt.example", page: str = PAGE) -> Capture:
    url = f"https://{host}/lighthouse-shines-again"
    headers = (("Content-Type", "text/html"),)
    return Capture(url, url, 200, headers, page.encode(), datetime(2024, 1, 1, tzinfo=UTC), "live")


def test_selectors_that_never_matched_are_named_by_publisher_and_field() -> None:
    old = SiteRules(("nordblatt.example",), OLD, author=(".old",))
    new = SiteRules(
        ("nordblatt.example",), body=(".story",), prune=(".ad",), title=(".nothing", "h1"), author=(".gone",)
    )
    other = SiteRules(("other.example",), title=(".x",))
    rules = (other, old, new)
    unmatched = UnmatchedSelectors(rules)
    for _ in range(2):
        unmatched.add(extract(capture(), rules).uses)
    assert list(unmatched.sentences()) == [
        "rules of nordblatt.example that matched none of 2 articles: prune .ad; title .nothing; author .gone"
    ]
    unmatched.add(extract(capture(page=PAGE.replace('"by"', '"gone"')), rules).uses)
    assert "author" not in next(unmatched.sentences())


def test_a_publisher_without_an_article_is_not_named() -> None:
    rules = (SiteRules(("nordblatt.example",), title=(".nothing",)),)
    unmatched = UnmatchedSelectors(rules)
    unmatched.add(extract(capture("elsewhere.example"), rules).uses)
    unmatched.add(extract(capture(page="<html><body><h1>404 Not found</h1></body></html>"), rules).uses)
    assert list(unmatched.sentences()) == []


def test_a_function_cleans_what_a_selector_found_and_lazy_images_are_read() -> None:
    rules = SiteRules(
        ("nordblatt.example",), body=(".story",), author=("//p[@class='by']/text()",), image=(".story img",),
        lazy_image_attributes=("data-pic",), clean={Field.AUTHOR: without_words},
    )  # fmt: skip
    article = extract(capture(), (rules,)).article
    assert article is not None
    assert article.choices[Field.AUTHOR].value == "Ann Ohm"
    assert article.choices[Field.IMAGE].value == "https://nordblatt.example/a/harbour-at-night.jpg"
    assert "(https://nordblatt.example/a/pier-at-dawn.jpg)" in article.body
