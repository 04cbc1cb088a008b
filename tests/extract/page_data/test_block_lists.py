"""One short article in the block lists of many editors: each becomes the same Markdown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.extract.page_data.test_stores import PROSE, TITLE, article

LINK = "https://harbour-master.example.net/report"
WANTED = f"""{PROSE[0]}

## What comes next

Read the [report]({LINK}), it is **short**.

- {PROSE[1]}
- {PROSE[2]}

> {PROSE[3]}

![Boats at dawn](https://img.example.org/boats-at-dawn.jpg)"""
IMAGE = "https://img.example.org/boats-at-dawn.jpg"


def text(said: str, **marks: Any) -> dict[str, Any]:
    return {"type": "text", "text": said, **marks}


PROSE_MIRROR = {
    "type": "doc",
    "content": [
        {"type": "paragraph", "content": [text(PROSE[0])]},
        {"type": "heading", "attrs": {"level": 2}, "content": [text("What comes next")]},
        {
            "type": "paragraph",
            "content": [
                text("Read the "),
                text("report", marks=[{"type": "link", "attrs": {"href": LINK}}]),
                text(", it is "),
                text("short", marks=[{"type": "bold"}]),
                text("."),
            ],
        },
        {
            "type": "bulletList",
            "content": [
                {"type": "listItem", "content": [{"type": "paragraph", "content": [text(said)]}]} for said in PROSE[1:3]
            ],
        },
        {"type": "blockquote", "content": [{"type": "paragraph", "content": [text(PROSE[3])]}]},
        {"type": "image", "attrs": {"src": IMAGE, "alt": "Boats at dawn"}},
    ],
}
LINE = f'Read the <a href="{LINK}">report</a>, it is <b>short</b>.'
EDITOR_JS = {
    "time": 1,
    "blocks": [
        {"type": "paragraph", "data": {"text": PROSE[0]}},
        {"type": "header", "data": {"text": "What comes next", "level": 2}},
        {"type": "paragraph", "data": {"text": LINE}},
        {"type": "list", "data": {"style": "unordered", "items": PROSE[1:3]}},
        {"type": "quote", "data": {"text": PROSE[3], "caption": ""}},
        {"type": "image", "data": {"file": {"url": IMAGE}, "alt": "Boats at dawn"}},
    ],
}


def span(said: str, *marks: str) -> dict[str, Any]:
    return {"_type": "span", "text": said, "marks": list(marks)}


def portable(*children: dict[str, Any], style: str = "normal", **more: Any) -> dict[str, Any]:
    return {"_type": "block", "style": style, "children": list(children), **more}


PORTABLE_TEXT = [
    portable(span(PROSE[0])),
    portable(span("What comes next"), style="h2"),
    portable(
        span("Read the "),
        span("report", "k1"),
        span(", it is "),
        span("short", "strong"),
        span("."),
        markDefs=[{"_key": "k1", "_type": "link", "href": LINK}],
    ),
    portable(span(PROSE[1]), listItem="bullet", level=1),
    portable(span(PROSE[2]), listItem="bullet", level=1),
    portable(span(PROSE[3]), style="blockquote"),
    {"_type": "image", "asset": {"url": IMAGE}, "alt": "Boats at dawn"},
]
WORDPRESS = [
    {"name": "core/paragraph", "attributes": {"content": PROSE[0]}},
    {"name": "core/heading", "attributes": {"content": "What comes next", "level": 2}},
    {"name": "core/paragraph", "attributes": {"content": LINE}},
    {
        "name": "core/list",
        "attributes": {"ordered": False},
        "innerBlocks": [{"name": "core/list-item", "attributes": {"content": said}} for said in PROSE[1:3]],
    },
    {"name": "core/quote", "innerBlocks": [{"name": "core/paragraph", "attributes": {"content": PROSE[3]}}]},
    {"name": "core/image", "attributes": {"url": IMAGE, "alt": "Boats at dawn"}},
]
ARC = [
    {"type": "text", "content": PROSE[0]},
    {"type": "header", "level": 2, "content": "What comes next"},
    {"type": "text", "content": LINE},
    {"type": "list", "list_type": "unordered", "items": [{"type": "text", "content": said} for said in PROSE[1:3]]},
    {"type": "quote", "content_elements": [{"type": "text", "content": PROSE[3]}]},
    {"type": "interstitial_link", "content": "Another story that readers like", "url": "/other"},
    {"type": "image", "url": IMAGE, "alt": "Boats at dawn"},
]


def node(kind: str, *content: Any, **data: Any) -> dict[str, Any]:
    return {"nodeType": kind, "data": data, "content": list(content)}


def leaf(said: str, *marks: str) -> dict[str, Any]:
    return {"nodeType": "text", "value": said, "marks": [{"type": mark} for mark in marks], "data": {}}


CONTENTFUL = {
    "json": node(
        "document",
        node("paragraph", leaf(PROSE[0])),
        node("heading-2", leaf("What comes next")),
        node(
            "paragraph",
            leaf("Read the "),
            node("hyperlink", leaf("report"), uri=LINK),
            leaf(", it is "),
            leaf("short", "bold"),
            leaf("."),
        ),
        node("unordered-list", *(node("list-item", node("paragraph", leaf(said))) for said in PROSE[1:3])),
        node("blockquote", node("paragraph", leaf(PROSE[3]))),
        {"nodeType": "image", "url": IMAGE, "alt": "Boats at dawn"},
    )
}
SLATE = [
    {"type": "paragraph", "children": [{"text": PROSE[0]}]},
    {"type": "heading-two", "level": 2, "children": [{"text": "What comes next"}]},
    {
        "type": "paragraph",
        "children": [
            {"text": "Read the "},
            {"type": "link", "url": LINK, "children": [{"text": "report"}]},
            {"text": ", it is "},
            {"text": "short", "bold": True},
            {"text": "."},
        ],
    },
    {
        "type": "bulleted-list",
        "children": [{"type": "list-item", "children": [{"text": said}]} for said in PROSE[1:3]],
    },
    {"type": "block-quote", "children": [{"text": PROSE[3]}]},
    {"type": "image", "url": IMAGE, "alt": "Boats at dawn", "children": [{"text": ""}]},
]
HAST = {
    "type": "root",
    "children": [
        {"type": "element", "tagName": "p", "children": [{"type": "text", "value": PROSE[0]}]},
        {"type": "element", "tagName": "h2", "children": [{"type": "text", "value": "What comes next"}]},
        {
            "type": "element",
            "tagName": "p",
            "children": [
                {"type": "text", "value": "Read the "},
                {
                    "type": "element",
                    "tagName": "a",
                    "properties": {"href": LINK},
                    "children": [{"type": "text", "value": "report"}],
                },
                {"type": "text", "value": ", it is "},
                {"type": "element", "tagName": "strong", "children": [{"type": "text", "value": "short"}]},
                {"type": "text", "value": "."},
            ],
        },
        {
            "type": "element",
            "tagName": "ul",
            "children": [
                {"type": "element", "tagName": "li", "children": [{"type": "text", "value": said}]}
                for said in PROSE[1:3]
            ],
        },
        {
            "type": "element",
            "tagName": "blockquote",
            "children": [{"type": "element", "tagName": "p", "children": [{"type": "text", "value": PROSE[3]}]}],
        },
        {"type": "element", "tagName": "img", "properties": {"src": IMAGE, "alt": "Boats at dawn"}, "children": []},
    ],
}
REACT = [
    ["$", "p", None, {"children": PROSE[0]}],
    ["$", "h2", "1", {"children": "What comes next"}],
    [
        "$",
        "p",
        "2",
        {
            "children": [
                "Read the ",
                ["$", "a", None, {"href": LINK, "children": "report"}],
                ", it is ",
                ["$", "strong", None, {"children": "short"}],
                ".",
            ]
        },
    ],
    ["$", "ul", "3", {"children": [["$", "li", str(at), {"children": said}] for at, said in enumerate(PROSE[1:3])]}],
    ["$", "blockquote", "4", {"children": ["$", "p", None, {"children": PROSE[3]}]}],
    ["$", "img", "5", {"src": IMAGE, "alt": "Boats at dawn"}],
]
MARKDOWN = WANTED
HTML = (
    f"<p>{PROSE[0]}</p><h2>What comes next</h2><p>{LINE}</p><ul><li>{PROSE[1]}</li><li>{PROSE[2]}</li></ul>"
    f'<blockquote><p>{PROSE[3]}</p></blockquote><img src="{IMAGE}" alt="Boats at dawn">'
)
LEXICAL = {
    "root": {
        "type": "root",
        "children": [
            {"type": "paragraph", "children": [text(PROSE[0], format=0)]},
            {"type": "heading", "tag": "h2", "children": [text("What comes next", format=0)]},
            {
                "type": "paragraph",
                "children": [
                    text("Read the "),
                    {"type": "link", "url": LINK, "children": [text("report")]},
                    text(", it is "),
                    text("short", format=1),
                    text("."),
                ],
            },
            {
                "type": "list",
                "listType": "bullet",
                "children": [{"type": "listitem", "children": [text(said)]} for said in PROSE[1:3]],
            },
            {"type": "quote", "children": [text(PROSE[3])]},
            {"type": "image", "src": IMAGE, "altText": "Boats at dawn"},
        ],
    }
}


@pytest.mark.parametrize(
    "body",
    [PROSE_MIRROR, EDITOR_JS, PORTABLE_TEXT, WORDPRESS, ARC, CONTENTFUL, SLATE, HAST, REACT, MARKDOWN, HTML, LEXICAL,
     json.dumps(EDITOR_JS), HTML.replace("<", "&lt;").replace(">", "&gt;")],
    ids=["ProseMirror", "Editor.js", "Portable Text", "WordPress", "Arc", "Contentful", "Slate", "hast", "React",
         "Markdown", "HTML", "Lexical", "JSON in a text", "escaped HTML"],
)  # fmt: skip
def test_each_editors_article_becomes_the_same_markdown(body: object) -> None:
    state = {"props": {"article": {"title": TITLE, "body": body}}}
    assert article(f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>').body == WANTED


@pytest.mark.parametrize(
    "body",
    [
        PROSE,
        [{"text": said} for said in PROSE],
        [{"type": "p", "value": said} for said in PROSE],
        {"blocks": [{"key": "a", "type": "unstyled", "text": said, "entityRanges": []} for said in PROSE]},
        [{"component": "Paragraph", "props": {"html": said}} for said in PROSE],
        "\n\n".join(PROSE),
        "\n".join(PROSE),
        "<br><br>".join(PROSE),
    ],
    ids=["texts", "objects", "typed", "Draft.js", "components", "plain", "lines", "breaks"],
)
def test_lists_of_paragraphs_become_paragraphs(body: object) -> None:
    state = {"article": {"headline": TITLE, "text": body}}
    found = article(f'<script id="state" type="application/json">{json.dumps(state)}</script>')
    assert found.body == "\n\n".join(PROSE)


def test_a_text_that_an_editor_keeps_twice_stands_once() -> None:
    body = [{"html": "".join(f"<p>{said}</p>" for said in PROSE)}, {"amp": "".join(f"<p>{said}</p>" for said in PROSE)}]
    state = {"article": {"headline": TITLE, "body": [body[0], {"html": body[1]["amp"]}]}}
    found = article(f'<script id="state" type="application/json">{json.dumps(state)}</script>')
    assert found.body == "\n\n".join(PROSE)
