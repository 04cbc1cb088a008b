"""Bangkok Post: what its article pages looked like, era by era."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archiver.crawl.spider import SeedSpider
from archiver.rules import SiteRules


def _end_of(year: int) -> datetime:
    return datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)


_CURRENT = SiteRules(
    domains=("bangkokpost.com",),
    body=(".article-content", ".articl-content"),
    title=("h1", 'meta[property="og:title"]::attr(content)'),
    # The site writes its meta description in single quotes without escaping: a parser sees it end at the first
    # apostrophe. The subtitle is whole.
    description=(".article-headline > p", 'meta[name="description"]::attr(content)'),
    image=(
        'meta[property="og:image"]::attr(content)',
        ".box-img figure img::attr(data-src)",
        ".box-img figure img::attr(src)",
        "img.img-fluid::attr(data-src)",
        "img.img-fluid::attr(src)",
    ),
    # meta[name=author] always names the company. Columns have no lead:author; the class is spelled as on the site.
    author=('meta[name="lead:author"]::attr(content)', ".info-opinion .columnnist-name a", "div.author > a"),
    date=('meta[name="lead:published_at"]::attr(content)', ".article-info--col p"),
    category=(".breadcrumb li:last-child a",),
    prune=(".box-tag", ".dk-article__download", ".ads"),
    lead_media=(".box-img",),
    site_names=("Bangkok Post", "Bangkok Post Public Company Limited"),
    placeholder_images=("nopic",),
    timezone="Asia/Bangkok",
    # Sections and slugs of an article change, its number does not.
    article_id_pattern=r"bangkokpost\.com/[a-z0-9-]+/(?:[a-z0-9-]+/)?([0-9]+)(?:/|$)",
)
_ERA_2024 = replace(
    _CURRENT,
    valid_until=_end_of(2024),
    image=(
        'meta[property="og:image"]::attr(content)',
        *(
            f"{place}::attr({name})"
            for place in (".box-img img", ".articlePhotoCenter img")
            for name in ("data-src", "src")
        ),
    ),
)
_ERA_2023 = replace(
    _ERA_2024,
    valid_until=_end_of(2023),
    body=(".articl-content",),
    title=('meta[property="og:title"]::attr(content)', "h1"),
    description=('meta[name="description"]::attr(content)',),
    author=("div.author > a", 'meta[property="cXenseParse:author"]::attr(content)'),
    date=(
        'meta[name="lead:published_at"]::attr(content)',
        'meta[name="cXenseParse:recs:publishtime"]::attr(content)',
    ),
)
_ERA_2019 = replace(
    _ERA_2023,
    valid_until=_end_of(2019),
    body=("div.articleContents",),
    title=('meta[property="og:title"]::attr(content)', '[itemprop="headline"]'),
    image=('meta[property="og:image"]::attr(content)',),
    author=(),
    date=('span[itemprop="datePublished"]',),
    lead_media=(),
)


class BangkokPostSpider(SeedSpider):
    """Seeds that were copied from Bangkok Post."""

    name = "bangkokpost"
    rules = (_ERA_2019, _ERA_2023, _ERA_2024, _CURRENT)
