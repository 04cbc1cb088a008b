"""Which object of a page's data is the page's own article: by headline, address or number, not by its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from archiver.extract.dom.page import Page
from archiver.extract.dom.regions import text_of
from archiver.extract.page_data.block_kinds import Object, plain_key
from archiver.text.letters import letters_key
from archiver.text.normalize import slug_share, words
from archiver.text.slugs import slug

_TITLES = frozenset(("headline", "title", "name", "headlines", "titletext", "seotitle", "metatitle", "pagetitle"))
_ADDRESSES = frozenset(
    ("url", "slug", "link", "permalink", "uri", "path", "pathname", "href", "canonical", "canonicalurl", "websiteurl",
     "weburl", "shareurl", "fullurl", "pageurl", "articleurl", "urlpath", "fullslug", "fullpath", "mainentityofpage")
)  # fmt: skip
_NUMBERS = frozenset(("id", "articleid", "nid", "postid", "storyid", "newsid", "contentid", "databaseid", "uuid"))
_DATES = frozenset(("datepublished", "publishedat", "publishdate", "publicationdate", "published", "date", "createdat"))
_INNER = ("rendered", "basic", "default", "text", "raw", "value", "current", "main", "@id")
_MIN_TITLE_LETTERS = 12
"""Letters of a headline; with fewer a label such as `Home` is one, with more short headlines name no article."""
_MIN_WINDOW_SHARE = 0.4
"""Share of the window's title that a headline in it has; lower, and the name of a section is one, higher, and headlines
beside long names of sites are none."""
_MIN_SLUG_SHARE = 0.75
"""Share of the address's words that a headline says; lower, and a story on the same subject is the page's, higher, and
an address that keeps the words of an earlier headline is not believed."""
_MAX_TITLE_FACTOR = 3
"""Words of a headline for each word of the address, above which it is a text."""
_SUMMARIES = ("description", "og:description", "twitter:description")
_CUT = re.compile(r"(?:…|\.\.\.)[\s\])]*$")
_NUMBER = re.compile(r"(?<!\d)\d{4,}(?!\d)|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What the page says of itself, and its address."""

    titles: frozenset[str]
    """Letters of its headlines."""
    window: str
    """Letters of `<title>`, in which the headline may stand beside the site's name."""
    paths: frozenset[str]
    slug: frozenset[str]
    numbers: frozenset[str]
    summaries: frozenset[str]
    """Letters of its descriptions."""

    @classmethod
    def of(cls, page: Page) -> Identity:
        """What a page says of itself."""
        addresses = [page.url, page.capture.requested_url, *((page.canonical,) if page.canonical else ())]
        paths = {path for address in addresses if (path := _path(address))}
        said = [value for name in ("og:title", "twitter:title", "headline") for value in page.meta.get(name, ())]
        said += [text_of(heading, 400) for heading in page.regions.h1[:3]]
        window = letters_key(text_of(page.regions.titles[0], 400)) if page.regions.titles else ""
        return cls(
            frozenset(key for text in said if len(key := letters_key(text)) >= _MIN_TITLE_LETTERS),
            window,
            frozenset(paths),
            frozenset(slug(*addresses[:2])),
            frozenset(number for path in paths for number in _NUMBER.findall(path)),
            frozenset(letters_key(value) for name in _SUMMARIES for value in page.meta.get(name, ())),
        )

    def is_teaser(self, text: str) -> bool:
        """True for a text that breaks off, or says no more than a summary of the page."""
        return _CUT.search(text.rstrip()[-20:]) is not None or letters_key(text) in self.summaries

    def is_own(self, found: Object) -> bool:
        """True for an object whose headline, address or number is the page's."""
        return self.has_title(found) or any(
            self._has_address(key, text)
            for key, value in found.items()
            if isinstance(key, str)
            for text in _strings(value)
        )

    def has_title(self, found: Object) -> bool:
        """True for an object that states the page's headline."""
        return any(self.is_title(title) for title in titles(found))

    def is_other(self, found: Object) -> bool:
        """True for another article: an object with a headline and an address or a day, none of which is the page's."""
        keys = {plain_key(key) for key in found}
        if not keys & (_ADDRESSES | _DATES) or not any(len(title) >= _MIN_TITLE_LETTERS for title in titles(found)):
            return False
        return not self.is_own(found)

    def is_title(self, text: str) -> bool:
        """True for a headline of the page, or one that says what the address says."""
        key = letters_key(text)
        if len(key) < _MIN_TITLE_LETTERS:
            return False
        if key in self.titles or (key in self.window and _MIN_WINDOW_SHARE * len(self.window) <= len(key)):
            return True
        if len(self.slug) < 3 or len(words(text)) > _MAX_TITLE_FACTOR * len(self.slug):
            return False
        return slug_share(text, self.slug) >= _MIN_SLUG_SHARE

    def _has_address(self, key: str, text: str) -> bool:
        name = plain_key(key)
        if name in _NUMBERS:
            return text in self.numbers
        if name not in _ADDRESSES:
            return False
        path = _path(text)
        if not path:
            return False
        if path in self.paths:
            return True
        # A slug is the end of the address, or the longest part of it where the site adds a number or an ending.
        return len(path) >= _MIN_TITLE_LETTERS and any(
            own.endswith(path) or path[1:] in own.rpartition("/")[2] for own in self.paths
        )


def titles(found: Object) -> Iterator[str]:
    """The headlines that an object states."""
    for key, value in found.items():
        if plain_key(key) in _TITLES:
            yield from _strings(value)


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return (value,) if len(value) < 500 else ()
    if isinstance(value, int) and not isinstance(value, bool):
        return (str(value),)
    if isinstance(value, dict):
        return [inner for key in _INNER if isinstance(inner := value.get(key), str) and len(inner) < 500]
    return ()


def _path(address: str) -> str:
    """The path of an address or a slug, in lower case; empty for a front page."""
    try:
        path = urlsplit(address.strip()).path
    except ValueError:
        return ""
    return "/" + unquote(path).strip("/").lower() if path.strip("/") else ""
