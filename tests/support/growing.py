"""Pages and texts of any length that make readers slow: deep, many, long, and of characters that patterns trip over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from archiver.models import Capture

WORDS = "The harbour was closed for nine days, and nobody had said when it would open again. "

KINDS: Mapping[str, str] = {
    "words": WORDS,
    "one word": "a",
    "capitals": "Ada Quell, ",
    "capital letters": "A",
    "accents": "e\u0301",
    "only accents": "\u0301",
    "ideographs": "港湾が再開。",
    "blanks": " ",
    "lines": "\n",
    "blank lines": "a\n\n",
    "unbreaking blanks": "\xa0",
    "digits": "1",
    "numbers": "1 2",
    "days": "1/2/",
    "months": "1 May ",
    "clocks": "10:00 ",
    "points": ".",
    "sentences": "Ada. ",
    "commas": ",",
    "names": "Ada and Bert and ",
    "hyphens": "-",
    "dashes": " - ",
    "bars": " | ",
    "colons": "::",
    "stars": "*",
    "stars and words": "*a* ",
    "stars within": "a*",
    "underscores": "_",
    "underscores within": "_a",
    "brackets": "[",
    "closing brackets": "]",
    "labels": "](",
    "images": "![",
    "definitions": "[a]:",
    "parentheses": "(",
    "braces": "{",
    "Liquid": "{{ a }} {% ",
    "ticks": "`",
    "ticks and words": "`a` ",
    "tildes": "~",
    "dollars": "$$",
    "pipes": "|",
    "backslashes": "\\",
    "hashes": "#",
    "signs of quotes": "> ",
    "quotes": '"',
    "apostrophes": "'",
    "ampersands": "&",
    "references": "&amp;",
    "half references": "&a",
    "less": "<",
    "tags": "<a>",
    "half tags": "<a ",
    "addresses": "http://a.example/b ",
    "one address": "http://a.b/",
    "hosts": "www.",
    "mail": "a@b",
    "at": "@",
    "by": "by ",
    "pictures": "a.jpg 1w, ",
    "cuts": "… ",
}


def text_of(kind: str, size: int) -> str:
    """So many characters of a kind."""
    unit = KINDS[kind]
    return (unit * (size // len(unit) + 1))[:size]


def _deep(opening: str, inner: str = "", closing: str = "") -> Callable[[int], str]:
    """Elements in elements; without `closing` they are left open, as libxml2 closes them."""

    def nested(size: int) -> str:
        depth = size // len(opening + closing)
        return opening * depth + (inner or WORDS * 5) + closing * depth

    return nested


def _row(*units: str) -> Callable[[int], str]:
    """Elements beside each other, `#` is the number of each."""

    def beside(size: int) -> str:
        unit = "".join(units)
        return "".join(unit.replace("#", str(number)) for number in range(size // len(unit) + 1))

    return beside


_BELOW = {
    "paragraphs": f"<p>{WORDS}</p>",
    "headings": "<h1>Heading #</h1>",
    "times": "<time>1 May 20#</time>",
    "bylines": "<b class='byline'>Ada Quell#</b>",
    "images": "<figure><img src='/a#.jpg'><figcaption>Caption #</figcaption></figure>",
    "frames": "<div class='widget'>text</div>",
    "quotes": "<blockquote>quoted words</blockquote>",
    "links": "<a href='/a#'>a</a> ",
    "dates": "<i class='date'>1.2.2020</i>",
    "properties": "<i itemprop='author'>Ada #</i>",
}


def _below_levels(unit: str) -> Callable[[int], str]:
    return lambda size: "<div>" * 1500 + _row(unit)(size)


def _script(content: Callable[[int], str]) -> Callable[[int], str]:
    return lambda size: f'<script type="application/ld+json">{content(size)}</script>{WORDS * 5}'


def _nodes(size: int) -> str:
    node = {"@type": "NewsArticle", "@id": "#a", "headline": "Harbour reopens", "author": [{"@id": "#p"}]}
    return json.dumps([node] * (size // 100))


def _lists(depth: int) -> str:
    return "[" * depth + '"a"' + "]" * depth


def _people(size: int) -> str:
    return json.dumps(
        {"@type": "NewsArticle", "headline": "H", "author": [{"@id": f"#{n}"} for n in range(size // 16)]}
    )


PAGES: Mapping[str, Callable[[int], str]] = {
    # Deep.
    "div in div": _deep("<div>"),
    "div of a class in div": _deep('<div class="widget">'),
    "div with text in div": _deep("<div>A line of some text, and it is as long as a sentence is. "),
    "span in span": _deep("<span>"),
    "b in i": _deep("<b><i>"),
    "em in strong with text": _deep("<em>a<strong>b"),
    "lists": _deep("<ul><li>", "text"),
    "lists with text": _deep("<ul><li>text", "text"),
    "lists in lists": _deep("<ul>", "<li>text"),
    "ordered lists": _deep("<ol><li>", WORDS * 5, "</li></ol>"),
    "quotes": _deep("<blockquote>"),
    "quotes in widgets": _deep('<blockquote><div class="widget">'),
    "tables": _deep("<table><tr><td>"),
    "tables of two columns": _deep("<table><tr><td>a<td>b<tr><td>c<td>"),
    "figures": _deep("<figure>", "<img src='/a.jpg'><figcaption>A caption</figcaption>"),
    "captions": _deep("<figcaption>"),
    "articles": _deep("<article><h2>Harbour</h2>"),
    "links": _deep("<a href='/a'>"),
    "buttons": _deep("<button>"),
    "galleries": _deep('<div class="gallery">', "<img src='/a.jpg'>"),
    "sections with a footer": _deep("<section><footer>a</footer>"),
    "pictures": _deep("<picture>", "<img src='/a.jpg'>"),
    "code": _deep("<pre>"),
    "definitions": _deep("<dl><dd>"),
    "aside in aside": _deep("<aside>"),
    "headings": _deep("<h2>"),
    "forms": _deep("<fieldset>"),
    "details": _deep("<details><summary>a</summary>"),
    # Many.
    "paragraphs": _row(f"<p>{WORDS}</p>"),
    "the same short paragraph": _row("<p>a</p>"),
    "other paragraphs": _row("<p>Paragraph # says something of its own, and says it at some length.</p>"),
    "breaks": _row("a<br>"),
    "double breaks": _row("a<br><br>"),
    "bold words": _row("<b>a</b>"),
    "bold and plain words": _row("<b>a.</b>b<i>(c)</i>"),
    "open bold": _row("<b>a"),
    "code spans": _row("<code>a#</code>"),
    "links beside each other": _row("<a href='/a#'>a</a> "),
    "links in paragraphs": _row("<p><a href='/a#'>A headline of another article</a></p>"),
    "links in a list": _row("<li><a href='/a#'>A headline of another article</a></li>"),
    "images": _row("<img src='/a#.jpg'>"),
    "figures beside each other": _row("<figure><img src='/a#.jpg'><figcaption>Caption #</figcaption></figure>"),
    "waiting images": _row("<img data-src='/a#.jpg'><noscript><img src='/b#.jpg'></noscript>"),
    "sources": lambda size: "<picture>" + _row("<source srcset='/a#.jpg 1w'><img src='data:'>")(size) + "</picture>",
    "cells": lambda size: f"<table>{_row('<tr><td>a#<td>b</tr>')(size)}</table>",
    "wide table": lambda size: f"<table>{('<tr>' + '<td>a' * (size // 20)) * 4}</table>",
    "spans of a table": _row("<table><tr><td rowspan=99 colspan=99>a<td>b<tr><td>c<td>d</table>"),
    "items": lambda size: f"<ul>{_row('<li>item #')(size)}</ul>",
    "headings beside each other": _row("<h2>Heading #</h2>"),
    "first headings": _row("<h1>Heading #</h1>"),
    "headings and text": _row(f"<h2>Heading #</h2><p>{WORDS}</p>"),
    "standfirsts": lambda size: "<h1>Harbour</h1>" + _row(f"<p>{WORDS}</p>")(size) + f"<article>{WORDS * 40}</article>",
    "times": _row("<time>1 May 20#</time>"),
    "bylines": _row("<span class='byline'>By Ada Quell#</span>"),
    "long byline": lambda size: f"<div class='byline'>{_row('<a>Ada Quell#</a>')(size)}</div>",
    "dates": _row("<span class='date'>1.2.20#</span>"),
    "properties": _row("<span itemprop='author'>Ada #</span>"),
    "titles of a class": _row("<div class='headline'>Headline #</div>"),
    "breadcrumbs": _row("<div class='breadcrumb'><a>News #</a></div>"),
    "frames of a class": _row("<div class='related'>text</div>"),
    "frames of own classes": _row("<div class='x#'>text</div>"),
    "frames in a quote": lambda size: f"<blockquote>{_row('<div class=widget>quoted words</div>')(size)}</blockquote>",
    "quotes in a frame": lambda size: f"<div class=widget>{_row('<blockquote>quoted words</blockquote>')(size)}</div>",
    "code in frames": lambda size: '<div class="widget">' * 1500 + f"<pre>{_row('<b>a #</b>')(size)}</pre>",
    "comments": _row("<div class='comments'>text</div>"),
    "galleries beside each other": _row("<div class='gallery'><img src='/a#.jpg'>a</div>"),
    "hidden": _row("<div hidden>text</div>"),
    "paywalls": _row("<div class='paywall'>text</div>"),
    "articles beside each other": _row(f"<article><h2>Heading #</h2>{WORDS}</article>"),
    "scripts": _row("<script>a = #</script>"),
    "frames of one image": _row("<div class='image'><img src='/a#.jpg'><p>words</p></div>"),
    # Many, in the deep.
    **{f"{name} below many levels": _below_levels(unit) for name, unit in _BELOW.items()},
    # Long.
    "class": lambda size: f"<div class='{'a ' * (size // 2)}'>{WORDS * 9}</div>",
    "class without blanks": lambda size: f"<div class='{'a-' * (size // 2)}'>{WORDS * 9}</div>",
    "class of phrases": lambda size: f"<div class='{'readmo-' * (size // 7)}'>{WORDS * 9}</div>",
    "style": lambda size: f"<div style='{'left : ' * (size // 7)}'>{WORDS * 9}</div>",
    "caption class": lambda size: f"<p class='{'image' * (size // 5)}'>{WORDS * 9}</p>",
    "alternative text": lambda size: f"<img src='/a.jpg' alt='{'a [' * (size // 3)}'>{WORDS * 9}",
    "set of sources": lambda size: f"<article><img srcset='{'/a.jpg 1w, ' * (size // 11)}'>{WORDS * 9}</article>",
    "address": lambda size: f"<article><img src='/{'a/' * (size // 2)}.jpg'>{WORDS * 9}</article>",
    "linked data": _script(_nodes),
    "linked people": _script(_people),
    "lists in a headline": _script(
        lambda size: '{"@type": "NewsArticle", "headline": ' + _lists(min(size // 2, 800)) + "}"
    ),
    "lists of linked data": _script(lambda size: "[" * size),
    "objects of linked data": _script(lambda size: '{"a":' * (size // 5)),
    "broken linked data": _script(lambda size: '{"a": "' + 'b" c "' * (size // 6)),
    "many scripts": _row('<script type="application/ld+json">{"@type": "WebPage", "name": "a"}</script>'),
}
"""Bodies of pages by their number of characters."""

HEADS: Mapping[str, Callable[[str], str]] = {
    "window's title": lambda text: f"<title>{text}</title>",
    "title": lambda text: f'<meta property="og:title" content="{text}">',
    "description": lambda text: f'<meta name="description" content="{text}">',
    "author": lambda text: f'<meta name="article:author" content="{text}">',
    "date": lambda text: f'<meta name="article:published_time" content="{text}">',
    "image": lambda text: f'<meta property="og:image" content="https://a.example/{text}">',
    "site": lambda text: f'<meta property="og:site_name" content="{text}">',
    "section": lambda text: f'<meta property="article:section" content="{text}">',
    "language": lambda text: f'<meta name="language" content="{text}">',
    "refresh": lambda text: f'<meta http-equiv="refresh" content="{text}">',
}
"""Heads of pages by what one of their elements says."""


def capture(body: str, head: str = "") -> Capture:
    """A page of a publisher."""
    whole = f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    url = "https://www.example.org/news/harbour-opens-again-in-may"
    return Capture(url, url, 200, headers, whole, datetime(2025, 1, 1, tzinfo=UTC), "archive")


def markup(kind: str, size: int) -> str:
    """So many characters of a kind as HTML has them."""
    return text_of(kind, size).replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
