"""XML: RSS, Atom, sitemaps, OPML.

RSS 2.0: https://www.rssboard.org/rss-specification  Atom: https://www.rfc-editor.org/rfc/rfc4287
Sitemaps: https://www.sitemaps.org/protocol.html     OPML 2.0: https://opml.org/spec2.opml
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from lxml import etree

from archiver.collection.lists.row import BadRow, Entry, Row, Value, value_of
from archiver.errors import SettingsError
from archiver.text.normalize import one_line, without_tags

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_PROLOG = re.compile(r"\A(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_IS_HTML = re.compile(r"<(?:!doctype\s+(?:html|netscape)|html\b)", re.IGNORECASE)
_IS_XML = re.compile(r"<(?:!doctype\b|(?:[\w.-]+:)?(?:rss|rdf|feed|urlset|sitemapindex|opml)\b)", re.IGNORECASE)
_ENTITIES = re.compile(r"<!ENTITY", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]+)|([0-9]+));?", re.IGNORECASE)
_IS_ITEM = frozenset({"item", "entry"})
_DATES = frozenset({"pubDate", "date", "published", "publication_date"})
"""Elements that tell when a page was published: RSS, Dublin Core, Atom, Google News."""

Element = etree._Element


def without_prolog(text: str) -> str:
    """Return markup without the declaration and the comments before it."""
    return _PROLOG.sub("", text, count=1)


def is_xml(text: str, start: str) -> bool:
    """Whether markup is XML and no HTML; `start` is its start without the prolog."""
    return not _IS_HTML.match(start) and (text.lstrip().startswith("<?xml") or _IS_XML.match(start) is not None)


def read_xml(name: str, text: str) -> Iterator[Entry]:
    """Read a feed, a sitemap or an outline. Raises SettingsError for any other XML.

    No entity is resolved and nothing is fetched: a file that defines entities is refused, for a few hundred bytes of
    them can stand for gigabytes.
    """
    if without_prolog(text)[:9].upper() == "<!DOCTYPE" and _ENTITIES.search(text):
        raise SettingsError(f"{name} defines entities, which lists do not need; delete its DOCTYPE")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True
    )
    source = _REFERENCE.sub(_replace_surrogate, _DECLARATION.sub("", text)).strip().encode("utf-8", "replace")
    root: Element | None = None
    with contextlib.suppress(etree.XMLSyntaxError):
        root = etree.fromstring(source, parser)
    if root is None:
        raise SettingsError(f"{name} is no XML that can be read; fetch it again")
    read = _READERS.get(_local(root))
    if read is None:
        raise SettingsError(f"{name} is neither RSS, Atom, a sitemap nor OPML (<{_local(root)}>); name another list")
    yield from read(name, root)
    if faults := [fault for fault in parser.error_log if fault.level_name == "FATAL"]:
        yield BadRow(f"line {faults[0].line}", f"is no XML ({faults[0].message}); rows behind it may be missing")


def _replace_surrogate(reference: re.Match[str]) -> str:
    """A reference to a character; one to half of a character, which libxml2 would hand out, is replaced."""
    digits = (reference[1] or reference[2]).lstrip("0")[:9] or "0"
    return "\ufffd" if 0xD800 <= int(digits, 16 if reference[1] else 10) <= 0xDFFF else reference[0]


def _read_feed(_: str, root: Element) -> Iterator[Entry]:
    items = (element for element in root.iter(etree.Element) if _local(element) in _IS_ITEM)
    for number, item in enumerate(items, 1):
        columns: dict[str, Value] = {}
        tags: list[str] = []
        address = guid = ""
        for child in item.iterchildren(etree.Element):
            match _local(child):
                case "link" if child.get("rel", "alternate") == "alternate":
                    address = address or child.get("href") or _text(child)
                case "guid" if child.get("isPermaLink", "true") == "true":
                    guid = _text(child)
                case "id":
                    guid = guid or _text(child)
                case "title" if "title" not in columns:
                    columns["title"] = one_line(without_tags(one_line(_text(child))))
                case "category":
                    tags.append(one_line(child.get("term") or _text(child)))
                case name if name in _DATES:
                    columns.setdefault("date", _text(child))
        yield Row(f"entry {number}", address or guid, _with_tags(columns, tags))


def _read_sitemap(_: str, root: Element) -> Iterator[Entry]:
    for number, url in enumerate((child for child in root.iterchildren(etree.Element) if _local(child) == "url"), 1):
        columns: dict[str, Value] = {}
        tags: Value = ()
        address = ""
        for element in url.iterdescendants(etree.Element):
            match _local(element):
                case "loc" if element.getparent() is url:
                    address = _text(element)
                # https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
                case "title" if _local(element.getparent()) == "news":
                    columns["title"] = _text(element)
                case "publication_date":
                    columns["date"] = _text(element)
                case "keywords":
                    tags = value_of("tags", _text(element))
        yield Row(f"entry {number}", address, _with_tags(columns, tags))


def _read_sitemap_index(name: str, _: Element) -> Iterator[Entry]:
    raise SettingsError(f"{name} is a list of sitemaps and not of pages; fetch these and add each of them")


def _read_outline(_: str, root: Element) -> Iterator[Entry]:
    number = 0
    for outline in root.iter("outline"):
        said = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        address = next((said[name] for name in ("url", "htmlurl") if said.get(name)), None)
        if address is None and "xmlurl" not in said:
            continue  # a folder, or a note
        number += 1
        if address is None:
            yield BadRow(f"entry {number}", "has the address of a feed only (xmlUrl); fetch the feed and add that")
            continue
        columns = {name: value_of(name, value) for name, value in said.items() if value.strip()}
        columns["title"] = one_line(said.get("title") or said.get("text") or "")
        above = [parent.get("title") or parent.get("text") or "" for parent in outline.iterancestors("outline")]
        columns["folder"] = "/".join(filter(None, map(one_line, reversed(above))))
        tags = value_of("tags", said.get("category", ""))
        yield Row(f"entry {number}", address, _with_tags(columns, tags))


_READERS: Mapping[str, Callable[[str, Element], Iterator[Entry]]] = {
    "rss": _read_feed,
    "RDF": _read_feed,
    "feed": _read_feed,
    "urlset": _read_sitemap,
    "sitemapindex": _read_sitemap_index,
    "opml": _read_outline,
}


def _with_tags(columns: Mapping[str, Value], tags: Iterable[str]) -> dict[str, Value]:
    said = {**columns, "tags": tuple(filter(None, tags))}
    return {name: value for name, value in said.items() if value}


def _local(element: Element | None) -> str:
    tag = element.tag if element is not None else ""
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element: Element) -> str:
    return one_line("".join(map(str, element.itertext())))
