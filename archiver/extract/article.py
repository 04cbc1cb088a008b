"""A capture, judged, and its article: the one function that the crawl calls, in whatever process.

Why nothing else counts: docs/design.md D6.
"""

from __future__ import annotations

from collections.abc import Sequence

from archiver.extract.body.body import body as body_of
from archiver.extract.body.body import without_title
from archiver.extract.body.from_data import body_from_data
from archiver.extract.confidence.assess import assess
from archiver.extract.dom.page import Page
from archiver.extract.dom.pagination import find_next_part
from archiver.extract.fields.candidates import candidates
from archiver.extract.fields.choose import choose
from archiver.extract.verdict.not_article import judge_structure
from archiver.extract.verdict.page import judge_answer, judge_page
from archiver.extract.verdict.page_words import words_of_answer, words_of_page
from archiver.extract.verdict.scripts import needs_scripts
from archiver.models import Article, Capture, Extraction, Field, Verdict
from archiver.rules import SiteRules, rules_for

_HAS_ARTICLE = frozenset({Verdict.ARTICLE, Verdict.WALLED})


def extract(capture: Capture, rules: Sequence[SiteRules] = (), *, liquid_fences: bool = True) -> Extraction:
    """Judge a capture and take its article.

    `rules` are those of the crawl, of one publisher or of all; the ones that own the capture's host are applied, those
    of its time first. The result depends on nothing else, so that a replay gives what the live run gave; only how code
    is written depends on `liquid_fences`, that of `writer.blocks`. Never raises for what a page holds.
    """
    early = judge_answer(capture)
    if early is not None:
        return Extraction(*early, said=words_of_answer(capture, early[0]))
    page = Page.of(capture)
    if page is None:
        return Extraction(Verdict.NOT_HTML, f"{capture.url} answered with something that is not a web page.")
    eras = rules_for(rules, capture.url, capture.captured_at)
    body = body_of(page, eras, liquid_fences=liquid_fences)
    data = None
    if (found := body_from_data(page, body, liquid_fences=liquid_fences)) is not None:
        body, data = found
    paragraphs = body.text.replace("\n", "\n\n")
    offered = candidates(page, eras, paragraphs, data)
    chosen = choose(page, offered, eras, paragraphs)
    title = chosen.get(Field.TITLE)
    verdict, detail = judge_page(page, body.markdown, title.value if title else None)
    scripted = needs_scripts(page, verdict, body.markdown)
    # Where a publisher's own selector or the page's data gave the text, the page is an article.
    if verdict in _HAS_ARTICLE and body.extractor != "rules" and data is None:
        verdict, detail = judge_structure(page, body.markdown, chosen) or (verdict, detail)
    if verdict not in _HAS_ARTICLE:
        return Extraction(verdict, detail, needs_scripts=scripted, said=words_of_page(page))
    # A teaser is not the article's body (docs/design.md D12), nor is the part of a page that was recorded.
    markdown = body.markdown if verdict is Verdict.ARTICLE and not capture.is_cut else ""
    if capture.is_cut:
        detail = " ".join(filter(None, (detail, "The page breaks off, so no text is taken from it.")))
    if title:
        markdown = without_title(markdown, title.value)
    next_part = find_next_part(page) if verdict is Verdict.ARTICLE and not capture.is_cut else None
    article = Article(assess(page, chosen), offered, markdown, data.source if data else "page")
    return Extraction(verdict, detail, article, page.uses.of(rules), next_part, scripted)
