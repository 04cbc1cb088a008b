"""A capture, decoded once and parsed once; every reader of the page works on this tree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from urllib.parse import quote, urljoin

from lxml import etree, html

from archiver.extract.dom import jsonld
from archiver.extract.dom.attribute_index import AttributeIndex
from archiver.extract.dom.attribute_limit import drop_surplus_attributes
from archiver.extract.dom.decoding import remove_controls, replace_lone_surrogates, to_utf8
from archiver.extract.dom.headline import find_headline
from archiver.extract.dom.regions import PageRegions, aside, find_regions
from archiver.extract.dom.streamed import place_parts
from archiver.models import Capture
from archiver.rules.selectors import compile_selector, is_xpath
from archiver.rules.uses import SelectorUses
from archiver.text.address_dates import address_year
from archiver.urls import names_host

_MAX_IMAGES = 40
"""Images that are looked at for the figures of the article; with fewer those behind a bar of forty teasers are missed,
more cost time: for each, the elements around it are read. No measurement is on record."""
_IS_ABSOLUTE = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z-]+/[^\s;?#]*(?:\?[^\s;#]+)?")
"""Most addresses of pictures, which come out of `urljoin` as they went in: to see that takes a fifth of its time."""
_META_NAMES = frozenset({"name", "property", "itemprop", "http-equiv"})
_BARE = frozenset({"itemscope", "name", "property", "itemprop", "http-equiv", "id", "class", "lang", "scheme"})


@dataclass(frozen=True)
class Page:
    """A parsed HTML page. Readers must not change `tree`; whoever prunes works on a copy."""

    url: str
    """The address that answered."""
    tree: html.HtmlElement
    """The `<html>` element, without comments and processing instructions."""
    capture: Capture

    @classmethod
    def of(cls, capture: Capture) -> Page | None:
        """Decode and parse a capture; None when there is no markup in it at all."""
        tree = _parse(to_utf8(capture.body, capture.header("Content-Type")))
        return None if tree is None else cls(capture.url, tree, capture)

    @cached_property
    def base_url(self) -> str:
        """What relative addresses on the page are relative to (`<base href>`, else the page's own address)."""
        for base in self.regions.bases:
            if href := (base.get("href") or "").strip():
                return self.absolute(href, self.url) or self.url
        return self.url

    def absolute(self, address: str, base: str | None = None) -> str | None:
        """An address on the page made absolute; None when it is not http(s), names no host or cannot be parsed."""
        if _IS_ABSOLUTE.fullmatch(address) and address.isprintable():
            return address
        try:
            url = urljoin(base or self.base_url, address.strip())
        except ValueError:
            return None
        if not url.isprintable():
            # As browsers have it, and further: what turns the text around it is nothing for a seed either.
            url = "".join(
                character if character.isprintable() else quote(character, errors="replace") for character in url
            )
        return url if url.startswith(("http://", "https://")) and names_host(url) else None

    @cached_property
    def meta(self) -> Mapping[str, tuple[str, ...]]:
        """`<meta>` contents by lower-case `name`, `property`, `itemprop` or `http-equiv`, in page order.

        Left out: blanks, and contents that broke off at a quotation mark which the page forgot to escape.
        """
        return _contents(element for element in self.regions.metas if not _is_cut_short(element))

    @cached_property
    def cut_meta(self) -> Mapping[str, tuple[str, ...]]:
        """What `meta` leaves out since it broke off."""
        return _contents(element for element in self.regions.metas if _is_cut_short(element))

    @cached_property
    def uses(self) -> SelectorUses:
        """The publisher's selectors that were asked of the page so far."""
        return SelectorUses()

    @cached_property
    def attribute_index(self) -> AttributeIndex:
        """The elements by what the markup calls them."""
        return AttributeIndex.of(self.tree)

    @cached_property
    def regions(self) -> PageRegions:
        """The elements that metadata is read from."""
        return find_regions(self.attribute_index)

    @cached_property
    def linked_data(self) -> tuple[jsonld.Node, ...]:
        """Every JSON-LD node that may describe the page."""
        return jsonld.nodes(self.regions.linked_data)

    @cached_property
    def article_data(self) -> jsonld.Node | None:
        """The JSON-LD node that describes the page's article."""
        addresses = [self.url, self.capture.requested_url, self.canonical or self.url]
        return jsonld.article(self.linked_data, addresses)

    @cached_property
    def canonical(self) -> str | None:
        """The address that the page gives as its own, absolute."""
        for link in self.regions.links:
            if "canonical" in (link.get("rel") or "").lower().split():
                return self.absolute(link.get("href") or "")
        return self.absolute(self.meta["og:url"][0]) if "og:url" in self.meta else None

    @cached_property
    def address_year(self) -> int | None:
        """The year that the page's address names."""
        return address_year(self.canonical or self.url)

    @cached_property
    def headline(self) -> html.HtmlElement | None:
        """The element that holds the article's headline."""
        places, data = self.regions, self.article_data or {}
        titles = [title.text or "" for title in places.titles[:1]]
        titles += [text for name in ("og:title", "twitter:title") for text in self.meta.get(name, ())[:1]]
        titles += jsonld.strings(data.get("headline"))
        headlines = (element for element in places.headlines if element.tag not in ("title", "meta"))
        texts = (one for one in self.tree.iter("h3", "p", "span", "strong", "td") if one.text and one.text.strip())
        return find_headline(chain(places.h1, places.h2, headlines), texts, titles)

    @cached_property
    def around_headline(self) -> frozenset[html.HtmlElement]:
        """The elements that hold the headline, up to the root: among them is the article's own."""
        return frozenset(() if self.headline is None else self.headline.iterancestors())

    def nearness(self, element: html.HtmlElement) -> tuple[int, int]:
        """How near an element stands to the headline: the more, the nearer.

        First by how many elements hold them both, then by how few hold it and not the headline.
        """
        for own, ancestor in enumerate(element.iterancestors()):
            if ancestor in self.around_headline:
                return sum(1 for _ in ancestor.iterancestors()) + 1, -own
        return 0, 0

    @cached_property
    def figures(self) -> tuple[html.HtmlElement, ...]:
        """The images inside `<article>`, `<main>` or `<figure>`, outside of navigation and teasers, at most eight."""
        return tuple(islice((image for image in self.regions.images[:_MAX_IMAGES] if not aside(image)), 8))

    def find(self, selector: str) -> list[html.HtmlElement | str]:
        """The elements or texts that a selector finds, CSS or XPath, in page order."""
        if (attribute := _OF_ATTRIBUTE.fullmatch(selector)) is not None and not is_xpath(selector):
            name = attribute["name"]
            return [value for element in self.select(attribute["css"]) if (value := element.get(name)) is not None]
        if "::" not in selector and not is_xpath(selector):
            return list(self.select(selector))
        found = compile_selector(selector)(self.tree)
        # An XPath function gives one value: a text, a number, or whether something is so.
        return found if isinstance(found, list) else [found if isinstance(found, str) else str(found)]

    def select(self, selector: str) -> list[html.HtmlElement]:
        """The elements that a selector finds, in page order; texts are left out."""
        # Most selectors start at a class; looked up, they cost a tenth of a search through the whole page.
        start = _START.match(selector)
        if start is None:
            found = compile_selector(selector)(self.tree)
            return [one for one in found if not isinstance(one, str)] if isinstance(found, list) else []
        roots = self.attribute_index.of_class(start["class"])
        if start["tag"] or start["attributes"]:
            fits = compile_selector((start["tag"] or "*") + start["attributes"], "self::")
            roots = [root for root in roots if fits(root)]
        if not start["rest"]:
            return roots
        below = compile_selector(start["rest"], "child::" if ">" in start["combinator"] else "descendant::")
        return list(dict.fromkeys(found for root in roots for found in below(root)))

    @cached_property
    def language(self) -> str | None:
        """The `lang` of `<html>`, as written."""
        declared = self.tree.get("lang") or self.tree.get("xml:lang") or ""
        return declared.strip() or None


def _contents(metas: Iterable[html.HtmlElement]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for element in metas:
        content = (element.get("content") or "").strip()
        names = {value.strip().lower() for key, value in element.items() if key in _META_NAMES}
        for name in names - {""} if content else ():
            found.setdefault(name, []).append(content)
    return {name: tuple(values) for name, values in found.items()}


def _is_cut_short(element: html.HtmlElement) -> bool:
    """True when an attribute value ended early: `content='the region's growth'` leaves a bare attribute `s`."""
    if len(element.attrib) < 3:
        return False
    return any(not value and name not in _BARE and not name.startswith("data-") for name, value in element.items())


# `.class` or `tag.class` with attributes, alone or followed by a combinator and the rest; no list of selectors.
_START = re.compile(
    r"(?P<tag>[a-z][a-z0-9]*)?\.(?P<class>[\w-]+)(?P<attributes>(?:\[[^\]]*\])*)"
    r"(?:(?P<combinator>\s*>\s*|\s+)(?P<rest>[^,>+~\s][^,]*))?$",
    re.ASCII,
)
_END_OF_BODY = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_OF_ATTRIBUTE = re.compile(r"(?P<css>[^,:]+)::attr\((?P<name>[\w-]+)\)", re.ASCII)


def _parse(markup: bytes) -> html.HtmlElement | None:
    # Bytes with a stated encoding: lxml refuses str that carries an XML declaration.
    markup = replace_lone_surrogates(remove_controls(markup))
    if b"<" not in markup:
        return None
    # What follows an early end of the body belongs to it: https://html.spec.whatwg.org/#parsing-main-afterbody. libxml2
    # drops it, or puts it outside.
    markup = drop_surplus_attributes(_END_OF_BODY.sub(b"", markup))
    try:
        root = html.document_fromstring(markup, parser=_parser(), ensure_head_body=True)
    except (html.etree.ParserError, ValueError):
        return None
    if b"S:" in markup:
        place_parts(root)
    return root


@lru_cache(maxsize=1)
def _parser() -> etree.HTMLParser:
    # Without huge_tree a text of more than 10 MB, or elements nested deeper than 256, are dropped without a word.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # The parser of lxml.html asks a function in Python for the class of each element that is looked at, each time.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    return parser
