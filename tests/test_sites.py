"""What counts as a post shown right, and which posts the sites are built of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.collection.presets import presets
from tests.conftest import ROOT
from tests.sites.builders import builders
from tests.sites.compare import folded, match, without_fences
from tests.sites.posts import Post, save_pages, write_posts

POST = Post(Path("posts/p1.md"), "https://a.example/1", "“One” & two", datetime(2025, 1, 1, 8, 30, tzinfo=UTC), "")
BODY = """**So** it -- goes...

{% raw %}
```
{{ x }}
```
{% endraw %}

- {% raw %}`{%`{% endraw %}
- .

| a | b |
| --- | --- |
| c | d |"""
SHOWN = (
    "<p>So it – goes…</p><pre>{{ x }}</pre><ul><li><code>{%</code></li><li>.</li></ul>"
    "<table><tr><td>a</td><td>b</td></tr><tr><td>cd</td></tr></table>"
)


def page(title: str = "“One” &amp; two", date: str = "2025-01-01T08:30:00.000Z", body: str = SHOWN) -> str:
    return f"<h1 id='post-title'>{title}</h1><time datetime='{date}'></time><div id='post-body'>{body}</div>"


def test_a_page_that_shows_its_post() -> None:
    found = match(POST, without_fences(BODY), page())
    assert (found.text, found.title, found.date, found.first_difference) == (True, True, True, "")


@pytest.mark.parametrize(
    ("wrong", "text", "title", "date"),
    [
        (page(title='"One" &amp; two'), True, False, True),
        (page(date="2025-01-01"), True, True, False),
        (page(date="2025-01-01T09:30:00Z"), True, True, False),
        (page(body=SHOWN.replace("So", "S")), False, True, True),
        (page(body=SHOWN + "*"), False, True, True),
        ("<p>nothing</p>", False, False, False),
    ],
)
def test_what_a_page_shows_otherwise(wrong: str, text: bool, title: bool, date: bool) -> None:
    found = match(POST, without_fences(BODY), wrong)
    assert (found.text, found.title, found.date) == (text, title, date)
    assert bool(found.first_difference) is not text


def test_white_space_and_typography_are_the_builders() -> None:
    assert folded("“a” – b…\u00a0« c »") == folded('"a" --- b... << c >>')


def test_a_post_without_a_date_shows_none() -> None:
    undated = replace(POST, date=None)
    assert match(undated, without_fences(BODY), page(date="")).date
    assert not match(undated, without_fences(BODY), page()).date
    assert not match(POST, without_fences(BODY), page(date="")).date


def test_without_acceptance_pages_the_fixtures_make_the_site(tmp_path: Path) -> None:
    pages = save_pages(tmp_path / "none", ROOT / "fixtures" / "generic", tmp_path / "work")
    assert len(pages.addresses) >= 5
    (tmp_path / "site").mkdir()
    posts = write_posts(tmp_path / "site", "jekyll", "", "{date}-{slug}.md", pages)
    assert len({post.file for post in posts}) == len(posts) >= 5
    assert all(post.title and post.body and (tmp_path / "site" / post.file).is_file() for post in posts)
    (own,) = (post.body for post in posts if post.url.startswith("https://harbour.example/"))
    assert all(part in own for part in ("```python", "$$h = ", "> **Warning**", "- **Neap**", "10⁶", "港 office"))
    assert any(post.file.name.startswith(f"{post.date:%Y-%m-%d}-") for post in posts if post.date)


def test_every_builder_has_its_templates() -> None:
    for astro in ("astro-4", "astro-5"):
        for builder in builders(astro):
            assert (ROOT / "tests" / "sites" / builder.name).is_dir()
            assert builder.preset in presets()
