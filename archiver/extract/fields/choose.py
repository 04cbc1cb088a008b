"""Out of all that a page offers, one value per field, with those that agree with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial

from archiver.extract.dom.page import Page
from archiver.extract.fields import descriptions, figures, images, titles
from archiver.extract.fields.alternatives import collect_alternatives
from archiver.extract.fields.author_choice import choose_authors
from archiver.extract.fields.site import SiteNames, site_names
from archiver.models import Candidate, Choice, Field
from archiver.rules import SiteRules
from archiver.text import dates, languages
from archiver.text.normalize import alnum_key, fold_punctuation
from archiver.text.slugs import slug

_BODY_START_LETTERS = 2000
"""Characters at the top of the text in which a title is looked for; with fewer a headline below a long lead is missed,
with more a line that a late paragraph quotes counts as one. No measurement is on record."""
_AUTHOR_RANK = (
    "rules", "json-ld:author", "json-ld:creator", "meta:lead:author", "meta:article:author",
    "meta:article:author_name", "meta:parsely-author", "meta:sailthru.author", "meta:cxenseparse:author",
    "meta:dc.creator", "meta:articleauthor", "microdata", "rel", "class", "visible", "meta:author", "meta",
)  # fmt: skip
_DATE_RANK = (
    "rules", "json-ld:datePublished", "meta:article:published_time", "meta:lead:published_at",
    "meta:og:article:published_time", "microdata:datepublished", "meta:datepublished", "meta:cxenseparse",
    "meta:parsely", "meta:sailthru", "meta:dc.date.issued", "meta:dcterms.issued", "meta:published_time",
    "meta:publi", "meta:citation", "meta", "json-ld:uploadDate", "time", "visible", "class:byline",
    "meta:dc.date", "meta:dcterms.date", "meta:date", "class", "json-ld:dateCreated", "meta:datecreated",
    "meta:date.created", "url", "htmldate",
)  # fmt: skip
_VISIBLE_DATES = ("time", "class", "visible", "url")
"""Sources of dates that readers see."""
_MAX_DAYS_FROM_ADDRESS = 1
"""Days between the day in an address and the article's; with fewer an instant in another zone contradicts its own
address, with more a date of a change agrees with it. On 35 of 35 pages that have both the two are so near."""
_IMAGE_RANK = ("rules", "meta:og:image", "json-ld:image", "meta:twitter", "meta", "json-ld", "link", "figure")
_DESCRIPTION_RANK = ("rules", "meta:description", "meta:og", "json-ld", "meta")
_CATEGORY_RANK = ("rules", "json-ld:articleSection", "meta", "json-ld:breadcrumb", "breadcrumb", "microdata", "url")
_LANGUAGE_RANK = ("html:lang", "json-ld:inLanguage", "meta:content-language", "meta")


def choose(
    page: Page,
    candidates: Sequence[Candidate],
    rules: Sequence[SiteRules] = (),
    body_text: str = "",
) -> Mapping[Field, Choice]:
    """The chosen value of each field that has one; the arguments are those of `candidates`."""
    names = site_names(page, rules)
    by_field = {field: [c for c in candidates if c.field is field] for field in Field}
    title = titles.choose_title(
        by_field[Field.TITLE], names, slug_words(page), fold_punctuation(body_text[:_BODY_START_LETTERS])
    )
    found = {
        Field.TITLE: title,
        Field.DATE: _date(by_field[Field.DATE], page, rules),
        Field.AUTHOR: _author(by_field[Field.AUTHOR], names),
        Field.IMAGE: _image(by_field[Field.IMAGE], page, rules),
        Field.LANGUAGE: _language(by_field[Field.LANGUAGE], body_text, title),
        Field.DESCRIPTION: _description(by_field[Field.DESCRIPTION], names, title, _broken_descriptions(page)),
        Field.CATEGORY: _category(by_field[Field.CATEGORY], names),
    }
    return {field: choice for field, choice in found.items() if choice is not None}


def slug_words(page: Page) -> frozenset[str]:
    """The words of the address that can stand in a headline: the longest worded part of its path."""
    return frozenset(slug(page.canonical or page.url, page.capture.requested_url))


def _rank(source: str, order: tuple[str, ...]) -> int:
    best, length = len(order), -1
    for number, prefix in enumerate(order):
        if len(prefix) > length and source.startswith(prefix):
            best, length = number, len(prefix)
    return best


def _rank_all(found: Iterable[Candidate], order: tuple[str, ...]) -> list[Candidate]:
    rank = _ranking(order)
    return sorted(found, key=lambda candidate: rank(candidate.source))


@cache
def _ranking(order: tuple[str, ...]) -> Callable[[str], int]:
    """The place of a source in an order: a page has hundreds of candidates and a few sources."""
    return lru_cache(maxsize=256)(partial(_rank, order=order))


def _with_witnesses(
    best: Candidate, others: Sequence[Candidate], value: str, same: Callable[[str, str], bool]
) -> Choice:
    agreeing = {other for other in {other.value for other in others} if same(other, value)}
    sources = dict.fromkeys(other.source for other in others if other.source != best.source and other.value in agreeing)
    rest = ((other.value, other.source) for other in others if other.value not in agreeing)
    return Choice(value, best.source, tuple(sources), alternatives=collect_alternatives(rest, value, same))


def _date(found: Sequence[Candidate], page: Page, rules: Sequence[SiteRules]) -> Choice | None:
    latest = page.capture.captured_at
    ranked = [c for c in _rank_all(found, _DATE_RANK) if dates.possible(c.value, latest)]
    possible = ranked = [c for c in ranked if not dates.old(c.value)] or ranked
    ranked = _agreeing_with_address(ranked)
    if not ranked:
        return None
    best = _earlier_visible(ranked) or ranked[0]
    value = dates.finer(best.value, [c.value for c in ranked])
    source = next(c for c in ranked if c.value == value)
    zone = next((rule.zone() for rule in rules if rule.timezone), None)
    value = dates.place_in_zone(value, zone)
    placed = [replace(c, value=dates.place_in_zone(c.value, zone)) for c in possible] if zone else possible
    return _with_witnesses(source, placed, value, dates.same)


def _agreeing_with_address(ranked: list[Candidate]) -> list[Candidate]:
    """Those that the day in the page's address does not contradict, where another place of the page bears it out.

    Without one the address may name another day, such as that of an event. A publisher's rules are not asked.
    """
    stated = next((c.value for c in ranked if c.source == "url"), None)
    if stated is None or ranked[0].source.startswith("rules"):
        return ranked
    agreeing = [c for c in ranked if dates.days_between(c.value, stated) <= _MAX_DAYS_FROM_ADDRESS]
    return agreeing if any(c.source != "url" for c in agreeing) else ranked


def _earlier_visible(ranked: Sequence[Candidate]) -> Candidate | None:
    """The date below the headline where it lies before the best one, which nothing that readers see bears out.

    A publishing system dates an article anew when it is moved or edited; what its own page shows is older then.
    """
    best, visible = ranked[0], [c for c in ranked if c.source.startswith(_VISIBLE_DATES)]
    if best.source.startswith(("rules", *_VISIBLE_DATES)):
        return None
    if any(dates.days_between(c.value, best.value) <= 1 for c in visible):
        return None
    return next((c for c in visible if c.source == "visible:date" and c.value < best.value), None)


def _author(found: Sequence[Candidate], names: SiteNames) -> Choice | None:
    return choose_authors([(c.source, c.value) for c in _rank_all(found, _AUTHOR_RANK)], names.equals_name)


def _image(found: Sequence[Candidate], page: Page, rules: Sequence[SiteRules]) -> Choice | None:
    placeholders = [part for rule in rules for part in rule.placeholder_images]
    fit = {value for value in {c.value for c in found} if not images.unfit(value, placeholders)}
    ranked = [c for c in _rank_all(found, _IMAGE_RANK) if c.value in fit]
    ruled = bool(ranked) and ranked[0].source.startswith("rules")
    best = ranked[0] if ruled else figures.choose_image(ranked, page)
    if best is None:
        return None
    return _with_witnesses(best, ranked, best.value, images.same_picture)


def _language(found: Sequence[Candidate], body_text: str, title: Choice | None) -> Choice | None:
    read, sure = languages.detect_language(body_text or (title.value if title else ""))
    declared = [(c, tag) for c in _rank_all(found, _LANGUAGE_RANK) if (tag := languages.primary(c.value))]
    fitting = [(c, tag) for c, tag in declared if not (sure and read and languages.contradicts(tag, read))]
    if not fitting:
        others = [(tag, c.source) for c, tag in declared]
        alternatives = collect_alternatives(others, read or "", str.__eq__)
        return Choice(read, "body", alternatives=alternatives) if read else None
    best, value = fitting[0]
    witnesses = dict.fromkeys(c.source for c, tag in fitting if tag == value and c.source != best.source)
    others = [(tag, c.source) for c, tag in declared] + ([(read, "body")] if read else [])
    return Choice(
        value,
        best.source,
        (*witnesses, *(("body",) if read == value else ())),
        alternatives=collect_alternatives(others, value, str.__eq__),
    )


def _description(
    found: Sequence[Candidate], names: SiteNames, title: Choice | None, broken: Iterable[str]
) -> Choice | None:
    """The description; `broken` are those that broke off by a fault of the page."""
    headline = fold_punctuation(title.value) if title else ""
    ranked = [
        c
        for c in _rank_all(found, _DESCRIPTION_RANK)
        if fold_punctuation(c.value) != headline and not names.is_name(c.value)
    ]
    if not ranked:
        return None
    best = ranked[0]
    # The article's own first paragraph announces nothing; it only completes what the publisher's text begins.
    if best.source == "body" and not any(descriptions.continues(best.value, text) for text in broken):
        return None
    if not descriptions.is_whole_sentence(best.value):
        longer = [c for c in ranked if descriptions.continues(c.value, best.value)]
        best = next((c for c in longer if descriptions.is_whole_sentence(c.value)), longer[0] if longer else best)
    return _with_witnesses(best, ranked, best.value, _is_same_text)


def _broken_descriptions(page: Page) -> list[str]:
    return [text for name, texts in page.cut_meta.items() if name.endswith("description") for text in texts]


def _category(found: Sequence[Candidate], names: SiteNames) -> Choice | None:
    ranked = [c for c in _rank_all(found, _CATEGORY_RANK) if alnum_key(c.value) not in names.names]
    if not ranked:
        return None
    return _with_witnesses(ranked[0], ranked, ranked[0].value, _is_same_name)


def _is_same_text(one: str, two: str) -> bool:
    return fold_punctuation(one) == fold_punctuation(two)


def _is_same_name(one: str, two: str) -> bool:
    return alnum_key(one) == alnum_key(two)
