"""What is known of a page's site: its names and its sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archiver.extract.dom import jsonld
from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.rules import SiteRules
from archiver.text.normalize import alnum_key, one_line, slug_share
from archiver.text.slugs import slug
from archiver.urls import hostname, registered_domain, registered_label, without_www

SEPARATOR = re.compile(r"\s+[|–—―\-·•:›»«/~<>*+|]+\s+|\s*[|｜¦‖]\s*|\s*::+\s*|\s*--+\s*|\s+[–—]|(?<=\w)_(?=\w)|[–—]\s+")
"""What stands between a headline and a site's name or section; alone it proves nothing."""
_HOSTLIKE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", re.IGNORECASE)
_TOP_LEVEL_DOMAIN = re.compile(r"\.[a-z]{2,3}$")
_NAME_META = (
    "og:site_name",
    "og:sitename",
    "application-name",
    "apple-mobile-web-app-title",
    "al:ios:app_name",
    "al:android:app_name",
    "publisher",
    "article:publisher",
    "dc.publisher",
    "dcterms.publisher",
    "dc:publisher",
    "prism.publicationname",
    "sitename",
    "copyright",
    "twitter:site",
)
_ORGANISATION = re.compile(r"organization|website|newsmediaorganization|corporation|brand")
_MAX_NAME_LETTERS = 60
"""Characters of the name of a site; one fewer loses a name of just this length, with more a slogan or a headline passes
for a name and is cut off titles. No measurement is on record."""
_MAX_NAME_WORDS = 6
"""Words of the name of a site; one fewer loses a name of just this length in a title, with more a headline that holds
the site's name passes for one. No measurement is on record."""
_MIN_SLUG_SHARE = 0.8
"""Share of the address's words that a headline says; with less an address that names its publisher makes a headline of
his name, with more a headline with an edited word is trusted as a name. On the acceptance pages 0.4 to 1.0 give the
same titles."""
_MIN_HOST_PART_LETTERS = 4
"""Letters of a part of a host that is taken for the site's name; from one fewer on any short word may be in a host by
chance. On the acceptance pages 3 to 5 give the same titles."""
_MIN_CAPITALS = 3
"""Capitals of an abbreviated name; from one fewer on `EU` or `US` behind a headline would be one. On the acceptance
pages 2 and 3 give the same titles."""


@dataclass(frozen=True, slots=True)
class SiteNames:
    """By what names a site goes, in the form that `compact` gives."""

    names: frozenset[str]
    sections: frozenset[str]
    """Compact names of sections that the page is filed under."""
    host: str = ""
    """The letters of the label that the site's owner registered: `goloadup` of `www.goloadup.com`."""

    def is_name(self, text: str) -> bool:
        """True when the text is nothing but one of the site's names, with or without its domain or an extra word."""
        short = alnum_key(text)
        if not short or short in self.names:
            return True
        if _HOSTLIKE.fullmatch(text.strip()):
            return True
        if len(text) > _MAX_NAME_LETTERS or len(text.split()) > _MAX_NAME_WORDS:
            return False
        return any(
            (len(name) >= 3 and name in short and len(short) - len(name) <= 12 and _has_word(text, name))
            or (len(short) >= 3 and name.startswith(short) and len(short) * 2 >= len(name))
            for name in self.names
        )

    def is_short_name(self, text: str) -> bool:
        """True when the text may be the site's name for short: part of its host, or the capitals its name begins with.

        A word of a headline may be either, so this proves something only of what stands behind a headline.
        """
        short = alnum_key(text)
        if len(short) >= _MIN_CAPITALS and text.isupper() and any(name.startswith(short) for name in self.names):
            return True
        return len(short) >= _MIN_HOST_PART_LETTERS and short in self.host

    def equals_name(self, text: str) -> bool:
        """True when the text is exactly one of the names: the strict form, for authors."""
        short = alnum_key(text)
        return short in self.names or bool(_HOSTLIKE.fullmatch(text.strip()))

    def is_section(self, text: str) -> bool:
        """True when the text names a section that the page is filed under."""
        return alnum_key(text) in self.sections


def _has_word(text: str, name: str) -> bool:
    joined = ""
    parts = [alnum_key(word) for word in re.split(r"[\s.]+", text)]
    for start in range(len(parts)):
        joined = ""
        for part in parts[start:]:
            joined += part
            if joined == name:
                return True
    return False


def site_names(page: Page, rules: Sequence[SiteRules] = ()) -> SiteNames:
    """The names of the page's site by its meta tags, linked data, host and rules."""
    names = _without_headlines(_stated_names(page), page)
    names.update(name for rule in rules for name in rule.site_names)
    names.update(_host_names(hostname(page.url)))
    lines = [one_line(name) for name in names if len(name) <= _MAX_NAME_LETTERS]
    known = {*map(alnum_key, lines), *(alnum_key(_TOP_LEVEL_DOMAIN.sub("", line.lower())) for line in lines)}
    return SiteNames(
        frozenset(name for name in known if len(name) >= 2),
        frozenset(_sections(page)),
        alnum_key(registered_label(hostname(page.url))),
    )


def _stated_names(page: Page) -> set[str]:
    """What meta tags and linked data call the site and its publisher."""
    names: set[str] = set()
    for key in _NAME_META:
        names.update(value.lstrip("@") for value in page.meta.get(key, ()) if "/" not in value)
    for node in page.linked_data:
        if any(_ORGANISATION.fullmatch(kind) for kind in jsonld.types(node)):
            names.update(jsonld.strings(node.get("name")))
            names.update(jsonld.strings(node.get("alternateName")))
        for key in ("publisher", "sourceOrganization", "copyrightHolder"):
            for thing in jsonld.objects(node.get(key), page.linked_data):
                names.update((thing,) if isinstance(thing, str) else jsonld.strings(thing.get("name")))
    return names


def _without_headlines(names: Iterable[str], page: Page) -> set[str]:
    """The names that are not the article's headline, by the address or, if they are long, by the page's title.

    Some publishers put it into `application-name`, and taken for a name it would be junk wherever the page has it.
    """
    address = frozenset(slug(page.canonical or page.url, page.capture.requested_url))
    titles = {*page.meta.get("og:title", ()), *(text_of(title) for title in page.regions.titles[:1])}
    long = {alnum_key(title) for title in titles if len(title.split()) > _MAX_NAME_WORDS}
    return {name for name in names if alnum_key(name) not in long and slug_share(name, address) < _MIN_SLUG_SHARE}


def _host_names(host: str) -> set[str]:
    return {registered_label(host), registered_domain(host), without_www(host)} - {""}


def _sections(page: Page) -> set[str]:
    found: set[str] = set()
    for key in (
        "article:section",
        "og:section",
        "section",
        "category",
        "parsely-section",
        "prism.section",
        "articlesection",
    ):
        for value in page.meta.get(key, ()):
            found.update(re.split(r"[,/>|]", value))
    for node in page.linked_data:
        found.update(jsonld.strings(node.get("articleSection")))
    found.update(unquote(part) for part in urlsplit(page.url).path.split("/")[1:-1])
    return {alnum_key(one_line(name)) for name in found if len(name) <= 40} - {""}
