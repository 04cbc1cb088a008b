"""Where on a page metadata stands: the elements which the readers look at."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

from lxml import etree, html

from archiver.extract.dom.attribute_index import AttributeIndex

Element: TypeAlias = html.HtmlElement

_SIGNATURES = ("author", "authors", "byline")
_BYLINE = ("author", "autor", "poster", "contributor", "username", "byline")
_TAGS = ("title", "base", "meta", "link", "script", "h1", "h2", "time")
MAX_LEVELS_UP = 200
"""Levels around an element that are looked at for what it stands in; with fewer a menu around frames of frames is not
seen, without a limit pages that nest without end cost the square of their size. The deepest of the acceptance pages has
55 levels."""
_MAX_PROPERTIES = 3000
"""Elements with `itemprop` or `property`; with fewer those of an article behind long marked-up lists are missed, more
cost time on such lists. No measurement is on record."""
_ASIDE = frozenset({"nav", "aside"})
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|recommend\w*|teasers?|footer|nav|menu|comments?|popular|most-?read|newsletter|widget)(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageRegions:
    """The elements of a page that may say something about its article, each tuple in page order."""

    titles: tuple[Element, ...]
    """`<title>` outside of drawings."""
    bases: tuple[Element, ...]
    metas: tuple[Element, ...]
    h1: tuple[Element, ...]
    h2: tuple[Element, ...]
    times: tuple[Element, ...]
    links: tuple[Element, ...]
    """`<link>` with `rel` and `href`."""
    images: tuple[Element, ...]
    """`<img>` in `<article>`, `<main>` or `<figure>`."""
    linked_data: tuple[str, ...]
    """The texts of the JSON-LD scripts."""
    properties: tuple[tuple[str, Element], ...]
    """Microdata and RDFa outside of `<meta>`: the property's name in lower case without a prefix, and its element."""
    authors: tuple[Element, ...]
    """Elements whose class, id or `rel` speaks of an author or byline."""
    dates: tuple[Element, ...]
    """Elements whose class speaks of a date or publication."""
    breadcrumbs: tuple[Element, ...]
    headlines: tuple[Element, ...]
    """Elements whose class speaks of a headline or title, other than h1 and h2."""


def find_regions(marks: AttributeIndex) -> PageRegions:
    """Note the elements of interest in a tree of which `marks` are known."""
    found = {tag: marks.tagged(tag) for tag in _TAGS}
    around = marks.tagged("article", "main", "figure") if "img" in marks.tags else []
    return PageRegions(
        titles=tuple(title for title in found["title"] if title.getparent() is None or title.getparent().tag != "svg"),
        bases=tuple(found["base"]),
        metas=tuple(found["meta"]),
        h1=tuple(found["h1"]),
        h2=tuple(found["h2"]),
        times=tuple(found["time"]),
        links=tuple(link for link in found["link"] if link.get("rel") and link.get("href")),
        images=tuple(dict.fromkeys(image for element in around for image in element.iter("img"))),
        linked_data=tuple(
            script.text or "" for script in found["script"] if "ld+json" in (script.get("type") or "").lower()
        ),
        properties=_properties(marks),
        authors=_authors(marks),
        dates=tuple(marks.at(marks.elements_named("date", "publish"))),
        breadcrumbs=tuple(marks.at(marks.elements_named("breadcrumb"))),
        headlines=tuple(
            element
            for element in marks.at(marks.elements_named("headline", "title"))
            if element.tag not in ("h1", "h2", "body")
        ),
    )


def _properties(marks: AttributeIndex) -> tuple[tuple[str, Element], ...]:
    marked = [place for name in ("itemprop", "property") for all_of in marks.values[name].values() for place in all_of]
    elements = [element for element in marks.at(marked) if element.tag != "meta"]
    return tuple(
        (name.rsplit(":", 1)[-1].lower(), element)
        for element in elements[:_MAX_PROPERTIES]
        for name in (element.get("itemprop") or element.get("property") or "").split()
    )


def _authors(marks: AttributeIndex) -> tuple[Element, ...]:
    signatures = [place for name in _SIGNATURES for place in marks.values["id"].get(name, ())]
    related = (place for rel, all_of in marks.values["rel"].items() if "author" in rel.split() for place in all_of)
    links = [place for place in related if marks.elements[place].tag == "a"]
    return tuple(marks.at([*marks.elements_named(*_BYLINE), *signatures, *links]))


def text_of(element: Element, limit: int = 2000) -> str:
    """The element's text without scripts and styles, with a space where a line or block ends, at most `limit` long."""
    parts: list[str] = []
    size = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            piece = "" if node.tag in ("script", "style", "noscript", "template", "svg") else node.text
            if node.tag in _BREAKING:
                parts.append(" ")
        else:
            piece = node.tail if node is not element else ""
            if node.tag in _BREAKING:
                parts.append(" ")
        if piece:
            parts.append(piece)
            size += len(piece)
            if size > limit:
                break
    return "".join(parts)[:limit]


_BREAKING = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "td", "section", "header", "ul", "dd", "dt"})


def aside(element: Element, around: Container[Element] = ()) -> bool:
    """True when the element stands in navigation, a page's footer, a sidebar or among teasers of other articles.

    `around` are elements that hold the article's headline: whatever they are called, they are no such place.
    """
    footer = False
    for ancestor in islice(element.iterancestors(), MAX_LEVELS_UP):
        tag = ancestor.tag
        if ancestor in around:
            return footer and tag != "article" and next(ancestor.iterancestors("article"), None) is None
        if tag in _ASIDE:
            return True
        label = ancestor.get("class")
        if label and tag not in ("body", "html", "main", "footer") and _is_aside_class(label):
            return True
        if tag == "article" and footer:
            return False
        footer = footer or tag == "footer"
    return footer


# Elements of one place have the same classes around them.
@lru_cache(maxsize=4096)
def _is_aside_class(label: str) -> bool:
    return _ASIDE_CLASS.search(label) is not None
