"""A second opinion on where the article is: trafilatura with all its extractors, read back as HTML elements."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree, html
from trafilatura import bare_extraction

from archiver.extract.body.preparation import prepared, restored
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element

_TAGS: Mapping[str, str] = MappingProxyType(
    {"item": "li", "quote": "blockquote", "lb": "br", "row": "tr", "cell": "td", "del": "del"}
)
_EMPHASIS: Mapping[str, str] = MappingProxyType(
    {"#b": "strong", "#i": "em", "#t": "code", "#sub": "sub", "#sup": "sup"}
)
_MAX_ELEMENTS = 8_000
"""Elements of a page; larger ones get no second opinion: a limit for its time, which comes before that of the worker.
With fewer articles above long threads of comments lose it. No measurement is on record."""
_MAX_CELLS = 1_000
"""Cells of the tables of a page, a limit for the same time. No measurement is on record."""

_MAX_LEVELS = 200
"""Levels of elements in elements, a limit for the same time, which grows with their square: jusText writes the path to
every paragraph. With fewer articles in frames of frames lose it; the deepest of the acceptance pages has 55 levels.
"""


def second_opinion(page: Page) -> Element | None:
    """What trafilatura takes for the article, as a `<body>` of plain HTML; None for nothing, or for too large a page.

    It costs several times what everything else does together, so it is for results that look wrong.
    """
    if _is_large(page.tree):
        return None
    document = bare_extraction(
        prepared(page.tree),
        url=page.url,
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
    )
    found = None if document is None or isinstance(document, dict) else document.body
    return (
        None if found is None else html.fromstring(etree.tostring(_as_html(found), encoding="unicode", method="html"))
    )


def _is_large(tree: Element) -> bool:
    levels = {tree: 0}
    for element in tree.iterdescendants():
        levels[element] = level = levels[element.getparent()] + 1
        if len(levels) > _MAX_ELEMENTS or level > _MAX_LEVELS:
            return True
    return sum(1 for _ in tree.iter("td")) > _MAX_CELLS


def _as_html(found: etree._Element) -> etree._Element:
    restored(found)
    for element in found.iter():
        tag = str(element.tag)
        style = element.get("rend") or ""
        if tag == "head":
            element.tag = style if style in ("h1", "h2", "h3", "h4", "h5", "h6") else "h3"
        elif tag == "list":
            element.tag = style if style in ("ul", "ol", "dl") else "ul"
        elif tag == "hi":
            element.tag = _EMPHASIS.get(style, "span")
        elif tag == "graphic":
            element.tag = "img"
        elif tag == "ref":
            element.tag = "a"
            element.set("href", element.get("target") or "")
        elif tag == "code":
            element.tag = "pre" if _is_block(element) else "code"
        elif tag == "item" and style[:2] in ("dt", "dd"):
            element.tag = style[:2]
        elif tag == "cell" and element.get("role") == "head":
            element.tag = "th"
        else:
            element.tag = _TAGS.get(tag, tag)
    found.tag = "div"
    return found


def _is_block(code: etree._Element) -> bool:
    """True for code that stands between paragraphs, or in several lines; trafilatura has one name for all code."""
    around = code.getparent()
    return around is None or around.tag in ("div", "body") or "\n" in "".join(map(str, code.itertext())).strip()
