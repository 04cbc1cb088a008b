"""What stands above and below an article is left out, and nothing of the article with it."""

from __future__ import annotations

from archiver.extract.body.body import body
from tests.extract.body.test_body import ARTICLE, PROSE, TEXT, page


def test_a_section_named_as_the_article_does_not_end_what_introduces_it() -> None:
    title = "<meta property='og:title' content='What is a harbour?'>"
    markup = f"<article>{ARTICLE}<h2>What is a harbour?</h2>{ARTICLE.replace('Monday', 'Tuesday')}</article>"
    found = body(page(markup, title)).markdown
    assert found.startswith(f"{TEXT}\n\n## What is a harbour?\n\n")
    assert PROSE[0].replace("Monday", "Tuesday") in found
