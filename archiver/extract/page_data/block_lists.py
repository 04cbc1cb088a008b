"""Block lists as HTML: the trees in which editors keep an article.

Read are, by what they have in common: Editor.js, ProseMirror and TipTap, Portable Text, Contentful's rich text, Slate,
Lexical, Draft.js, WordPress blocks, Arc's content elements, hast, mdast, React's elements, lists of paragraphs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from archiver.extract.page_data.block_kinds import (
    HOLDERS,
    TAGS,
    Object,
    is_of_others,
    is_summary,
    own_attributes,
    plain_key,
    tag_of,
)
from archiver.extract.page_data.json_text import decode
from archiver.extract.page_data.texts import line_to_html, text_to_html

_MAX_DEPTH = 40
"""Levels of a tree; deeper ones are left out, which bounds the recursion."""
_LETTERS_PER_NODE = 40
"""Characters of text that count as one node more, so that long texts use a page's nodes up too."""
_MIN_JSON_LETTERS = 40
"""Characters of a text that may be JSON itself; a shorter one holds no article."""
_CHILDREN = (
    "children", "content", "items", "blocks", "elements", "nodes", "paragraphs", "innerBlocks", "content_elements",
    "body", "root", "document", "json", "rows", "value", "modules", "sections", "components",
)  # fmt: skip
_TEXTS = (
    "html", "innerHTML", "originalContent", "renderedHtml", "rendered", "processed", "markdown", "text", "content",
    "value", "paragraph", "body", "copy", "raw", "code", "children",
)  # fmt: skip
_HEADS = ("heading", "subheading", "subtitle", "title")
_INLINE = frozenset(("a", "strong", "em", "code", "br", "sup", "sub", "span"))
_FRAMES = frozenset(("ul", "ol", "tr", "table", "div"))
_LEVELS = ("level", "depth", "style", "tag")
_MARKS: Mapping[str, str] = {"strong": "strong", "bold": "strong", "em": "em", "italic": "em", "code": "code"}
_LEXICAL = ((1, "strong"), (2, "em"), (16, "code"))
"""Bits of `format` in Lexical's texts."""


class BlockReader:
    """Turns values of one page's data into HTML; no value is read when the page's nodes are used up."""

    def __init__(self, is_other: Callable[[Object], bool], references: Mapping[str, Object], max_nodes: int) -> None:
        self._is_other = is_other
        self._references = references
        self._left = max_nodes

    def html(self, value: object, depth: int = 0) -> str:
        """A value as blocks of HTML; empty where it holds no text."""
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            return ""
        if isinstance(value, str):
            self._left -= len(value) // _LETTERS_PER_NODE
            inner = decode(value) if len(value) >= _MIN_JSON_LETTERS and value.lstrip()[:1] in ("{", "[") else None
            return self.html(inner, depth + 1) if isinstance(inner, dict | list) else text_to_html(value)
        if isinstance(value, list):
            if _is_react(value):
                return self._element(TAGS.get(plain_key(value[1]), "div"), _mapping(value[3]), depth)
            html = "".join(self.html(item, depth + 1) for item in value if isinstance(item, str | dict | list))
            return html.replace("</ul><ul>", "").replace("</ol><ol>", "")
        return self._object(value, depth) if isinstance(value, dict) else ""

    def _object(self, value: Object, depth: int) -> str:
        named = value.get("__ref") or (value.get("id") if value.get("type") == "id" else None)
        if isinstance(named, str) and named in self._references:
            return self.html(self._references[named], depth + 1)
        tag = tag_of(value)
        if tag == "":
            return ""
        if tag is None:
            return "" if self._is_other(value) else self._unnamed(value, depth)
        return self._element(tag, value, depth)

    def _unnamed(self, value: Object, depth: int) -> str:
        """What an object holds that no name explains: the richest of its texts, or all that lies in it."""
        parts: list[str] = []
        text = next((value[key] for key in _TEXTS if isinstance(value.get(key), str) and value[key].strip()), None)
        for key, inner in value.items():
            if is_of_others(key) or is_summary(key):
                continue
            if key in _HEADS and isinstance(inner, str) and 0 < len(inner) < 200:
                parts.append(f"<h2>{line_to_html(inner)}</h2>")
            elif inner is text and text is not None:
                parts.append(self.html(inner, depth + 1))
                text = None
            elif isinstance(inner, dict | list):
                parts.append(self.html(inner, depth + 1))
        return "".join(parts)

    def _element(self, tag: str, value: Object, depth: int) -> str:
        own = own_attributes(value)
        if tag == "img":
            return _figure(value, own)
        if tag in ("hr", "br"):
            return f"<{tag}>"
        if tag == "pre":
            return f"<pre><code>{escape(_first_text(value, own), quote=False)}</code></pre>"
        if tag in _FRAMES:
            return self._frame(tag, value, own, depth)
        return self._text_block(tag, value, own, depth)

    def _frame(self, tag: str, value: Object, own: Object, depth: int) -> str:
        """An element that holds blocks, rows or items."""
        if tag == "table" and isinstance(rows := own.get("content"), list):
            return _wrap(tag, "".join(self._row(row, depth) for row in rows if isinstance(row, list)))
        if tag in ("ul", "ol"):
            ordered = own.get("ordered") is True or "ordered" in (own.get("style"), own.get("list_type"))
            tag = "ol" if ordered else tag
            if isinstance(items := own.get("items"), list):
                return _wrap(tag, "".join(f"<li>{self._item(item, depth)}</li>" for item in items))
        return _wrap(tag, self._children(value, own, depth))

    def _text_block(self, tag: str, value: Object, own: Object, depth: int) -> str:
        line = self._line(value, own, depth)
        if tag in _INLINE:
            href = next((h for key in ("href", "url", "uri") if isinstance(h := own.get(key), str)), "")
            return f'<a href="{escape(href)}">{line}</a>' if tag == "a" else _wrap(tag, line)
        if tag in ("uli", "oli") or value.get("listItem") is not None:
            # Draft.js and Portable Text have items without a list around them.
            ordered = tag == "oli" or value.get("listItem") == "number"
            return _wrap("ol" if ordered else "ul", _wrap("li", line))
        return _wrap(_level(tag, own), line)

    def _children(self, value: Object, own: Object, depth: int) -> str:
        for holder in (value, own):
            for key in _CHILDREN:
                inner = holder.get(key)
                if isinstance(inner, list | dict) and inner:
                    return self.html(inner, depth + 1)
        text = _first_text(value, own)
        return self.html(text, depth + 1) if text else ""

    def _line(self, value: Object, own: Object, depth: int) -> str:
        """What a block of text says, with the markup inside of it."""
        for holder in (value, own):
            for key in ("children", "content", "content_elements", "nodes", "innerBlocks"):
                inner = holder.get(key)
                if isinstance(inner, list | dict) and inner:
                    links = _links(value)
                    nodes = inner if isinstance(inner, list) and not _is_react(inner) else [inner]
                    return "".join(self._inline(node, links, depth + 1) for node in nodes)
        text = _first_text(value, own)
        return line_to_html(text) if text else ""

    def _inline(self, node: object, links: Mapping[str, str], depth: int) -> str:
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            return ""
        if isinstance(node, str):
            return escape(node, quote=False)
        if isinstance(node, list):
            return (
                self.html(node, depth) if _is_react(node) else "".join(self._inline(n, links, depth + 1) for n in node)
            )
        if not isinstance(node, dict):
            return ""
        text = next((node[key] for key in ("text", "value", "insert") if isinstance(node.get(key), str)), None)
        if text is not None and not isinstance(node.get("children"), list) and tag_of(node) in (None, "p", "span"):
            return _marked(escape(text, quote=False).replace("\n", "<br>"), node, links)
        return self.html(node, depth)

    def _item(self, item: object, depth: int) -> str:
        if isinstance(item, str):
            return line_to_html(item)
        if not isinstance(item, dict):
            return ""
        inner = item.get("items")
        nested = (
            f"<ul>{''.join(f'<li>{self._item(i, depth + 1)}</li>' for i in inner)}</ul>"
            if inner and isinstance(inner, list) and depth < _MAX_DEPTH
            else ""
        )
        return self._line(item, own_attributes(item), depth + 1) + nested

    def _row(self, row: Iterable[object], depth: int) -> str:
        return f"<tr>{''.join(f'<td>{self._item(cell, depth)}</td>' for cell in row)}</tr>"


def _first_text(value: Object, own: Object) -> str:
    return next((text for key in _TEXTS for holder in (own, value) if isinstance(text := holder.get(key), str)), "")


def _level(tag: str, own: Object) -> str:
    if tag not in ("p", "h2"):
        return tag
    for key in _LEVELS:
        level = own.get(key)
        if tag == "h2" and isinstance(level, int) and 1 <= level <= 6:
            return f"h{level}"
        if isinstance(level, str) and (named := TAGS.get(plain_key(level), "")) and named[0] in "hb" and named != "hr":
            return named
    return tag


def _figure(value: Object, own: Object) -> str:
    places = [own, *(inner for key in (*HOLDERS, "file", "asset") if isinstance(inner := own.get(key), dict))]
    url = next(
        (
            u
            for place in places
            for key in ("url", "src", "href", "uri", "source")
            if isinstance(u := place.get(key), str)
        ),
        "",
    )
    if not url:
        return ""
    said = next((s for key in ("caption", "title") if isinstance(s := own.get(key), str)), "")
    alt = next((s for key in ("alt", "altText", "alternativeText") if isinstance(s := own.get(key), str)), "")
    caption = f"<figcaption>{line_to_html(said)}</figcaption>" if said else ""
    return f'<figure><img src="{escape(url)}" alt="{escape(alt)}">{caption}</figure>'


def _links(value: Object) -> Mapping[str, str]:
    """The targets that Portable Text's marks name."""
    defined = value.get("markDefs")
    return {
        str(mark.get("_key")): href
        for mark in (defined if isinstance(defined, list) else ())
        if isinstance(mark, dict) and isinstance(href := mark.get("href"), str)
    }


def _marked(html: str, node: Object, links: Mapping[str, str]) -> str:
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        name = mark.get("type") if isinstance(mark, dict) else mark
        attrs = _mapping(mark.get("attrs")) if isinstance(mark, dict) else {}
        href = attrs.get("href") if name == "link" else links.get(str(name))
        if isinstance(href, str):
            html = f'<a href="{escape(href)}">{html}</a>'
        elif isinstance(name, str) and name in _MARKS:
            html = _wrap(_MARKS[name], html)
    for key, tag in _MARKS.items():
        html = _wrap(tag, html) if node.get(key) is True else html
    bits = node.get("format")
    for bit, tag in _LEXICAL:
        html = _wrap(tag, html) if isinstance(bits, int) and bits & bit else html
    return html


def _is_react(value: list[Any]) -> bool:
    return len(value) == 4 and value[0] == "$" and isinstance(value[1], str) and isinstance(value[3], dict)


def _mapping(value: object) -> Object:
    return value if isinstance(value, dict) else {}


def _wrap(tag: str, html: str) -> str:
    return f"<{tag}>{html}</{tag}>" if html else ""
