"""Where a page keeps data for its scripts: linked data, JSON scripts, assigned state, React's flight, attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from archiver.extract.dom.page import Page
from archiver.extract.page_data import flight, nuxt
from archiver.extract.page_data.json_text import assigned, decode

_MIN_LETTERS = 300
"""Characters of a script or attribute with data; with fewer each setting is read, with more a short report is passed
over."""
_MAX_LETTERS = 8_000_000
"""Characters of all data of a page, a limit for time and memory: JSON takes ten times its size."""
_MAX_STORES = 200
"""Stores of a page; with fewer the article's is missed behind those of forty embeds, with more only time is lost."""


@dataclass(frozen=True, slots=True)
class Store:
    """One piece of a page's data."""

    name: str
    """As the page calls it: `__NEXT_DATA__`, `json-ld`, `data-page`."""
    value: object


def stores(page: Page) -> Iterator[Store]:
    """The data that a page carries, at most so much of it as can be read in good time."""
    left = _MAX_LETTERS
    for size, store in islice(_all(page), _MAX_STORES):
        left -= size
        if left < 0:
            return
        yield store


def _all(page: Page) -> Iterator[tuple[int, Store]]:
    if page.linked_data:
        yield sum(map(len, page.regions.linked_data)), Store("json-ld", list(page.linked_data))
    flights: list[str] = []
    for script in page.attribute_index.tagged("script"):
        text = script.text or ""
        kind = (script.get("type") or "").lower()
        if len(text) < _MIN_LETTERS or len(text) > _MAX_LETTERS or "ld+json" in kind:
            # The flight of a page begins in small pieces.
            flights += [text] if "__next_f" in text else []
        elif "json" in kind:
            yield from _of_json(script.get("id") or script.get("data-name") or "application/json", text)
        elif "__next_f" in text:
            flights.append(text)
        elif not kind or "javascript" in kind or kind == "module":
            yield from ((len(text), Store(name, value)) for name, value in assigned(text))
    if flights and (stream := flight.pushed(flights)):
        yield len(stream), Store("__next_f", flight.rows(stream[:_MAX_LETTERS]))
    yield from _of_attributes(page)


def _of_json(name: str, text: str) -> Iterator[tuple[int, Store]]:
    value = decode(text)
    if isinstance(value, list) and nuxt.is_payload(value):
        value = nuxt.unflatten(value)
    if isinstance(value, dict | list):
        yield len(text), Store(name, value)


def _of_attributes(page: Page) -> Iterator[tuple[int, Store]]:
    """Data that elements carry for a program that draws them, such as `data-page` of Inertia."""
    for element in page.attribute_index.elements:
        for name, text in element.items():
            if len(text) >= _MIN_LETTERS and text.lstrip()[:1] in ("{", "["):
                yield from _of_json(name, text)
