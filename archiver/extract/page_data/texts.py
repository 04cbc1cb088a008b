"""Texts of a page's data as HTML: plain text, Markdown, HTML, JSON within a text."""

from __future__ import annotations

import re
from html import escape, unescape

from markdown_it import MarkdownIt

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_BLOCK_TAG = re.compile(r"<(?:p|div|h[1-6]|ul|ol|blockquote|figure|table|section|article|pre)\b", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|div|h[1-6]|ul|ol|br|blockquote|figure|strong|em|a)\b", re.IGNORECASE)
_TWICE_ESCAPED = re.compile(r"&amp;(#?\w{2,8};)")
_MARKDOWN = re.compile(r"(?m)^\s{0,3}(?:#{1,6} \S|[-*+] \S|\d+\. \S|> \S|```)|\*\*\S|\]\([^\s()]+\)")
_MIN_MARKS = 2
"""Signs of Markdown in a text; from one on a line that begins with a dash makes a list of it."""
_MAX_MARKDOWN_LETTERS = 300_000
"""Characters of a Markdown text that is read as such, a limit for its time; a longer one is read as plain text."""


def text_to_html(text: str) -> str:
    """A text as blocks of HTML, whatever it is written in."""
    text = _TWICE_ESCAPED.sub(r"&\1", text.replace("\0", "").strip())
    if _ESCAPED_TAG.search(text) and not _TAG.search(text):
        text = unescape(text)
    if _BLOCK_TAG.search(text):
        return text
    if is_markdown(text):
        return str(MarkdownIt("commonmark").enable("table").render(text))
    return "".join(f"<p>{line_to_html(part)}</p>" for part in _paragraphs(text))


def line_to_html(text: str) -> str:
    """A text within a paragraph: its own inline markup, else its letters."""
    text = text.replace("\0", "")
    return text if _TAG.search(text) else escape(unescape(text) if ";" in text else text, quote=False)


def is_markdown(text: str) -> bool:
    """True for a text with several signs of Markdown and none of HTML blocks."""
    if len(text) > _MAX_MARKDOWN_LETTERS:
        return False
    marks = _MARKDOWN.finditer(text)
    return sum(1 for _ in zip(marks, range(_MIN_MARKS), strict=False)) >= _MIN_MARKS


def without_markup(html: str) -> str:
    """The text of some HTML, roughly: for measuring, not for reading."""
    return unescape(_TAG.sub(" ", html))


def _paragraphs(text: str) -> list[str]:
    parted = re.split(r"\n\s*\n|(?:<br\s*/?>\s*){2,}", text)
    if len(parted) == 1:
        parted = re.split(r"\n|<br\s*/?>", text)
    return [part.strip() for part in parted if part.strip()]
