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
        "rules of nordblatt.example that matched none of 2 articles: author .gone; prune .ad; title .nothing"
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


def test_a_lazy_image_that_no_selector_names_is_found_by_its_attribute() -> None:
    page = (
        "<html><body><h1>The harbour at night</h1><article><figure>"
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-foto='/foto/88.jpg'></figure>"
        f"<p>{'The harbour was quiet, and nobody sailed that night. ' * 12}</p></article></body></html>"
    )
    rules = SiteRules(("nordblatt.example",), lazy_image_attributes=("data-foto",))
    found = [extract(capture(page=page), named).article for named in ((), (rules,))]
    assert [article is not None and article.choices.get(Field.IMAGE) is not None for article in found] == [False, True]
