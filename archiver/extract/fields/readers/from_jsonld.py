"""What the page's linked data says of the article, and of the way to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from archiver.extract.dom import jsonld
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.extract.fields import descriptions
from archiver.extract.fields.coerce import values
from archiver.models import Candidate, Field

_MAX_IMAGES = 6
"""Images of one node; a node lists one picture in several crops. With fewer the largest may be missed, more cost time
on galleries. No measurement is on record."""


def from_linked_data(page: Page) -> Iterator[Candidate]:
    """What the JSON-LD node of the article says."""
    node = page.article_data
    if node is None:
        return
    for key in _title_keys(jsonld.types(node)):
        yield from values(page, Field.TITLE, jsonld.strings(node.get(key)), f"json-ld:{key}")
    yield from values(page, Field.DESCRIPTION, jsonld.strings(node.get("description")), "json-ld:description")
    for key in ("image", "primaryImageOfPage", "thumbnailUrl"):
        yield from values(page, Field.IMAGE, list(_image_things(page, node.get(key))), f"json-ld:{key}")
    for key in ("datePublished", "dateCreated", "uploadDate"):
        yield from values(page, Field.DATE, jsonld.strings(node.get(key)), f"json-ld:{key}")
    for key in ("author", "creator"):
        for thing in jsonld.objects(node.get(key), page.linked_data):
            yield from _linked_people(page, thing, f"json-ld:{key}")
    yield from values(page, Field.CATEGORY, jsonld.strings(node.get("articleSection"))[:3], "json-ld:articleSection")
    for thing in jsonld.objects(node.get("inLanguage")):
        texts = (thing,) if isinstance(thing, str) else jsonld.strings(thing.get("alternateName") or thing.get("name"))
        yield from values(page, Field.LANGUAGE, texts, "json-ld:inLanguage")


def _title_keys(types: Sequence[str]) -> Sequence[str]:
    """The properties in which a node of these types names the article."""
    if "audioobject" in types:
        return ("headline",)  # its name is that of the recording: "Listen to this article"
    if "webpage" in " ".join(types):
        return ("headline", "name")
    return ("headline", "name", "alternativeHeadline", "alternateName")


def _linked_people(page: Page, thing: jsonld.Node | str, source: str) -> Iterator[Candidate]:
    if isinstance(thing, str):
        yield from values(page, Field.AUTHOR, [thing], source)
        return
    organisation = any("organization" in kind for kind in jsonld.types(thing))
    names = jsonld.strings(thing.get("name"))
    if not names:
        given, family = jsonld.strings(thing.get("givenName")), jsonld.strings(thing.get("familyName"))
        names = (f"{given[0]} {family[0]}",) if given and family else ()
    yield from values(page, Field.AUTHOR, names, f"{source}:organization" if organisation else source)


def _image_things(page: Page, value: object) -> Iterator[str]:
    for thing in islice(jsonld.objects(value, page.linked_data), _MAX_IMAGES):
        if isinstance(thing, str):
            yield thing
        else:
            yield from islice(
                (text for key in ("url", "contentUrl", "@id") for text in jsonld.strings(thing.get(key))), 1
            )


def from_breadcrumbs(page: Page) -> Iterator[Candidate]:
    """The last entry of a breadcrumb trail that is not the article."""
    for node in page.linked_data:
        if "breadcrumblist" in jsonld.types(node):
            names: list[str] = []
            for entry in jsonld.objects(node.get("itemListElement")):
                if not isinstance(entry, str):
                    item = entry.get("item")
                    names += jsonld.strings(entry.get("name")) or jsonld.strings(
                        item.get("name") if isinstance(item, dict) else None
                    )
            filed = [name for name in names[1:] if descriptions.category(name)]
            yield from values(page, Field.CATEGORY, filed[:1], "json-ld:breadcrumb")
            return
    for trail in page.regions.breadcrumbs[:2]:
        names = [text for link in trail.iter("a") if (text := text_of(link, 80).strip())]
        if names:
            yield from values(page, Field.CATEGORY, names[-1:], "breadcrumb")
            return
