"""What `<meta>` says: OpenGraph, Twitter, Dublin Core, publishing systems and analytics."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.extract.dom.page import Page
from archiver.extract.fields.coerce import values
from archiver.models import Candidate, Field

_MAX_PER_NAME = 6
"""Contents of one name, in page order; one fewer loses the sixth of the authors that have a `<meta>` each, more cost
time on pages that repeat one for every teaser. No measurement is on record."""
_META: tuple[tuple[Field, tuple[str, ...]], ...] = (
    (
        Field.TITLE,
        ("og:title", "twitter:title", "twitter:text:title", "lead:title", "cxenseparse:title", "parsely-title",
         "sailthru.title", "dc.title", "dc:title", "dcterms.title", "citation_title", "headline", "title"),
    ),
    (
        Field.DESCRIPTION,
        ("description", "og:description", "twitter:description", "lead:description", "dc.description",
         "dcterms.description", "dcterms.abstract", "sailthru.description"),
    ),
    (
        Field.IMAGE,
        ("og:image", "og:image:secure_url", "og:image:url", "twitter:image", "twitter:image:src", "lead:image",
         "cxenseparse:image", "parsely-image-url", "sailthru.image.full", "image", "thumbnail", "thumbnailurl"),
    ),
    (
        Field.DATE,
        ("article:published_time", "og:article:published_time", "article:published", "lead:published_at",
         "datepublished", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "parsely-pub-date",
         "sailthru.date", "published_time", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
         "dcterms.created", "dc.date.created", "dc.date.available", "prism.publicationdate",
         "citation_publication_date", "citation_date", "content:publishdate", "publishdate", "publish-date",
         "publish_date", "publication_date", "publicationdate", "pubdate", "og:pubdate", "pdate", "published",
         "date.available", "date.created", "datecreated", "og:release_date", "vr:published-time",
         "originalpublicationdate", "date"),
    ),
    (
        Field.AUTHOR,
        ("lead:author", "article:author", "article:author_name", "parsely-author", "sailthru.author",
         "cxenseparse:author", "dc.creator", "dc:creator", "dcterms.creator", "articleauthor", "citation_author",
         "og:author", "vr:author", "byl", "author", "twitter:data1"),
    ),
    (
        Field.CATEGORY,
        ("article:section", "og:section", "lead:section", "cxenseparse:recs:category", "parsely-section",
         "prism.section", "section", "primary_section", "articlesection", "category"),
    ),
    (
        Field.LANGUAGE,
        ("content-language", "inlanguage", "dc.language", "dcterms.language", "language", "og:locale", "locale"),
    ),
)  # fmt: skip


def from_meta(page: Page) -> Iterator[Candidate]:
    """What `<meta>` says: OpenGraph, Twitter, Dublin Core, publishing systems and analytics."""
    for field, keys in _META:
        for key in keys:
            contents = page.meta.get(key)
            if contents:
                yield from values(page, field, contents[:_MAX_PER_NAME], f"meta:{key}")
