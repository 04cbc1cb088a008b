"""Read a TimeMap, the list of a page's mementos (RFC 7089, section 5), in link format or as JSON.

The JSON is MemGator's and the aggregators' (http://mementoweb.org/guide/timemap-json): an object with `original_uri`
and `mementos.list`, which goes on in `pages`, or a `timemap_index`. The lists of lists that Wayback machines call JSON
TimeMaps are CDX (`is_cdx`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from archiver.errors import CdxError
from archiver.wayback.cdx import MAX_CDX_BYTES
from archiver.wayback.endpoints import Answer
from archiver.wayback.links import Link, parse_links
from archiver.wayback.refusals import check_refusal

_CDX_LINE = re.compile(r'"timestamp"\s*:')


@dataclass(frozen=True, slots=True)
class Memento:
    """One memento of a TimeMap."""

    address: str
    """Where it is shown (URI-M)."""
    at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class FurtherTimeMap:
    """Another part of a TimeMap."""

    address: str
    since: datetime | None = None
    until: datetime | None = None
    """Between which times its mementos are, where that is said; aware."""


@dataclass(frozen=True, slots=True)
class TimeMap:
    """The mementos of one page, or some of them."""

    original: str | None
    """The page's address (URI-R); None where the TimeMap does not say."""
    mementos: tuple[Memento, ...]
    further: tuple[FurtherTimeMap, ...] = ()


def parse_timemap(address: str, answer: Answer) -> TimeMap:
    """Read the answer to the question `address`; without mementos where there are none, which may be a 404.

    Mementos without a time that can be read are left out. Raises ArchiveRefusal where the archive has closed the page,
    and CdxError for an answer that is no TimeMap.
    """
    check_refusal(address, answer)
    if answer.status == 404:
        return TimeMap(None, ())
    if answer.status != 200:
        raise _unusable(address, f"cannot be had, the archive answered {answer.status}", "run again later")
    if len(answer.body) > MAX_CDX_BYTES:
        raise _unusable(address, f"is longer than {MAX_CDX_BYTES} bytes", "ask another archive for this page")
    text = answer.body.decode("utf-8", "replace").lstrip("\ufeff").strip()
    if text.startswith("{"):
        return _from_json(address, text)
    links = list(parse_links(text))
    if text and (_is_html(text) or not any(link.relations for link in links)):
        what = "is a web page" if _is_html(text) else "is neither link format nor JSON"
        raise _unusable(address, what, "check the archive's `timemap`, or run again later")
    return _from_links(address, links)


def _is_html(text: str) -> bool:
    return text[:15].lower().startswith(("<!doctype", "<html"))


def _from_links(address: str, links: list[Link]) -> TimeMap:
    original = next((link.target for link in links if "original" in link.relations), None)
    mementos = [(link.target, _date(link.parameters.get("datetime"))) for link in links if "memento" in link.relations]
    further = [
        FurtherTimeMap(
            urljoin(address, link.target), _date(link.parameters.get("from")), _date(link.parameters.get("until"))
        )
        for link in links
        if "timemap" in link.relations and "self" not in link.relations
    ]
    return TimeMap(original, _mementos(address, mementos), tuple(further))


def is_cdx(answer: Answer) -> bool:
    """Whether an answer to the question for a TimeMap is a list of captures as CDX servers write it."""
    text = answer.body[:2000].decode("utf-8", "replace").lstrip("\ufeff").lstrip()
    return text.startswith("[") or (text.startswith("{") and _CDX_LINE.search(text.partition("\n")[0]) is not None)


def _from_json(address: str, text: str) -> TimeMap:
    try:
        said = _object(json.loads(text))
    except (ValueError, RecursionError):
        raise _unusable(address, "is JSON that breaks off", "run again later") from None
    if not {"mementos", "original_uri", "timemap_index"} & said.keys():
        raise _unusable(address, "is JSON, but no TimeMap", "check the archive's `timemap`")
    listed = _objects(_object(said.get("mementos")).get("list"))
    parts = [*_objects(said.get("timemap_index")), *_objects(list(_object(said.get("pages")).values()))]
    further = [
        FurtherTimeMap(urljoin(address, str(one["uri"])), _date(one.get("from")), _date(one.get("until")))
        for one in parts
        if one.get("uri")
    ]
    original = said.get("original_uri")
    mementos = _mementos(address, [(one.get("uri"), _date(one.get("datetime"))) for one in listed])
    return TimeMap(original if isinstance(original, str) else None, mementos, tuple(further))


def _mementos(address: str, found: Sequence[tuple[object, datetime | None]]) -> tuple[Memento, ...]:
    return tuple(Memento(urljoin(address, uri), at) for uri, at in found if isinstance(uri, str) and uri and at)


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    yield from (one for one in (value if isinstance(value, list) else []) if isinstance(one, dict))


def _date(value: object) -> datetime | None:
    """A date of HTTP or of ISO 8601; None for anything else."""
    if not isinstance(value, str):
        return None
    try:
        at = datetime.fromisoformat(value) if value[:4].isdecimal() else parsedate_to_datetime(value)
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _unusable(address: str, what: str, cure: str) -> CdxError:
    return CdxError(f"The TimeMap at {address} {what}; {cure}.")
