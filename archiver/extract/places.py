"""Where on a page metadata stands: one walk over the tree that notes the elements which the readers look at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, cast

from lxml import etree, html

Element: TypeAlias = html.HtmlElement

_MARKED = etree.XPath("//*[@itemprop or @property][not(self::meta)]")
_SIGNATURE = frozenset({"author", "authors", "byline"})
_TELLING = (
    "author",
    "autor",
    "poster",
    "contributor",
    "username",
    "byline",
    "date",
    "publish",
    "breadcrumb",
    "title",
    "headline",
)
_BYLINE = re.compile(r"author|autor|poster|contributor|username|byline")
_SMALL = frozenset({"title", "h1", "h2", "time", "link", "script", "img"})
_MOST = 3000
_ASIDE = frozenset({"nav", "aside"})
_ARTICLE = frozenset({"article", "main", "figure"})
_ASIDE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:sidebar|related|recommend\w*|teasers?|footer|nav|menu|comments?|popular|most-?read|newsletter|widget)(?=$|[\s_-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The elements of a page that may say something about its article, each tuple in page order."""

    titles: tuple[Element, ...]
    """`<title>` outside of drawings."""
    h1: tuple[Element, ...]
    h2: tuple[Element, ...]
    times: tuple[Element, ...]
    links: tuple[Element, ...]
    """`<link>` with `rel` and `href`."""
    images: tuple[Element, ...]
    """`<img>`."""
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


def places(tree: Element) -> Places:
    """Note the elements of interest, in one walk."""
    found: dict[str, list[Element]] = {key: [] for key in (*_SMALL, "author", "date", "breadcrumb", "headline")}
    telling: dict[str, str] = {}  # class attribute → its lower-case form where it tells something, else ""
    for element in tree.iter(etree.Element):
        tag = element.tag
        if tag in _SMALL:
            found[tag].append(element)
        label = element.get("class")
        if label:
            lower = telling.get(label)
            if lower is None:
                lower = label.lower()
                lower = telling[label] = lower if any(word in lower for word in _TELLING) else ""
            if lower:
                _note(element, lower, found)
        if element.get("id") in _SIGNATURE or (tag == "a" and element.get("rel") == "author"):
            found["author"].append(element)
    properties = [
        (name.rsplit(":", 1)[-1].lower(), element)
        for element in cast("list[Element]", _MARKED(tree))[:_MOST]
        for name in (element.get("itemprop") or element.get("property") or "").split()
    ]
    return Places(
        titles=tuple(title for title in found["title"] if title.getparent() is None or title.getparent().tag != "svg"),
        h1=tuple(found["h1"]),
        h2=tuple(found["h2"]),
        times=tuple(found["time"]),
        links=tuple(link for link in found["link"] if link.get("rel") and link.get("href")),
        images=tuple(found["img"]),
        linked_data=tuple(
            script.text or "" for script in found["script"] if "ld+json" in (script.get("type") or "").lower()
        ),
        properties=tuple(properties),
        authors=tuple(found["author"]),
        dates=tuple(found["date"]),
        breadcrumbs=tuple(found["breadcrumb"]),
        headlines=tuple(found["headline"]),
    )


def _note(element: Element, label: str, found: dict[str, list[Element]]) -> None:
    if element.get("rel") != "author" and element.get("id") not in _SIGNATURE and _BYLINE.search(label):
        found["author"].append(element)
    if "date" in label or "publish" in label:
        found["date"].append(element)
    if "breadcrumb" in label:
        found["breadcrumb"].append(element)
    if element.tag not in ("h1", "h2", "body") and ("headline" in label or "title" in label):
        found["headline"].append(element)


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


def in_article(element: Element) -> bool:
    """True when the element stands in `<article>`, `<main>` or `<figure>`."""
    return any(ancestor.tag in _ARTICLE for ancestor in element.iterancestors())


def aside(element: Element) -> bool:
    """True when the element stands in navigation, a page's footer, a sidebar or among teasers of other articles."""
    footer = False
    for ancestor in element.iterancestors():
        tag = ancestor.tag
        if tag in _ASIDE:
            return True
        if tag == "article" and footer:
            return False
        footer = footer or tag == "footer"
        label = ancestor.get("class")
        if label and tag not in ("body", "html", "main", "footer") and _ASIDE_CLASS.search(label):
            return True
    return footer
