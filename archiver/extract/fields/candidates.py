"""Every value that every place of a page offers, with its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archiver.extract.dom.page import Page
from archiver.extract.fields import figures
from archiver.extract.fields.readers import from_byline, from_headings, from_html, from_jsonld, from_meta
from archiver.extract.fields.readers.below_headline import below_headline
from archiver.extract.fields.readers.from_data import from_data
from archiver.extract.page_data.article_text import ArticleText
from archiver.models import Candidate, Field
from archiver.rules import SiteRules

_DOUBTFUL = frozenset({"meta:author"})
"""Sources that as often speak of the site as of the article: they do not keep the page's text from being read."""


def candidates(
    page: Page, rules: Sequence[SiteRules] = (), body_text: str = "", data: ArticleText | None = None
) -> tuple[Candidate, ...]:
    """All candidates, in the order of the places that are asked: rules, linked data, meta, then the page's text.

    `rules` are the publisher's by era, nearest first; `body_text` is the article's text as Markdown, `data` where it
    was found in the page's data. The last resorts are asked only where nothing better was found.
    """
    return tuple(dict.fromkeys(_all(page, rules, body_text, data)))


def _all(page: Page, rules: Sequence[SiteRules], body_text: str, data: ArticleText | None) -> Iterator[Candidate]:
    fields: set[Field] = set()
    for candidate in _cheap(page, rules):
        if candidate.source not in _DOUBTFUL:
            fields.add(candidate.field)
        yield candidate
    for candidate in () if data is None else from_data(page, data):
        fields.add(candidate.field)
        yield candidate
    for candidate in below_headline(page):
        fields.add(candidate.field)
        yield candidate
    if Field.DATE not in fields:
        yield from from_html.from_htmldate(page)
    yield from from_html.from_body(body_text)


def _cheap(page: Page, rules: Sequence[SiteRules]) -> Iterator[Candidate]:
    yield from from_html.from_rules(page, rules)
    yield from from_jsonld.from_linked_data(page)
    yield from from_meta.from_meta(page)
    yield from from_headings.from_headings(page)
    yield from from_html.from_properties(page)
    yield from from_html.from_times(page)
    yield from from_byline.from_bylines(page)
    yield from from_html.from_links(page)
    yield from from_jsonld.from_breadcrumbs(page)
    yield from figures.from_figures(page, rules)
