"""The words by which editors call the parts of an article: kinds of blocks, and keys of texts and attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

Object: TypeAlias = Mapping[str, Any]

_KINDS = (
    "_type", "nodeType", "blockName", "tagName", "tag", "type", "kind", "blockType", "__typename", "component",
    "name",
)  # fmt: skip
HOLDERS = ("data", "attrs", "attributes", "props", "properties", "fields", "params", "file", "asset", "image", "node")
_NOT_OWN = re.compile(
    r"comment|repl(?:y|ies)$|relat|recommend|popular|trending|mostread|latest|author|byline|contributor|bio$|tags?$|"
    r"topic|categor|seo|meta|breadcrumb|translation|^nav|menu|footer|sidebar|newsletter|advert|^ads?$|promo|config|i18n|"
    r"locale|messages|labels|schema|jsonld|queries$|query$|token|analytics|cookie|consent|privacy|permission"
)
_LESSER = re.compile(
    r"teaser|excerpt|summary|description|abstract|caption|alt$|style|css|head$|^(?:url|href|src|slug|id)$"
)
_NUMBERS = ("one", "two", "three", "four", "five", "six")
TAGS: Mapping[str, str] = {
    **dict.fromkeys(("paragraph", "p", "text", "unstyled", "block", "textblock"), "p"),
    **dict.fromkeys(("heading", "header", "subheading", "subtitle"), "h2"),
    **{f"h{level}": f"h{level}" for level in range(1, 7)},
    **{f"heading{level}": f"h{level}" for level in range(1, 7)},
    **{f"{kind}{name}": f"h{level}" for kind in ("header", "heading") for level, name in enumerate(_NUMBERS, 1)},
    **dict.fromkeys(("quote", "blockquote", "citation"), "blockquote"),
    **dict.fromkeys(("list", "ul", "bulletlist", "bulletedlist", "unorderedlist", "unordered"), "ul"),
    **dict.fromkeys(("ol", "orderedlist", "numberedlist", "ordered"), "ol"),
    **dict.fromkeys(("listitem", "li"), "li"),
    "unorderedlistitem": "uli",
    "orderedlistitem": "oli",
    **dict.fromkeys(("code", "codeblock", "pre", "preformatted"), "pre"),
    **dict.fromkeys(("table",), "table"),
    **dict.fromkeys(("tablerow", "tr", "row"), "tr"),
    **dict.fromkeys(("tablecell", "td"), "td"),
    **dict.fromkeys(("tableheader", "th", "tableheadercell"), "th"),
    **dict.fromkeys(("hr", "divider", "delimiter", "separator", "horizontalrule", "thematicbreak"), "hr"),
    **dict.fromkeys(("image", "figure", "photo", "picture", "img", "imageblock"), "img"),
    **dict.fromkeys(("link", "hyperlink", "a", "autolink"), "a"),
    **dict.fromkeys(("strong", "bold", "b"), "strong"),
    **dict.fromkeys(("emphasis", "em", "italic", "i"), "em"),
    **dict.fromkeys(("inlinecode",), "code"),
    **dict.fromkeys(("br", "break", "hardbreak", "linebreak"), "br"),
    "span": "span",
    **dict.fromkeys(("sup", "superscript"), "sup"),
    **dict.fromkeys(("sub", "subscript"), "sub"),
    **dict.fromkeys(
        ("embed", "video", "audio", "interstitiallink", "pullquote", "ad", "related", "script", "style", "newsletter",
         "oembedresponse", "linklist", "button", "buttons", "nav", "svg"), ""),
}  # fmt: skip


def is_of_others(key: str) -> bool:
    """True for a key whose text is not the article's: comments, related stories, authors, labels."""
    return _NOT_OWN.search(plain_key(key)) is not None


def is_summary(key: str) -> bool:
    """True for a key of what stands beside a text: its summary, a caption, a style."""
    return _LESSER.search(plain_key(key)) is not None


@lru_cache(maxsize=4096)
def plain_key(key: str) -> str:
    """A name without case, marks, arguments and the namespace before it.

    >>> plain_key("core/list-item"), plain_key('body({"format":"HTML"})')
    ('listitem', 'body')
    """
    return re.sub(r"^(?:core|acf)[/-]|\(.*|[^a-z0-9]", "", key.lower())


def tag_of(value: Object) -> str | None:
    """The element that an object is by its own account, `""` for one without text; None where it does not say."""
    for key in _KINDS:
        name = value.get(key)
        if isinstance(name, str):
            if key == "name" and not name.startswith("core/"):
                continue
            plain = plain_key(name)
            bare = plain.removeprefix("core").removesuffix("block").removesuffix("node")
            for known in (plain, bare, bare.removeprefix("block")):
                if known in TAGS:
                    return TAGS[known]
    return None


def own_attributes(value: Object) -> Object:
    """An object's attributes, wherever its editor keeps them."""
    found: dict[str, Any] = dict(value)
    for key in HOLDERS:
        if isinstance(inner := value.get(key), dict):
            found |= inner
    return found
