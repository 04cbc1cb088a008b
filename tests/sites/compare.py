"""Hold the page that a builder made of a post against the post: its text, its title and its date."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from lxml import html
from markdown_it import MarkdownIt

from tests.sites.posts import Post

_COMMONMARK = MarkdownIt("commonmark").enable("table")
_FENCE = re.compile(r"^\{% (?:end)?raw %\}\n|\{% (?:end)?raw %\}", re.MULTILINE)
_TYPOGRAPHY = str.maketrans({"«": "<<", "»": ">>"} | dict.fromkeys("\"'`‘’‚‛“”„‟′″´") | dict.fromkeys("‐‑‒–—―−", "-"))
"""What builders make of quotation marks, dashes and rows of dots is their business."""
_FORMULA = re.compile(r"\\[\[\]()]")
"""What kramdown makes of two dollars around a formula."""
_DASHES = re.compile(r"-+")
_DOTS = re.compile(r"\.{3,}")
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Match:
    """What of a post its page shows."""

    text: bool
    title: bool
    date: bool
    first_difference: str = ""
    """Where the texts part: what was to be read, and what is."""


def without_fences(body: str) -> str:
    """What Liquid makes of a body."""
    return _FENCE.sub("", body)


def match(post: Post, body: str, page: str) -> Match:
    """Compare a page with its post; `body` is the Markdown that the builder was given, after Liquid."""
    tree = html.document_fromstring(page)
    wanted, got = folded(_text(_COMMONMARK.render(body))), folded(_shown(tree, "body"))
    date = str(tree.xpath("string(//time/@datetime)"))
    return Match(
        text=wanted == got,
        title=" ".join(_shown(tree, "title").split()) == " ".join(post.title.split()),
        date=_is_date(date, post.date),
        first_difference="" if wanted == got else _difference(wanted, got),
    )


def _is_date(shown: str, wanted: datetime | None) -> bool:
    """Whether a page shows a post's date: no other than it has, and none where it has none."""
    if not shown or wanted is None:
        return not shown and wanted is None
    return datetime.fromisoformat(shown).replace(microsecond=0) == wanted.replace(microsecond=0)


def folded(text: str) -> str:
    """A text without white space and typography, for comparing what a reader reads."""
    text = _FORMULA.sub("$$", unicodedata.normalize("NFKC", text)).translate(_TYPOGRAPHY)
    return _DOTS.sub("...", _DASHES.sub("-", _INVISIBLE.sub("", text)))


def _text(markup: str) -> str:
    return str(html.fragment_fromstring(markup, create_parent="div").text_content())


def _shown(tree: html.HtmlElement, name: str) -> str:
    return "".join(str(found.text_content()) for found in tree.xpath(f"//*[@id='post-{name}']"))


def _difference(wanted: str, got: str) -> str:
    at = next((at for at, (one, two) in enumerate(zip(wanted, got, strict=False)) if one != two), len(got))
    return f"{wanted[max(0, at - 20) : at + 40]!r} is {got[max(0, at - 20) : at + 40]!r}"
