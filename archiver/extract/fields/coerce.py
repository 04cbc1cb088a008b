"""Raw texts turned into candidates: each value in the form that its field has, or none where it cannot be one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element
from archiver.extract.fields import authors, descriptions, images
from archiver.models import Candidate, Field
from archiver.rules import SiteRules
from archiver.text.dates import parse_date


def values(
    page: Page, field: Field, texts: Sequence[str], source: str, rule: SiteRules | None = None
) -> Iterator[Candidate]:
    """Candidates out of raw texts of one place; `rule` gives the zone of dates that name none."""
    zone = rule.zone() if rule else None
    for text in texts:
        if text and text.strip():
            for value in _coerce(page, field, text, zone):
                yield Candidate(field, value, source)


def _coerce(page: Page, field: Field, text: str, zone: tzinfo | None) -> Sequence[str]:
    if field is Field.AUTHOR:
        return authors.people(text)
    if field is Field.IMAGE:
        value = page.absolute(text)
    elif field is Field.DATE:
        value = parse_date(text, page.language or "", zone, page.address_year)
    elif field is Field.DESCRIPTION:
        value = descriptions.description(text)
    elif field is Field.CATEGORY:
        value = descriptions.category(text)
    else:
        value = text
    return (value,) if value else ()


def image_addresses(element: Element, lazy: Sequence[str] = ()) -> Iterator[str]:
    """The addresses of an image element, its largest version first; lazy loaders keep theirs in `data-*`.

    `lazy` names attributes of the publisher's own, which are asked first.
    """
    for holder in (element, *element.iter("img", "source")) if element.tag not in ("img", "source") else (element,):
        for key in lazy:
            if address := (holder.get(key) or "").strip():
                yield images.largest(address) or address if " " in address else address
        for key in ("srcset", "data-srcset", "data-lazy-srcset"):
            if address := images.largest(holder.get(key) or ""):
                yield address
        for key in ("data-src", "data-lazy-src", "data-original", "src", "content", "href"):
            address = (holder.get(key) or "").strip()
            # Some scripts keep all sizes as JSON in `data-src`.
            if address and not address.startswith(("data:", "{", "[")):
                yield address
