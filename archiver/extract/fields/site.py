"""What is known of a page's site: its names, its sections, and what its other pages share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archiver.extract.dom import jsonld
from archiver.extract.dom.page import Page
from archiver.rules import SiteRules
from archiver.text.normalize import alnum_key, fold_punctuation, one_line
from archiver.urls import hostname, registered_domain, registered_label, without_www

SEPARATOR = re.compile(r"\s+[|–—―\-·•:›»«/~<>*+|]+\s+|\s*[|｜¦‖]\s*|\s*::+\s*|\s*--+\s*|\s+[–—]|(?<=\w)_(?=\w)|[–—]\s+")
"""What stands between a headline and a site's name or section; alone it proves nothing."""
_HOSTLIKE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", re.IGNORECASE)
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
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class SiteKnowledge:
    """What the pages of one host share, gathered from pages seen earlier in a run.

    >>> seen = SiteKnowledge.of([("Rain ahead - Nordblatt", ""), ("Snow ahead - Nordblatt", "")])
    >>> seen.affixes
    frozenset({'nordblatt'})
    """

    affixes: frozenset[str] = frozenset()
    """Folded parts at the end or start of titles that stand on two pages or more."""
    descriptions: frozenset[str] = frozenset()
    """Folded descriptions that stand on two pages or more: slogans."""
    images: frozenset[str] = frozenset()
    """Addresses of lead images that stand on two pages or more: placeholders."""

    @classmethod
    def of(cls, pages: Iterable[tuple[str, str] | tuple[str, str, str]]) -> SiteKnowledge:
        """From (`<title>`, description) or (`<title>`, description, image address) of different pages of one host."""
        affixes: Counter[str] = Counter()
        descriptions: Counter[str] = Counter()
        images: Counter[str] = Counter()
        for title, description, *image in dict.fromkeys(pages):
            parts = [fold_punctuation(part) for part in SEPARATOR.split(one_line(title))]
            affixes.update({parts[0], parts[-1]} if len(parts) > 1 else ())
            descriptions.update({fold_punctuation(one_line(description))} - {""})
            images.update(address for address in image if address)
        return cls(_shared(affixes), _shared(descriptions), _shared(images))


def _shared(counts: Counter[str]) -> frozenset[str]:
    return frozenset(value for value, count in counts.items() if value and count >= 2)


@dataclass(frozen=True, slots=True)
class SiteNames:
    """By what names a site goes, in the form that `compact` gives."""

    names: frozenset[str]
    sections: frozenset[str]
    """Compact names of sections that the page is filed under."""
    shared: frozenset[str] = frozenset()
    """Folded affixes that other pages of the host have too."""

    def is_name(self, text: str) -> bool:
        """True when the text is nothing but one of the site's names, with or without its domain or an extra word."""
        short = alnum_key(text)
        if not short or short in self.names or fold_punctuation(text) in self.shared:
            return True
        if _HOSTLIKE.fullmatch(text.strip()):
            return True
        if len(text) > _LONGEST_NAME or len(text.split()) > 6:
            return False
        return any(
            (len(name) >= 3 and name in short and len(short) - len(name) <= 12 and _has_word(text, name))
            or (len(short) >= 3 and name.startswith(short) and len(short) * 2 >= len(name))
            for name in self.names
        )

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


def site_names(page: Page, rules: Sequence[SiteRules] = (), site: SiteKnowledge | None = None) -> SiteNames:
    """The names of the page's site by its meta tags, linked data, host and rules."""
    names = {name for rule in rules for name in rule.site_names}
    for key in _NAME_META:
        names.update(value.lstrip("@") for value in page.meta.get(key, ()) if "/" not in value)
    for node in page.linked_data:
        if any(_ORGANISATION.fullmatch(kind) for kind in jsonld.types(node)):
            names.update(jsonld.strings(node.get("name")))
            names.update(jsonld.strings(node.get("alternateName")))
        for key in ("publisher", "sourceOrganization", "copyrightHolder"):
            for thing in jsonld.objects(node.get(key), page.linked_data):
                names.update((thing,) if isinstance(thing, str) else jsonld.strings(thing.get("name")))
    names.update(_host_names(hostname(page.url)))
    known = {alnum_key(one_line(name)) for name in names if len(name) <= _LONGEST_NAME}
    known |= {
        alnum_key(re.sub(r"\.[a-z]{2,3}$", "", one_line(name).lower())) for name in names if len(name) <= _LONGEST_NAME
    }
    return SiteNames(
        frozenset(name for name in known if len(name) >= 2),
        frozenset(_sections(page)),
        site.affixes if site else frozenset(),
    )


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
