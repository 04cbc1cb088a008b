"""The body that stands only in a page's data, written as that of its elements is."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from lxml import etree, html

from archiver.extract.body.body import Body, titles_of
from archiver.extract.body.trimming import trim_edges
from archiver.extract.dom.page import Page
from archiver.extract.markdown.blocks import Block, join_blocks
from archiver.extract.markdown.writer import blocks
from archiver.extract.page_data.article_text import ArticleText, article_text
from archiver.extract.verdict.paywall import declares_wall
from archiver.text.letters import letters_key
from archiver.urls import hostname, registered_label

_MAX_ELEMENTS_LETTERS = 800
"""Letters of the elements' own body from which they hold an article; with more whole reports are looked up in the
data, with fewer a notice about cookies keeps the data from being read. At 1,500 no page of the five sets changed."""
_MIN_GAIN_FACTOR = 3
"""How many times longer than the elements' body the data's text has to be; with less a short report gives way to its
own data, of which captions and tables are read only where an editor's names for them are known. No measurement is on
record."""
_MIN_DATA_LETTERS = 250
"""Letters of the data's text as written; with fewer what is left of it after its edges is no article."""
_MIN_REPEATED_LETTERS = 60
"""Letters from which a paragraph that stands twice is a copy; with fewer the lines of a poem are."""


def body_from_data(page: Page, body: Body, *, liquid_fences: bool = True) -> tuple[Body, ArticleText] | None:
    """The body that the page's data hold, where its elements hold none and the page declares no wall; else None."""
    # To count the letters of each long article would cost more than all that follows.
    own = len(letters_key(body.text[: 4 * _MAX_ELEMENTS_LETTERS]))
    if own >= _MAX_ELEMENTS_LETTERS or declares_wall(page, body.markdown):
        return None
    text = article_text(page)
    if text is None or text.letters < _MIN_GAIN_FACTOR * own:
        return None
    write = partial(blocks, absolute=page.absolute, liquid_fences=liquid_fences)
    written = _once(write([_element(text.html)]))
    written = trim_edges(written, _titles(page, text), registered_label(hostname(page.url)))
    lines = "\n".join(" ".join(block.text.split()) for block in written if block.kind != "image")
    found = Body(join_blocks(written), lines, text.source, 1.0)
    return (found, text) if len(letters_key(lines)) >= _MIN_DATA_LETTERS else None


def _titles(page: Page, text: ArticleText) -> Collection[str]:
    return {*titles_of(page), *text.titles}


def _element(markup: str) -> html.HtmlElement:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    document = f"<html><body><div>{markup}</div></body></html>".replace("\0", "").encode("utf-8", "replace")
    return html.document_fromstring(document, parser=parser, ensure_head_body=True).find("body")


def _once(written: list[Block]) -> list[Block]:
    """The blocks without those that say again what an earlier one says: some systems keep a text in two forms."""
    seen: set[str] = set()
    kept: list[Block] = []
    for block in written:
        key = letters_key(block.text)
        if len(key) >= _MIN_REPEATED_LETTERS and block.kind != "image":
            if key in seen:
                continue
            seen.add(key)
        kept.append(block)
    return kept
