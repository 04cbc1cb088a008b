"""What each place of a page says: one small function per place, each gives candidates in page order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import islice
from urllib.parse import unquote, urlsplit

from htmldate import find_date

from archiver.errors import RulesError
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import Element, aside, text_of
from archiver.extract.fields import descriptions
from archiver.extract.fields.coerce import image_addresses, values
from archiver.extract.fields.readers.from_byline import texts_of_names
from archiver.models import Candidate, Field
from archiver.rules import Clean, SiteRules
from archiver.rules.checks import SELECTED
from archiver.text.address_dates import address_date, original_address

_MAX_PER_PLACE = 6
"""Candidates of one kind of place; one fewer loses the sixth author of a byline that has an element for each, more cost
time on pages of teasers. No measurement is on record."""
_MAX_GUESSED_BYTES = 400_000
"""Bytes of a page; above it guessing a date would take longer than all other reading together, with less a dateless
page of this size stays so. No measurement is on record."""
_PROPERTIES = {
    "headline": Field.TITLE,
    "datepublished": Field.DATE,
    "author": Field.AUTHOR,
    "creator": Field.AUTHOR,
    "articlesection": Field.CATEGORY,
}
_VISIBLE_DATE = re.compile(r"\d")


def from_rules(page: Page, rules: Sequence[SiteRules]) -> Iterator[Candidate]:
    """What the publisher's selectors find: per field the nearest era, and its first selector, that finds anything."""
    for field in SELECTED:
        for rule in rules:
            offered = _by_rule(page, rule, field)
            yield from offered
            if offered:
                break


def _by_rule(page: Page, rule: SiteRules, field: Field) -> list[Candidate]:
    clean = rule.clean.get(field)
    for selector in getattr(rule, field.value):
        texts = list(islice(_select(page, selector, field, rule.lazy_image_attributes), 20))
        if clean is not None:
            texts = [cleaned for text in texts if (cleaned := _cleaned(clean, text, field))]
        offered = list(values(page, field, texts, f"rules:{field.value}", rule))
        page.uses.note(rule, field.value, selector, bool(offered))
        if offered:
            return offered
    return []


def _cleaned(clean: Clean, text: str, field: Field) -> str | None:
    try:
        return clean(text)
    except Exception as error:
        name = f"{clean.__module__}.{getattr(clean, '__qualname__', clean)}"
        raise RulesError(
            f"{name}, which cleans {field}, failed on {text!r}: {type(error).__name__}: {error}"
        ) from error


def _select(page: Page, selector: str, field: Field, lazy: Sequence[str]) -> Iterator[str]:
    for element in page.find(selector):
        if isinstance(element, str):
            yield element
        elif field is Field.IMAGE:
            yield from image_addresses(element, lazy)
        elif field is Field.DATE and element.get("datetime"):
            yield element.get("datetime") or ""
        else:
            yield text_of(element)


def from_properties(page: Page) -> Iterator[Candidate]:
    """Microdata and RDFa in the page's text (https://html.spec.whatwg.org/#microdata)."""
    counts: dict[str, int] = {}
    for name, element in page.regions.properties:
        field = _PROPERTIES.get(name)
        if field is None or counts.get(name, 0) >= _MAX_PER_PLACE or aside(element, page.around_headline):
            continue
        counts[name] = counts.get(name, 0) + 1
        text = element.get("content") or element.get("datetime") or ""
        if field is Field.AUTHOR and not text:
            inner = next((e for e in element.iter() if (e.get("itemprop") or "") == "name"), element)
            texts = [inner.get("content") or ""] if inner.get("content") else texts_of_names(inner)
        else:
            texts = [text or text_of(element, 400)]
        yield from values(page, field, texts, f"microdata:{name}")


def from_times(page: Page) -> Iterator[Candidate]:
    """`<time>` elements, and elements whose class speaks of a date, the nearest to the headline first.

    Those among teasers are left out, and those that speak of a change.
    """
    for element in islice(_nearest(page, page.regions.times, _MAX_PER_PLACE), _MAX_PER_PLACE):
        label = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        if "modif" in label or "updat" in label:
            continue
        stated = [text for text in (element.get("datetime"), text_of(element, 200)) if text]
        for text, source in zip(stated, ("time", "time:text"), strict=False):
            yield from values(page, Field.DATE, [text], source)
    yield from _labelled_dates(page)


def _nearest(page: Page, elements: Sequence[Element], most: int) -> Sequence[Element]:
    own = islice((element for element in elements if not aside(element, page.around_headline)), 4 * most)
    return sorted(own, key=page.nearness, reverse=True)[:most]


def _labelled_dates(page: Page) -> Iterator[Candidate]:
    seen = 0
    for element in _nearest(page, page.regions.dates, 24):
        if seen >= _MAX_PER_PLACE:
            break
        label = (element.get("class") or "").lower()
        text = text_of(element, 200)
        if "update" in label or "modif" in label or not _VISIBLE_DATE.search(text) or len(text) > 160:
            continue
        seen += 1
        yield from values(page, Field.DATE, [text], "class:date")


def from_links(page: Page) -> Iterator[Candidate]:
    """`<link rel=image_src>`, `<html lang>`, and the address itself."""
    for link in page.regions.links:
        if (link.get("rel") or "").lower() == "image_src":
            yield from values(page, Field.IMAGE, [link.get("href") or ""], "link:image_src")
    if page.language:
        yield Candidate(Field.LANGUAGE, page.language, "html:lang")
    address = page.canonical or page.url
    if found := address_date(address):
        yield Candidate(Field.DATE, found, "url")
    parts = [unquote(part) for part in urlsplit(page.url).path.split("/") if part]
    for part in parts[:2] if len(parts) > 1 else ():
        if part is parts[-1] or not re.fullmatch(r"[^\W\d][\w-]{2,24}", part):
            continue
        if name := descriptions.category(part):
            yield Candidate(Field.CATEGORY, name, "url")
            break


def from_htmldate(page: Page) -> Iterator[Candidate]:
    """What `htmldate` finds where nothing else named a date (docs/design.md D11).

    Without its extensive search, which makes a day of any year on the page and takes twenty times as long.
    """
    if len(page.capture.body) > _MAX_GUESSED_BYTES:
        return
    found = find_date(
        deepcopy(page.tree),
        original_date=True,
        extensive_search=False,
        url=original_address(page.url),
        outputformat="%Y-%m-%d",
    )
    if found:
        yield Candidate(Field.DATE, found, "htmldate")


def from_body(body_text: str) -> Iterator[Candidate]:
    """The article's own first paragraph, which completes a description that breaks off in it."""
    text = descriptions.first_paragraph(body_text)
    if text and (told := descriptions.description(text)):
        yield Candidate(Field.DESCRIPTION, told, "body")
