"""Tell, field by field, where an article's values come from, and what else the page offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import html

from archiver.extract.article import extract
from archiver.extract.dom.page import Page
from archiver.models import Candidate, Capture, Choice, Extraction, Field, SelectorUse
from archiver.rules import SiteRules


@dataclass(frozen=True, slots=True)
class FieldExplanation:
    """Where one field's value comes from."""

    field: Field
    value: str | None
    source: str | None
    witnesses: tuple[str, ...]
    selector: str | None
    """The publisher's selector that fired."""
    unmatched: tuple[str, ...]
    """The publisher's selectors that found nothing."""
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
                selector=selector,
                unmatched=_unmatched(extraction.uses, field),
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
            source="rules:body" if selector else "generic",
            witnesses=(),
            selector=selector,
            unmatched=_unmatched(extraction.uses, Field.BODY),
            generic=Choice(without, "generic") if without else None,
            rivals=(),
            element=_element(page, selector) if selector else None,
        )
    )
    return extraction, tuple(told)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _fired(uses: Sequence[SelectorUse], field: Field) -> str | None:
    return next((use.selector for use in uses if use.field == field and use.matched), None)


def _unmatched(uses: Sequence[SelectorUse], field: Field) -> tuple[str, ...]:
    return tuple(use.selector for use in uses if use.field == field and not use.matched)


def _element(page: Page, selector: str) -> str | None:
    for found in page.find(selector):
        if isinstance(found, str):
            holder = page.select(selector.partition("::")[0]) if "::" in selector else []
            return _written(holder[0]) if holder else found
        return _written(found)
    return None


def _written(element: html.HtmlElement) -> str:
    return str(html.tostring(element, encoding="unicode", with_tail=False))
