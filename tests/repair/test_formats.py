"""Posts in TOML and JSON take the fields of an article, each as the file has its values."""

from __future__ import annotations

import pytest

from archiver.models import Article, Choice, Field
from archiver.repair.policy import Action, Policy
from archiver.repair.repair import repair
from archiver.repair.shapes import Shape, Shapes
from archiver.seeds import read

KEYS = {
    "source": ("source_url", "params.source_url"),
    **{field.value: (field.value,) for field in Field},
    "author": ("authors", "params.authors"),
    "image": ("cover.image",),
}
ARTICLE = Article(
    {
        Field.TITLE: Choice("It’s “here”", "h1"),
        Field.DATE: Choice("2024-11-12T04:10:56Z", "time"),
        Field.AUTHOR: Choice("Ada Quell, Bert Ohm", "json-ld:author", (), ("Ada Quell", "Bert Ohm")),
        Field.IMAGE: Choice("https://e.example/i.jpg", "meta:og:image"),
    }
)


HUGO = """\
+++
date = ''
lastmod = 2024-01-01 08:00:00+07:00 # by hand
[params]
  authors = []
  source_url = 'https://e.example/1'
[cover]
  image = ""
+++
Text.
"""
HUGO_REPAIRED = """\
+++
date = 2024-11-12 11:10:56+07:00
lastmod = 2024-01-01 08:00:00+07:00 # by hand
title = 'It’s “here”'
[params]
  authors = ['Ada Quell', 'Bert Ohm']
  source_url = 'https://e.example/1'
[cover]
  image = 'https://e.example/i.jpg'
+++
Text.
"""
SHORT = """\
+++
source_url = "https://e.example/1"
date = ""
+++
Text.
"""
SHORT_REPAIRED = """\
+++
source_url = "https://e.example/1"
title = "It’s “here”"
authors = "Ada Quell, Bert Ohm"
date = "2024-11-12T04:10:56Z"
cover.image = "https://e.example/i.jpg"
+++
Text.
"""
ELEVENTY = """\
---json
{
  "source_url": "https://e.example/1",
  "date": null,
  "authors": null,
  "cover": {}
}
---
Text.
"""
ELEVENTY_REPAIRED = """\
---json
{
  "source_url": "https://e.example/1",
  "title": "It’s “here”",
  "date": "2024-11-12",
  "authors": ["Ada Quell", "Bert Ohm"],
  "cover": {"image": "https://e.example/i.jpg"}
}
---
Text.
"""


@pytest.mark.parametrize(
    ("old", "new", "action", "shapes"),
    [
        (HUGO, HUGO_REPAIRED, Action.FILL, {Field.DATE: Shape.INSTANT}),
        (SHORT, SHORT_REPAIRED, Action.INSERT, {}),
        (ELEVENTY, ELEVENTY_REPAIRED, Action.INSERT, {Field.DATE: Shape.DAY, Field.AUTHOR: Shape.LIST}),
    ],
)
def test_a_post_is_repaired_in_its_own_format(old: str, new: str, action: Action, shapes: Shapes) -> None:
    policy = Policy({**dict.fromkeys(Field, action), Field.BODY: Action.KEEP}, shapes)
    done = repair(read("a.md", old.encode()), ARTICLE, policy, KEYS)
    assert done.content.decode() == new
    again = repair(read("a.md", done.content), ARTICLE, policy, KEYS)
    assert (again.content, again.changes) == (done.content, ())
