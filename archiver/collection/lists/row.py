"""One row of a list: an address and what the list says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from archiver.seeds.scalars import has_lone_surrogate
from archiver.text.normalize import one_line
from archiver.urls import DEFAULT_PORTS

Value = str | tuple[str, ...]
"""What a column says of one row: a text, or several, such as tags."""

ADDRESS_NAMES = (
    *("url", "uri", "link", "href", "address", "origin_url", "source_url", "original_url", "source", "canonical_url"),
    *("htmlurl", "permalink", "external_url"),
)
"""Columns that lists keep their addresses in, the usual one first."""
TITLE_NAMES = ("title", "headline", "name")
"""Columns that lists keep their titles in."""
DATE_NAMES = ("date", "published", "pubdate", "published_at", "date_published", "datepublished", "publication_date")
"""Columns that tell when a page was published; when it was saved or changed says nothing of that."""
TAGS = ("tags", "keywords", "categories")
"""Columns whose text holds several values."""

MAX_FOLDER_LEVELS = 200
"""Folders within each other. A person makes a dozen; without a limit a list of nothing but folders has a path as long
as itself for each of its rows. Chosen, not measured."""

IS_ADDRESS = re.compile(r"\s*https?://\S+\s*", re.IGNORECASE)
"""What counts as an address when the format of a list is recognised."""

_SCHEME = re.compile(r"([a-z][a-z0-9+-]*):(?!\d+(?:/|$))", re.IGNORECASE)
_HOST_LIKE = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]\S*)?")
_BLANK_OR_CONTROL = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_MAX_SHOWN_LETTERS = 80
"""Characters of a bad row that a message shows; with fewer a long path hides where the row stands, with more it fills
the screen. Chosen, not measured."""


@dataclass(frozen=True, slots=True)
class Row:
    """An address, with what the list says of it."""

    place: str
    """Where it stands in the list: `line 3`, `row 3`, `entry 3`."""
    address: str
    """As the list has it; `check_address` says whether it can be fetched."""
    columns: Mapping[str, Value] = field(default_factory=dict)
    """By the column's name in lower case; columns without a name have their number, from 1."""

    def first(self, names: Iterable[str]) -> str:
        """Return the text of the first of these columns that says something; empty when none does."""
        texts = (self.columns.get(name, "") for name in names)
        return next((text for text in texts if isinstance(text, str) and text.strip()), "")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A part of a list that cannot be taken."""

    place: str
    clause: str
    """What is wrong with it and what to do, as the rest of a sentence that begins with the place."""


Entry = Row | BadRow


class AddressError(ValueError):
    """An address that cannot be fetched; its text is the rest of a sentence that begins with the place."""


def check_address(text: str) -> str:
    """Return an address without what surrounds it. Raises AddressError when it cannot be asked."""
    address = text.strip().strip(_INVISIBLE).strip()
    if not address:
        raise AddressError("has no address; add it, or delete the row")
    if has_lone_surrogate(address) or "\ufffd" in address:
        raise AddressError("is not UTF-8; save the list as UTF-8")
    scheme = _SCHEME.match(address)
    if scheme is None:
        cure = f"write https://{shorten(address)}" if _HOST_LIKE.fullmatch(address) else "correct it"
        raise AddressError(f"says {shorten(address)!r}, which is no http or https address; {cure}")
    if scheme[1].lower() not in DEFAULT_PORTS:
        raise AddressError(f"{shorten(address)!r} uses {scheme[1]}:, and only http and https addresses can be fetched")
    if _BLANK_OR_CONTROL.search(address):
        raise AddressError(f"{shorten(address)!r} holds a blank or a control character; write it as %20")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise AddressError(f"{shorten(address)!r} names no host that can be asked; correct it")
    return address


def value_of(name: str, text: str) -> Value:
    """Return what a column says: one text, on one line; the values of a column of tags."""
    if name in TAGS:
        separator = ";" if ";" in text and "," not in text else ","
        return tuple(filter(None, map(one_line, text.split(separator))))
    return one_line(text)


def shorten(text: str) -> str:
    """Return the start of a text, for a message."""
    return text if len(text) <= _MAX_SHOWN_LETTERS else f"{text[:_MAX_SHOWN_LETTERS]}…"
