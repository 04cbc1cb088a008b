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
from archiver.extract.fields.from_byline import texts_of_names
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
_NO_DISPLAY = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")


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


def from_headings(page: Page) -> Iterator[Candidate]:
    """`<h1>`, `<title>`, and what a class calls the headline."""
    places = page.regions
    for heading in _shown([h for h in places.h1 if not aside(h)])[:_MAX_PER_PLACE]:
        yield Candidate(Field.TITLE, text_of(heading), "h1")
        for part in _parts(heading):
            yield Candidate(Field.TITLE, part, "h1:part")
    for title in places.titles[:1]:
        yield Candidate(Field.TITLE, text_of(title), "title")
    for heading in islice((h for h in places.headlines if h.tag not in ("title", "meta") and not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "headline")
    for heading in islice((h for h in places.h2 if not aside(h)), 3):
        yield Candidate(Field.TITLE, text_of(heading, 400), "h2")


def _parts(heading: Element) -> Iterator[str]:
    """A heading's text without its first, and without its last element: a kicker, a date, a second line."""
    while len(heading) == 1 and not (heading.text or "").strip() and not (heading[0].tail or "").strip():
        heading = heading[0]
    texts = [heading.text or "", *(text for child in heading for text in (text_of(child), child.tail or ""))]
    texts = [text.strip() for text in texts if text.strip()]
    if len(texts) > 1:
        yield " ".join(texts[1:])
        yield " ".join(texts[:-1])


def _shown(headings: Sequence[Element]) -> Sequence[Element]:
    """The headings that readers see; the hidden ones where there is no other, for a script may show them later."""
    around = [(heading, list(heading.iterancestors())) for heading in headings]
    own = [(heading, ancestors) for heading, ancestors in around if not any(map(_is_foreign, ancestors))]
    return [heading for heading, ancestors in own if not any(map(_is_hidden, (heading, *ancestors)))] or [
        heading for heading, _ in own
    ]


def _is_foreign(element: Element) -> bool:
    """True for a dialogue over the page, and for what a translation service leaves in a page that is saved."""
    return element.tag == "dialog" or element.get("role") == "dialog" or "skiptranslate" in (element.get("class") or "")


def _is_hidden(element: Element) -> bool:
    return "hidden" in element.attrib or bool(_NO_DISPLAY.search(element.get("style") or ""))


def from_properties(page: Page) -> Iterator[Candidate]:
    """Microdata and RDFa in the page's text (https://html.spec.whatwg.org/#microdata)."""
    counts: dict[str, int] = {}
    for name, element in page.regions.properties:
        field = _PROPERTIES.get(name)
        if (
            field is None
            or counts.get(name, 0) >= _MAX_PER_PLACE
            or (field is not Field.DATE and aside(element, page.around_headline))
        ):
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
