"""Articles over several pages: where the next one lies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from archiver.extract.dom.page import Page
from archiver.urls import hostname, without_www

_NAMES = "page|p|pg|pn|paged|page_number|pagenum|pagenumber|part|pagina|seite|strona"
_QUERY_NAMES = frozenset(_NAMES.split("|"))
"""Names in queries that count the pages of an article. Those that have a word before them count something else:
`comment_page`."""
_MARK = re.compile(rf"(?:/(?:(?:{_NAMES})[/-]?)?|-(?:page|part|pagina|seite)[-_]?)(?P<number>\d{{1,2}})$")
"""What stands behind the path of the first page: `/2`, `/page/2`, `-page-2`. A bare `-2` is another story as often."""
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cms)$", re.IGNORECASE)
_COUNT = re.compile(r"\d{1,2}")
_MAY_COUNT = re.compile(r"[/=_-](?:page|p|part|pagina|seite|strona)?\d{1,2}(?:/|\.\w{2,5})?(?:[?&#]|$)", re.IGNORECASE)
"""Finds every address that can have a number behind it: what does not fit is not taken apart."""
_PLAIN_RUN = re.compile(r"[\w-]{3,}", re.ASCII)
"""Finds the letters of a path that stand in a link as they are, whatever else of it is escaped."""
_QUERY = re.compile(r"[ \t\r\n]*\?")
_HAS_NAME = re.compile(r"[^\W\d_]|\d{5}")
"""Finds what a story is called: a day's or month's number is no name."""


@dataclass(frozen=True, slots=True)
class _Address:
    """An address, read as that of one page of an article."""

    host: str
    path: str
    ending: str
    query: frozenset[tuple[str, str]]


def find_next_part(page: Page) -> str | None:
    """Return the address of the page that an article goes on, as the page links it; None where it links none.

    It is that of the page itself with a number behind it, or with the number behind the page's own.
    """
    shown = {url for url in (page.url, page.canonical, page.capture.requested_url) if url}
    wanted = {(form, number + 1) for url in shown for form, number in _forms(url)}
    for link in _links(page, {form.path.rpartition("/")[2] for form, _ in wanted}):
        url = page.absolute(link)
        if url is not None and any(number > 1 and (form, number) in wanted for form, number in _forms(url)):
            return url.partition("#")[0]
    return None


def _links(page: Page, stems: Iterable[str]) -> Iterator[str]:
    """What the page links and may count pages, by the last names of paths; what it calls the next one comes first."""
    named = [link for link in page.regions.links if "next" in (link.get("rel") or "").lower().split()]
    addresses = [href for link in page.attribute_index.tagged("a") if (href := link.get("href"))]
    # Most pages have hundreds of links, and none that counts.
    names = sorted({max(_PLAIN_RUN.findall(stem), key=len, default="") for stem in stems})
    fitting = (href for name in names for href in addresses if name in href or _QUERY.match(href))
    for href in (*(link.get("href") or "" for link in named), *fitting):
        address = href.strip()
        if _MAY_COUNT.search(address):
            yield address


def _forms(url: str) -> Iterator[tuple[_Address, int]]:
    """The ways to read an address: as that of a first page, and of a later one with its number in query or path."""
    try:
        parts = urlsplit(url)
        query = frozenset(parse_qsl(parts.query, keep_blank_values=True))
    except ValueError:
        return
    host, (path, ending) = without_www(hostname(url)), _split_ending(parts.path.rstrip("/"))
    yield _Address(host, path, ending, query), 1
    for name, value in query:
        if name.lower() in _QUERY_NAMES and _COUNT.fullmatch(value):
            yield _Address(host, path, ending, query - {(name, value)}), int(value)
    if (mark := _MARK.search(path)) is not None:
        # /story/2.html, and /story.html/2
        before, inner = _split_ending(path[: mark.start()])
        if _HAS_NAME.search(before.rpartition("/")[2]):
            yield _Address(host, before, ending or inner, query), int(mark["number"])


def _split_ending(path: str) -> tuple[str, str]:
    """`/story.html` → `/story`, `.html`."""
    ending = found[0] if (found := _ENDING.search(path)) else ""
    return path.removesuffix(ending), ending
