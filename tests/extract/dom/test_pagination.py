"""Where an article over several pages goes on."""

from __future__ import annotations

import pytest

from archiver.extract.dom.pagination import find_next_part
from tests.support.sheets import sheet

STORY = "https://news.example/world/the-bridge"


@pytest.mark.parametrize(
    ("url", "link", "expected"),
    [
        (STORY, "?page=2", f"{STORY}?page=2"),
        (STORY, "/world/the-bridge/2#text", f"{STORY}/2"),
        (f"{STORY}/", "/world/the-bridge/2/", f"{STORY}/2/"),
        (STORY, "/world/the-bridge/page/2/", f"{STORY}/page/2/"),
        (STORY, "/world/the-bridge-page-2", f"{STORY}-page-2"),
        (f"{STORY}.html", "/world/the-bridge/2.html", f"{STORY}/2.html"),
        (f"{STORY}.html", "the-bridge.html/2", f"{STORY}.html/2"),
        (f"{STORY}.html", "the-bridge-seite-2.html", f"{STORY}-seite-2.html"),
        (f"{STORY}?id=7", "?p=2&id=7", f"{STORY}?p=2&id=7"),
        (f"{STORY}?page=2", "?page=3", f"{STORY}?page=3"),
        (f"{STORY}/9", "/world/the-bridge/10", f"{STORY}/10"),
        ("https://www.news.example/a/4711123", "https://news.example/a/4711123/2", "https://news.example/a/4711123/2"),
        # The page before it, one after the next, and the page itself.
        (f"{STORY}?page=2", "?page=1", None),
        (STORY, "?page=3", None),
        (STORY, "?page=1", None),
        # Another story, another count, another site, a day, a long number.
        (f"{STORY}-1", "/world/the-bridge-2", None),
        (STORY, "/world/the-tunnel/2", None),
        (STORY, "?comment_page=2", None),
        (STORY, "?page=2&print=1", None),
        (STORY, "https://other.example/world/the-bridge/2", None),
        ("https://news.example/2024/05/11", "/2024/05/12", None),
        (STORY, "/world/the-bridge/2024", None),
        ("https://news.example/", "/page/2/", None),
        (STORY, "https://[broken/2", None),
    ],
)
def test_the_next_part_is_the_page_itself_with_a_number(url: str, link: str, expected: str | None) -> None:
    assert find_next_part(sheet(body=f'<a href="#2">2</a><a href="{link}">on</a>', url=url)) == expected


def test_what_the_head_calls_next_comes_first() -> None:
    page = sheet(f'<link rel="next" href="{STORY}/2">', '<a href="?page=2">2</a>', url=STORY)
    assert find_next_part(page) == f"{STORY}/2"
    assert find_next_part(sheet(f'<link rel="next" href="{STORY}-2">', url=STORY)) is None
