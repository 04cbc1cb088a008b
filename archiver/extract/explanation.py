"""Tell, field by field, where an article's values come from, and what else the page offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from archiver.extract.article import extract
from archiver.extract.dom.page import Page
from archiver.models import Article, Candidate, Capture, Choice, Extraction, Field, SelectorUse
from archiver.rules import SiteRules, rules_for


@dataclass(frozen=True, slots=True)
class UnmatchedSelector:
    """A selector of the publisher's that gave nothing."""

    field: str
    """The field of the rules: of the body also `prune` and `lead_media`."""
    selector: str
    until: str | None
    """The last day of the rules' era, such as `2019-12-31`; None of the current one."""
    is_on_page: bool
    """Whether it finds an element or a text after all, which has no value that could be used."""


@dataclass(frozen=True, slots=True)
class ArticleId:
    """The article's id in the page's address."""

    value: str | None
    """None where the pattern is not in the address."""
    pattern: str


@dataclass(frozen=True, slots=True)
class FieldExplanation:
    """Where one field's value comes from."""

    field: Field
    value: str | None
    source: str | None
    witnesses: tuple[str, ...]
    confidence: float | None
    """The probability that the value is right; None of the body, for which there is none."""
    doubts: tuple[str, ...]
    """Why the value may be wrong, a sentence each."""
    selector: str | None
    """The publisher's selector that fired."""
    unmatched: tuple[UnmatchedSelector, ...]
    """The publisher's selectors that gave nothing."""
    generic: Choice | None
    """What is chosen without the publisher's rules."""
    rivals: tuple[Candidate, ...]
    """Other values that the page offers, each with its source."""
    element: str | None
    """The element that the selector found, as the page writes it."""


def explain(
    capture: Capture, rules: Sequence[SiteRules], *, liquid_fences: bool = True
) -> tuple[Extraction, tuple[FieldExplanation, ...]]:
    """Extract a capture with the rules and without, and compare; no fields where the page is no article."""
    extraction = extract(capture, rules, liquid_fences=liquid_fences)
    article, generic = extraction.article, extract(capture, liquid_fences=liquid_fences).article
    page = Page.of(capture)
    if article is None or page is None:
        return extraction, ()
    told = []
    for field in Field:
        if field is Field.BODY:
            continue
        choice = article.choices.get(field)
        fired = choice is not None and choice.source.startswith("rules")
        selector = _fired(extraction.uses, field) if fired else None
        others = {
            (_plain(one.value), one.source): one
            for one in article.candidates
            if one.field is field and not (choice and _plain(one.value) == _plain(choice.value))
        }
        told.append(
            FieldExplanation(
                field=field,
                value=choice.value if choice else None,
                source=choice.source if choice else None,
                witnesses=choice.witnesses if choice else (),
                confidence=choice.confidence if choice else None,
                doubts=choice.doubts if choice else (),
                selector=selector,
                unmatched=_unmatched(page, rules, extraction.uses, field),
                generic=generic.choices.get(field) if generic else None,
                rivals=tuple(others.values()),
                element=_element(page, selector) if selector else None,
            )
        )
    body, without = article.body, generic.body if generic else ""
    selector = _fired(extraction.uses, Field.BODY)
    told.append(
        FieldExplanation(
            field=Field.BODY,
            value=body or None,
            source="rules:body" if selector else _found_in(article),
            witnesses=(),
            confidence=None,
            doubts=(),
            selector=selector,
            unmatched=_unmatched(page, rules, extraction.uses, Field.BODY, "prune", "lead_media"),
            generic=Choice(without, _found_in(generic)) if without and generic else None,
            rivals=(),
            element=_element(page, selector) if selector else None,
        )
    )
    return extraction, tuple(told)


def explain_id(capture: Capture, rules: Sequence[SiteRules]) -> ArticleId | None:
    """Find the article's id in the address by the rules of the capture's time; None where they have no pattern."""
    for rule in rules_for(rules, capture.url, capture.captured_at)[:1]:
        if rule.article_id_pattern is not None:
            return ArticleId(rule.article_id(capture.url), rule.article_id_pattern)
    return None


def _found_in(article: Article) -> str:
    return "generic" if article.body_source == "page" else article.body_source


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fired(uses: Sequence[SelectorUse], field: Field) -> str | None:
    return next((use.selector for use in uses if use.field == field and use.matched), None)


def _unmatched(
    page: Page, rules: Sequence[SiteRules], uses: Sequence[SelectorUse], *fields: str
) -> tuple[UnmatchedSelector, ...]:
    return tuple(
        UnmatchedSelector(
            use.field,
            use.selector,
            f"{until:%Y-%m-%d}" if (until := rules[use.era].valid_until) else None,
            bool(page.find(use.selector)),
        )
        for field in fields
        for use in uses
        if use.field == field and not use.matched
    )


def _element(page: Page, selector: str) -> str | None:
    for found in page.find(selector):
        if isinstance(found, str):
            holder = page.select(selector.partition("::")[0]) if "::" in selector else []
            return _written(holder[0]) if holder else found
        return _written(found)
    return None


def _written(element: html.HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))
