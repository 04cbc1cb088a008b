"""What the object of a page's data that holds the article says of it, under the keys of many systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from archiver.extract.dom.page import Page
from archiver.extract.fields.coerce import values
from archiver.extract.page_data.article_text import ArticleText
from archiver.extract.page_data.block_kinds import plain_key
from archiver.models import Candidate, Field

_MAX_DEPTH = 3
"""Levels below the object in which a name or an address stands: `featuredImage.node.sourceUrl`."""
_MAX_VALUES = 6
"""Values of one key; with fewer the sixth author is lost, with more a list of people in the news passes for authors."""
_KEYS: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {
        Field.DATE: (
            "datepublished", "publishedat", "publisheddate", "publishdate", "publicationdate", "publishedon",
            "firstpublishedat", "firstpublished", "firstpublishdate", "publishedtime", "displaydate", "published",
            "dategmt", "date", "created", "createdat",
        ),
        Field.AUTHOR: ("author", "authors", "byline", "bylines", "creator", "credits", "writers"),
        Field.IMAGE: (
            "image", "images", "coverimage", "cover", "featuredimage", "heroimage", "mainimage", "leadimage",
            "thumbnail", "thumbnailurl", "promoimage", "imageurl",
        ),
    }
)  # fmt: skip
_INNER: Mapping[Field, tuple[str, ...]] = MappingProxyType(
    {
        Field.DATE: ("value", "date", "iso"),
        Field.AUTHOR: ("name", "displayName", "fullName", "title", "by", "node", "nodes"),
        Field.IMAGE: ("url", "src", "sourceUrl", "href", "file", "asset", "image", "node"),
    }
)


def from_data(page: Page, text: ArticleText) -> Iterator[Candidate]:
    """Headline, date, authors and image of the object that has the article's text."""
    yield from values(page, Field.TITLE, text.titles, text.source)
    named = {plain_key(key): value for key, value in text.found.items()}
    for field, keys in _KEYS.items():
        for key in keys:
            texts = list(_strings(named.get(key), _INNER[field]))[:_MAX_VALUES]
            found = list(values(page, field, texts, text.source))
            yield from found
            if found:
                break


def _strings(value: object, inner: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < _MAX_DEPTH:
        for item in value[:_MAX_VALUES]:
            yield from _strings(item, inner, depth + 1)
    elif isinstance(value, dict) and depth < _MAX_DEPTH:
        for name in inner:
            if found := list(_strings(value.get(name), inner, depth + 1)):
                yield from found
                return
