"""Which elements are quotations though no tag says so: callouts beside the text, and what a reply quotes."""

from __future__ import annotations

import re
from functools import lru_cache

from archiver.extract.dom.regions import Element
from archiver.extract.markdown.blocks import Block

_TAGS = frozenset(("div", "aside", "section", "details"))
_KINDS = "note|tip|hint|info|information|important|warning|caution|danger|error|attention|success|question|example"
_CALLOUT = re.compile(
    rf"(?:^|\s)(?:admonition(?:-?block)?|(?:theme-admonition|markdown-alert)|callout|kg-callout-card|starlight-aside"
    rf"|notecard|custom-block|(?:callout|alert)-(?:{_KINDS}))(?=$|\s)",
    re.IGNORECASE,
)
"""How generators of documentation call them: Sphinx, MkDocs, Asciidoctor, Docusaurus, VuePress, GitHub, Bootstrap."""
_KIND = re.compile(r"(?:^|\s)(?:note|tip|warning|caution|important|danger)(?=$|\s)", re.IGNORECASE)
"""A class of one word names other things too: it counts where the element begins with a title."""
_ROLES = frozenset(("note", "doc-tip", "doc-notice"))
_REPLIED_TO = re.compile(
    r"(?:^|\s)(?:bbcode_?quote|bbCodeBlock--quote|quote-?(?:body|content|container|block)|quoted(?:-?(?:text|message|post))?"
    r"|gmail_quote|yahoo_quoted|ipsQuote|postquote)(?=$|\s)",
    re.IGNORECASE,
)
"""How forums and mail programs call what is replied to."""
_TITLE = re.compile(r"title|heading|label", re.IGNORECASE)
_MAX_TITLE_LETTERS = 80
"""Characters of the line that heads a callout; with fewer long titles look like its text, with more a paragraph in an
element that is called a label is emphasised."""


def is_callout(element: Element) -> bool:
    """True for an element that generators of documentation set beside the text: a note, a tip, a warning."""
    if element.tag not in _TAGS:
        return False
    # Sliders give the role of a note to divisions that are none.
    if element.tag in ("aside", "section") and element.get("role") in _ROLES:
        return True
    names = element.get("class")
    if not names:
        return False
    is_named, is_kind = _said(names)
    return is_named or (is_kind and _begins_with_title(element))


# The elements of a page have few classes, and those of the next page of its site the same.
@lru_cache(maxsize=4096)
def _said(names: str) -> tuple[bool, bool]:
    """Whether a class is that of a callout, and whether it is a kind of one."""
    return _CALLOUT.search(names) is not None, _KIND.search(names) is not None


@lru_cache(maxsize=4096)
def _says_quoted(names: str) -> bool:
    return _REPLIED_TO.search(names) is not None


def _begins_with_title(element: Element) -> bool:
    first = next(element.iterchildren(), None)
    return first is not None and _TITLE.search(first.get("class") or "") is not None


def is_reply_quote(element: Element) -> bool:
    """True for the frame of what a reply quotes, unless a quotation stands in it as one."""
    names = element.get("class") if element.tag in _TAGS else None
    if not names or not _says_quoted(names):
        return False
    return next(element.iter("blockquote"), None) is None


def with_strong_title(inner: list[Block]) -> list[Block]:
    """The blocks of a callout; its title, where the markup calls it one, is set in bold."""
    first = inner[0] if inner else None
    if first is None or first.kind != "paragraph" or first.source is None or "*" in first.markdown:
        return inner
    is_title = _TITLE.search(first.source.get("class") or "") is not None and len(first.text) <= _MAX_TITLE_LETTERS
    if not is_title or "\n" in first.markdown:
        return inner
    return [Block(first.kind, f"**{first.markdown}**", first.text, first.linked, first.source), *inner[1:]]
